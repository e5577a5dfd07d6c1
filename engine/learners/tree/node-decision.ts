import type { TreeEnsemble } from './tree-ensemble.ts'

/** Whether a value of its feature goes left at an inner node; see `TreeEnsemble` for the rule. */
export function nodeDecision(model: TreeEnsemble): (node: number, value: number) => boolean {
  const { threshold, categorySet, categorySets, missingLeft } = model
  return (node, value) => {
    if (Number.isNaN(value)) return missingLeft[node] === 1
    const set = categorySet[node] as number
    if (set < 0) return value <= (threshold[node] as number)
    return ((((categorySets[set] as Uint32Array)[value >>> 5] ?? 0) >>> (value & 31)) & 1) === 1
  }
}

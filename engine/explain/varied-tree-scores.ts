import { nodeDecision } from '../learners/tree/node-decision.ts'
import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { FeatureValues, NumberMatrix } from '../preprocess/feature-matrix.ts'

/** A variation as a model sees it. */
export interface EncodedVariation {
  /** A feature's values to take, by source; null for features that keep the row's own. */
  readonly replaced: readonly (FeatureValues | null)[]
  readonly inputs: readonly number[]
  /** [a * rows + i] → source. */
  readonly from: Int32Array
  readonly count: number
}

/** Rows that go through all trees together, so that what is read and summed stays in the cache. */
const blockRows = 128

/**
 * Raw scores of rows under each alternative, [(row * count + a) * nOutputs + k] for each variation, summed in the order
 * of the trees as in prediction. In most trees a row's own path asks nothing about the replaced columns, and every
 * alternative ends in its leaf; in the others the alternatives go down together and part where they differ.
 */
export function variedTreeScores(
  model: TreeEnsemble,
  matrix: NumberMatrix,
  variations: readonly EncodedVariation[],
): Float64Array[] {
  const { feature, left, right, leafAt, leafValues, nOutputs, roots, treeOutput, base } = model
  const { columns, nRows } = matrix
  const goesLeft = nodeDecision(model)
  const bitOf = Int32Array.from(matrix.features, ({ input }) => inputBit(input))
  const walks = variations.map((variation) => ({
    ...variation,
    bits: variation.inputs.reduce((bits, input) => bits | inputBit(input), 0),
    scores: new Float64Array(nRows * variation.count * nOutputs),
    order: new Int32Array(variation.count),
    leafOf: new Int32Array(variation.count),
    classesOf: classifier(model, variation, nRows, goesLeft),
  }))
  type Walk = (typeof walks)[number]

  /** The leaves of the alternatives at `start` to `end` of the order, from a node on. */
  const part = (walk: Walk, row: number, from: number, start: number, end: number): void => {
    const { order, leafOf } = walk
    let node = from
    for (;;) {
      const split = feature[node] as number
      if (split < 0) {
        for (let at = start; at < end; at++) leafOf[order[at] as number] = node
        return
      }
      const replaced = walk.replaced[split]
      if (!replaced) {
        node = (goesLeft(node, (columns[split] as FeatureValues)[row] as number) ? left[node] : right[node]) as number
        continue
      }
      let middle = start
      for (let at = start; at < end; at++) {
        const a = order[at] as number
        if (!goesLeft(node, replaced[walk.from[a * nRows + row] as number] as number)) continue
        order[at] = order[middle] as number
        order[middle] = a
        middle += 1
      }
      if (middle > start && middle < end) {
        part(walk, row, left[node] as number, start, middle)
        start = middle
        node = right[node] as number
      } else node = (middle > start ? left[node] : right[node]) as number
    }
  }

  const addAll = ({ scores, count }: Walk, tree: number, row: number, leaf: number) => {
    const only = treeOutput[tree] as number
    const at = leafAt[leaf] as number
    const start = row * count * nOutputs
    if (only >= 0) {
      const value = leafValues[at] as number
      const end = start + count * nOutputs
      for (let to = start + only; to < end; to += nOutputs) scores[to] = (scores[to] as number) + value
      return
    }
    for (let a = 0; a < count; a++) {
      for (let k = 0; k < nOutputs; k++) {
        const to = start + a * nOutputs + k
        scores[to] = (scores[to] as number) + (leafValues[at + k] as number)
      }
    }
  }

  const addEach = ({ scores, count, leafOf }: Walk, { spokenFor }: Classes, tree: number, row: number) => {
    const only = treeOutput[tree] as number
    for (let a = 0; a < count; a++) {
      const at = leafAt[leafOf[spokenFor[a] as number] as number] as number
      const start = (row * count + a) * nOutputs
      if (only >= 0) scores[start + only] = (scores[start + only] as number) + (leafValues[at] as number)
      else {
        for (let k = 0; k < nOutputs; k++) {
          scores[start + k] = (scores[start + k] as number) + (leafValues[at + k] as number)
        }
      }
    }
  }

  for (const { scores } of walks) {
    for (let at = 0; at < scores.length; at++) scores[at] = base[at % nOutputs] as number
  }
  for (let first = 0; first < nRows; first += blockRows) {
    const end = Math.min(nRows, first + blockRows)
    for (let tree = 0; tree < roots.length; tree++) {
      const root = roots[tree] as number
      const classes = walks.map(({ classesOf }) => classesOf(tree))
      for (const [w, { order }] of walks.entries()) order.set((classes[w] as Classes).speakers)
      for (let row = first; row < end; row++) {
        let node = root
        let asked = 0
        for (let split = feature[node] as number; split >= 0; split = feature[node] as number) {
          asked |= bitOf[split] as number
          node = (goesLeft(node, (columns[split] as FeatureValues)[row] as number) ? left[node] : right[node]) as number
        }
        for (let w = 0; w < walks.length; w++) {
          const walk = walks[w] as Walk
          const ofTree = classes[w] as Classes
          if ((asked & walk.bits) === 0) {
            addAll(walk, tree, row, node)
            continue
          }
          part(walk, row, root, 0, ofTree.speakers.length)
          addEach(walk, ofTree, tree, row)
        }
      }
    }
  }
  return walks.map(({ scores }) => scores)
}

/** Alternatives that a tree cannot tell apart, whatever the row; one of each class speaks for all of it. */
interface Classes {
  readonly speakers: Int32Array
  /** The speaker of each alternative. */
  readonly spokenFor: Int32Array
}

/** Classes of a tree, worked out once where all rows have the same alternatives; else each alternative is its own. */
function classifier(
  model: TreeEnsemble,
  { replaced, from, count }: EncodedVariation,
  nRows: number,
  goesLeft: (node: number, value: number) => boolean,
): (tree: number) => Classes {
  const all = Int32Array.from({ length: count }, (_, a) => a)
  const own = { speakers: all, spokenFor: all }
  for (let at = 0; at < count * nRows; at++) {
    if (from[at] !== from[at - (at % nRows)]) return () => own
  }
  const { feature, left, right, roots } = model
  const known: Classes[] = []
  const classify = (tree: number): Classes => {
    let classOf: readonly number[] = new Array<number>(count).fill(0)
    let nClasses = Math.min(1, count)
    const open = [roots[tree] as number]
    for (let node = open.pop(); node !== undefined && nClasses < count; node = open.pop()) {
      const at = node
      const split = feature[at] as number
      if (split < 0) continue
      open.push(left[at] as number, right[at] as number)
      const values = replaced[split]
      if (!values) continue
      const parts = new Map<number, number>()
      classOf = classOf.map((before, a) => {
        const key = 2 * before + (goesLeft(at, values[from[a * nRows] as number] as number) ? 1 : 0)
        const part = parts.get(key) ?? parts.size
        parts.set(key, part)
        return part
      })
      nClasses = parts.size
    }
    const spokenFor = Int32Array.from(classOf, (part) => classOf.indexOf(part))
    return { speakers: Int32Array.from(new Set(spokenFor)), spokenFor }
  }
  return (tree) => {
    known[tree] ??= classify(tree)
    return known[tree]
  }
}

/** Inputs 32 apart share a bit: then a tree is asked once more than it had to be. */
function inputBit(input: number): number {
  return 1 << (input & 31)
}

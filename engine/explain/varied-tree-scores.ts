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
    order: Int32Array.from({ length: variation.count }, (_, a) => a),
    leafOf: new Int32Array(variation.count),
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

  const addEach = ({ scores, count, leafOf }: Walk, tree: number, row: number) => {
    const only = treeOutput[tree] as number
    for (let a = 0; a < count; a++) {
      const at = leafAt[leafOf[a] as number] as number
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
      for (let row = first; row < end; row++) {
        let node = root
        let asked = 0
        for (let split = feature[node] as number; split >= 0; split = feature[node] as number) {
          asked |= bitOf[split] as number
          node = (goesLeft(node, (columns[split] as FeatureValues)[row] as number) ? left[node] : right[node]) as number
        }
        for (const walk of walks) {
          if ((asked & walk.bits) === 0) {
            addAll(walk, tree, row, node)
            continue
          }
          part(walk, row, root, 0, walk.count)
          addEach(walk, tree, row)
        }
      }
    }
  }
  return walks.map(({ scores }) => scores)
}

/** Inputs 32 apart share a bit: then a tree is asked once more than it had to be. */
function inputBit(input: number): number {
  return 1 << (input & 31)
}

import { type KernelImplementation, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { blockColumns, fillBlock } from './block-columns.ts'
import { chunkTrees, packTrees } from './pack-trees.ts'
import type { TreeEnsemble } from './tree-ensemble.ts'

/** Bytes of features that stay in the first cache while all trees of a chunk pass over them. */
const blockBytes = 32_768
const fewestRows = 64
const mostRows = 1_024

/**
 * Adds the leaves of all trees to scores, nOutputs a row, by the kernels: the same bits as tree by tree in TypeScript.
 * Thresholds are float32 values. `rows`: rows of the features, null for all.
 */
export function addTreeScores(
  model: TreeEnsemble,
  features: readonly Float32Array[],
  rows: Int32Array | null,
  scores: Float64Array,
  implementation: KernelImplementation,
): void {
  const { nOutputs } = model
  const count = scores.length / nOutputs
  const used = blockColumns(model)
  const nColumns = Math.max(1, used.columns.length)
  const fitting = Math.floor(blockBytes / (4 * nColumns * 8)) * 8
  const blockRows = Math.max(fewestRows, Math.min(mostRows, fitting))
  for (const chunk of chunkTrees(model)) {
    const { trees, addresses } = chunk
    const scoresAt = Math.ceil(addresses.end / 64) * 64
    const block = scoresAt + Math.ceil((8 * blockRows * nOutputs) / 64) * 64
    const space = ownKernelSpace(block + 4 * blockRows * nColumns, implementation, 'tree scores')
    packTrees(model, chunk, (node) => 4 * blockRows * used.columnOf(node), space)
    for (let first = 0; first < count; first += blockRows) {
      const nRows = Math.min(blockRows, count - first)
      fillBlock(used, features, { rows, first, count: nRows }, { float32: space.float32, from: block >>> 2, blockRows })
      const own = scores.subarray(first * nOutputs, (first + nRows) * nOutputs)
      space.float64.set(own, scoresAt >>> 3)
      const { firstLeaf, values } = addresses
      space.kernels.scoreTrees(addresses.trees, trees.length, firstLeaf, block, nRows, values, scoresAt, nOutputs)
      own.set(space.float64.subarray(scoresAt >>> 3, (scoresAt >>> 3) + own.length))
    }
  }
}

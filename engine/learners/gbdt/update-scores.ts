import { treeNode } from '../../kernels/kernels.ts'
import { shareOf } from '../../kernels/team.ts'
import { lossChunkRows } from './boosting-plan.ts'
import type { BoostingThread } from './boosting-thread.ts'
import type { BoostedTree } from './grow-tree.ts'
import { renewPairs, sumLoss } from './regression-losses.ts'

/** Adds a tree to this thread's share of the training scores, and renews the gradients where a loss has one output. */
export function updateTrainingScores(thread: BoostingThread, tree: BoostedTree, output: number): void {
  const { plan, space, team } = thread
  const { rowFraction } = plan.parameters
  const { training, bins } = plan.layout.addresses
  if (rowFraction === 1) {
    addByLeaves(thread, tree, output)
    renewPlainPairs(thread)
    return
  }
  // Rows outside the sample are in no leaf, so all of them walk down the tree.
  const nRows = plan.rows.length
  const begin = shareOf(0, nRows, team.index, team.size)
  const end = shareOf(0, nRows, team.index + 1, team.size)
  writeNodes(thread, tree)
  const scores = training.scores + 8 * (nRows * output + begin)
  space.kernels.addTree(
    thread.own.nodes,
    bins + begin * plan.layout.binStride,
    plan.layout.binStride,
    end - begin,
    scores,
  )
  if (plan.loss === 'logistic') space.kernels.logisticUpdateRange(training.lossBlock, begin, end, 0)
  else if (plan.loss === 'squared') space.kernels.squaredUpdateRange(training.lossBlock, begin, end, 0)
  renewPlainPairs(thread)
}

/** Renews the gradients of this thread's rows for the losses that the kernels do not know. */
export function renewPlainPairs({ plan, space, team }: BoostingThread): void {
  const { loss } = plan
  if (loss === 'logistic' || loss === 'softmax' || loss === 'squared') return
  const nRows = plan.rows.length
  const begin = shareOf(0, nRows, team.index, team.size)
  const end = shareOf(0, nRows, team.index + 1, team.size)
  renewPairs(loss, space, plan.layout.addresses.training.lossBlock, begin, end)
}

/** Adds a tree to this thread's chunks of the validation scores. */
export function updateValidationScores(thread: BoostingThread, tree: BoostedTree, output: number): void {
  const { plan, space } = thread
  const { addresses, binStride } = plan.layout
  const nRows = plan.validationRows?.length ?? 0
  const { begin, end } = chunkShare(thread, nRows)
  if (begin === end) return
  // Sampled trees are written already.
  if (plan.parameters.rowFraction === 1) writeNodes(thread, tree)
  const scores = addresses.validation.scores + 8 * (nRows * output + begin)
  space.kernels.addTree(thread.own.nodes, addresses.validationBins + begin * binStride, binStride, end - begin, scores)
}

/** Sums the validation loss of this thread's chunks. A barrier must follow before they are read. */
export function sumValidationLoss(thread: BoostingThread): void {
  const { plan, space } = thread
  const { addresses } = plan.layout
  const nRows = plan.validationRows?.length ?? 0
  const { begin, end } = chunkShare(thread, nRows)
  const { kernels } = space
  const { loss } = plan
  const ofKernels = { logistic: kernels.logisticLoss, softmax: kernels.softmaxLoss, squared: kernels.squaredLoss }
  const lossOf =
    loss === 'logistic' || loss === 'softmax' || loss === 'squared'
      ? ofKernels[loss]
      : (block: number, first: number, last: number) => sumLoss(loss, space, block, first, last)
  for (let first = begin; first < end; first += lossChunkRows) {
    const sum = lossOf(addresses.validation.lossBlock, first, Math.min(end, first + lossChunkRows))
    space.float64[(addresses.chunkLosses >>> 3) + first / lossChunkRows] = sum
  }
}

/** The sum over all chunks, in their order. */
export function readValidationLoss({ plan, space }: BoostingThread): number {
  const first = plan.layout.addresses.chunkLosses >>> 3
  const nChunks = Math.ceil((plan.validationRows?.length ?? 0) / lossChunkRows)
  let sum = 0
  for (let chunk = 0; chunk < nChunks; chunk++) sum += space.float64[first + chunk] as number
  return sum
}

/** Validation rows of this thread: whole chunks, so that a chunk's scores and its sum are one thread's. */
export function chunkShare({ team }: BoostingThread, nRows: number): { readonly begin: number; readonly end: number } {
  const nChunks = Math.ceil(nRows / lossChunkRows)
  return {
    begin: Math.min(nRows, shareOf(0, nChunks, team.index, team.size) * lossChunkRows),
    end: Math.min(nRows, shareOf(0, nChunks, team.index + 1, team.size) * lossChunkRows),
  }
}

/**
 * Every row of this thread's share is in one of the tree's leaves. They are marked first, leaf by leaf, and their scores
 * then changed in the order of the rows: two bytes a row fit into a cache where scores, labels and pairs do not.
 */
function addByLeaves({ plan, space, team, own }: BoostingThread, tree: BoostedTree, output: number): void {
  const { addresses, recordBytes, recordBinBytes } = plan.layout
  const { kernels } = space
  const { training, marks } = addresses
  for (const [at, leaf] of tree.leaves.entries()) {
    const first = leaf.begins[team.index] as number
    const count = (leaf.ends[team.index] as number) - first
    if (leaf.buffer === -1) {
      space.uint16.fill(at, (marks >>> 1) + first, (marks >>> 1) + first + count)
      continue
    }
    const ids = addresses.records[leaf.buffer] + first * recordBytes + recordBinBytes + 8
    kernels.markLeaf(marks, ids, recordBytes, count, at)
  }
  const values = own.leafValues
  space.float64.set(tree.values, values >>> 3)
  const begin = shareOf(0, plan.rows.length, team.index, team.size)
  const end = shareOf(0, plan.rows.length, team.index + 1, team.size)
  if (plan.loss === 'logistic') kernels.logisticUpdateMarked(training.lossBlock, marks, values, begin, end)
  else if (plan.loss === 'squared') kernels.squaredUpdateMarked(training.lossBlock, marks, values, begin, end)
  else kernels.addMarked(training.scores + 8 * plan.rows.length * output, marks, values, begin, end)
}

/** Writes the tree for `addTree`, each thread for itself. */
function writeNodes({ space, own }: BoostingThread, tree: BoostedTree): void {
  for (const [index, node] of tree.nodes.entries()) {
    const address = own.nodes + index * treeNode.bytes
    const word = address >>> 2
    space.int32[word + treeNode.feature / 4] = node.split?.feature ?? -1
    space.int32[word + treeNode.left / 4] = node.left
    space.int32[word + treeNode.right / 4] = node.right
    if (node.split) space.bytes.set(node.split.goesLeft, address + treeNode.table)
  }
  for (const [at, leaf] of tree.leaves.entries()) {
    space.float64[(own.nodes + leaf.node * treeNode.bytes + treeNode.value) >>> 3] = tree.values[at] as number
  }
}

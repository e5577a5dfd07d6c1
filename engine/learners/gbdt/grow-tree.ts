import { histogramBytes, missingBin } from '../../kernels/kernels.ts'
import { shareOf } from '../../kernels/team.ts'
import type { BoostingPlan } from './boosting-plan.ts'
import type { ActiveFeatures, BoostingThread, TreeThread } from './boosting-thread.ts'
import { findLeafSplit, histogramAddress, readLeafSplit } from './find-splits.ts'
import type { Leaf, LeafSplit } from './leaf.ts'
import { leafValues, newtonStep } from './leaf-values.ts'
import { type PartedLeaf, partLeaf, sumOf, type TableSplit, weighRecords } from './part-leaf.ts'

/** A tree's structure, with the stretches of records that its leaves are. */
export interface BoostedTree {
  readonly nodes: readonly BoostedNode[]
  readonly leaves: readonly Leaf[]
  /** What each leaf adds. */
  readonly values: Float64Array
}

export interface BoostedNode {
  readonly split: TableSplit | null
  readonly left: number
  readonly right: number
}

const leafNode: BoostedNode = { split: null, left: -1, right: -1 }

export interface TreeTask {
  /** Address of the output's pairs. */
  readonly pairs: number
  readonly active: ActiveFeatures
  /** Rows that take part: how many uint32 numbers stand in the sample, where trees work on extracted records. */
  readonly nRows: number
}

/**
 * Grows one tree leaf by leaf, always parting the leaf with the highest gain (of equal ones the oldest). Every thread
 * makes the histograms of its features; the larger child's is the parent's minus the smaller's.
 */
export function growTree(base: BoostingThread, task: TreeTask): BoostedTree {
  const thread: TreeThread = { ...base, pairs: task.pairs, active: task.active }
  const { plan, team } = thread
  const nodes: BoostedNode[] = [leafNode]
  const root = openRoot(thread, task.nRows)
  let leaves: Leaf[] = [root]
  for (;;) {
    const leaf = leaves.length < plan.layout.maxLeaves ? mostGainful(leaves, plan.parameters.maxDepth) : null
    if (!leaf?.split) return { nodes, leaves, values: leafValues(thread, leaves) }
    const parted = partLeaf(thread, leaf, leaf.split)
    const children = openChildren(thread, { ...leaf, split: leaf.split }, parted, {
      left: nodes.length,
      slot: leaves.length,
    })
    nodes[leaf.node] = { split: parted.split, left: nodes.length, right: nodes.length + 1 }
    nodes.push(leafNode, leafNode)
    leaves = [...leaves.map((other) => (other === leaf ? children.left : other)), children.right]
    // The last two leaves stay as they are.
    if (leaves.length === plan.layout.maxLeaves) continue
    searchChildren(thread, children)
    team.barrier()
    children.left.split = readLeafSplit(thread, children.left.slot)
    children.right.split = readLeafSplit(thread, children.right.slot)
  }
}

interface Children {
  readonly left: Leaf
  readonly right: Leaf
  readonly smaller: Leaf
  readonly larger: Leaf
}

function openRoot(thread: TreeThread, nRows: number): Leaf {
  const { plan, space, team, active } = thread
  const { layout } = plan
  const bounds = Int32Array.from({ length: team.size + 1 }, (_, index) => shareOf(0, nRows, index, team.size))
  if (layout.extracts) {
    extractShare(thread, bounds)
    team.barrier()
  }
  const whole = {
    node: 0,
    depth: 0,
    begins: bounds.subarray(0, team.size),
    ends: bounds.subarray(1),
    nRows,
    weight: layout.extracts ? weighRecords(thread, 0, 0, nRows) : weighAllRows(thread),
    buffer: layout.extracts ? 0 : -1,
    slot: 0,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
  } as const
  makeHistograms(thread, { ...whole, sumGradient: 0, sumHessian: 0, split: null })
  team.barrier()
  // Every feature's histogram has the same sums; the first one is as good as any.
  const cells = histogramAddress(plan, 0, 0) >>> 3
  let sumGradient = 0
  let sumHessian = 0
  for (let bin = 0; bin <= missingBin; bin++) {
    sumGradient += space.float64[cells + 2 * bin] as number
    sumHessian += space.float64[cells + 2 * bin + 1] as number
  }
  const root: Leaf = { ...whole, sumGradient, sumHessian, split: null }
  findLeafSplit(thread, root)
  team.barrier()
  root.split = active.features.length > 0 ? readLeafSplit(thread, 0) : null
  return root
}

function weighAllRows({ plan, space }: TreeThread): number {
  const { weights } = plan.layout.addresses.training
  const nRows = plan.rows.length
  if (weights === 0) return nRows
  let sum = 0
  for (let row = 0; row < nRows; row++) sum += space.float32[(weights >>> 2) + row] as number
  return sum
}

function extractShare({ plan, space, team, own, active, pairs }: TreeThread, bounds: Int32Array): void {
  const { addresses, binStride, recordBytes } = plan.layout
  const begin = bounds[team.index] as number
  const end = bounds[team.index + 1] as number
  space.kernels.extractRecords(
    addresses.bins,
    binStride,
    pairs,
    addresses.sample + 4 * begin,
    end - begin,
    own.columns,
    active.features.length,
    addresses.records[0] + begin * recordBytes,
    recordBytes,
  )
}

/** Histograms of this thread's features over all fragments of a leaf. */
function makeHistograms({ plan, space, active, pairs }: TreeThread, leaf: Leaf): void {
  const { addresses, binStride, recordBinBytes, recordBytes } = plan.layout
  const { kernels } = space
  const out = histogramAddress(plan, leaf.slot, active.first)
  kernels.clearHistograms(out, active.count)
  if (leaf.buffer === -1) {
    kernels.addToHistograms(addresses.bins + active.first, binStride, active.count, pairs, 8, leaf.nRows, out)
    return
  }
  for (const [thread, begin] of leaf.begins.entries()) {
    const records = addresses.records[leaf.buffer] + begin * recordBytes
    const count = (leaf.ends[thread] as number) - begin
    const ownPairs = records + recordBinBytes
    kernels.addToHistograms(records + active.first, recordBytes, active.count, ownPairs, recordBytes, count, out)
  }
}

function mostGainful(leaves: readonly Leaf[], maxDepth: number): Leaf | null {
  let best: Leaf | null = null
  for (const leaf of leaves) {
    if (!leaf.split || (maxDepth > 0 && leaf.depth >= maxDepth)) continue
    if (!best?.split || leaf.split.gain > best.split.gain) best = leaf
  }
  return best
}

/** The smaller child takes a fresh slot, the larger one the parent's, whose histogram becomes its own. */
function openChildren(
  { plan, active }: TreeThread,
  parent: Leaf & { readonly split: LeafSplit },
  parted: PartedLeaf,
  next: { readonly left: number; readonly slot: number },
): Children {
  const { split } = parent
  const middles = parent.begins.map((begin, thread) => begin + (parted.nLeft[thread] as number))
  const nLeft = sumOf(parted.nLeft)
  const leftIsSmaller = 2 * nLeft <= parent.nRows
  const left: Leaf = {
    node: next.left,
    depth: parent.depth + 1,
    begins: parent.begins,
    ends: middles,
    nRows: nLeft,
    weight: parted.leftWeight,
    buffer: parted.buffer,
    slot: leftIsSmaller ? next.slot : parent.slot,
    sumGradient: split.leftGradient,
    sumHessian: split.leftHessian,
    low: parent.low,
    high: parent.high,
    split: null,
  }
  const right: Leaf = {
    ...left,
    node: next.left + 1,
    begins: middles,
    ends: parent.ends,
    nRows: parent.nRows - nLeft,
    weight: parent.weight - parted.leftWeight,
    slot: leftIsSmaller ? parent.slot : next.slot,
    sumGradient: parent.sumGradient - split.leftGradient,
    sumHessian: parent.sumHessian - split.leftHessian,
  }
  const direction = split.categories ? 0 : (plan.monotone?.[active.features[split.place] as number] ?? 0)
  const bound = keepApart(plan, left, right, direction)
  return {
    ...bound,
    smaller: leftIsSmaller ? bound.left : bound.right,
    larger: leftIsSmaller ? bound.right : bound.left,
  }
}

/** A monotone split binds both children at the middle of their values: neither side's leaves can ever cross it. */
function keepApart(plan: BoostingPlan, left: Leaf, right: Leaf, direction: number) {
  if (direction === 0) return { left, right }
  const middle = (newtonStep(plan, left) + newtonStep(plan, right)) / 2
  return direction > 0
    ? { left: { ...left, high: middle }, right: { ...right, low: middle } }
    : { left: { ...left, low: middle }, right: { ...right, high: middle } }
}

function searchChildren(thread: TreeThread, { left, right, smaller, larger }: Children): void {
  const { plan, space, active } = thread
  makeHistograms(thread, smaller)
  space.kernels.subtractHistogram(
    histogramAddress(plan, larger.slot, active.first),
    histogramAddress(plan, smaller.slot, active.first),
    active.count * histogramBytes,
  )
  findLeafSplit(thread, left)
  findLeafSplit(thread, right)
}

import { missingBin } from '../../kernels/kernels.ts'
import { setOf } from '../tree/binned-tree.ts'
import type { TreeRandom } from './tree-random.ts'

/** Looks for the split of one node that lowers its impurity most, feature by feature. */
export interface SplitSearch {
  /** Begins a node: rows first..end-1. Gives whether its labels differ at all. */
  openNode(first: number, end: number): boolean
  /** Sum of the node's weights. */
  weight(): number
  /** What a leaf would answer: the classes' shares (of two classes the second one's) or the mean. Valid until the next call. */
  leafValues(): Float64Array
  /** Tries one feature; false where it is constant in the node. */
  tryFeature(feature: number): boolean
  /** Whether the best split leaves nothing to part on either side, so that no other feature can be better. */
  isPerfect(): boolean
  /** The best split of the features tried, of equal ones the first; null if there is none. Written over by the next node. */
  best(): BestSplit | null
}

/** A split (as BinnedSplit), written in place since a forest finds millions. */
export interface BestSplit {
  feature: number
  bin: number
  missingLeft: boolean
  set: Uint32Array | null
  isPerfect: boolean
}

export function createBest(): BestSplit {
  return { feature: -1, bin: 0, missingLeft: false, set: null, isPerfect: false }
}

/** Sends these categories' bins to the left, missing values with them if their bin is among them. */
export function takeCategories(best: BestSplit, bins: Uint8Array): void {
  best.set = setOf(bins)
  best.missingLeft = bins.includes(missingBin)
}

/**
 * The last bin of the left side of a random cut: drawn evenly among the bins from the node's lowest to below its
 * highest, which the kernel takeBins has found. -1 where all rows have the same bin.
 */
export function cutOfRange(range: number, random: TreeRandom): number {
  const lowest = range & 255
  const highest = (range >> 8) & 255
  if (highest > lowest) return lowest + random.nextBelow(highest - lowest)
  return range >> 16 !== 0 && highest === lowest ? highest : -1
}

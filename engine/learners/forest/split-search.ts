import { missingBin } from '../../kernels/kernels.ts'
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
  /** Below any split's score where there is none yet. */
  score: number
  feature: number
  bin: number
  missingLeft: boolean
  set: Uint32Array | null
  isPerfect: boolean
}

export function createBest(): BestSplit {
  return { score: -1, feature: -1, bin: 0, missingLeft: false, set: null, isPerfect: false }
}

export function keepCut(best: BestSplit, score: number, feature: number, bin: number, missingLeft: boolean): void {
  best.score = score
  best.feature = feature
  best.bin = bin
  best.missingLeft = missingLeft
  best.set = null
}

/**
 * The last bin of the left side of a random cut: drawn evenly among the bins from the node's lowest to below its
 * highest. -1 where all rows have the same bin. Copies the rows' bins to the start of `taken`.
 */
export function drawCut(
  bins: Uint8Array,
  ids: Uint32Array,
  first: number,
  end: number,
  random: TreeRandom,
  taken: Uint8Array,
): number {
  let lowest = 255
  let highest = -1
  let missing = false
  for (let i = first; i < end; i++) {
    const bin = bins[ids[i] as number] as number
    taken[i - first] = bin
    if (bin === missingBin) {
      missing = true
      continue
    }
    if (bin < lowest) lowest = bin
    if (bin > highest) highest = bin
  }
  if (highest > lowest) return lowest + random.nextBelow(highest - lowest)
  return missing && highest >= 0 ? highest : -1
}

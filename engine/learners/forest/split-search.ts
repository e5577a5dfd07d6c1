import { missingBin } from '../../kernels/kernels.ts'
import type { BinnedSplit } from '../tree/binned-tree.ts'
import type { TreeRandom } from './tree-random.ts'

/** Looks for the split of one node that lowers its impurity most, feature by feature. */
export interface SplitSearch {
  /** Begins a node: rows first..end-1. Gives whether its labels differ at all. */
  openNode(first: number, end: number): boolean
  /** Sum of the node's weights. */
  weight(): number
  /** What a leaf would answer: the classes' shares or the mean. Valid until the next call. */
  leafValues(): Float64Array
  /** Tries one feature; false where it is constant in the node. */
  tryFeature(feature: number): boolean
  /** The best split of the features tried; of equal ones the first. */
  best(): BinnedSplit | null
}

/** Nodes up to this size sort their rows instead of filling a histogram of up to 256 bins. */
export const fewRows = 32

/** The best split so far, written in place since a forest finds millions. */
export interface BestSplit {
  score: number
  feature: number
  bin: number
  missingLeft: boolean
  set: Uint32Array | null
}

export function createBest(): BestSplit {
  return { score: Number.NEGATIVE_INFINITY, feature: -1, bin: 0, missingLeft: false, set: null }
}

export function readBest(best: BestSplit): BinnedSplit | null {
  if (best.feature < 0) return null
  return { feature: best.feature, bin: best.set ? -1 : best.bin, set: best.set, missingLeft: best.missingLeft }
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

/** Sorts the first `count` keys, ascending, by insertion. */
export function sortFew(keys: Int32Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const key = keys[i] as number
    let at = i - 1
    while (at >= 0 && (keys[at] as number) > key) {
      keys[at + 1] = keys[at] as number
      at--
    }
    keys[at + 1] = key
  }
}

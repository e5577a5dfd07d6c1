import { forestBlock } from '../../kernels/kernels.ts'
import type { ForestData, ForestFeature } from './forest-data.ts'
import type { ForestMemory } from './forest-memory.ts'
import { createBinMarks, takeMarkedBins } from './occupied-bins.ts'
import { orderBins } from './order-bins.ts'
import { createBest, cutOfRange, type SplitSearch, takeCategories } from './split-search.ts'
import type { TreeRandom } from './tree-random.ts'

/**
 * Splits by variance, and by Gini impurity where the targets are 0 and 1, which is twice their variance. `random` not
 * null: one random cut a feature instead of the best one (extra trees).
 */
export function createValueSplitSearch(
  data: ForestData,
  { kernels, views, block, binsOf, ids, weights, targets }: ForestMemory,
  minRows: number,
  random: TreeRandom | null,
): SplitSearch {
  const { int32, float64 } = views
  const isShare = data.nClasses === 2
  const fewest = Math.max(1, Math.min(Math.ceil(minRows), data.nRows + 1))
  const best = createBest()
  const values = new Float64Array(1)
  const weightAt = (block + forestBlock.weight) >>> 3
  const sumAt = (block + forestBlock.sum) >>> 3
  const scoreAt = (block + forestBlock.score) >>> 3
  const leftWeightAt = (block + forestBlock.leftWeight) >>> 3
  const leftSumAt = (block + forestBlock.leftSum) >>> 3
  /** Weight and sum of targets of each category, and its rows. */
  const cells = new Float64Array(512)
  const rowCounts = new Int32Array(256)
  const keys = new Float64Array(256)
  const marks = createBinMarks()
  const present = new Uint8Array(256)
  let first = 0
  let end = 0

  /** Takes the cut that the kernels have found better than the one before. */
  function takeCut(feature: number): void {
    best.feature = feature
    best.bin = int32[(block + forestBlock.bin) >>> 2] as number
    best.missingLeft = int32[(block + forestBlock.missingLeft) >>> 2] === 1
    best.set = null
    best.isPerfect = isShare && partsPerfectly()
  }

  /** Whether all on one side are 0 and all on the other 1. */
  function partsPerfectly(): boolean {
    const leftWeight = float64[leftWeightAt] as number
    const leftSum = float64[leftSumAt] as number
    const rightSum = (float64[sumAt] as number) - leftSum
    const rightWeight = (float64[weightAt] as number) - leftWeight
    return (leftSum === 0 && rightSum === rightWeight) || (leftSum === leftWeight && rightSum === 0)
  }

  function tryRandom(feature: number, random: TreeRandom): boolean {
    const range = kernels.takeBins(block, binsOf(feature), first, end)
    const cut = cutOfRange(range, random)
    if (cut < 0) return false
    if (kernels.tryCut(block, first, end, cut, 0, fewest) === 1) takeCut(feature)
    if (range >> 16 !== 0 && kernels.tryCut(block, first, end, cut, 1, fewest) === 1) takeCut(feature)
    return true
  }

  /** Categories in the order of their means, cut at the best place (Fisher 1958: the best of all subsets). */
  function tryCategories(feature: number, bins: Uint8Array): boolean {
    const count = fillCells(bins)
    for (let at = 0; at < count; at++) {
      const bin = present[at] as number
      // Rows that weigh nothing have no mean.
      keys[bin] = random ? random.nextUint32() : (cells[2 * bin + 1] as number) / (cells[2 * bin] as number) || 0
    }
    orderBins(present, count, keys)
    const only = random && count > 1 ? random.nextBelow(count - 1) : -1
    let rows = 0
    let weight = 0
    let sum = 0
    let cut = -1
    for (let at = 0; at < count - 1; at++) {
      const bin = present[at] as number
      rows += rowCounts[bin] as number
      weight += cells[2 * bin] as number
      sum += cells[2 * bin + 1] as number
      if ((only >= 0 && only !== at) || rows < fewest || end - first - rows < fewest) continue
      if (isBetter(weight, sum)) cut = at
    }
    if (cut >= 0) {
      takeCut(feature)
      best.bin = -1
      takeCategories(best, present.subarray(0, cut + 1))
    }
    clearCells(count)
    return count > 1
  }

  /** Sums weights and targets of each bin; gives how many bins are present. */
  function fillCells(bins: Uint8Array): number {
    for (let i = first; i < end; i++) {
      const bin = bins[ids[i] as number] as number
      const amount = weights[i] as number
      rowCounts[bin] = (rowCounts[bin] as number) + 1
      cells[2 * bin] = (cells[2 * bin] as number) + amount
      cells[2 * bin + 1] = (cells[2 * bin + 1] as number) + amount * (targets[i] as number)
      marks[bin >> 5] = (marks[bin >> 5] as number) | (1 << bin)
    }
    return takeMarkedBins(marks, present)
  }

  function clearCells(count: number): void {
    for (let at = 0; at < count; at++) {
      const bin = present[at] as number
      rowCounts[bin] = 0
      cells[2 * bin] = 0
      cells[2 * bin + 1] = 0
    }
  }

  /** As the kernels compare and keep cuts. */
  function isBetter(weight: number, sum: number): boolean {
    const all = float64[weightAt] as number
    const excess = sum * all - (float64[sumAt] as number) * weight
    const spread = weight * (all - weight)
    if (!(spread > 0) || !(excess * excess > (float64[scoreAt] as number) * spread)) return false
    float64[scoreAt] = (excess * excess) / spread
    float64[leftWeightAt] = weight
    float64[leftSumAt] = sum
    return true
  }

  return {
    openNode(from, to) {
      first = from
      end = to
      float64[scoreAt] = -1
      best.feature = -1
      best.isPerfect = false
      return kernels.sumNode(block, from, to) === 1
    },
    weight: () => float64[weightAt] as number,
    leafValues() {
      values[0] = data.centre + (float64[sumAt] as number) / (float64[weightAt] as number)
      return values
    },
    tryFeature(feature) {
      const { kind, bins } = data.features[feature] as ForestFeature
      if (kind === 'codes') return tryCategories(feature, bins)
      if (random) return tryRandom(feature, random)
      const found = kernels.findValueCut(block, binsOf(feature), first, end, fewest)
      if (found === 2) takeCut(feature)
      return found > 0
    },
    isPerfect: () => best.isPerfect,
    best: () => (best.feature < 0 ? null : best),
  }
}

import { missingBin } from '../../kernels/kernels.ts'
import { setOf } from '../tree/binned-tree.ts'
import type { ForestData } from './forest-data.ts'
import type { NodeRows } from './node-rows.ts'
import { createBinMarks, takeMarkedBins } from './occupied-bins.ts'
import { createBest, drawCut, keepCut, type SplitSearch } from './split-search.ts'
import type { TreeRandom } from './tree-random.ts'

/**
 * Splits by variance, and by Gini impurity where the targets are 0 and 1, which is twice their variance: the higher
 * (left sum - mean · left weight)² / (left weight · right weight), the lower the squared error. `random` not null: one
 * random cut a feature instead of the best one (extra trees).
 */
export function createValueSplitSearch(
  data: ForestData,
  rows: NodeRows,
  minRows: number,
  random: TreeRandom | null,
): SplitSearch {
  const { ids, weights, targets } = rows
  const isShare = data.nClasses === 2
  /** (weight, weighted sum) of each bin. */
  const cells = new Float64Array(512)
  /** Rows in each bin, counted where leaves must have several. */
  const rowCounts = new Int32Array(256)
  const marks = createBinMarks()
  /** The bins that hold rows of the node, ascending. */
  const present = new Uint8Array(256)
  const values = new Float64Array(1)
  /** Bins of the node's rows, where they are needed twice. */
  const taken = new Uint8Array(random ? data.nRows : 0)
  const fewest = Math.max(1, minRows)
  const best = createBest()
  let first = 0
  let end = 0
  let weight = 0
  let sum = 0
  let mean = 0

  /** Fills the cells; gives how many bins are present. */
  function fillCells(bins: Uint8Array): number {
    for (let i = first; i < end; i++) {
      const bin = bins[ids[i] as number] as number
      const amount = weights[i] as number
      const cell = bin << 1
      cells[cell] = (cells[cell] as number) + amount
      cells[cell + 1] = (cells[cell + 1] as number) + amount * (targets[i] as number)
      marks[bin >> 5] = (marks[bin >> 5] as number) | (1 << bin)
    }
    if (fewest > 1) {
      for (let i = first; i < end; i++) {
        const bin = bins[ids[i] as number] as number
        rowCounts[bin] = (rowCounts[bin] as number) + 1
      }
    }
    return takeMarkedBins(marks, present)
  }

  function clearCells(count: number): void {
    for (let at = 0; at < count; at++) {
      const bin = present[at] as number
      cells[2 * bin] = 0
      cells[2 * bin + 1] = 0
      rowCounts[bin] = 0
    }
  }

  function tryNumbers(feature: number, bins: Uint8Array): boolean {
    const count = fillCells(bins)
    if (count > 1) {
      if (present[count - 1] === missingBin) {
        scanBins(feature, count - 1, false)
        scanBins(feature, count - 2, true)
      } else scanBins(feature, count - 1, false)
    }
    clearCells(count)
    return count > 1
  }

  /** Tries a cut after each of the first `last` present bins, in local variables: the innermost loop. */
  function scanBins(feature: number, last: number, missingLeft: boolean): void {
    let sideWeight = missingLeft ? (cells[2 * missingBin] as number) : 0
    let sideSum = missingLeft ? (cells[2 * missingBin + 1] as number) : 0
    let sideRows = missingLeft ? (rowCounts[missingBin] as number) : 0
    const all = weight
    const allRows = end - first
    const middle = mean
    let highestScore = best.score
    let highestBin = -1
    let keptWeight = 0
    let keptSum = 0
    for (let at = 0; at < last; at++) {
      const bin = present[at] as number
      sideWeight += cells[2 * bin] as number
      sideSum += cells[2 * bin + 1] as number
      if (fewest > 1) {
        sideRows += rowCounts[bin] as number
        if (sideRows < fewest || allRows - sideRows < fewest) continue
      }
      const excess = sideSum - middle * sideWeight
      const spread = sideWeight * (all - sideWeight)
      // Compared without a division, which costs more than all the rest; rounding may leave no weight on the right.
      if (!(excess * excess > highestScore * spread) || spread <= 0) continue
      highestScore = (excess * excess) / spread
      highestBin = bin
      keptWeight = sideWeight
      keptSum = sideSum
    }
    if (highestBin < 0) return
    keepCut(best, highestScore, feature, highestBin, missingLeft)
    best.isPerfect = isShare && partsPerfectly(keptWeight, keptSum)
  }

  /** Whether no cut of 0 and 1 can be better than that with this left side. */
  function partsPerfectly(sideWeight: number, sideSum: number): boolean {
    const restSum = sum - sideSum
    return (sideSum === 0 && restSum === weight - sideWeight) || (sideSum === sideWeight && restSum === 0)
  }

  /** Keeps the cut with this left side if it is the best so far. */
  function offer(sideRows: number, sideWeight: number, sideSum: number): number {
    const spread = sideWeight * (weight - sideWeight)
    if (sideRows < fewest || end - first - sideRows < fewest || !(spread > 0)) return -1
    const excess = sideSum - mean * sideWeight
    const score = (excess * excess) / spread
    return score > best.score ? score : -1
  }

  /** Categories in the order of their means, cut at the best place (Fisher 1958: the best of all subsets). */
  function tryCategories(feature: number, bins: Uint8Array): boolean {
    const count = fillCells(bins)
    const key = new Float64Array(256)
    for (let at = 0; at < count; at++) {
      const bin = present[at] as number
      key[bin] = random ? random.nextUint32() : (cells[2 * bin + 1] as number) / (cells[2 * bin] as number)
    }
    const order = Array.from(present.subarray(0, count))
    order.sort((a, b) => (key[a] as number) - (key[b] as number) || a - b)
    const only = random && count > 1 ? random.nextBelow(count - 1) : -1
    let sideRows = 0
    let sideWeight = 0
    let sideSum = 0
    for (const [at, bin] of order.slice(0, -1).entries()) {
      // Where single rows suffice they are not counted: each side has a bin, and so a row.
      sideRows += fewest > 1 ? (rowCounts[bin] as number) : 1
      sideWeight += cells[2 * bin] as number
      sideSum += cells[2 * bin + 1] as number
      if (only >= 0 && only !== at) continue
      const score = offer(sideRows, sideWeight, sideSum)
      if (score < 0) continue
      const absent = order.indexOf(missingBin)
      keepCut(best, score, feature, -1, absent >= 0 && absent <= at)
      best.set = setOf(order.slice(0, at + 1))
      best.isPerfect = isShare && partsPerfectly(sideWeight, sideSum)
    }
    clearCells(count)
    return count > 1
  }

  function tryRandom(feature: number, bins: Uint8Array, random: TreeRandom): boolean {
    const cut = drawCut(bins, ids, first, end, random, taken)
    if (cut < 0) return false
    let sideRows = 0
    let sideWeight = 0
    let sideSum = 0
    for (let i = first; i < end; i++) {
      // 1 or 0 picks the side: a branch here is guessed wrong every other time.
      const isLeft = ((taken[i - first] as number) - cut - 1) >>> 31
      const amount = isLeft * (weights[i] as number)
      sideRows += isLeft
      sideWeight += amount
      sideSum += amount * (targets[i] as number)
    }
    offerRandom(feature, cut, false, sideRows, sideWeight, sideSum)
    if (!(data.features[feature] as ForestData['features'][number]).hasMissing) return true
    const known = sideRows
    for (let i = first; i < end; i++) {
      if (taken[i - first] !== missingBin) continue
      sideRows++
      sideWeight += weights[i] as number
      sideSum += (weights[i] as number) * (targets[i] as number)
    }
    if (sideRows > known) offerRandom(feature, cut, true, sideRows, sideWeight, sideSum)
    return true
  }

  function offerRandom(
    feature: number,
    cut: number,
    missingLeft: boolean,
    sideRows: number,
    sideWeight: number,
    sideSum: number,
  ): void {
    const score = offer(sideRows, sideWeight, sideSum)
    if (score < 0) return
    keepCut(best, score, feature, cut, missingLeft)
    best.isPerfect = isShare && partsPerfectly(sideWeight, sideSum)
  }

  return {
    openNode(from, to) {
      first = from
      end = to
      weight = 0
      sum = 0
      let differs = false
      const one = targets[from]
      for (let i = from; i < to; i++) {
        const target = targets[i] as number
        weight += weights[i] as number
        sum += (weights[i] as number) * target
        if (target !== one) differs = true
      }
      mean = sum / weight
      best.score = -1
      best.feature = -1
      best.isPerfect = false
      return differs
    },
    weight: () => weight,
    leafValues() {
      values[0] = data.centre + mean
      return values
    },
    tryFeature(feature) {
      const { kind, bins } = data.features[feature] as ForestData['features'][number]
      if (kind === 'codes') return tryCategories(feature, bins)
      return random ? tryRandom(feature, bins, random) : tryNumbers(feature, bins)
    },
    isPerfect: () => best.isPerfect,
    best: () => (best.feature < 0 ? null : best),
  }
}

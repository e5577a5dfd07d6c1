import { missingBin } from '../../kernels/kernels.ts'
import { setOf } from '../tree/binned-tree.ts'
import type { ForestData } from './forest-data.ts'
import type { NodeRows } from './node-rows.ts'
import { createBest, drawCut, fewRows, readBest, type SplitSearch, sortFew } from './split-search.ts'
import type { TreeRandom } from './tree-random.ts'

/**
 * Splits by variance: the higher the sum over both sides of (weighted sum)² / weight, the lower the squared error.
 * `random` not null: one random cut a feature instead of the best one (extra trees).
 */
export function createValueSplitSearch(
  data: ForestData,
  rows: NodeRows,
  minRows: number,
  random: TreeRandom | null,
): SplitSearch {
  const { ids, weights, targets } = rows
  /** (weight, weighted sum) of each bin. */
  const cells = new Float64Array(512)
  const values = new Float64Array(1)
  const keys = new Int32Array(fewRows)
  /** Bins of the node's rows, where they are needed twice. */
  const taken = new Uint8Array(random ? data.nRows : 0)
  /** Rows in each bin of the histogram. */
  const rowCounts = new Int32Array(256)
  const fewest = Math.max(1, minRows)
  const best = createBest()
  let first = 0
  let end = 0
  let weight = 0
  let sum = 0
  let leftRows = 0
  let leftWeight = 0
  let leftSum = 0

  function startLeftEmpty(): void {
    leftRows = 0
    leftWeight = 0
    leftSum = 0
  }

  function moveRow(i: number): void {
    leftRows++
    const amount = weights[i] as number
    leftWeight += amount
    leftSum += amount * (targets[i] as number)
  }

  function moveBin(bin: number): void {
    leftRows += rowCounts[bin] as number
    leftWeight += cells[2 * bin] as number
    leftSum += cells[2 * bin + 1] as number
  }

  /** Keeps the cut between left and right if it is the best so far. */
  function offer(feature: number, bin: number, missingLeft: boolean): boolean {
    const rightWeight = weight - leftWeight
    if (leftRows < fewest || end - first - leftRows < fewest || leftWeight <= 0 || rightWeight <= 0) return false
    const rightSum = sum - leftSum
    const score = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / rightWeight
    if (!(score > best.score)) return false
    best.score = score
    best.feature = feature
    best.bin = bin
    best.missingLeft = missingLeft
    best.set = null
    return true
  }

  function trySorted(feature: number, bins: Uint8Array): boolean {
    const count = end - first
    for (let i = 0; i < count; i++) keys[i] = ((bins[ids[first + i] as number] as number) << 8) | i
    sortFew(keys, count)
    if ((keys[0] as number) >> 8 === (keys[count - 1] as number) >> 8) return false
    let known = count
    while ((keys[known - 1] as number) >> 8 === missingBin) known--
    for (let pass = 0; pass < (known < count ? 2 : 1); pass++) {
      startLeftEmpty()
      if (pass === 1) for (let i = known; i < count; i++) moveRow(first + ((keys[i] as number) & 255))
      // Without missing values the last border would leave the right side empty.
      const last = known < count && pass === 0 ? known : known - 1
      for (let i = 0; i < last; i++) {
        const key = keys[i] as number
        moveRow(first + (key & 255))
        if (i + 1 === known || (keys[i + 1] as number) >> 8 !== key >> 8) offer(feature, key >> 8, pass === 1)
      }
    }
    return true
  }

  /** Fills the cells; gives lowest and highest bin as lowest * 256 + highest. */
  function fillCells(bins: Uint8Array): number {
    let lowest = 255
    let highest = 0
    for (let i = first; i < end; i++) {
      const bin = bins[ids[i] as number] as number
      if (bin < lowest) lowest = bin
      if (bin > highest) highest = bin
      rowCounts[bin] = (rowCounts[bin] as number) + 1
      const amount = weights[i] as number
      cells[2 * bin] = (cells[2 * bin] as number) + amount
      cells[2 * bin + 1] = (cells[2 * bin + 1] as number) + amount * (targets[i] as number)
    }
    return lowest * 256 + highest
  }

  function tryHistogram(feature: number, bins: Uint8Array): boolean {
    const range = fillCells(bins)
    const lowest = range >> 8
    const highest = range & 255
    if (lowest !== highest) {
      const missing = highest === missingBin
      for (let pass = 0; pass < (missing ? 2 : 1); pass++) {
        startLeftEmpty()
        if (pass === 1) moveBin(missingBin)
        scanBins(feature, lowest, missing ? missingBin - 1 : highest - 1, pass === 1)
      }
    }
    cells.fill(0, 2 * lowest, 2 * highest + 2)
    rowCounts.fill(0, lowest, highest + 1)
    return lowest !== highest
  }

  /** As moving bin after bin and offering each cut, in local variables: the innermost loop. */
  function scanBins(feature: number, lowest: number, last: number, missingLeft: boolean): void {
    const all = weight
    const allRows = end - first
    let sideRows = leftRows
    const allSum = sum
    let sideWeight = leftWeight
    let sideSum = leftSum
    let highestScore = best.score
    let highestBin = -1
    for (let bin = lowest; bin <= last; bin++) {
      const count = rowCounts[bin] as number
      if (count === 0) continue
      sideRows += count
      sideWeight += cells[2 * bin] as number
      sideSum += cells[2 * bin + 1] as number
      const rest = all - sideWeight
      if (sideRows < fewest || allRows - sideRows < fewest || rest <= 0) continue
      const restSum = allSum - sideSum
      const score = (sideSum * sideSum) / sideWeight + (restSum * restSum) / rest
      if (score > highestScore) {
        highestScore = score
        highestBin = bin
      }
    }
    if (highestBin < 0) return
    best.score = highestScore
    best.feature = feature
    best.bin = highestBin
    best.missingLeft = missingLeft
    best.set = null
  }

  /** Categories in the order of their means, cut at the best place (Fisher 1958: the best of all subsets). */
  function tryCategories(feature: number, bins: Uint8Array): boolean {
    const range = fillCells(bins)
    const present: number[] = []
    const mean = new Float64Array(256)
    for (let bin = range >> 8; bin <= (range & 255); bin++) {
      if (rowCounts[bin] === 0) continue
      present.push(bin)
      mean[bin] = random ? random.nextUint32() : (cells[2 * bin + 1] as number) / (cells[2 * bin] as number)
    }
    present.sort((a, b) => (mean[a] as number) - (mean[b] as number) || a - b)
    startLeftEmpty()
    const only = random && present.length > 1 ? random.nextBelow(present.length - 1) : -1
    for (let i = 0; i + 1 < present.length; i++) {
      moveBin(present[i] as number)
      if ((only < 0 || only === i) && offer(feature, -1, false)) {
        best.set = setOf(present.slice(0, i + 1))
        best.missingLeft = present.indexOf(missingBin) >= 0 && present.indexOf(missingBin) <= i
      }
    }
    cells.fill(0)
    rowCounts.fill(0)
    return present.length > 1
  }

  function tryRandom(feature: number, bins: Uint8Array, random: TreeRandom): boolean {
    const cut = drawCut(bins, ids, first, end, random, taken)
    if (cut < 0) return false
    let sideRows = 0
    let sideWeight = 0
    let sideSum = 0
    let absentRows = 0
    let absentWeight = 0
    let absentSum = 0
    for (let i = first; i < end; i++) {
      const bin = taken[i - first] as number
      const amount = weights[i] as number
      if (bin <= cut) {
        sideRows++
        sideWeight += amount
        sideSum += amount * (targets[i] as number)
      } else if (bin === missingBin) {
        absentRows++
        absentWeight += amount
        absentSum += amount * (targets[i] as number)
      }
    }
    leftRows = sideRows
    leftWeight = sideWeight
    leftSum = sideSum
    offer(feature, cut, false)
    if (absentRows === 0) return true
    leftRows += absentRows
    leftWeight += absentWeight
    leftSum += absentSum
    offer(feature, cut, true)
    return true
  }

  return {
    openNode(from, to) {
      first = from
      end = to
      best.score = Number.NEGATIVE_INFINITY
      best.feature = -1
      weight = 0
      sum = 0
      let differs = false
      for (let i = from; i < to; i++) {
        weight += weights[i] as number
        sum += (weights[i] as number) * (targets[i] as number)
        if (targets[i] !== targets[from]) differs = true
      }
      return differs
    },
    weight: () => weight,
    leafValues() {
      values[0] = data.centre + sum / weight
      return values
    },
    tryFeature(feature) {
      const { kind, bins } = data.features[feature] as ForestData['features'][number]
      if (kind === 'codes') return tryCategories(feature, bins)
      if (random) return tryRandom(feature, bins, random)
      return end - first <= fewRows ? trySorted(feature, bins) : tryHistogram(feature, bins)
    },
    best: () => readBest(best),
  }
}

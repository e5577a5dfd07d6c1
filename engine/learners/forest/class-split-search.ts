import { forestBlock, missingBin } from '../../kernels/kernels.ts'
import type { ForestData, ForestFeature } from './forest-data.ts'
import type { ForestMemory } from './forest-memory.ts'
import { createBinMarks, takeMarkedBins } from './occupied-bins.ts'
import { orderBins } from './order-bins.ts'
import { createBest, cutOfRange, type SplitSearch, takeCategories } from './split-search.ts'
import type { TreeRandom } from './tree-random.ts'

/**
 * Splits of three or more classes by Gini impurity (value-split-search.ts has two): the higher the sum over both sides of
 * (sum of squared class weights) / weight, the purer. Moving a class weight c from right to left changes the sums of
 * squares by c(2l + c) and c(c - 2r), so a cut costs only what moves. `random` not null: one random cut a feature instead of the best one (extra trees).
 */
export function createClassSplitSearch(
  data: ForestData,
  { kernels, views, block, binsOf, ids, weights, targets }: ForestMemory,
  minRows: number,
  random: TreeRandom | null,
): SplitSearch {
  const { nClasses } = data
  const cells = new Float64Array(256 * nClasses)
  const total = new Float64Array(nClasses)
  const left = new Float64Array(nClasses)
  const right = new Float64Array(nClasses)
  /** Class weights left and right of a random cut. */
  const sides = new Float64Array(2 * nClasses)
  const values = new Float64Array(nClasses)
  /** Bins of the node's rows, where they are needed twice. */
  const taken = views.bytes.subarray(views.uint32[(block + forestBlock.taken) >>> 2])
  /** Rows in each bin of the histogram. */
  const rowCounts = new Int32Array(256)
  const keys = new Float64Array(256)
  const marks = createBinMarks()
  /** The bins that hold rows of the node, ascending. */
  const present = new Uint8Array(256)
  const fewest = Math.max(1, minRows)
  const best = createBest()
  let bestScore = -1
  let first = 0
  let end = 0
  let weight = 0
  let squares = 0
  let leftRows = 0
  let leftWeight = 0
  let leftSquares = 0
  let rightSquares = 0

  function startLeftEmpty(): void {
    leftRows = 0
    left.fill(0)
    right.set(total)
    leftWeight = 0
    leftSquares = 0
    rightSquares = squares
  }

  function moveToLeft(code: number, amount: number): void {
    const l = left[code] as number
    const r = right[code] as number
    leftSquares += amount * (2 * l + amount)
    rightSquares += amount * (amount - 2 * r)
    left[code] = l + amount
    right[code] = r - amount
    leftWeight += amount
  }

  function moveBin(bin: number): void {
    leftRows += rowCounts[bin] as number
    for (let code = 0; code < nClasses; code++) {
      const amount = cells[bin * nClasses + code] as number
      if (amount !== 0) moveToLeft(code, amount)
    }
  }

  /** Keeps the cut between left and right if it is the best so far. */
  function offer(feature: number, bin: number, missingLeft: boolean): boolean {
    const rightWeight = weight - leftWeight
    if (leftRows < fewest || end - first - leftRows < fewest || leftWeight <= 0 || rightWeight <= 0) return false
    const score = leftSquares / leftWeight + rightSquares / rightWeight
    if (!(score > bestScore)) return false
    bestScore = score
    best.feature = feature
    best.bin = bin
    best.missingLeft = missingLeft
    best.set = null
    best.isPerfect = leftSquares === leftWeight * leftWeight && rightSquares === rightWeight * rightWeight
    return true
  }

  /** Fills the cells; gives how many bins are present. */
  function fillCells(bins: Uint8Array): number {
    for (let i = first; i < end; i++) {
      const bin = bins[ids[i] as number] as number
      rowCounts[bin] = (rowCounts[bin] as number) + 1
      const cell = bin * nClasses + (targets[i] as number)
      cells[cell] = (cells[cell] as number) + (weights[i] as number)
      marks[bin >> 5] = (marks[bin >> 5] as number) | (1 << bin)
    }
    return takeMarkedBins(marks, present)
  }

  function clearCells(count: number): void {
    for (let at = 0; at < count; at++) {
      const bin = present[at] as number
      rowCounts[bin] = 0
      for (let cell = bin * nClasses; cell < (bin + 1) * nClasses; cell++) cells[cell] = 0
    }
  }

  function tryNumbers(feature: number, bins: Uint8Array): boolean {
    const count = fillCells(bins)
    if (count > 1) {
      const missing = present[count - 1] === missingBin
      scanBins(feature, count - 1, false)
      if (missing) scanBins(feature, count - 2, true)
    }
    clearCells(count)
    return count > 1
  }

  /** Tries a cut after each of the first `last` present bins. */
  function scanBins(feature: number, last: number, missingLeft: boolean): void {
    startLeftEmpty()
    if (missingLeft) moveBin(missingBin)
    for (let at = 0; at < last; at++) {
      const bin = present[at] as number
      moveBin(bin)
      offer(feature, bin, missingLeft)
    }
  }

  /** Categories in the order of the node's commonest class, cut at the best place. */
  function tryCategories(feature: number, bins: Uint8Array): boolean {
    const count = fillCells(bins)
    const common = total.indexOf(Math.max(...total))
    for (let at = 0; at < count; at++) {
      const bin = present[at] as number
      let sum = 0
      for (let code = 0; code < nClasses; code++) sum += cells[bin * nClasses + code] as number
      keys[bin] = random ? random.nextUint32() : (cells[bin * nClasses + common] as number) / sum || 0
    }
    orderBins(present, count, keys)
    startLeftEmpty()
    const only = random && count > 1 ? random.nextBelow(count - 1) : -1
    let cut = -1
    for (let at = 0; at < count - 1; at++) {
      moveBin(present[at] as number)
      if ((only < 0 || only === at) && offer(feature, -1, false)) cut = at
    }
    if (cut >= 0) {
      takeCategories(best, present.subarray(0, cut + 1))
    }
    clearCells(count)
    return count > 1
  }

  function tryRandom(feature: number, bins: Uint8Array, hasMissing: boolean, random: TreeRandom): boolean {
    const cut = cutOfRange(kernels.takeBins(block, binsOf(feature), first, end), random)
    if (cut < 0) return false
    sides.fill(0)
    leftRows = 0
    for (let i = first; i < end; i++) {
      // The sign picks the side: a branch here is guessed wrong every other time.
      const side = ((cut - (taken[i - first] as number)) >> 31) & nClasses
      const at = side + (targets[i] as number)
      if (side === 0) leftRows++
      sides[at] = (sides[at] as number) + (weights[i] as number)
    }
    offerSides(feature, cut, false)
    if (hasMissing && moveMissing(bins)) offerSides(feature, cut, true)
    return true
  }

  /** Takes missing values from the right side to the left; false if there are none. */
  function moveMissing(bins: Uint8Array): boolean {
    let any = false
    for (let i = first; i < end; i++) {
      if (bins[ids[i] as number] !== missingBin) continue
      const code = targets[i] as number
      sides[code] = (sides[code] as number) + (weights[i] as number)
      leftRows++
      any = true
    }
    return any
  }

  /** Offers the cut whose left side has the class weights at the start of `sides`. */
  function offerSides(feature: number, bin: number, missingLeft: boolean): void {
    leftWeight = 0
    leftSquares = 0
    rightSquares = 0
    for (let code = 0; code < nClasses; code++) {
      const l = sides[code] as number
      const r = (total[code] as number) - l
      leftWeight += l
      leftSquares += l * l
      rightSquares += r * r
    }
    offer(feature, bin, missingLeft)
  }

  return {
    openNode(from, to) {
      first = from
      end = to
      bestScore = -1
      best.feature = -1
      best.isPerfect = false
      total.fill(0)
      for (let i = from; i < to; i++) {
        const code = targets[i] as number
        total[code] = (total[code] as number) + (weights[i] as number)
      }
      weight = 0
      squares = 0
      let present = 0
      for (const sum of total) {
        weight += sum
        squares += sum * sum
        if (sum > 0) present++
      }
      return present > 1
    },
    weight: () => weight,
    leafValues() {
      for (let code = 0; code < nClasses; code++) values[code] = (total[code] as number) / weight
      return values
    },
    tryFeature(feature) {
      const { kind, bins, hasMissing } = data.features[feature] as ForestFeature
      if (kind === 'codes') return tryCategories(feature, bins)
      if (random) return tryRandom(feature, bins, hasMissing, random)
      return tryNumbers(feature, bins)
    },
    isPerfect: () => best.isPerfect,
    best: () => (best.feature < 0 ? null : best),
  }
}

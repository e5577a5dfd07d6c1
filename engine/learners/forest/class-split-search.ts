import { missingBin } from '../../kernels/kernels.ts'
import { setOf } from '../tree/binned-tree.ts'
import type { ForestData } from './forest-data.ts'
import type { NodeRows } from './node-rows.ts'
import { createBest, drawCut, fewRows, readBest, type SplitSearch, sortFew } from './split-search.ts'
import type { TreeRandom } from './tree-random.ts'

/**
 * Splits by Gini impurity: the higher the sum over both sides of (sum of squared class weights) / weight, the purer.
 * Moving a class weight c from right to left changes the sums of squares by c(2l + c) and c(c - 2r), so a cut costs
 * only what moves. `random` not null: one random cut a feature instead of the best one (extra trees).
 */
export function createClassSplitSearch(
  data: ForestData,
  rows: NodeRows,
  minRows: number,
  random: TreeRandom | null,
): SplitSearch {
  const { nClasses } = data
  const { ids, weights, classes } = rows
  const cells = new Float64Array(256 * nClasses)
  const total = new Float64Array(nClasses)
  const left = new Float64Array(nClasses)
  const right = new Float64Array(nClasses)
  /** Class weights left and right of a random cut. */
  const sides = new Float64Array(2 * nClasses)
  const values = new Float64Array(nClasses)
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

  /** False if the bin is empty. */
  function moveBin(bin: number): boolean {
    const count = rowCounts[bin] as number
    if (count === 0) return false
    leftRows += count
    for (let code = 0; code < nClasses; code++) {
      const amount = cells[bin * nClasses + code] as number
      if (amount !== 0) moveToLeft(code, amount)
    }
    return true
  }

  /** Keeps the cut between left and right if it is the best so far. */
  function offer(feature: number, bin: number, missingLeft: boolean): boolean {
    const rightWeight = weight - leftWeight
    if (leftRows < fewest || end - first - leftRows < fewest || leftWeight <= 0 || rightWeight <= 0) return false
    const score = leftSquares / leftWeight + rightSquares / rightWeight
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
    const lowest = (keys[0] as number) >> 8
    if (lowest === (keys[count - 1] as number) >> 8) return false
    let known = count
    while ((keys[known - 1] as number) >> 8 === missingBin) known--
    for (let pass = 0; pass < (known < count ? 2 : 1); pass++) {
      startLeftEmpty()
      if (pass === 1) for (let i = known; i < count; i++) moveKey(keys[i] as number)
      // Without missing values the last border would leave the right side empty.
      const last = known < count && pass === 0 ? known : known - 1
      for (let i = 0; i < last; i++) {
        const key = keys[i] as number
        moveKey(key)
        if (i + 1 === known || (keys[i + 1] as number) >> 8 !== key >> 8) offer(feature, key >> 8, pass === 1)
      }
    }
    return true
  }

  function moveKey(key: number): void {
    const i = first + (key & 255)
    leftRows++
    moveToLeft(classes[i] as number, weights[i] as number)
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
      const cell = bin * nClasses + (classes[i] as number)
      cells[cell] = (cells[cell] as number) + (weights[i] as number)
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
        const last = missing ? missingBin - 1 : highest - 1
        if (nClasses === 2) scanTwoClasses(feature, lowest, last, pass === 1)
        else for (let bin = lowest; bin <= last; bin++) if (moveBin(bin)) offer(feature, bin, pass === 1)
      }
    }
    cells.fill(0, lowest * nClasses, (highest + 1) * nClasses)
    rowCounts.fill(0, lowest, highest + 1)
    return lowest !== highest
  }

  /** As moving bin after bin and offering each cut, in local variables: the innermost loop of most forests. */
  function scanTwoClasses(feature: number, lowest: number, last: number, missingLeft: boolean): void {
    const all = weight
    const allRows = end - first
    let sideRows = leftRows
    const none = total[0] as number
    const one = total[1] as number
    let leftNone = left[0] as number
    let leftOne = left[1] as number
    let highestScore = best.score
    let highestBin = -1
    for (let bin = lowest; bin <= last; bin++) {
      const count = rowCounts[bin] as number
      if (count === 0) continue
      sideRows += count
      leftNone += cells[2 * bin] as number
      leftOne += cells[2 * bin + 1] as number
      const sum = leftNone + leftOne
      const rest = all - sum
      if (sideRows < fewest || allRows - sideRows < fewest || rest <= 0) continue
      const rightNone = none - leftNone
      const rightOne = one - leftOne
      const score =
        (leftNone * leftNone + leftOne * leftOne) / sum + (rightNone * rightNone + rightOne * rightOne) / rest
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

  /** Categories in the order of the node's commonest class, cut at the best place (exact for two classes). */
  function tryCategories(feature: number, bins: Uint8Array): boolean {
    const range = fillCells(bins)
    const common = total.indexOf(Math.max(...total))
    const present: number[] = []
    const share = new Float64Array(256)
    for (let bin = range >> 8; bin <= (range & 255); bin++) {
      if (rowCounts[bin] === 0) continue
      let sum = 0
      for (let code = 0; code < nClasses; code++) sum += cells[bin * nClasses + code] as number
      present.push(bin)
      share[bin] = random ? random.nextUint32() : (cells[bin * nClasses + common] as number) / sum
    }
    present.sort((a, b) => (share[a] as number) - (share[b] as number) || a - b)
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

  function tryRandom(feature: number, bins: Uint8Array, hasMissing: boolean, random: TreeRandom): boolean {
    const cut = drawCut(bins, ids, first, end, random, taken)
    if (cut < 0) return false
    sides.fill(0)
    leftRows = 0
    for (let i = first; i < end; i++) {
      // The sign picks the side: a branch here is guessed wrong every other time.
      const side = ((cut - (taken[i - first] as number)) >> 31) & nClasses
      const at = side + (classes[i] as number)
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
      const code = classes[i] as number
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
      best.score = Number.NEGATIVE_INFINITY
      best.feature = -1
      total.fill(0)
      for (let i = from; i < to; i++) {
        const code = classes[i] as number
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
      const { kind, bins, hasMissing } = data.features[feature] as ForestData['features'][number]
      if (kind === 'codes') return tryCategories(feature, bins)
      if (random) return tryRandom(feature, bins, hasMissing, random)
      return end - first <= fewRows ? trySorted(feature, bins) : tryHistogram(feature, bins)
    },
    best: () => readBest(best),
  }
}

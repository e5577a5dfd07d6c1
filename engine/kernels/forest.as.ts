import { missingBin } from './sizes.as'

// Where a forest block holds what (kernels.ts says what it means).
const idsAt: usize = 0
const weightsAt: usize = 4
const targetsAt: usize = 8
const heldIdsAt: usize = 12
const heldWeightsAt: usize = 16
const heldTargetsAt: usize = 20
const cellsAt: usize = 24
const takenAt: usize = 28
const weightAt: usize = 32
const sumAt: usize = 40
const scoreAt: usize = 48
const leftWeightAt: usize = 56
const leftSumAt: usize = 64
const binAt: usize = 72
const missingLeftAt: usize = 76
const lowestRightAt: usize = 80

/** Behind the 256 cells: a bit a bin that holds rows, then the bins' numbers of rows. */
const marksAt: usize = 4096
const rowCountsAt: usize = 4128

export function sumNode(block: usize, first: i32, end: i32): i32 {
  const weights = <usize>load<u32>(block, weightsAt)
  const targets = <usize>load<u32>(block, targetsAt)
  let weight = 0.0
  let sum = 0.0
  let differs = 0
  const one = load<f64>(targets + ((<usize>first) << 3))
  for (let i = <usize>first; i < <usize>end; i++) {
    const own = load<f64>(weights + (i << 3))
    const target = load<f64>(targets + (i << 3))
    weight += own
    sum += own * target
    differs |= i32(target != one)
  }
  store<f64>(block, weight, weightAt)
  store<f64>(block, sum, sumAt)
  return differs
}

/** Adds the rows to the cells of their bins and marks these. */
function fillCells(block: usize, bins: usize, first: i32, end: i32): void {
  const ids = <usize>load<u32>(block, idsAt)
  const weights = <usize>load<u32>(block, weightsAt)
  const targets = <usize>load<u32>(block, targetsAt)
  const cells = <usize>load<u32>(block, cellsAt)
  const ones = f64x2.splat(1)
  for (let i = <usize>first; i < <usize>end; i++) {
    const bin = <usize>load<u8>(bins + <usize>load<u32>(ids + (i << 2)))
    const cell = cells + (bin << 4)
    const pair = v128.load64_lane(targets + (i << 3), ones, 1)
    v128.store(cell, f64x2.add(v128.load(cell), f64x2.mul(v128.load64_splat(weights + (i << 3)), pair)))
    const word = cells + marksAt + ((bin >> 6) << 3)
    store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>bin & 63)))
  }
}

function countRows(block: usize, bins: usize, first: i32, end: i32): void {
  const ids = <usize>load<u32>(block, idsAt)
  const counts = <usize>load<u32>(block, cellsAt) + rowCountsAt
  for (let i = <usize>first; i < <usize>end; i++) {
    const count = counts + ((<usize>load<u8>(bins + <usize>load<u32>(ids + (i << 2)))) << 2)
    store<u32>(count, load<u32>(count) + 1)
  }
}

/** Keeps the cut if it is better than the one before; gives whether it is. */
function offerCut(block: usize, weight: f64, sum: f64, bin: i32, missingLeft: i32): boolean {
  const all = load<f64>(block, weightAt)
  const excess = sum * all - load<f64>(block, sumAt) * weight
  const spread = weight * (all - weight)
  // Compared without a division, which costs more than all the rest; rounding may leave no weight on the right.
  if (!(excess * excess > load<f64>(block, scoreAt) * spread) || !(spread > 0)) return false
  store<f64>(block, (excess * excess) / spread, scoreAt)
  store<f64>(block, weight, leftWeightAt)
  store<f64>(block, sum, leftSumAt)
  store<i32>(block, bin, binAt)
  store<i32>(block, missingLeft, missingLeftAt)
  return true
}

export function findValueCut(block: usize, bins: usize, first: i32, end: i32, fewest: i32): i32 {
  const cells = <usize>load<u32>(block, cellsAt)
  const isCounted = fewest > 1
  fillCells(block, bins, first, end)
  if (isCounted) countRows(block, bins, first, end)
  // Missing values are taken out first: they go to either side of each cut.
  const lastWord = cells + marksAt + 24
  const missingBit = (<u64>1) << 63
  const hasMissing = (load<u64>(lastWord) & missingBit) != 0
  const missingCell = cells + ((<usize>missingBin) << 4)
  const missingCount = cells + rowCountsAt + ((<usize>missingBin) << 2)
  let missingWeight = 0.0
  let missingSum = 0.0
  let missingRows = 0
  if (hasMissing) {
    store<u64>(lastWord, load<u64>(lastWord) & ~missingBit)
    missingWeight = load<f64>(missingCell)
    missingSum = load<f64>(missingCell, 8)
    missingRows = load<i32>(missingCount)
    v128.store(missingCell, f64x2.splat(0))
    store<i32>(missingCount, 0)
  }
  const all = end - first
  let weight = 0.0
  let sum = 0.0
  let rows = 0
  let last = -1
  let found = hasMissing ? 1 : 0
  let isBetter = false
  for (let word: usize = 0; word < 4; word++) {
    let bits = load<u64>(cells + marksAt + (word << 3))
    if (bits == 0) continue
    store<u64>(cells + marksAt + (word << 3), 0)
    while (bits != 0) {
      const bin = <i32>(((<u64>word) << 6) + ctz(bits))
      bits &= bits - 1
      if (last >= 0) {
        if (!isCounted || (rows >= fewest && all - rows >= fewest)) {
          isBetter = offerCut(block, weight, sum, last, 0) || isBetter
        }
        if (hasMissing && (!isCounted || (rows + missingRows >= fewest && all - rows - missingRows >= fewest))) {
          isBetter = offerCut(block, weight + missingWeight, sum + missingSum, last, 1) || isBetter
        }
      }
      const cell = cells + ((<usize>bin) << 4)
      weight += load<f64>(cell)
      sum += load<f64>(cell, 8)
      v128.store(cell, f64x2.splat(0))
      if (isCounted) {
        const count = cells + rowCountsAt + ((<usize>bin) << 2)
        rows += load<i32>(count)
        store<i32>(count, 0)
      }
      last = bin
      found++
    }
  }
  if (hasMissing && last >= 0 && (!isCounted || (rows >= fewest && missingRows >= fewest))) {
    isBetter = offerCut(block, weight, sum, last, 0) || isBetter
  }
  return found < 2 ? 0 : isBetter ? 2 : 1
}

export function takeBins(block: usize, bins: usize, first: i32, end: i32): i32 {
  const ids = <usize>load<u32>(block, idsAt)
  let taken = <usize>load<u32>(block, takenAt)
  let lowest: i32 = 255
  let highest: i32 = 0
  let missing: i32 = 0
  for (let i = <usize>first; i < <usize>end; i++) {
    const bin = <i32>load<u8>(bins + <usize>load<u32>(ids + (i << 2)))
    store<u8>(taken++, <u8>bin)
    const isMissing = i32(bin == 255)
    missing |= isMissing
    lowest = min(lowest, bin)
    highest = max(highest, bin - (isMissing << 8))
  }
  return lowest | (highest << 8) | (missing << 16)
}

/** 1 or 0. Where missing (255) goes left it becomes 0 and all others one more. */
function goesLeft(bin: usize, missingLeft: i32, border: i32): i32 {
  return i32(((<i32>load<u8>(bin) + missingLeft) & 255) <= border)
}

/** Weight and weighted target of a row on the left, nothing of another. A branch would be guessed wrong every other time. */
function shareOf(weight: usize, target: usize, isLeft: i32): v128 {
  const own = f64x2.splat(<f64>isLeft * load<f64>(weight))
  return f64x2.mul(own, v128.load64_lane(target, f64x2.splat(1), 1))
}

export function tryCut(block: usize, first: i32, end: i32, cut: i32, missingLeft: i32, fewest: i32): i32 {
  const taken = <usize>load<u32>(block, takenAt) - <usize>first
  const weights = <usize>load<u32>(block, weightsAt)
  const targets = <usize>load<u32>(block, targetsAt)
  const border = cut + missingLeft
  let sums = f64x2.splat(0)
  let oddSums = sums
  let rows = 0
  let i = <usize>first
  // Two sums side by side: one would wait for each addition to end.
  for (const pairsEnd = <usize>(end - 1); i < pairsEnd; i += 2) {
    const isLeft = goesLeft(taken + i, missingLeft, border)
    const isOddLeft = goesLeft(taken + i + 1, missingLeft, border)
    rows += isLeft + isOddLeft
    sums = f64x2.add(sums, shareOf(weights + (i << 3), targets + (i << 3), isLeft))
    oddSums = f64x2.add(oddSums, shareOf(weights + (i << 3) + 8, targets + (i << 3) + 8, isOddLeft))
  }
  if (i < <usize>end) {
    const isLeft = goesLeft(taken + i, missingLeft, border)
    rows += isLeft
    sums = f64x2.add(sums, shareOf(weights + (i << 3), targets + (i << 3), isLeft))
  }
  if (rows < fewest || end - first - rows < fewest) return 0
  sums = f64x2.add(sums, oddSums)
  return i32(offerCut(block, f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), cut, missingLeft))
}

export function partRows(
  block: usize,
  bins: usize,
  first: i32,
  end: i32,
  cut: i32,
  missingLeft: i32,
  table: usize,
): i32 {
  const ids = <usize>load<u32>(block, idsAt)
  const weights = <usize>load<u32>(block, weightsAt)
  const targets = <usize>load<u32>(block, targetsAt)
  const heldIds = <usize>load<u32>(block, heldIdsAt)
  const heldWeights = <usize>load<u32>(block, heldWeightsAt)
  const heldTargets = <usize>load<u32>(block, heldTargetsAt)
  const border = cut + missingLeft
  let left = <usize>first
  let right: usize = 0
  let lowestRight: i32 = 255
  for (let i = <usize>first; i < <usize>end; i++) {
    // Each row is written to both sides and one of them moves on.
    const id = load<u32>(ids + (i << 2))
    const bin = <i32>load<u8>(bins + <usize>id)
    const isLeft = table == 0 ? i32(((bin + missingLeft) & 255) <= border) : <i32>load<u8>(table + <usize>bin)
    lowestRight = min(lowestRight, bin | (-isLeft & 255))
    const weight = load<f64>(weights + (i << 3))
    const target = load<f64>(targets + (i << 3))
    store<u32>(ids + (left << 2), id)
    store<u32>(heldIds + (right << 2), id)
    store<f64>(weights + (left << 3), weight)
    store<f64>(heldWeights + (right << 3), weight)
    store<f64>(targets + (left << 3), target)
    store<f64>(heldTargets + (right << 3), target)
    left += <usize>isLeft
    right += <usize>(1 - isLeft)
  }
  memory.copy(ids + (left << 2), heldIds, right << 2)
  memory.copy(weights + (left << 3), heldWeights, right << 3)
  memory.copy(targets + (left << 3), heldTargets, right << 3)
  store<i32>(block, lowestRight, lowestRightAt)
  return <i32>left
}

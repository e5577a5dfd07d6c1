import type { RandomStream } from '../../random.ts'
import { sortFloats } from './sort-floats.ts'

/** Most bins of a feature; bin 255 is kept for missing values. */
export const maximumBins = 255

/** Rows from which borders are taken; more would not move them noticeably. LightGBM's and scikit-learn's number too. */
const sampleSize = 200_000

/** Borders between the bins of a feature, ascending: a value belongs to bin b when b of them are smaller than it. */
export interface NumericBins {
  /** Float32 values t with left <= t < right for the neighbouring training values. */
  readonly thresholds: Float64Array
}

/** A float32 t with left <= t < right, near their middle; both are float32 and left < right. */
export function thresholdBetween(left: number, right: number): number {
  const middle = Math.fround(left / 2 + right / 2)
  return middle >= left && middle < right ? middle : left
}

/**
 * Borders of at most `maxBins` bins for float32 values (NaN left out): one bin a value where there are few enough
 * distinct ones, else bins of about equal counts in which no value is split. Method: LightGBM's greedy binning.
 */
export function quantileThresholds(values: Float32Array, maxBins: number): Float64Array {
  let known = 0
  const sorted = new Float32Array(values.length)
  for (const value of values) {
    if (!Number.isNaN(value)) sorted[known++] = value
  }
  const present = sorted.subarray(0, known)
  sortFloats(present)
  const distinct = countDistinct(present)
  if (distinct.values.length <= maxBins) return bordersOfAll(distinct.values)
  return bordersOfEqualCounts(distinct, known, maxBins)
}

/** The values of `rows` that borders are taken from: all, or one at random of each of `sampleSize` equal stretches. */
export function sampleColumn(column: Float32Array, rows: Int32Array, random: () => RandomStream): Float32Array {
  if (rows.length <= sampleSize) {
    const values = new Float32Array(rows.length)
    for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] as number] as number
    return values
  }
  const stream = random()
  const values = new Float32Array(sampleSize)
  for (let i = 0; i < sampleSize; i++) {
    const first = Math.floor((rows.length * i) / sampleSize)
    const end = Math.floor((rows.length * (i + 1)) / sampleSize)
    values[i] = column[rows[first + stream.nextBelow(end - first)] as number] as number
  }
  return values
}

interface Distinct {
  readonly values: readonly number[]
  readonly counts: readonly number[]
}

function countDistinct(sorted: Float32Array): Distinct {
  const values: number[] = []
  const counts: number[] = []
  for (let i = 0; i < sorted.length; ) {
    const value = sorted[i] as number
    let end = i + 1
    while (end < sorted.length && sorted[end] === value) end++
    values.push(value)
    counts.push(end - i)
    i = end
  }
  return { values, counts }
}

function bordersOfAll(values: readonly number[]): Float64Array {
  const thresholds = new Float64Array(Math.max(0, values.length - 1))
  for (let i = 0; i < thresholds.length; i++) {
    thresholds[i] = thresholdBetween(values[i] as number, values[i + 1] as number)
  }
  return thresholds
}

/** Closes a bin when it has its share of the rows left, or when the next value alone fills one. */
function bordersOfEqualCounts({ values, counts }: Distinct, total: number, maxBins: number): Float64Array {
  const thresholds: number[] = []
  let rest = total
  let bins = maxBins
  let inBin = 0
  for (let i = 0; i + 1 < values.length && bins > 1; i++) {
    inBin += counts[i] as number
    const share = rest / bins
    if (inBin >= share || (counts[i + 1] as number) >= share) {
      thresholds.push(thresholdBetween(values[i] as number, values[i + 1] as number))
      rest -= inBin
      inBin = 0
      bins--
    }
  }
  return Float64Array.from(thresholds)
}

import type { RandomStream } from '../../random.ts'

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
  // Adding zero makes -0 plain.
  return (middle >= left && middle < right ? middle : left) + 0
}

/**
 * Borders of at most `maxBins` bins for sorted float32 values without NaN: one bin a value where there are few enough
 * distinct ones, else bins of about equal counts in which no value is split. Every bin but the last has `minRows` values
 * at least. Method: LightGBM's greedy binning.
 */
export function quantileThresholds(sorted: Float32Array, maxBins: number, minRows = 1): Float64Array {
  const most = Math.max(1, Math.min(maxBins, Math.floor(sorted.length / minRows)))
  return bordersOfAll(sorted, maxBins, minRows) ?? bordersOfEqualCounts(sorted, most, minRows)
}

/**
 * Copies the values of `rows` that borders are taken from to the start of `out`, without NaN: all, or one at random of
 * each of `sampleSize` equal stretches. Gives how many there are.
 */
export function sampleColumn(
  column: Float32Array,
  rows: Int32Array,
  random: () => RandomStream,
  out: Float32Array,
): number {
  const all = rows.length <= sampleSize
  const stream = all ? null : random()
  const taken = all ? rows.length : sampleSize
  let known = 0
  for (let i = 0; i < taken; i++) {
    const value = column[rows[stream ? drawWithin(stream, rows.length, i) : i] as number] as number
    if (!Number.isNaN(value)) out[known++] = value
  }
  return known
}

/** Most values that `sampleColumn` gives for so many rows. */
export function sampleLength(nRows: number): number {
  return Math.min(nRows, sampleSize)
}

/** A random place within the stretch-th of `sampleSize` equal stretches. */
function drawWithin(stream: RandomStream, nRows: number, stretch: number): number {
  const first = Math.floor((nRows * stretch) / sampleSize)
  const end = Math.floor((nRows * (stretch + 1)) / sampleSize)
  return first + stream.nextBelow(end - first)
}

/** A border wherever the values change and the bin before it has its rows; null if that makes more than `maxBins` bins. */
function bordersOfAll(sorted: Float32Array, maxBins: number, minRows: number): Float64Array | null {
  const thresholds: number[] = []
  let begin = 0
  for (let i = 1; i < sorted.length; i++) {
    const left = sorted[i - 1] as number
    const right = sorted[i] as number
    if (left === right || i - begin < minRows) continue
    if (thresholds.length + 1 === maxBins) return null
    begin = i
    thresholds.push(thresholdBetween(left, right))
  }
  return Float64Array.from(thresholds)
}

/** Closes a bin of `minRows` when it has its share of the rows left, or when the next value alone fills one. */
function bordersOfEqualCounts(sorted: Float32Array, maxBins: number, minRows: number): Float64Array {
  const thresholds: number[] = []
  const count = sorted.length
  let begin = 0
  let end = endOfValue(sorted, 0)
  for (let bins = maxBins; bins > 1 && end < count; ) {
    const nextEnd = endOfValue(sorted, end)
    const share = (count - begin) / bins
    if (end - begin >= minRows && (end - begin >= share || nextEnd - end >= share)) {
      thresholds.push(thresholdBetween(sorted[end - 1] as number, sorted[end] as number))
      begin = end
      bins--
    }
    end = nextEnd
  }
  return Float64Array.from(thresholds)
}

/** Where the values equal to the one at `first` end. */
function endOfValue(sorted: Float32Array, first: number): number {
  const value = sorted[first] as number
  let end = first + 1
  while (end < sorted.length && sorted[end] === value) end++
  return end
}

import type { CodedColumn, Column, NumericColumn } from '../../engine/frame/frame.ts'
import type { ColumnProfile } from '../../shared/domain/datasets.ts'
import { sortDoubles } from './sort-doubles.ts'

/** Shares at which quantiles are reported. */
export const quantileShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const
const histogramBins = 30
const mostTop = 20
/** Numbers with no more values than this are counted like categories too. */
const countableValues = 20

/** Exact statistics of a column over all its rows, in row order, so that the same column always gives the same bits. */
export function profileColumn(column: Column): ColumnProfile {
  return column.storage === 'codes' ? profileTexts(column) : profileNumbers(column)
}

function profileTexts(column: CodedColumn): ColumnProfile {
  const counts = new Int32Array(column.levels.length)
  let missing = 0
  for (let row = 0; row < column.codes.length; row++) {
    const code = column.codes[row] as number
    if (code < 0) missing += 1
    else counts[code] = (counts[code] as number) + 1
  }
  const used: number[] = []
  for (let code = 0; code < counts.length; code++) if ((counts[code] as number) > 0) used.push(code)
  const top = mostFrequent(counts, used).map((code) => ({
    value: column.levels[code] as string,
    count: counts[code] as number,
  }))
  return {
    name: column.name,
    type: column.type,
    rows: column.codes.length,
    missing,
    distinct: used.length,
    numeric: null,
    top,
    lengths: used.length > 0 ? lengthsOf(column, counts, used) : null,
  }
}

/** The most frequent codes, ties to the lower code; without sorting them all. */
function mostFrequent(counts: Int32Array, used: readonly number[]): number[] {
  const top: number[] = []
  const comesBefore = (a: number, b: number) => (counts[a] as number) > (counts[b] as number)
  for (const code of used) {
    if (top.length === mostTop && !comesBefore(code, top[mostTop - 1] as number)) continue
    let at = Math.min(top.length, mostTop - 1)
    while (at > 0 && comesBefore(code, top[at - 1] as number)) {
      top[at] = top[at - 1] as number
      at -= 1
    }
    top[at] = code
  }
  return top
}

function lengthsOf(column: CodedColumn, counts: Int32Array, used: readonly number[]) {
  let min = Number.POSITIVE_INFINITY
  let max = 0
  let sum = 0
  let n = 0
  for (const code of used) {
    const { length } = column.levels[code] as string
    min = Math.min(min, length)
    max = Math.max(max, length)
    sum += length * (counts[code] as number)
    n += counts[code] as number
  }
  return { min, mean: sum / n, max }
}

function profileNumbers(column: NumericColumn): ColumnProfile {
  const { values } = column
  const present = new Float64Array(values.length)
  let n = 0
  let missing = 0
  let infinities = 0
  let seesLow = false
  let seesHigh = false
  let zeros = 0
  let negatives = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (Number.isNaN(value)) missing += 1
    else if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      infinities += 1
      if (value > 0) seesHigh = true
      else seesLow = true
    } else {
      if (value === 0) zeros += 1
      else if (value < 0) negatives += 1
      present[n++] = value
    }
  }
  const sorted = present.subarray(0, n)
  // In row order, since sums depend on it.
  const { mean, std } = moments(sorted)
  sortDoubles(sorted)
  const distinct = countDistinct(sorted) + Number(seesLow) + Number(seesHigh)
  return {
    name: column.name,
    type: column.type,
    rows: values.length,
    missing,
    distinct,
    numeric:
      n === 0
        ? null
        : {
            mean,
            std,
            min: sorted[0] as number,
            max: sorted[n - 1] as number,
            zeros,
            negatives,
            infinities,
            quantiles: quantileShares.map((share) => quantile(sorted, share)),
            histogram: histogramOf(sorted),
          },
    top: distinct <= countableValues ? topNumbers(column, sorted) : null,
    lengths: null,
  }
}

/** Mean and sample standard deviation, each sum compensated (Neumaier 1974), in row order. */
function moments(values: Float64Array): { readonly mean: number; readonly std: number } {
  const n = values.length
  if (n === 0) return { mean: 0, std: 0 }
  let sum = 0
  let lost = 0
  for (let i = 0; i < n; i++) {
    const term = values[i] as number
    const next = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
    sum = next
  }
  const mean = (sum + lost) / n
  sum = 0
  lost = 0
  for (let i = 0; i < n; i++) {
    const distance = (values[i] as number) - mean
    const term = distance * distance
    const next = sum + term
    lost += sum >= term ? sum - next + term : term - next + sum
    sum = next
  }
  return { mean, std: n > 1 ? Math.sqrt((sum + lost) / (n - 1)) : 0 }
}

function countDistinct(sorted: Float64Array): number {
  let count = sorted.length > 0 ? 1 : 0
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) count += 1
  return count
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan, the default of NumPy and R). */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const first = sorted[low] as number
  return first + (at - low) * ((sorted[Math.min(low + 1, sorted.length - 1)] as number) - first)
}

function histogramOf(sorted: Float64Array): { edges: number[]; counts: number[] } {
  const low = sorted[0] as number
  const high = sorted[sorted.length - 1] as number
  if (low === high) return { edges: [low, high], counts: [sorted.length] }
  const width = (high - low) / histogramBins
  const edges = Array.from({ length: histogramBins + 1 }, (_, bin) =>
    bin === histogramBins ? high : low + bin * width,
  )
  const counts = new Array<number>(histogramBins).fill(0)
  let bin = 0
  for (let i = 0; i < sorted.length; i++) {
    while (bin < histogramBins - 1 && (sorted[i] as number) >= (edges[bin + 1] as number)) bin += 1
    counts[bin] = (counts[bin] as number) + 1
  }
  return { edges, counts }
}

function topNumbers(column: NumericColumn, sorted: Float64Array): { value: string; count: number }[] {
  const runs: { value: number; count: number }[] = []
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1
    runs.push({ value: sorted[start] as number, count: end - start })
    start = end
  }
  return runs
    .sort((a, b) => b.count - a.count || a.value - b.value)
    .map(({ value, count }) => ({ value: spellNumber(column, value), count }))
}

/** A number as the user knows it: date-times in ISO 8601, booleans in their own spelling. */
export function spellNumber(column: Pick<NumericColumn, 'type' | 'spelling'>, value: number): string {
  if (column.type === 'datetime') return new Date(value * 1000).toISOString()
  if (column.type === 'boolean') return column.spelling?.[value === 0 ? 0 : 1] ?? String(value !== 0)
  return String(value)
}

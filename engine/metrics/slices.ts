import type { Column } from '../frame/frame.ts'
import type { Predictions } from '../pipeline/pipeline.ts'
import type { Estimate } from './bootstrap.ts'
import { bootstrapInterval } from './bootstrap.ts'
import type { MetricName, Scored } from './metrics.ts'
import { metricFunctions, score } from './metrics.ts'

export interface Slice {
  readonly column: string
  readonly value: string
  readonly rows: number
  readonly metric: MetricName
  readonly estimate: Estimate
  /** The metric over all rows, to compare with. */
  readonly overall: number
}

/** A group must have so many rows, and so large a share, to be worth a line. */
const leastRows = 30
const leastShare = 0.01
const mostSlices = 12
/** Levels of a column that are looked at. */
const mostLevels = 20

const lessIsBetter: ReadonlySet<MetricName> = new Set([
  'log_loss',
  'brier',
  'rmse',
  'mae',
  'mape',
  'median_absolute_error',
])

export interface SliceInput {
  readonly scored: Scored
  readonly rows: Int32Array
  readonly columns: readonly Column[]
  readonly metric: MetricName
  readonly threshold: number
  readonly seed: number
}

/** The groups (a level of a category, a quarter of a number, missing) on which the model does worst, worst first. */
export function worstSlices(input: SliceInput): Slice[] {
  const { scored, metric } = input
  const overall = metricFunctions[metric](scored)
  const sign = lessIsBetter.has(metric) ? 1 : -1
  const least = Math.max(leastRows, leastShare * input.rows.length)
  const candidates: { column: string; value: string; members: Int32Array; scored: Scored; badness: number }[] = []
  for (const column of input.columns) {
    for (const { value, members } of groupsOf(column, input.rows)) {
      if (members.length < least || members.length > 0.95 * input.rows.length) continue
      const part = score(
        Float64Array.from(members, (i) => scored.labels[i] as number),
        pick(scored.predictions, members),
        input.threshold,
      )
      const badness = sign * (metricFunctions[metric](part) - overall)
      if (badness > 0) candidates.push({ column: column.name, value, members, scored: part, badness })
    }
  }
  return candidates
    .sort((a, b) => b.badness - a.badness)
    .slice(0, mostSlices)
    .map(({ column, value, members, scored: part }) => ({
      column,
      value,
      rows: members.length,
      metric,
      estimate: bootstrapInterval(part, metricFunctions[metric], input.seed, 200),
      overall,
    }))
}

function pick(predictions: Predictions, members: Int32Array): Predictions {
  const width = Math.max(1, predictions.nClasses)
  const values = new Float64Array(members.length * width)
  for (const [at, i] of members.entries())
    values.set(predictions.values.subarray(i * width, (i + 1) * width), at * width)
  return { nRows: members.length, nClasses: predictions.nClasses, values }
}

function groupsOf(column: Column, rows: Int32Array): { readonly value: string; readonly members: Int32Array }[] {
  return column.storage === 'codes'
    ? levelGroups(column.codes, column.levels, rows)
    : quarterGroups(column.values, rows)
}

function levelGroups(codes: Int32Array, levels: readonly string[], rows: Int32Array) {
  const members = new Map<number, number[]>()
  for (const [i, row] of rows.entries()) {
    const code = codes[row] as number
    const known = members.get(code)
    if (known) known.push(i)
    else members.set(code, [i])
  }
  return [...members]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, mostLevels)
    .map(([code, group]) => ({
      value: code < 0 ? 'missing' : (levels[code] as string),
      members: Int32Array.from(group),
    }))
}

function quarterGroups(values: Float64Array, rows: Int32Array) {
  const present = Float64Array.from(rows, (row) => values[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const cuts = [
    ...new Set([0.25, 0.5, 0.75].map((share) => present[Math.floor(share * (present.length - 1))] as number)),
  ]
  const groups = new Map<string, number[]>()
  for (const [i, row] of rows.entries()) {
    const value = values[row] as number
    const name = Number.isNaN(value) ? 'missing' : rangeName(value, cuts)
    const known = groups.get(name)
    if (known) known.push(i)
    else groups.set(name, [i])
  }
  return [...groups].map(([value, group]) => ({ value, members: Int32Array.from(group) }))
}

function rangeName(value: number, cuts: readonly number[]): string {
  const short = (cut: number) => String(Number(cut.toPrecision(4)))
  const above = cuts.findIndex((cut) => value <= cut)
  if (above === 0) return `≤ ${short(cuts[0] as number)}`
  if (above < 0) return `> ${short(cuts.at(-1) ?? 0)}`
  return `${short(cuts[above - 1] as number)} – ${short(cuts[above] as number)}`
}

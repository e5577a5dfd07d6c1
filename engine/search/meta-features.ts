import type { Column, Target } from '../frame/frame.ts'

/** What a table is described by, in this order, when its like is looked for among earlier tables. */
export const metaFeatureNames = [
  'rows',
  'columns',
  'share of columns with categories',
  'missing cells',
  'most levels of a column',
  'classes',
  'share of the rarest class',
  'skewness of the columns',
  'heavy tails of the columns',
  'linear relation with the target',
  'skewness of the target',
] as const

/** Rows that are looked at; more do not change the description. */
const mostRows = 2_000

/** A number for each of `metaFeatureNames`: counts as logarithms, shares from 0 to 1. */
export function metaFeatures(columns: readonly Column[], target: Target): Float64Array {
  const n = target.values.length
  const step = Math.max(1, Math.floor(n / mostRows))
  const rows = Int32Array.from({ length: Math.ceil(n / step) }, (_, at) => at * step)
  const labels = inRange(Float64Array.from(rows, (row) => target.values[row] as number))
  const numbers = columns.flatMap((column) =>
    column.storage === 'float64' ? [inRange(Float64Array.from(rows, (row) => column.values[row] as number))] : [],
  )
  const shapes = numbers.map((values) => shapeOf(values.filter(Number.isFinite)))
  const levels = columns.map((column) => (column.storage === 'codes' ? column.levels.length : 0))
  const isRegression = target.task === 'regression'
  const counts = new Float64Array(Math.max(1, target.classes.length))
  if (!isRegression) for (const label of target.values) counts[label] = (counts[label] as number) + 1
  return Float64Array.of(
    Math.log(n),
    Math.log(Math.max(1, columns.length)),
    columns.length > 0 ? (columns.length - numbers.length) / columns.length : 0,
    missingShare(columns, rows),
    Math.log(1 + Math.max(0, ...levels)),
    isRegression ? 0 : Math.log(target.classes.length),
    isRegression ? 0 : Math.min(...counts) / n,
    meanOf(shapes.map(({ skewness }) => Math.log1p(Math.abs(skewness)))),
    meanOf(shapes.map(({ tails }) => Math.log1p(tails))),
    Math.max(0, ...numbers.map((values) => Math.abs(correlation(values, labels)))),
    isRegression ? Math.log1p(Math.abs(shapeOf(labels).skewness)) : 0,
  )
}

/** Beyond this, fourth powers overflow. */
const largest = 1e60

/** Values as they are, or where powers of them would overflow, divided by the largest one; no description depends on the unit. */
function inRange(values: Float64Array): Float64Array {
  let most = 0
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value))
  return most > largest ? values.map((value) => value / most) : values
}

function missingShare(columns: readonly Column[], rows: Int32Array): number {
  let missing = 0
  for (const column of columns) {
    for (const row of rows) {
      const isMissing =
        column.storage === 'codes' ? (column.codes[row] as number) < 0 : Number.isNaN(column.values[row])
      if (isMissing) missing += 1
    }
  }
  return missing / Math.max(1, columns.length * rows.length)
}

/** Standardised third moment, and fourth one as the square of it is at the least. */
function shapeOf(values: Float64Array): { readonly skewness: number; readonly tails: number } {
  const mean = meanOf(values)
  const moment = (power: number) => meanOf(values.map((value) => (value - mean) ** power))
  const variance = moment(2)
  if (!(variance > 0)) return { skewness: 0, tails: 0 }
  return { skewness: moment(3) / variance ** 1.5, tails: moment(4) / variance ** 2 }
}

/** Over the rows that have a finite value; 0 where either does not vary. */
function correlation(values: Float64Array, labels: Float64Array): number {
  const kept = Array.from(values.keys()).filter((at) => Number.isFinite(values[at]))
  const x = Float64Array.from(kept, (at) => values[at] as number)
  const y = Float64Array.from(kept, (at) => labels[at] as number)
  const [mx, my] = [meanOf(x), meanOf(y)]
  const together = meanOf(x.map((value, at) => (value - mx) * ((y[at] as number) - my)))
  const spread = Math.sqrt(meanOf(x.map((value) => (value - mx) ** 2)) * meanOf(y.map((value) => (value - my) ** 2)))
  return spread > 0 ? together / spread : 0
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at] as number
  return values.length > 0 ? sum / values.length : 0
}

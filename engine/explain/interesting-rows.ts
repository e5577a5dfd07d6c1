import type { Column, Target } from '../frame/frame.ts'
import type { Predictions } from '../pipeline/pipeline.ts'

/** A row and, in words, why it is worth a look. */
export interface InterestingRow {
  readonly row: number
  readonly reason: string
}

/** Rows whose prediction misses the truth by most, worst first. `rows[i]` is the dataset's row of prediction i. */
export function mostWrongRows(
  target: Target,
  predictions: Predictions,
  rows: Int32Array,
  limit: number,
): InterestingRow[] {
  const wrongness = Float64Array.from(rows, (row, i) => {
    const label = target.values[row] as number
    if (Number.isNaN(label)) return Number.NEGATIVE_INFINITY
    if (target.task === 'regression') return Math.abs((predictions.values[i] as number) - label)
    return 1 - (predictions.values[i * predictions.nClasses + label] as number)
  })
  return highest(wrongness, limit).map((i) => {
    const row = rows[i] as number
    const label = target.values[row] as number
    if (target.task === 'regression') {
      return { row, reason: `predicted ${short(predictions.values[i] as number)}, in truth ${short(label)}` }
    }
    const given = predictions.values[i * predictions.nClasses + label] as number
    return { row, reason: `in truth ${target.classes[label] ?? ''}, which got ${percent(given)}` }
  })
}

/** Rows where the two most likely classes are closest; empty for regressions. */
export function mostUncertainRows(
  target: Target,
  predictions: Predictions,
  rows: Int32Array,
  limit: number,
): InterestingRow[] {
  if (target.task === 'regression') return []
  const uncertainty = Float64Array.from(rows, (_, i) => {
    const [first, second] = topTwo(predictions, i)
    return 1 - (first.probability - second.probability)
  })
  return highest(uncertainty, limit).map((i) => {
    const [first, second] = topTwo(predictions, i)
    const name = (code: number) => target.classes[code] ?? ''
    return {
      row: rows[i] as number,
      reason: `${name(first.code)} ${percent(first.probability)}, ${name(second.code)} ${percent(second.probability)}`,
    }
  })
}

/**
 * Rows unlike the others, column by column: the mean surprise of their values, which is the distance from the median in
 * robust standard deviations (numbers, at most 10) or -log2 of the level's share (categories, missing values).
 */
export function outlierRows(columns: readonly Column[], rows: Int32Array, limit: number): InterestingRow[] {
  const surprises = columns.map((column) =>
    column.storage === 'codes' ? rarity(column.codes, rows) : distance(column.values, rows),
  )
  const total = Float64Array.from(rows, (_, i) => surprises.reduce((sum, surprise) => sum + (surprise[i] as number), 0))
  return highest(total, limit).map((i) => {
    let strangest = 0
    for (let at = 1; at < columns.length; at++) {
      if ((surprises[at]?.[i] as number) > (surprises[strangest]?.[i] as number)) strangest = at
    }
    const column = columns[strangest] as Column
    return { row: rows[i] as number, reason: `${column.name} is ${cellText(column, rows[i] as number)}` }
  })
}

function rarity(codes: Int32Array, rows: Int32Array): Float64Array {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(codes[row] as number, (counts.get(codes[row] as number) ?? 0) + 1)
  // A column where every value is its own says nothing about a row.
  const informative = counts.size < rows.length / 2
  return Float64Array.from(rows, (row) =>
    informative ? -Math.log2((counts.get(codes[row] as number) ?? 1) / rows.length) : 0,
  )
}

function distance(values: Float64Array, rows: Int32Array): Float64Array {
  const present = Float64Array.from(rows, (row) => values[row] as number)
    .filter((value) => Number.isFinite(value))
    .sort()
  const missingShare = 1 - present.length / Math.max(1, rows.length)
  const median = present[Math.floor(present.length / 2)] ?? 0
  const deviations = present.map((value) => Math.abs(value - median)).sort()
  // 1.4826 makes the median absolute deviation a standard deviation for normal values; where most values are equal, the mean deviation serves.
  const spread = 1.4826 * (deviations[Math.floor(deviations.length / 2)] ?? 0) || mean(deviations) * 1.2533 || 1
  return Float64Array.from(rows, (row) => {
    const value = values[row] as number
    if (Number.isNaN(value)) return missingShare > 0 ? -Math.log2(missingShare) : 0
    return Math.min(10, Math.abs(value - median) / spread)
  })
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function highest(scores: Float64Array, limit: number): number[] {
  return Array.from(scores.keys())
    .filter((i) => (scores[i] as number) > Number.NEGATIVE_INFINITY)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, limit)
}

function topTwo(predictions: Predictions, i: number) {
  let first = { code: 0, probability: -1 }
  let second = { code: 0, probability: -1 }
  for (let code = 0; code < predictions.nClasses; code++) {
    const probability = predictions.values[i * predictions.nClasses + code] as number
    if (probability > first.probability) {
      second = first
      first = { code, probability }
    } else if (probability > second.probability) second = { code, probability }
  }
  return [first, second] as const
}

function cellText(column: Column, row: number): string {
  if (column.storage === 'codes') return column.levels[column.codes[row] as number] ?? 'missing'
  const value = column.values[row] as number
  return Number.isNaN(value) ? 'missing' : short(value)
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}

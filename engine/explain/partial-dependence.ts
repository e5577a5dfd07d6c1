import type { Column } from '../frame/frame.ts'
import type { Pipeline, Predictions } from '../pipeline/pipeline.ts'
import { predictPipelineColumns } from '../pipeline/predict-pipeline.ts'

export interface PartialDependence {
  readonly kind: 'numeric' | 'category'
  /** Values tried: numbers (date-times in seconds), or levels; null stands for missing. */
  readonly grid: readonly (number | string | null)[]
  /** [class][grid point]; one class (the positive one, or the value) for binary and regression. */
  readonly mean: readonly (readonly number[])[]
  /** ICE for the first shown class: [row][grid point], or null when not asked for. */
  readonly curves: readonly (readonly number[])[] | null
  /** Rows of the data at (category) or nearest to (number) each grid point. */
  readonly counts: readonly number[]
}

export interface PartialDependenceRequest {
  readonly pipeline: Pipeline
  readonly columns: readonly Column[]
  /** Rows averaged over. */
  readonly rows: Int32Array
  /** Index of the input that is varied. */
  readonly input: number
  readonly ice: boolean
  /** Grid points for numbers, at quantiles of the rows. Default 40. */
  readonly points?: number
  /** Levels tried for categories, the most frequent first. Default 20. */
  readonly levels?: number
}

/** Mean prediction as one column is set to each value in turn for all rows (Friedman 2001), and each row's own curve. */
export function partialDependence(request: PartialDependenceRequest): PartialDependence {
  const { pipeline, columns, rows, input } = request
  const column = columns[input] as Column
  const grid =
    column.storage === 'codes'
      ? categoryGrid(column, rows, request.levels ?? 20)
      : numericGrid(column, rows, request.points ?? 40)
  const nShown = pipeline.task === 'multiclass' ? pipeline.classes.length : 1
  const mean = Array.from({ length: nShown }, (): number[] => [])
  const curves: number[][] | null = request.ice ? Array.from(rows, () => []) : null
  for (const { value } of grid) {
    const varied = columns.map((other, at) => (at === input ? constantColumn(other, value) : other))
    const predictions = predictPipelineColumns(pipeline, varied, rows)
    for (let k = 0; k < nShown; k++) {
      let sum = 0
      for (let i = 0; i < rows.length; i++) sum += shownValue(pipeline, predictions, i, k)
      mean[k]?.push(sum / rows.length)
    }
    if (curves) for (let i = 0; i < rows.length; i++) curves[i]?.push(shownValue(pipeline, predictions, i, 0))
  }
  return {
    kind: column.storage === 'codes' ? 'category' : 'numeric',
    grid: grid.map((point) => point.label),
    mean,
    curves,
    counts: grid.map((point) => point.count),
  }
}

interface GridPoint {
  /** Code or number; NaN or -1 for missing. */
  readonly value: number
  readonly label: number | string | null
  readonly count: number
}

function categoryGrid(column: Extract<Column, { storage: 'codes' }>, rows: Int32Array, most: number): GridPoint[] {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const code = column.codes[row] as number
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return [...counts]
    .sort(([codeA, a], [codeB, b]) => b - a || codeA - codeB)
    .slice(0, most)
    .map(([code, count]) => ({ value: code, label: code < 0 ? null : (column.levels[code] as string), count }))
}

function numericGrid(column: Extract<Column, { storage: 'float64' }>, rows: Int32Array, points: number): GridPoint[] {
  const present = Float64Array.from(rows, (row) => column.values[row] as number)
    .filter((value) => Number.isFinite(value))
    .sort()
  if (present.length === 0) return []
  const values: number[] = []
  for (let point = 0; point < points; point++) {
    const value = present[Math.round((point / Math.max(1, points - 1)) * (present.length - 1))] as number
    if (values.at(-1) !== value) values.push(value)
  }
  const counts = new Int32Array(values.length)
  let nearest = 0
  for (const value of present) {
    while (
      nearest + 1 < values.length &&
      Math.abs((values[nearest + 1] as number) - value) < Math.abs((values[nearest] as number) - value)
    ) {
      nearest += 1
    }
    counts[nearest] = (counts[nearest] as number) + 1
  }
  return values.map((value, at) => ({ value, label: value, count: counts[at] as number }))
}

function constantColumn(column: Column, value: number): Column {
  if (column.storage === 'codes') return { ...column, codes: new Int32Array(column.codes.length).fill(value) }
  return { ...column, values: new Float64Array(column.values.length).fill(value) }
}

function shownValue(pipeline: Pipeline, predictions: Predictions, i: number, k: number): number {
  const width = pipeline.task === 'regression' ? 1 : predictions.nClasses
  return predictions.values[i * width + (pipeline.task === 'binary' ? 1 : k)] as number
}

import type { Column } from '../frame/frame.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { predictPipelineColumns } from '../pipeline/predict-pipeline.ts'
import { constantColumn, dependenceGrid, nearestPoints } from './dependence-grid.ts'
import { shownOutputs, shownValue } from './shown-output.ts'

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
  /** Numbers to try instead, ascending; for numeric columns. */
  readonly values?: readonly number[]
  /** Levels tried for categories, the most frequent first. Default 20. */
  readonly levels?: number
}

/** Mean prediction as one column is set to each value in turn for all rows (Friedman 2001), and each row's own curve. */
export function partialDependence(request: PartialDependenceRequest): PartialDependence {
  const { pipeline, columns, rows, input } = request
  const column = columns[input] as Column
  const grid =
    request.values?.map((value) => ({ value, label: value })) ??
    dependenceGrid(column, rows, request.points ?? 40, request.levels ?? 20)
  const mean = Array.from({ length: shownOutputs(pipeline) }, (): number[] => [])
  const curves: number[][] | null = request.ice ? Array.from(rows, () => []) : null
  for (const { value } of grid) {
    const varied = columns.map((other, at) => (at === input ? constantColumn(other, value) : other))
    const predictions = predictPipelineColumns(pipeline, varied, rows)
    for (const [k, means] of mean.entries()) {
      let sum = 0
      for (let i = 0; i < rows.length; i++) sum += shownValue(pipeline, predictions, i, k)
      means.push(sum / rows.length)
    }
    if (curves) for (let i = 0; i < rows.length; i++) curves[i]?.push(shownValue(pipeline, predictions, i, 0))
  }
  const counts = grid.map(() => 0)
  for (const point of nearestPoints(column, rows, grid)) if (point >= 0) counts[point] = (counts[point] as number) + 1
  return {
    kind: column.storage === 'codes' ? 'category' : 'numeric',
    grid: grid.map((point) => point.label),
    mean,
    curves,
    counts,
  }
}

import type { Column } from '../frame/frame.ts'
import type { Pipeline, Predictions } from '../pipeline/pipeline.ts'
import type { GridPoint } from './dependence-grid.ts'
import { dependenceGrid, gridColumn, nearestPoints } from './dependence-grid.ts'
import { shownOutputs, shownValue } from './shown-output.ts'
import type { Variation } from './varied-predictions.ts'
import { predictVaried } from './varied-predictions.ts'

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
  return partialDependences(request, [request.input])[0] as PartialDependence
}

/** The same for several columns, which costs less at once: rows are encoded and sent through the model's trees together. */
export function partialDependences(
  request: Omit<PartialDependenceRequest, 'input'>,
  inputs: readonly number[],
): PartialDependence[] {
  const { pipeline, columns, rows } = request
  const grids = inputs.map(
    (input) =>
      request.values?.map((value) => ({ value, label: value })) ??
      dependenceGrid(columns[input] as Column, rows, request.points ?? 40, request.levels ?? 20),
  )
  const varied = predictVaried(
    pipeline,
    columns,
    rows,
    inputs.map((input, at) => variationOf(columns, input, grids[at] as GridPoint[], rows.length)),
  )
  return inputs.map((input, at) =>
    dependenceOf(request, columns[input] as Column, grids[at] as GridPoint[], varied[at] as Predictions[]),
  )
}

function variationOf(columns: readonly Column[], input: number, grid: readonly GridPoint[], nRows: number): Variation {
  return {
    inputs: [input],
    columns: columns.map((other, at) => (at === input ? gridColumn(other, grid) : other)),
    sources: Int32Array.from(grid.keys()),
    from: Int32Array.from({ length: grid.length * nRows }, (_, at) => Math.floor(at / nRows)),
    count: grid.length,
  }
}

function dependenceOf(
  request: Omit<PartialDependenceRequest, 'input'>,
  column: Column,
  grid: readonly GridPoint[],
  varied: readonly Predictions[],
): PartialDependence {
  const { pipeline, rows } = request
  const mean = Array.from({ length: shownOutputs(pipeline) }, (): number[] => [])
  const curves: number[][] | null = request.ice ? Array.from(rows, () => []) : null
  for (const predictions of varied) {
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

import type { Column } from '../frame/frame.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { dependenceGrid, gridColumn, nearestPoints } from './dependence-grid.ts'
import { shownOutputs, shownValue } from './shown-output.ts'
import { predictVaried } from './varied-predictions.ts'

export interface PairDependence {
  /** Values tried of each column: numbers (date-times in seconds), or levels; null stands for missing. */
  readonly grids: readonly [first: readonly (number | string | null)[], second: readonly (number | string | null)[]]
  /** [class][point of the first][point of the second]; one class (the positive one, or the value) for binary and regression. */
  readonly mean: readonly (readonly (readonly number[])[])[]
  /** [point of the first][point of the second]: rows at or nearest to both. Where there are none, the model was never asked. */
  readonly counts: readonly (readonly number[])[]
}

export interface PairDependenceRequest {
  readonly pipeline: Pipeline
  readonly columns: readonly Column[]
  /** Rows averaged over; each costs a prediction a pair of points. */
  readonly rows: Int32Array
  /** Indices of the two inputs that are varied. */
  readonly inputs: readonly [first: number, second: number]
  /** Grid points for numbers, at quantiles of the rows. Default 12. */
  readonly points?: number
  /** Numbers to try instead, ascending, for each input; null for its quantiles or levels. */
  readonly values?: readonly [first: readonly number[] | null, second: readonly number[] | null]
  /** Levels tried for categories, the most frequent first. Default 12. */
  readonly levels?: number
}

/** Mean prediction as two columns are set to each pair of values for all rows (Friedman 2001). */
export function partialDependenceOfPair(request: PairDependenceRequest): PairDependence {
  const { pipeline, columns, rows, inputs } = request
  const gridOf = (which: 0 | 1) =>
    request.values?.[which]?.map((value) => ({ value, label: value })) ??
    dependenceGrid(columns[inputs[which]] as Column, rows, request.points ?? 12, request.levels ?? 12)
  const [first, second] = [gridOf(0), gridOf(1)]
  const mean = Array.from({ length: shownOutputs(pipeline) }, () => first.map((): number[] => []))
  // Point b of the second within point a of the first.
  const pairs = first.flatMap((a) => second.map((b) => [a, b] as const))
  const [varied] = predictVaried(pipeline, columns, rows, [
    {
      inputs,
      columns: columns.map((other, at) => {
        const which = inputs.indexOf(at)
        return which < 0
          ? other
          : gridColumn(
              other,
              pairs.map((pair) => pair[which] as (typeof pair)[0]),
            )
      }),
      sources: Int32Array.from(pairs.keys()),
      from: Int32Array.from({ length: pairs.length * rows.length }, (_, at) => Math.floor(at / rows.length)),
      count: pairs.length,
    },
  ])
  for (const [pair, predictions] of (varied ?? []).entries()) {
    for (const [k, table] of mean.entries()) {
      let sum = 0
      for (let i = 0; i < rows.length; i++) sum += shownValue(pipeline, predictions, i, k)
      table[Math.floor(pair / second.length)]?.push(sum / rows.length)
    }
  }
  const counts = first.map(() => second.map(() => 0))
  const atFirst = nearestPoints(columns[inputs[0]] as Column, rows, first)
  const atSecond = nearestPoints(columns[inputs[1]] as Column, rows, second)
  for (const [i, a] of atFirst.entries()) {
    const row = counts[a]
    const b = atSecond[i] as number
    if (row && b >= 0) row[b] = (row[b] as number) + 1
  }
  return { grids: [first.map(({ label }) => label), second.map(({ label }) => label)], mean, counts }
}

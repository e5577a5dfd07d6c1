import type { Column } from '../frame/frame.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { distinctQuantiles, sortedNumbers } from './dependence-grid.ts'
import { shownOutputs, shownValue } from './shown-output.ts'
import { predictVaried } from './varied-predictions.ts'

export interface AccumulatedLocalEffects {
  /** Edges of the intervals, ascending (date-times in seconds); one more than intervals. Empty where no row has a number. */
  readonly edges: readonly number[]
  /** [class][edge]; one class (the positive one, or the value) for binary and regression. The mean over the rows is 0. */
  readonly effects: readonly (readonly number[])[]
  /** Rows of each interval. */
  readonly counts: readonly number[]
  /** Rows left out, since their value is missing or infinite. */
  readonly leftOut: number
}

export interface AccumulatedLocalEffectsRequest {
  readonly pipeline: Pipeline
  readonly columns: readonly Column[]
  readonly rows: Int32Array
  /** Index of the input; numbers, date-times and booleans only. */
  readonly input: number
  /** Most intervals, with about equally many rows each. Default 20. */
  readonly intervals?: number
}

/**
 * How the prediction changes along one column (Apley & Zhu 2020): rows are moved only to the two edges of the interval
 * that they lie in, so none becomes a row that cannot exist, and what goes along with the column does not leak in. The
 * mean changes are added up and centred on the rows. Throws RangeError for texts: their levels have no order.
 */
export function accumulatedLocalEffects(request: AccumulatedLocalEffectsRequest): AccumulatedLocalEffects {
  const { pipeline, columns, input } = request
  const column = columns[input] as Column
  if (column.storage === 'codes') {
    throw new RangeError(`The levels of ${column.name} have no order to go along; ask for its partial dependence.`)
  }
  const rows = request.rows.filter((row) => Number.isFinite(column.values[row]))
  const edges = distinctQuantiles(sortedNumbers(column.values, rows), (request.intervals ?? 20) + 1)
  const leftOut = request.rows.length - rows.length
  const nOutputs = shownOutputs(pipeline)
  if (edges.length < 2)
    return { edges, effects: Array.from({ length: nOutputs }, () => edges.map(() => 0)), counts: [], leftOut }

  const nIntervals = edges.length - 1
  const intervalOf = Int32Array.from(rows, (row) => intervalAt(edges, column.values[row] as number))
  const counts = new Array<number>(nIntervals).fill(0)
  for (const interval of intervalOf) counts[interval] = (counts[interval] as number) + 1
  const [[lower, upper] = []] = predictVaried(pipeline, columns, rows, [
    {
      inputs: [input],
      columns: columns.map(
        (other, at): Column => (at === input ? { ...column, values: Float64Array.from(edges) } : other),
      ),
      sources: Int32Array.from(edges.keys()),
      // To the lower edge, then to the upper one.
      from: Int32Array.from([0, 1].flatMap((side) => Array.from(intervalOf, (interval) => interval + side))),
      count: 2,
    },
  ])
  if (!lower || !upper) throw new RangeError('Two alternatives were asked for.')
  const effects = Array.from({ length: nOutputs }, (_, k) => {
    const changes = new Float64Array(nIntervals)
    for (const [i, interval] of intervalOf.entries()) {
      const change = shownValue(pipeline, upper, i, k) - shownValue(pipeline, lower, i, k)
      changes[interval] = (changes[interval] as number) + change / (counts[interval] as number)
    }
    return centre(changes, counts, rows.length)
  })
  return { edges, effects, counts, leftOut }
}

/** The interval (edge, next edge] of a value; the first takes its lower edge too. */
function intervalAt(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length - 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= (edges[middle + 1] as number)) high = middle
    else low = middle + 1
  }
  return low
}

/** Changes added up, less their mean over the rows, who count half at each end of their interval. */
function centre(changes: Float64Array, counts: readonly number[], nRows: number): number[] {
  const sums = [0]
  let mean = 0
  for (const [interval, change] of changes.entries()) {
    const before = sums[interval] as number
    sums.push(before + change)
    mean += ((before + change / 2) * (counts[interval] as number)) / nRows
  }
  return sums.map((sum) => sum - mean)
}

import type { FitInput } from '../learner.ts'

/** The training rows with their classes and weights. */
export interface ClassRows {
  readonly rows: Int32Array
  readonly nClasses: number
  /** Class of each training row. */
  readonly classes: Int32Array
  /** Weight of each training row. */
  readonly weights: Float64Array
  /** Weight of each class, and of all. */
  readonly totals: Float64Array
  readonly total: number
}

export function classRows({ rows, labels, weights, nClasses, task }: FitInput): ClassRows {
  const count = task === 'binary' ? 2 : nClasses
  const classes = Int32Array.from(rows, (row) => labels[row] as number)
  const own = Float64Array.from(rows, (row) => (weights ? (weights[row] as number) : 1))
  const totals = new Float64Array(count)
  let total = 0
  for (const [i, code] of classes.entries()) {
    totals[code] = (totals[code] as number) + (own[i] as number)
    total += own[i] as number
  }
  return { rows, nClasses: count, classes, weights: own, totals, total }
}

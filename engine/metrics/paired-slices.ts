import type { Column } from '../frame/frame.ts'
import { takePart } from './bootstrap.ts'
import type { MetricName, Scored } from './metrics.ts'
import { metricFunctions } from './metrics.ts'
import type { PairedDifference } from './paired-difference.ts'
import { pairedDifferences } from './paired-difference.ts'
import { groupsOf } from './row-groups.ts'

/** A group of rows with a metric of both models on it, and the 95% interval of second minus first. */
export interface PairedSlice {
  readonly column: string
  readonly value: string
  readonly rows: number
  readonly difference: PairedDifference
}

/** As for the worst slices: so many rows, so large a share, and not nearly all. */
const leastRows = 30
const leastShare = 0.01
const mostShare = 0.95
const mostSlices = 12
/** Groups whose intervals are worked out. */
const shortlisted = 24
/** A group this small counts half as much on the way to the shortlist, since small groups differ by chance. */
const halfWeightRows = 100

export interface PairedSliceInput {
  readonly first: Scored
  readonly second: Scored
  /** Rows of the table that were scored, in the order of the scores. */
  readonly rows: Int32Array
  readonly columns: readonly Column[]
  readonly metric: MetricName
  readonly seed: number
}

/**
 * The groups (a level of a category, a quarter of a number, missing) on which two models differ most surely: in the order
 * of how far the nearer end of the paired interval is from no difference. A model may be better over all and worse for
 * some; that shows here. Throws RangeError where the models were not scored on the same labels.
 */
export function pairedSlices({ first, second, rows, columns, metric, seed }: PairedSliceInput): PairedSlice[] {
  const of = metricFunctions[metric]
  const least = Math.max(leastRows, leastShare * rows.length)
  const visit = Uint32Array.from(rows.keys())
  const candidates = columns.flatMap((column) =>
    groupsOf(column, rows, visit).flatMap(({ value, members }) => {
      if (members.length < least || members.length > mostShare * rows.length) return []
      const parts = [takePart(first, members), takePart(second, members)] as const
      const apart = Math.abs(of(parts[1]) - of(parts[0]))
      // Not defined where a group has one class only.
      if (!(apart > 0)) return []
      const importance = (apart * members.length) / (members.length + halfWeightRows)
      return [{ column: column.name, value, members, importance }]
    }),
  )
  return candidates
    .sort((a, b) => b.importance - a.importance)
    .slice(0, shortlisted)
    .flatMap(({ column, value, members }) => {
      const [difference] = pairedDifferences(takePart(first, members), takePart(second, members), [metric], seed, {
        resamples: 200,
        mostRows: 5_000,
      })
      return difference ? [{ column, value, rows: members.length, difference }] : []
    })
    .sort((a, b) => sureness(b) - sureness(a))
    .slice(0, mostSlices)
}

/** Distance of the interval from 0; negative where it holds 0. */
function sureness({ difference: { low, high } }: PairedSlice): number {
  return Math.max(low, -high)
}

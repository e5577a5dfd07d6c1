import type { Column } from '../frame/frame.ts'
import type { Estimate } from './bootstrap.ts'
import { bootstrapInterval, takePart } from './bootstrap.ts'
import type { MetricName, Scored } from './metrics.ts'
import { metricFunctions } from './metrics.ts'
import { groupsOf } from './row-groups.ts'

export interface Slice {
  readonly column: string
  readonly value: string
  readonly rows: number
  readonly metric: MetricName
  readonly estimate: Estimate
  /** The metric over all rows, to compare with. */
  readonly overall: number
}

/** A group must have so many rows, and so large a share, to be worth a line; one of nearly all rows says nothing new. */
const leastRows = 30
const leastShare = 0.01
const mostShare = 0.95
const mostSlices = 12
/** Groups whose intervals are worked out, to be put in order by them. */
const shortlisted = 24
/** Members that are enough to tell whether a group belongs on the shortlist. */
const shortlistRows = 10_000
/** A group this small counts half as much on the way to the shortlist, since small groups are bad by chance. */
const halfWeightRows = 100

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
  readonly seed: number
}

/**
 * The groups (a level of a category, a quarter of a number, missing) on which the model does worst. They are in order of
 * how much worse than over all rows they surely are: by the end of the interval that is nearer to the overall value.
 */
export function worstSlices({ scored, rows, columns, metric, seed }: SliceInput): Slice[] {
  const of = metricFunctions[metric]
  const overall = of(scored)
  const sign = lessIsBetter.has(metric) ? 1 : -1
  const isBinary = scored.predictions.nClasses === 2
  // Members in order of their probability need not be sorted again to be ranked.
  const visit = (isBinary ? scored.orders?.[1] : null) ?? Uint32Array.from(rows.keys())
  const least = Math.max(leastRows, leastShare * rows.length)
  const candidates: { slice: Omit<Slice, 'estimate'>; members: Int32Array; importance: number }[] = []
  const part = (members: Int32Array): Scored => {
    const taken = takePart(scored, members)
    return isBinary && scored.orders ? { ...taken, orders: ranksInOrder(members.length) } : taken
  }
  for (const column of columns) {
    for (const { value, members } of groupsOf(column, rows, visit)) {
      if (members.length < least || members.length > mostShare * rows.length) continue
      const badness = sign * (of(part(spread(members, shortlistRows))) - overall)
      if (!(badness > 0)) continue
      const slice = { column: column.name, value, rows: members.length, metric, overall }
      const importance = (badness * members.length) / (members.length + halfWeightRows)
      candidates.push({ slice, members, importance })
    }
  }
  return candidates
    .sort((a, b) => b.importance - a.importance)
    .slice(0, shortlisted)
    .map(({ slice, members }): Slice => {
      const estimate = bootstrapInterval(part(members), metric, seed, { resamples: 200, mostRows: 5_000 })
      return { ...slice, estimate }
    })
    .sort((a, b) => sureBadness(b) - sureBadness(a))
    .slice(0, mostSlices)
}

/** At most `most` of the members, evenly spread. */
function spread(members: Int32Array, most: number): Int32Array {
  if (members.length <= most) return members
  return Int32Array.from({ length: most }, (_, at) => members[Math.floor((at * members.length) / most)] as number)
}

function sureBadness({ metric, estimate, overall }: Slice): number {
  return lessIsBetter.has(metric) ? estimate.low - overall : overall - estimate.high
}

/** Orders of a binary task whose rows lie in order already. */
function ranksInOrder(nRows: number): Uint32Array[] {
  const orders: Uint32Array[] = []
  orders[1] = Uint32Array.from({ length: nRows }, (_, at) => at)
  return orders
}

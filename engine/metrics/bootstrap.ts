import { randomStream } from '../random.ts'
import type { Scored } from './metrics.ts'
import { withOrders } from './metrics.ts'

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Row-resamples a metric may look at in all: large tables get by with fewer resamples of more rows. */
const mostRowVisits = 12_000_000

/**
 * A metric with its 95% percentile bootstrap interval (Efron & Tibshirani 1993): rows are resampled by Poisson(1)
 * weights, which need no copies and leave every ranking as it is. Resamples on which the metric is undefined are left out.
 */
export function bootstrapInterval(
  scored: Scored,
  metric: (scored: Scored) => number,
  seed: number,
  resamples = 400,
): Estimate {
  const value = metric(scored)
  const n = scored.labels.length
  const rounds = Math.max(100, Math.min(resamples, Math.floor(mostRowVisits / Math.max(1, n))))
  const base = scored.orders ? scored : withOrders(scored)
  const weights = new Float64Array(n)
  const estimates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const random = randomStream(seed, round)
    for (let i = 0; i < n; i++)
      weights[i] = poissonOne(random.nextUint32()) * (scored.weights ? (scored.weights[i] as number) : 1)
    const estimate = metric({ ...base, weights })
    if (!Number.isNaN(estimate)) estimates.push(estimate)
  }
  if (estimates.length === 0) return { value, low: value, high: value }
  estimates.sort((a, b) => a - b)
  return { value, low: percentile(estimates, 0.025), high: percentile(estimates, 0.975) }
}

/** Cumulative probabilities of a Poisson variable of mean 1, as shares of 2^32. */
const cumulative = [
  0.36787944117144233, 0.7357588823428847, 0.9196986029286058, 0.9810118431238462, 0.9963401531726563,
  0.9994058151824183, 0.9999167588507119, 0.9999897508033253, 0.9999988747974021,
].map((share) => share * 4_294_967_296)

function poissonOne(uniform: number): number {
  let count = 0
  while (count < cumulative.length && uniform >= (cumulative[count] as number)) count += 1
  return count
}

function percentile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const first = sorted[low] as number
  return first + (at - low) * ((sorted[low + 1] ?? first) - first)
}

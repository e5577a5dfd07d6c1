import { randomStream } from '../random.ts'
import type { Scored } from './metrics.ts'
import { withOrders } from './metrics.ts'

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Row-resamples a metric may look at in all: large tables get by with fewer resamples of more rows. */
const mostRowVisits = 6_000_000

/**
 * Metrics with their 95% percentile bootstrap intervals (Efron & Tibshirani 1993): rows are resampled by Poisson(1)
 * weights, which need no copies and leave every ranking as it is. All metrics see the same resamples. Resamples on which
 * a metric is undefined are left out.
 */
export function bootstrapIntervals(
  scored: Scored,
  metrics: readonly ((scored: Scored) => number)[],
  seed: number,
  resamples = 400,
): Estimate[] {
  const n = scored.labels.length
  const rounds = Math.max(100, Math.min(resamples, Math.floor(mostRowVisits / Math.max(1, n))))
  const base = scored.orders ? scored : withOrders(scored)
  const weights = new Float64Array(n)
  const estimates = metrics.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    const random = randomStream(seed, round)
    for (let i = 0; i < n; i++) {
      weights[i] = poissonOne(random.nextUint32()) * (scored.weights ? (scored.weights[i] as number) : 1)
    }
    const resampled = { ...base, weights }
    for (const [at, metric] of metrics.entries()) {
      const estimate = metric(resampled)
      if (!Number.isNaN(estimate)) estimates[at]?.push(estimate)
    }
  }
  return metrics.map((metric, at) => {
    const value = metric(base)
    const sorted = (estimates[at] as number[]).sort((a, b) => a - b)
    return sorted.length === 0
      ? { value, low: value, high: value }
      : { value, low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) }
  })
}

/** The same for one metric. */
export function bootstrapInterval(
  scored: Scored,
  metric: (scored: Scored) => number,
  seed: number,
  resamples = 400,
): Estimate {
  return bootstrapIntervals(scored, [metric], seed, resamples)[0] as Estimate
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

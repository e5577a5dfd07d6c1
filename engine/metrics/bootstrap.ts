import { randomStream, shuffledIndices } from '../random.ts'
import type { MetricName, Scored } from './metrics.ts'
import { metricFunctions } from './metrics.ts'
import { drawPoissonWeights } from './poisson-weights.ts'
import { prepareMetrics } from './weighted-metrics.ts'

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface BootstrapOptions {
  /** Default 400. */
  readonly resamples?: number
  /** Rows that a resample is drawn from; of longer tables a part speaks for all. Default 20,000. */
  readonly mostRows?: number
}

/**
 * Metrics with their 95% percentile bootstrap intervals (Efron & Tibshirani 1993): rows are resampled by Poisson(1)
 * weights, which need no copies and leave every ranking as it is. All metrics see the same resamples; those on which a
 * metric is undefined are left out. On tables longer than `mostRows` a part of m rows is resampled, and the deviations
 * shrunk by √(m/n) (the m out of n bootstrap, Bickel, Götze & van Zwet 1997), so that the time has a bound.
 */
export function bootstrapIntervals(
  scored: Scored,
  names: readonly MetricName[],
  seed: number,
  options: BootstrapOptions = {},
): Estimate[] {
  const n = scored.labels.length
  const most = Math.max(1_000, Math.floor((options.mostRows ?? 20_000) / rankingsNeeded(scored, names)))
  const part = n > most ? takePart(scored, shuffledIndices(n, randomStream(seed, 0xb0), most).sort()) : scored
  const values = names.map((name) => metricFunctions[name](scored))
  const centres = part === scored ? null : names.map((name) => metricFunctions[name](part))
  const shrink = Math.sqrt(part.labels.length / n)
  const resampled = resample(part, names, seed, options.resamples ?? 400)
  return values.map((value, at) => {
    const sorted = Float64Array.from(resampled[at] as number[]).sort()
    if (sorted.length === 0) return { value, low: value, high: value }
    const bound = (share: number) => {
      const estimate = percentile(sorted, share)
      return centres ? within(names[at] as MetricName, value + shrink * (estimate - (centres[at] as number))) : estimate
    }
    return { value, low: bound(0.025), high: bound(0.975) }
  })
}

/** The same for one metric. */
export function bootstrapInterval(
  scored: Scored,
  name: MetricName,
  seed: number,
  options: BootstrapOptions = {},
): Estimate {
  return bootstrapIntervals(scored, [name], seed, options)[0] as Estimate
}

/** For each metric its value on every resample, but where it is undefined. */
function resample(scored: Scored, names: readonly MetricName[], seed: number, resamples: number): number[][] {
  const { rows, evaluate } = prepareMetrics(scored, names)
  const { weights: own } = scored
  const ownWeights = own ? Float64Array.from(rows, (row) => own[row] as number) : null
  const weights = new Float64Array(rows.length)
  const found = names.map((): number[] => [])
  for (let round = 0; round < resamples; round++) {
    drawPoissonWeights(weights, ownWeights, seed, round)
    for (const [at, estimate] of evaluate(weights).entries()) {
      if (!Number.isNaN(estimate)) found[at]?.push(estimate)
    }
  }
  return found
}

/** With many classes every resample is ranked once for each, so fewer rows are taken. */
function rankingsNeeded(scored: Scored, names: readonly MetricName[]): number {
  const ranks = names.includes('roc_auc') || names.includes('average_precision')
  return ranks ? Math.max(1, scored.predictions.nClasses - 1) : 1
}

/** Some rows as a table of its own; without orders, which would have to be found anew. */
export function takePart(scored: Scored, rows: Int32Array): Scored {
  const { labels, predicted, weights, predictions } = scored
  const width = Math.max(1, predictions.nClasses)
  const values = new Float64Array(rows.length * width)
  for (let at = 0; at < rows.length; at++) {
    const from = (rows[at] as number) * width
    for (let k = 0; k < width; k++) values[at * width + k] = predictions.values[from + k] as number
  }
  return {
    labels: Float64Array.from(rows, (row) => labels[row] as number),
    predictions: { nRows: rows.length, nClasses: predictions.nClasses, values },
    predicted: predicted.length > 0 ? Int32Array.from(rows, (row) => predicted[row] as number) : predicted,
    weights: weights ? Float64Array.from(rows, (row) => weights[row] as number) : null,
  }
}

/** Metrics of which 1 is the best there can be. */
export const metricsUpToOne: ReadonlySet<MetricName> = new Set([
  'roc_auc',
  'accuracy',
  'balanced_accuracy',
  'f1',
  'precision',
  'recall',
  'average_precision',
  'mcc',
  'r2',
])

/** A shrunken deviation could lead out of a metric's range. */
function within(name: MetricName, value: number): number {
  const high = metricsUpToOne.has(name) ? 1 : Number.POSITIVE_INFINITY
  const low = name === 'r2' ? Number.NEGATIVE_INFINITY : name === 'mcc' ? -1 : 0
  return Math.min(high, Math.max(low, value))
}

function percentile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const first = sorted[low] as number
  return first + (at - low) * ((sorted[low + 1] ?? first) - first)
}

import type { Predictions } from '../pipeline/pipeline.ts'
import { predictedClasses } from '../pipeline/predict-pipeline.ts'
import type { ClassCounts, CountMetricName } from './class-counts.ts'
import { countMetrics, emptyCounts } from './class-counts.ts'
import { descendingOrder } from './descending-order.ts'
import { averagePrecision, rocAuc } from './ranking.ts'
import type { PinballName } from './regression-scores.ts'
import { pinballOfRow, poissonDevianceOfRow, quantileOfMetric } from './regression-scores.ts'

/** All metrics by their names in scikit-learn, or the nearest thing to one. */
export type MetricName =
  | 'roc_auc'
  | 'log_loss'
  | 'accuracy'
  | 'balanced_accuracy'
  | 'f1'
  | 'precision'
  | 'recall'
  | 'average_precision'
  | 'brier'
  | 'mcc'
  | 'rmse'
  | 'mae'
  | 'r2'
  | 'mape'
  | 'median_absolute_error'
  | 'poisson_deviance'
  | PinballName

/** Rows with their truth and prediction, as all metrics take them. */
export interface Scored {
  /** Class codes, or numbers. */
  readonly labels: Float64Array
  readonly predictions: Predictions
  /** Class predicted for each row; empty for regressions. */
  readonly predicted: Int32Array
  /** Weight of each row, or null for all one; bootstrap resamples are weights. */
  readonly weights: Float64Array | null
  /** Orders of the rows by descending probability of each class, where they are known: they do not depend on weights. */
  readonly orders?: readonly Uint32Array[]
}

/** Probabilities are raised to at least this before logarithms, as in the AutoML protocol. */
const leastProbability = 1e-15

/** One number from scored rows. Multiclass precision, recall and f1 are macro means; roc_auc is the macro mean of one against the rest. */
export const metricFunctions: Readonly<Record<MetricName, (scored: Scored) => number>> = {
  roc_auc: (scored) => macroOverClasses(scored, rocAuc),
  average_precision: (scored) => macroOverClasses(scored, averagePrecision),
  log_loss: logLoss,
  brier,
  accuracy: fromCounts('accuracy'),
  balanced_accuracy: fromCounts('balanced_accuracy'),
  precision: fromCounts('precision'),
  recall: fromCounts('recall'),
  f1: fromCounts('f1'),
  mcc: fromCounts('mcc'),
  rmse: (scored) => Math.sqrt(weightedMean(scored, (i) => error(scored, i) ** 2)),
  mae: (scored) => weightedMean(scored, (i) => Math.abs(error(scored, i))),
  mape: (scored) => weightedMean(scored, (i) => relativeErrorOfRow(scored, i)),
  median_absolute_error: medianAbsoluteError,
  r2,
  poisson_deviance: (scored) => weightedMean(scored, (i) => poissonDevianceOfRow(scored, i)),
  pinball_5: pinball('pinball_5'),
  pinball_10: pinball('pinball_10'),
  pinball_25: pinball('pinball_25'),
  pinball_50: pinball('pinball_50'),
  pinball_75: pinball('pinball_75'),
  pinball_90: pinball('pinball_90'),
  pinball_95: pinball('pinball_95'),
}

/** A metric by name. `threshold` decides between the classes of binary tasks. */
export function computeMetric(
  name: MetricName,
  labels: Float64Array,
  predictions: Predictions,
  threshold = 0.5,
  weights: Float64Array | null = null,
): number {
  return metricFunctions[name](score(labels, predictions, threshold, weights))
}

export function score(
  labels: Float64Array,
  predictions: Predictions,
  threshold = 0.5,
  weights: Float64Array | null = null,
): Scored {
  const predicted = predictions.nClasses > 0 ? predictedClasses(predictions, threshold) : new Int32Array(0)
  return { labels, predictions, predicted, weights }
}

/** The same rows with their rankings for these classes worked out once, for all that needs them. */
export function withOrders(scored: Scored, classes: readonly number[]): Scored {
  const orders: Uint32Array[] = []
  for (const k of classes) orders[k] = descendingOrder(probabilitiesOf(scored.predictions, k))
  return { ...scored, orders }
}

export function probabilitiesOf(predictions: Predictions, k: number): Float64Array {
  const { nRows, nClasses, values } = predictions
  const own = new Float64Array(nRows)
  for (let i = 0; i < nRows; i++) own[i] = values[i * nClasses + k] as number
  return own
}

/** 1 for the rows of class k. */
export function rowsOfClass(labels: Float64Array, k: number): Uint8Array {
  const isOf = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) if (labels[i] === k) isOf[i] = 1
  return isOf
}

/** matrix[true class][predicted class], sums of weights. */
export function confusionOf(scored: Scored): number[][] {
  const { nClasses } = scored.predictions
  const matrix = Array.from({ length: nClasses }, () => new Array<number>(nClasses).fill(0))
  for (let i = 0; i < scored.labels.length; i++) {
    const row = matrix[scored.labels[i] as number] as number[]
    const column = scored.predicted[i] as number
    row[column] = (row[column] as number) + (scored.weights ? (scored.weights[i] as number) : 1)
  }
  return matrix
}

type RankMetric = (
  isPositive: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
  order?: Uint32Array,
) => number

function macroOverClasses(scored: Scored, metric: RankMetric): number {
  const { predictions, labels, weights } = scored
  const one = (k: number) => {
    return metric(rowsOfClass(labels, k), probabilitiesOf(predictions, k), weights, scored.orders?.[k])
  }
  if (predictions.nClasses === 2) return one(1)
  // A class that the rows do not have says nothing.
  return meanOf(Array.from({ length: predictions.nClasses }, (_, k) => one(k)).filter((value) => !Number.isNaN(value)))
}

function fromCounts(name: CountMetricName): (scored: Scored) => number {
  return (scored) => countMetrics[name](classCountsOf(scored))
}

function classCountsOf({ labels, predicted, predictions, weights }: Scored): ClassCounts {
  const counts = emptyCounts(predictions.nClasses)
  const { correct, truth, guess } = counts
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    const own = predicted[i] as number
    const weight = weights ? (weights[i] as number) : 1
    truth[label] = (truth[label] as number) + weight
    guess[own] = (guess[own] as number) + weight
    if (label === own) correct[label] = (correct[label] as number) + weight
  }
  return counts
}

function pinball(name: PinballName): (scored: Scored) => number {
  return (scored) => weightedMean(scored, (i) => pinballOfRow(scored, i, quantileOfMetric[name]))
}

function logLoss(scored: Scored): number {
  return weightedMean(scored, (i) => logLossOfRow(scored, i))
}

/** -log of the probability given to the true class. */
export function logLossOfRow({ labels, predictions }: Pick<Scored, 'labels' | 'predictions'>, i: number): number {
  const given = predictions.values[i * predictions.nClasses + (labels[i] as number)] as number
  return -Math.log(Math.min(1 - leastProbability, Math.max(leastProbability, given)))
}

function brier(scored: Scored): number {
  return weightedMean(scored, (i) => brierOfRow(scored, i))
}

/** Binary: squared error of the probability of class 1; multiclass: of all classes, summed. */
export function brierOfRow({ labels, predictions }: Pick<Scored, 'labels' | 'predictions'>, i: number): number {
  const { nClasses, values } = predictions
  const label = labels[i] as number
  if (nClasses === 2) return ((values[2 * i + 1] as number) - label) ** 2
  let sum = 0
  for (let k = 0; k < nClasses; k++) sum += ((values[i * nClasses + k] as number) - (label === k ? 1 : 0)) ** 2
  return sum
}

/** Absolute error over the size of the truth, which counts as at least the least number that 1 can be told from. */
export function relativeErrorOfRow(scored: Pick<Scored, 'labels' | 'predictions'>, i: number): number {
  return Math.abs(error(scored, i)) / Math.max(Math.abs(scored.labels[i] as number), Number.EPSILON)
}

function r2(scored: Scored): number {
  const mean = weightedMean(scored, (i) => scored.labels[i] as number)
  const residual = weightedMean(scored, (i) => error(scored, i) ** 2)
  const variance = weightedMean(scored, (i) => ((scored.labels[i] as number) - mean) ** 2)
  if (variance > 0) return 1 - residual / variance
  return residual === 0 ? 1 : 0
}

function medianAbsoluteError(scored: Scored): number {
  const { labels, weights } = scored
  const sizes = labels.map((_, i) => Math.abs(error(scored, i)))
  const order = descendingOrder(sizes).reverse()
  return weightedMedian(
    sizes.map((_, at) => sizes[order[at] as number] as number),
    weights ? sizes.map((_, at) => weights[order[at] as number] as number) : null,
  )
}

/** The value with half of the weight below it, or the mean of the two around the middle. `sorted` rises; NaN without weight. */
export function weightedMedian(sorted: Float64Array, weights: Float64Array | null): number {
  const half = weights ? weights.reduce((sum, weight) => sum + weight, 0) / 2 : sorted.length / 2
  let passed = 0
  for (let at = 0; at < sorted.length; at++) {
    const weight = weights ? (weights[at] as number) : 1
    if (weight === 0) continue
    passed += weight
    const value = sorted[at] as number
    if (passed > half) return value
    if (passed < half) continue
    let next = at + 1
    while (next < sorted.length && weights?.[next] === 0) next += 1
    return (value + (sorted[next] ?? value)) / 2
  }
  return Number.NaN
}

/** Prediction minus truth of a regression. */
export function error({ labels, predictions }: Pick<Scored, 'labels' | 'predictions'>, i: number): number {
  return (predictions.values[i] as number) - (labels[i] as number)
}

function weightedMean(scored: Scored, of: (i: number) => number): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < scored.labels.length; i++) {
    const weight = scored.weights ? (scored.weights[i] as number) : 1
    if (weight === 0) continue
    sum += weight * of(i)
    total += weight
  }
  return total > 0 ? sum / total : Number.NaN
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length
}

import type { Predictions } from '../pipeline/pipeline.ts'
import { predictedClasses } from '../pipeline/predict-pipeline.ts'
import { averagePrecision, descendingOrder, rocAuc } from './ranking.ts'

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
  accuracy: (scored) => weightedMean(scored, (i) => (scored.predicted[i] === scored.labels[i] ? 1 : 0)),
  balanced_accuracy: (scored) => {
    const recalls = confusionOf(scored).flatMap((row, label) => {
      const total = row.reduce((sum, count) => sum + count, 0)
      return total > 0 ? [(row[label] as number) / total] : []
    })
    return meanOf(recalls)
  },
  precision: (scored) => macroFromConfusion(scored, (tp, fp) => (tp + fp > 0 ? tp / (tp + fp) : 0)),
  recall: (scored) => macroFromConfusion(scored, (tp, _fp, fn) => (tp + fn > 0 ? tp / (tp + fn) : 0)),
  f1: (scored) =>
    macroFromConfusion(scored, (tp, fp, fn) => (2 * tp + fp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : 0)),
  mcc: matthews,
  rmse: (scored) => Math.sqrt(weightedMean(scored, (i) => error(scored, i) ** 2)),
  mae: (scored) => weightedMean(scored, (i) => Math.abs(error(scored, i))),
  mape: (scored) =>
    weightedMean(
      scored,
      (i) => Math.abs(error(scored, i)) / Math.max(Math.abs(scored.labels[i] as number), Number.EPSILON),
    ),
  median_absolute_error: medianAbsoluteError,
  r2,
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

/** The same rows with their rankings worked out once, for many resamples. */
export function withOrders(scored: Scored): Scored {
  const { nClasses } = scored.predictions
  const classes = nClasses === 2 ? [1] : Array.from({ length: nClasses }, (_, k) => k)
  const orders: Uint32Array[] = []
  for (const k of classes) orders[k] = descendingOrder(probabilitiesOf(scored.predictions, k))
  return { ...scored, orders }
}

export function probabilitiesOf(predictions: Predictions, k: number): Float64Array {
  return Float64Array.from(
    { length: predictions.nRows },
    (_, i) => predictions.values[i * predictions.nClasses + k] as number,
  )
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
    const isPositive = Uint8Array.from(labels, (label) => (label === k ? 1 : 0))
    return metric(isPositive, probabilitiesOf(predictions, k), weights, scored.orders?.[k])
  }
  if (predictions.nClasses === 2) return one(1)
  // A class that the rows do not have says nothing.
  return meanOf(Array.from({ length: predictions.nClasses }, (_, k) => one(k)).filter((value) => !Number.isNaN(value)))
}

function macroFromConfusion(scored: Scored, of: (tp: number, fp: number, fn: number) => number): number {
  const matrix = confusionOf(scored)
  const one = (k: number) => {
    const tp = matrix[k]?.[k] as number
    const fn = (matrix[k] as number[]).reduce((sum, count) => sum + count, 0) - tp
    const fp = matrix.reduce((sum, row) => sum + (row[k] as number), 0) - tp
    return { value: of(tp, fp, fn), seen: tp + fn + fp > 0 }
  }
  if (matrix.length === 2) return one(1).value
  return meanOf(
    Array.from(matrix.keys(), one)
      .filter(({ seen }) => seen)
      .map(({ value }) => value),
  )
}

function logLoss(scored: Scored): number {
  const { labels, predictions } = scored
  return weightedMean(scored, (i) => {
    const given = predictions.values[i * predictions.nClasses + (labels[i] as number)] as number
    return -Math.log(Math.min(1 - leastProbability, Math.max(leastProbability, given)))
  })
}

/** Binary: mean squared error of the probability of class 1; multiclass: of all classes, summed. */
function brier(scored: Scored): number {
  const { labels, predictions } = scored
  const { nClasses, values } = predictions
  return weightedMean(scored, (i) => {
    if (nClasses === 2) return ((values[2 * i + 1] as number) - (labels[i] as number)) ** 2
    let sum = 0
    for (let k = 0; k < nClasses; k++) sum += ((values[i * nClasses + k] as number) - (labels[i] === k ? 1 : 0)) ** 2
    return sum
  })
}

/** Gorodkin's multiclass form; 0 where only one class was predicted or seen, as scikit-learn. */
function matthews(scored: Scored): number {
  const matrix = confusionOf(scored)
  const truth = matrix.map((row) => row.reduce((sum, count) => sum + count, 0))
  const guess = matrix.map((_, k) => matrix.reduce((sum, row) => sum + (row[k] as number), 0))
  const total = truth.reduce((sum, count) => sum + count, 0)
  const correct = matrix.reduce((sum, row, k) => sum + (row[k] as number), 0)
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, k) => sum + value * (b[k] as number), 0)
  const denominator = Math.sqrt((total ** 2 - dot(guess, guess)) * (total ** 2 - dot(truth, truth)))
  return denominator > 0 ? (correct * total - dot(truth, guess)) / denominator : 0
}

function r2(scored: Scored): number {
  const mean = weightedMean(scored, (i) => scored.labels[i] as number)
  const residual = weightedMean(scored, (i) => error(scored, i) ** 2)
  const variance = weightedMean(scored, (i) => ((scored.labels[i] as number) - mean) ** 2)
  if (variance > 0) return 1 - residual / variance
  return residual === 0 ? 1 : 0
}

function medianAbsoluteError(scored: Scored): number {
  const { weights } = scored
  const order = Array.from(scored.labels.keys(), (i) => ({
    size: Math.abs(error(scored, i)),
    weight: weights ? (weights[i] as number) : 1,
  }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.size - b.size)
  const half = order.reduce((sum, { weight }) => sum + weight, 0) / 2
  let passed = 0
  for (const [at, { size, weight }] of order.entries()) {
    passed += weight
    if (passed > half) return size
    if (passed === half) return (size + (order[at + 1]?.size ?? size)) / 2
  }
  return Number.NaN
}

function error(scored: Scored, i: number): number {
  return (scored.predictions.values[i] as number) - (scored.labels[i] as number)
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

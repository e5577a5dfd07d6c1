import type { Column, Target, Task } from '../frame/frame.ts'
import type { Predictions } from '../pipeline/pipeline.ts'
import { randomStream, shuffledIndices } from '../random.ts'
import type { Estimate } from './bootstrap.ts'
import { bootstrapIntervals } from './bootstrap.ts'
import { calibrationBins, precisionRecallCurve, rocCurve, thresholdTable } from './curves.ts'
import type { MetricName } from './metrics.ts'
import { confusionOf, score, withOrders } from './metrics.ts'
import { worstSlices } from './slices.ts'

/** Which metrics a task is described by; the first one ranks by default. */
export const metricsOfTask: Readonly<Record<Task, readonly [MetricName, ...MetricName[]]>> = {
  binary: [
    'roc_auc',
    'log_loss',
    'accuracy',
    'balanced_accuracy',
    'f1',
    'precision',
    'recall',
    'average_precision',
    'brier',
    'mcc',
  ],
  multiclass: ['log_loss', 'accuracy', 'balanced_accuracy', 'f1', 'precision', 'recall', 'roc_auc', 'brier', 'mcc'],
  regression: ['rmse', 'mae', 'r2', 'mape', 'median_absolute_error'],
}

export interface PerformanceInput {
  readonly target: Target
  /** Prediction i is of row `rows[i]`, which the model has not seen in training. */
  readonly predictions: Predictions
  readonly rows: Int32Array
  /** Columns of the table, for the slices. */
  readonly columns: readonly Column[]
  readonly threshold: number
  /** What the rows are: "5-fold cross-validation", "test set". */
  readonly basis: string
  readonly seed: number
  /** Weight of each of `rows` in the metrics and slices; curves and tables count rows. Default all one. */
  readonly weights?: Float64Array | null
  /** Metric by which slices are compared; default the task's first. */
  readonly metric?: MetricName
}

/** Points of a scatter of predicted against true; more would only cover each other. */
const mostResidualPoints = 2_000
/** Curves of more classes than this cannot be told apart. */
const mostCurves = 12
const mostRankedClasses = 100

/** How good predictions are on rows the model has not seen: metrics with intervals, curves, errors, worst groups. */
export function describePerformance(input: PerformanceInput) {
  const { target, predictions, rows } = input
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const classes = curveClasses(target)
  const scored = withOrders(score(labels, predictions, input.threshold, input.weights ?? null), classes)
  const metric = input.metric ?? metricsOfTask[target.task][0]
  const names = describedMetrics(target, metric)
  const estimates = bootstrapIntervals(scored, names, input.seed)
  const metrics = names.map((name, at) => ({ name, estimate: estimates[at] as Estimate }))
  const labelled = <Curve>(of: (k: number) => Curve | null) =>
    classes.flatMap((k) => {
      const curve = of(k)
      return curve === null ? [] : [{ label: target.classes[k] as string, ...curve }]
    })
  const isRegression = target.task === 'regression'
  return {
    task: target.task,
    classes: [...target.classes],
    rows: rows.length,
    basis: input.basis,
    metrics: metrics.filter(({ estimate }) => Number.isFinite(estimate.value)),
    roc: labelled((k) => rocCurve(labels, predictions, k, scored.orders?.[k])),
    precisionRecall: labelled((k) => precisionRecallCurve(labels, predictions, k, scored.orders?.[k])),
    calibration: labelled((k) => ({ bins: calibrationBins(labels, predictions, k) })),
    confusion: isRegression ? null : confusionOf({ ...scored, weights: null }),
    thresholds: target.task === 'binary' ? thresholdTable(labels, predictions) : [],
    residuals: isRegression ? describeResiduals(labels, predictions, rows, input.seed) : null,
    slices: worstSlices({ scored, rows, columns: input.columns, metric, seed: input.seed }),
  }
}

/** A ranking for each of very many classes would take minutes, and nobody asks for it. */
function describedMetrics(target: Target, asked: MetricName): MetricName[] {
  const own = metricsOfTask[target.task]
  const all = own.includes(asked) ? own : [...own, asked]
  return all.filter((name) => name === asked || name !== 'roc_auc' || target.classes.length <= mostRankedClasses)
}

function curveClasses(target: Target): number[] {
  if (target.task === 'regression') return []
  if (target.task === 'binary') return [1]
  return Array.from({ length: Math.min(mostCurves, target.classes.length) }, (_, k) => k)
}

function describeResiduals(labels: Float64Array, predictions: Predictions, rows: Int32Array, seed: number) {
  const residuals = labels.map((label, i) => label - (predictions.values[i] as number))
  const shown =
    labels.length <= mostResidualPoints
      ? labels.keys()
      : shuffledIndices(labels.length, randomStream(seed, 5), mostResidualPoints).sort()
  return {
    points: Array.from(shown, (i) => ({
      row: rows[i] as number,
      actual: labels[i] as number,
      predicted: predictions.values[i] as number,
    })),
    histogram: histogramOf(residuals),
  }
}

/** Thirty bins of equal width from the least to the greatest value. */
function histogramOf(values: Float64Array): { readonly edges: number[]; readonly counts: number[] } {
  const bins = 30
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low)) return { edges: [low, low], counts: [values.length] }
  const width = (high - low) / bins
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width))
    counts[bin] = (counts[bin] as number) + 1
  }
  return { edges: Array.from({ length: bins + 1 }, (_, at) => (at === bins ? high : low + at * width)), counts }
}

import type { Calibration } from '../../engine/calibration/calibration.ts'
import { chooseCalibration } from '../../engine/calibration/choose-calibration.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import type { AutomlJob } from './automl-job.ts'
import type { TrainingData } from './prepare-training.ts'
import { lossOf, predictionWidth } from './trial-record.ts'

export interface DecidedCalibration {
  readonly calibration: Calibration
  /** Out-of-fold predictions as the corrected model makes them, each corrected by what was fitted without its row. */
  readonly values: Float64Array
  /** What it brings, in a sentence. */
  readonly reason: string
}

/** Metrics that only see the order of rows: equal probabilities would cost something. */
const rankings: ReadonlySet<MetricName> = new Set(['roc_auc', 'average_precision'])

/**
 * A correction of the winner's probabilities, where it lowers the log loss of rows that did not fit it and does not harm
 * the metric asked for; null otherwise, for regressions, and where it is not wanted. One simple model stays as it can be
 * read.
 */
export function decideCalibration(
  {
    job: { specification },
    data,
    metric,
  }: { readonly job: Pick<AutomlJob, 'specification'>; readonly data: TrainingData; readonly metric: MetricName },
  values: Float64Array,
): DecidedCalibration | null {
  const { target, weights } = data
  if (!specification.calibrate || target.task === 'regression' || specification.preference === 'simple') return null
  const nClasses = predictionWidth(data)
  const rows = Int32Array.from(target.values.keys()).filter((row) => !Number.isNaN(values[row * nClasses]))
  const judged = new Float64Array(rows.length * nClasses)
  for (const [at, row] of rows.entries())
    judged.set(values.subarray(row * nClasses, (row + 1) * nClasses), at * nClasses)
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const rowWeights = weights ? Float64Array.from(rows, (row) => weights[row] as number) : null
  const given = { values: judged, nClasses, labels, weights: rowWeights }
  const chosen = chooseCalibration(given, rankings.has(metric), specification.seed)
  if (!chosen) return null
  const loss = (of: Float64Array) =>
    lossOf(metric, computeMetric(metric, labels, { nRows: rows.length, nClasses, values: of }, 0.5, rowWeights))
  // Parts that were corrected apart do not rank together quite as before: order is kept by the correction itself.
  if (!rankings.has(metric) && loss(chosen.values) > loss(judged)) return null
  const corrected = values.slice()
  for (const [at, row] of rows.entries()) {
    corrected.set(chosen.values.subarray(at * nClasses, (at + 1) * nClasses), row * nClasses)
  }
  const { calibration, before, after } = chosen
  return {
    calibration,
    values: corrected,
    reason: `Its probabilities are corrected (${calibration.kind}): log loss ${before.toFixed(4)} becomes ${after.toFixed(4)} on rows that did not fit it.`,
  }
}

import type { Predictions } from '../pipeline/pipeline.ts'
import { probabilitiesOf } from './metrics.ts'
import { averagePrecision, rank, rocAuc } from './ranking.ts'

export interface CurvePoint {
  readonly x: number
  readonly y: number
  readonly threshold: number
}

/** Points that a curve keeps: its corners are more on large tables than an eye or a file needs. */
const mostPoints = 400

/** x = false positive rate, y = true positive rate, from (0, 0) to (1, 1); only corners are kept. */
export function rocCurve(
  labels: Float64Array,
  predictions: Predictions,
  k: number,
): { readonly auc: number; readonly points: CurvePoint[] } {
  const isPositive = Uint8Array.from(labels, (label) => (label === k ? 1 : 0))
  const scores = probabilitiesOf(predictions, k)
  const ranking = rank(isPositive, scores, null)
  const points: CurvePoint[] = [{ x: 0, y: 0, threshold: 1 }]
  for (let at = 0; at < ranking.thresholds.length; at++) {
    points.push({
      x: (ranking.falsePositives[at] as number) / Math.max(1, ranking.negatives),
      y: (ranking.truePositives[at] as number) / Math.max(1, ranking.positives),
      threshold: ranking.thresholds[at] as number,
    })
  }
  return { auc: orZero(rocAuc(isPositive, scores, null)), points: thin(corners(points)) }
}

/** x = recall, y = precision, by rising recall. */
export function precisionRecallCurve(
  labels: Float64Array,
  predictions: Predictions,
  k: number,
): { readonly averagePrecision: number; readonly points: CurvePoint[] } {
  const isPositive = Uint8Array.from(labels, (label) => (label === k ? 1 : 0))
  const scores = probabilitiesOf(predictions, k)
  const ranking = rank(isPositive, scores, null)
  const points: CurvePoint[] = []
  for (let at = 0; at < ranking.thresholds.length; at++) {
    const hits = ranking.truePositives[at] as number
    const all = hits + (ranking.falsePositives[at] as number)
    points.push({
      x: hits / Math.max(1, ranking.positives),
      y: all > 0 ? hits / all : 1,
      threshold: ranking.thresholds[at] as number,
    })
  }
  return { averagePrecision: orZero(averagePrecision(isPositive, scores, null)), points: thin(points) }
}

/** Ten bins of equal width: mean predicted probability against the share that was class k. Empty bins are left out. */
export function calibrationBins(labels: Float64Array, predictions: Predictions, k: number, bins = 10) {
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }))
  for (let i = 0; i < labels.length; i++) {
    const p = predictions.values[i * predictions.nClasses + k] as number
    const bin = sums[Math.min(bins - 1, Math.floor(p * bins))] as { predicted: number; observed: number; count: number }
    bin.predicted += p
    bin.observed += labels[i] === k ? 1 : 0
    bin.count += 1
  }
  return sums
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => ({ predicted: predicted / count, observed: observed / count, count }))
}

/** Binary: how many rows fall where at thresholds 0, 0.01, … 1 (class 1 above the threshold). */
export function thresholdTable(labels: Float64Array, predictions: Predictions) {
  return Array.from({ length: 101 }, (_, step) => {
    const threshold = step / 100
    const counts = { threshold, truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 }
    for (let i = 0; i < labels.length; i++) {
      const positive = (predictions.values[2 * i + 1] as number) > threshold
      if (labels[i] === 1) counts[positive ? 'truePositive' : 'falseNegative'] += 1
      else counts[positive ? 'falsePositive' : 'trueNegative'] += 1
    }
    return counts
  })
}

/** Drops points in the middle of straight runs. */
function corners(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter((point, at) => {
    const before = points[at - 1]
    const after = points[at + 1]
    if (!before || !after) return true
    return (point.x - before.x) * (after.y - point.y) !== (after.x - point.x) * (point.y - before.y)
  })
}

function thin(points: readonly CurvePoint[]): CurvePoint[] {
  if (points.length <= mostPoints) return [...points]
  const step = (points.length - 1) / (mostPoints - 1)
  return Array.from({ length: mostPoints }, (_, at) => points[Math.round(at * step)] as CurvePoint)
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value
}

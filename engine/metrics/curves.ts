import type { Predictions } from '../pipeline/pipeline.ts'
import { probabilitiesOf, rowsOfClass } from './metrics.ts'
import { averagePrecision, rank, rocAuc } from './ranking.ts'

export interface CurvePoint {
  readonly x: number
  readonly y: number
  readonly threshold: number
}

/** Points that a curve keeps: its corners are more on large tables than an eye or a file needs. */
const mostPoints = 400

/**
 * x = false positive rate, y = true positive rate, from (0, 0) to (1, 1); only corners are kept. `order` is that of the
 * rows by descending probability of class k, where it is known. Null where the rows do not have both kinds.
 */
export function rocCurve(
  labels: Float64Array,
  predictions: Predictions,
  k: number,
  order?: Uint32Array,
): { readonly auc: number; readonly points: CurvePoint[] } | null {
  const isPositive = rowsOfClass(labels, k)
  const scores = probabilitiesOf(predictions, k)
  const { thresholds, truePositives, falsePositives, positives, negatives } = rank(isPositive, scores, null, order)
  if (positives === 0 || negatives === 0) return null
  // Before the first threshold nothing is called positive.
  const xs = Float64Array.from({ length: thresholds.length + 1 }, (_, at) => (falsePositives[at - 1] ?? 0) / negatives)
  const ys = Float64Array.from({ length: thresholds.length + 1 }, (_, at) => (truePositives[at - 1] ?? 0) / positives)
  const points = thinned(xs, ys, corners(xs, ys)).map((at) => ({
    x: xs[at] as number,
    y: ys[at] as number,
    threshold: thresholds[at - 1] ?? 1,
  }))
  return { auc: rocAuc(isPositive, scores, null, order), points }
}

/** x = recall, y = precision, by rising recall; `order` as for the ROC curve. Null where no row is of the class. */
export function precisionRecallCurve(
  labels: Float64Array,
  predictions: Predictions,
  k: number,
  order?: Uint32Array,
): { readonly averagePrecision: number; readonly points: CurvePoint[] } | null {
  const isPositive = rowsOfClass(labels, k)
  const scores = probabilitiesOf(predictions, k)
  const { thresholds, truePositives, falsePositives, positives } = rank(isPositive, scores, null, order)
  if (positives === 0) return null
  const xs = truePositives.map((hits) => hits / positives)
  const ys = truePositives.map((hits, at) => hits / (hits + (falsePositives[at] as number)))
  const points = thinned(xs, ys, Uint32Array.from(xs.keys())).map((at) => ({
    x: xs[at] as number,
    y: ys[at] as number,
    threshold: thresholds[at] as number,
  }))
  return { averagePrecision: averagePrecision(isPositive, scores, null, order), points }
}

/** Ten bins of equal width: mean predicted probability against the share that was class k. Empty bins are left out. */
export function calibrationBins(labels: Float64Array, predictions: Predictions, k: number, bins = 10) {
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }))
  for (let i = 0; i < labels.length; i++) {
    const p = predictions.values[i * predictions.nClasses + k] as number
    const bin = sums[Math.max(0, Math.min(bins - 1, Math.floor(p * bins)))] as {
      predicted: number
      observed: number
      count: number
    }
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
  const steps = 101
  // For each number of thresholds that a row's probability is above, the rows of either class.
  const positives = new Float64Array(steps + 1)
  const negatives = new Float64Array(steps + 1)
  for (let i = 0; i < labels.length; i++) {
    const passed = thresholdsBelow(predictions.values[2 * i + 1] as number, steps)
    const counts = labels[i] === 1 ? positives : negatives
    counts[passed] = (counts[passed] as number) + 1
  }
  const table = []
  let trueNegative = 0
  let falseNegative = 0
  const allPositives = positives.reduce((sum, count) => sum + count, 0)
  for (let step = 0; step < steps; step++) {
    trueNegative += negatives[step] as number
    falseNegative += positives[step] as number
    table.push({
      threshold: step / 100,
      truePositive: allPositives - falseNegative,
      falsePositive: labels.length - allPositives - trueNegative,
      trueNegative,
      falseNegative,
    })
  }
  return table
}

/** How many of 0, 0.01, 0.02 … are less than p; compared one by one near the guess, since p · 100 is rounded. */
function thresholdsBelow(p: number, steps: number): number {
  let count = Math.min(steps, Math.max(0, Math.round(p * 100)))
  while (count < steps && count / 100 < p) count += 1
  while (count > 0 && (count - 1) / 100 >= p) count -= 1
  return count
}

/** Drops points in the middle of straight runs. */
function corners(xs: Float64Array, ys: Float64Array): Uint32Array {
  return Uint32Array.from(xs.keys()).filter((at) => {
    if (at === 0 || at === xs.length - 1) return true
    const [x, y] = [xs[at] as number, ys[at] as number]
    const before = (x - (xs[at - 1] as number)) * ((ys[at + 1] as number) - y)
    return before !== ((xs[at + 1] as number) - x) * (y - (ys[at - 1] as number))
  })
}

/** At most `mostPoints` of the points, evenly along the curve, so that its steep parts keep theirs; both ends stay. */
function thinned(xs: Float64Array, ys: Float64Array, kept: Uint32Array): number[] {
  if (kept.length <= mostPoints) return [...kept]
  const along = new Float64Array(kept.length)
  for (let at = 1; at < kept.length; at++) {
    const [from, to] = [kept[at - 1] as number, kept[at] as number]
    const step =
      Math.abs((xs[to] as number) - (xs[from] as number)) + Math.abs((ys[to] as number) - (ys[from] as number))
    along[at] = (along[at - 1] as number) + step
  }
  const stride = (along.at(-1) as number) / (mostPoints - 2)
  const chosen = [0]
  for (let at = 1; at < kept.length - 1; at++) {
    if ((along[at] as number) >= chosen.length * stride) chosen.push(at)
  }
  return [...chosen.slice(0, mostPoints - 1), kept.length - 1].map((at) => kept[at] as number)
}

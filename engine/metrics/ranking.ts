import { descendingOrder } from './descending-order.ts'

/** Sums of weights down a ranking of rows by score, highest first, one entry a distinct score. */
export interface Ranking {
  readonly thresholds: Float64Array
  /** Weight of positives with a score at or above the threshold. */
  readonly truePositives: Float64Array
  readonly falsePositives: Float64Array
  readonly positives: number
  readonly negatives: number
}

/** `isPositive[i]` is 1 for positives; `weights` null counts rows. `order` may be handed in where it is known. */
export function rank(
  isPositive: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
  order: Uint32Array = descendingOrder(scores),
): Ranking {
  const thresholds = new Float64Array(order.length)
  const truePositives = new Float64Array(order.length)
  const falsePositives = new Float64Array(order.length)
  let positives = 0
  let negatives = 0
  let count = 0
  for (let at = 0; at < order.length; at++) {
    const i = order[at] as number
    const weight = weights ? (weights[i] as number) : 1
    if (isPositive[i] === 1) positives += weight
    else negatives += weight
    const next = order[at + 1]
    if (next !== undefined && scores[next] === scores[i]) continue
    thresholds[count] = scores[i] as number
    truePositives[count] = positives
    falsePositives[count] = negatives
    count += 1
  }
  return {
    thresholds: thresholds.subarray(0, count),
    truePositives: truePositives.subarray(0, count),
    falsePositives: falsePositives.subarray(0, count),
    positives,
    negatives,
  }
}

/** Area under the ROC curve by the trapezoidal rule: ties count half. NaN without both kinds of rows. */
export function rocAuc(
  isPositive: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
  order?: Uint32Array,
): number {
  const sorted = order ?? descendingOrder(scores)
  let positives = 0
  let negatives = 0
  let area = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  for (let at = 0; at < sorted.length; at++) {
    const i = sorted[at] as number
    const weight = weights ? (weights[i] as number) : 1
    if (isPositive[i] === 1) tiedPositives += weight
    else tiedNegatives += weight
    const next = sorted[at + 1]
    if (next !== undefined && scores[next] === scores[i]) continue
    area += tiedNegatives * (positives + tiedPositives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
    tiedPositives = 0
    tiedNegatives = 0
  }
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : Number.NaN
}

/** Σ (recall gained) × precision, as scikit-learn's average_precision_score: no interpolation. */
export function averagePrecision(
  isPositive: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
  order?: Uint32Array,
): number {
  const { truePositives, falsePositives, positives } = rank(isPositive, scores, weights, order)
  if (positives === 0) return Number.NaN
  let area = 0
  let before = 0
  for (let at = 0; at < truePositives.length; at++) {
    const hits = truePositives[at] as number
    const all = hits + (falsePositives[at] as number)
    if (all > 0) area += ((hits - before) / positives) * (hits / all)
    before = hits
  }
  return area
}

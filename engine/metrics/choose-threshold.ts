/** What a decision threshold is to be good at. */
export type ThresholdRule =
  /** The F-measure, recall weighing `beta` times as much as precision. */
  | { readonly kind: 'f'; readonly beta: number }
  /** The mean of both classes' recalls. */
  | { readonly kind: 'balanced' }
  /** Least cost, in any unit. */
  | { readonly kind: 'cost'; readonly falsePositive: number; readonly falseNegative: number }

/**
 * The threshold above which class 1 is predicted: of the midpoints between neighbouring probabilities, and of all or none,
 * the one that does best by the rule; of equal ones that nearest to 0.5. `labels` are 0 and 1, `probabilities` of class 1,
 * `weights` of the rows or null for all one. Give it predictions of rows that the model has not seen.
 * Throws RangeError without rows.
 */
export function chooseThreshold(
  labels: Float64Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
  rule: ThresholdRule,
): number {
  if (labels.length === 0) throw new RangeError('Without rows there is no threshold to choose.')
  const order = Int32Array.from(labels.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  )
  const all = { positive: 0, negative: 0 }
  for (let row = 0; row < labels.length; row++) all[labels[row] === 1 ? 'positive' : 'negative'] += weights?.[row] ?? 1
  let best = { threshold: 1, loss: lossBy(rule, 0, 0, all) }
  let truePositive = 0
  let falsePositive = 0
  for (const [at, row] of order.entries()) {
    if (labels[row] === 1) truePositive += weights?.[row] ?? 1
    else falsePositive += weights?.[row] ?? 1
    const own = probabilities[row] as number
    const next = at + 1 < order.length ? (probabilities[order[at + 1] as number] as number) : 0
    // Rows of equal probability fall on the same side; so do those of neighbouring doubles, and none is above with 0.
    const threshold = own - (own - next) / 2
    if (!(own > threshold && threshold >= next)) continue
    const loss = lossBy(rule, truePositive, falsePositive, all)
    const isNearer = Math.abs(threshold - 0.5) < Math.abs(best.threshold - 0.5)
    if (loss < best.loss || (loss === best.loss && isNearer)) best = { threshold, loss }
  }
  return best.threshold
}

function lossBy(
  rule: ThresholdRule,
  truePositive: number,
  falsePositive: number,
  all: { readonly positive: number; readonly negative: number },
): number {
  const falseNegative = all.positive - truePositive
  switch (rule.kind) {
    case 'cost':
      return rule.falsePositive * falsePositive + rule.falseNegative * falseNegative
    case 'balanced':
      return -(truePositive / all.positive + (all.negative - falsePositive) / all.negative)
    case 'f': {
      const square = rule.beta * rule.beta
      return -((1 + square) * truePositive) / ((1 + square) * truePositive + square * falseNegative + falsePositive)
    }
  }
}

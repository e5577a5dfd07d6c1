import type { Sums } from './gram.ts'

/** Weighted covariances, the target's scaled to variance one: what coordinate descent works on. */
export interface Covariances {
  readonly nFeatures: number
  /** Means of features and target, measured from the sums' shifts. */
  readonly means: Float64Array
  readonly targetMean: number
  readonly targetScale: number
  readonly gram: Float64Array
  readonly right: Float64Array
}

export function covariancesOf({ nFeatures, weight, features, target, squaredTarget, right, gram }: Sums): Covariances {
  const means = features.map((sum) => sum / weight)
  const targetMean = target / weight
  const variance = squaredTarget / weight - targetMean ** 2
  const targetScale = variance > 0 ? Math.sqrt(variance) : 1
  return {
    nFeatures,
    means,
    targetMean,
    targetScale,
    gram: gram.map(
      (sum, at) => sum / weight - (means[Math.floor(at / nFeatures)] as number) * (means[at % nFeatures] as number),
    ),
    right: right.map((sum, j) => (sum / weight - (means[j] as number) * targetMean) / targetScale),
  }
}

const mostPasses = 2_000
const tolerance = 1e-9
/** A feature whose variance is a smaller share of the largest is constant but for rounding. */
const leastVariance = 1e-14

/**
 * Coordinate descent for ½ wᵀGw - wᵀr + alpha · (l1Ratio ‖w‖₁ + (1 - l1Ratio)/2 ‖w‖²) (Friedman, Hastie & Tibshirani
 * 2010), changing `weights` in place. Gives the passes done.
 */
export function descend(
  { nFeatures, gram, right }: Covariances,
  weights: Float64Array,
  alpha: number,
  l1Ratio: number,
  shouldStop: () => boolean,
): number {
  const l1 = alpha * l1Ratio
  const l2 = alpha * (1 - l1Ratio)
  // What each feature still has to explain: right - gram · weights.
  const rest = Float64Array.from(right)
  let largest = 0
  for (let j = 0; j < nFeatures; j++) {
    largest = Math.max(largest, gram[j * nFeatures + j] as number)
    if (weights[j] !== 0) subtractRow(rest, gram, j, weights[j] as number)
  }
  for (let pass = 1; pass <= mostPasses; pass++) {
    let moved = 0
    for (let j = 0; j < nFeatures; j++) {
      const own = gram[j * nFeatures + j] as number
      if (own <= leastVariance * largest) continue
      const before = weights[j] as number
      const pull = (rest[j] as number) + own * before
      const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)) / (own + l2)
      if (after === before) continue
      weights[j] = after
      subtractRow(rest, gram, j, after - before)
      moved = Math.max(moved, Math.abs(after - before) * Math.sqrt(own))
    }
    if (moved < tolerance || shouldStop()) return pass
  }
  return mostPasses
}

function subtractRow(rest: Float64Array, gram: Float64Array, j: number, change: number): void {
  const from = j * rest.length
  for (let l = 0; l < rest.length; l++) rest[l] = (rest[l] as number) - change * (gram[from + l] as number)
}

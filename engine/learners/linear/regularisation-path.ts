import { randomStream, shuffledIndices } from '../../random.ts'
import type { FitInput } from '../learner.ts'
import { type Covariances, covariancesOf, descend } from './descend.ts'
import { type Shifts, type Sums, sumRows, without } from './gram.ts'

/** Penalties of a path, the strongest first, evenly spaced in their logarithms: from where all weights are 0 down to 1e-4 of it. */
export function penaltiesOf({ right }: Covariances, l1Ratio: number, count = 60): Float64Array {
  const strongest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / Math.max(0.01, l1Ratio)
  return Float64Array.from({ length: count }, (_, at) => strongest * 10 ** ((-4 * at) / (count - 1)))
}

/** Weights (of the scaled target) for each penalty; each fit starts from the one before. */
export function regularisationPath(
  covariances: Covariances,
  penalties: Float64Array,
  l1Ratio: number,
  shouldStop: () => boolean,
): Float64Array[] {
  const weights = new Float64Array(covariances.nFeatures)
  const path: Float64Array[] = []
  for (const alpha of penalties) {
    if (path.length > 0 && shouldStop()) break
    descend(covariances, weights, alpha, l1Ratio, shouldStop)
    path.push(weights.slice())
  }
  return path
}

const nFolds = 5

/**
 * The penalty with the least squared error over five folds of the training rows, as scikit-learn's ElasticNetCV. The sums
 * of a fold are all that its fits and its errors need, so that the rows are gone through once.
 */
export function choosePenalty(input: FitInput, shifts: Shifts, all: Sums, l1Ratio: number): number {
  const covariances = covariancesOf(all)
  const penalties = penaltiesOf(covariances, l1Ratio)
  const order = shuffledIndices(input.rows.length, randomStream(input.seed, 0xe1a))
  const errors = new Float64Array(penalties.length)
  let reached = penalties.length
  for (let fold = 0; fold < nFolds && !input.shouldStop(); fold++) {
    const held = Int32Array.from(order.filter((_, at) => at % nFolds === fold).sort(), (at) => input.rows[at] as number)
    const own = sumRows(input, held, shifts)
    const rest = covariancesOf(without(all, own))
    const path = regularisationPath(rest, penalties, l1Ratio, input.shouldStop)
    reached = Math.min(reached, path.length)
    for (const [at, weights] of path.entries()) errors[at] = (errors[at] as number) + squaredError(own, rest, weights)
  }
  let best = 0
  for (let at = 1; at < reached; at++) if ((errors[at] as number) < (errors[best] as number)) best = at
  return penalties[best] as number
}

/** Σ w (y - b - xᵀv)² over the rows of the sums, for weights of the scaled target. */
function squaredError(
  { nFeatures, weight, features, target, squaredTarget, right, gram }: Sums,
  { means, targetMean, targetScale }: Covariances,
  weights: Float64Array,
): number {
  const scaled = weights.map((value) => value * targetScale)
  const intercept = targetMean - dot(means, scaled)
  let quadratic = 0
  for (let j = 0; j < nFeatures; j++) {
    const own = scaled[j] as number
    if (own !== 0) quadratic += own * dot(gram.subarray(j * nFeatures, (j + 1) * nFeatures), scaled)
  }
  const linear = dot(right, scaled) + intercept * target
  return squaredTarget - 2 * linear + quadratic + 2 * intercept * dot(features, scaled) + intercept ** 2 * weight
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number)
  return sum
}

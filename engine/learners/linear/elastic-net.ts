import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import type { LinearModel } from './linear-model.ts'

/**
 * Linear regression with an elastic-net penalty, by coordinate descent on the Gram matrix (Friedman, Hastie & Tibshirani
 * 2010): minimises 1/(2n) Σ weight · (y - Xw - b)² + alpha · (l1Ratio ‖w‖₁ + (1 - l1Ratio)/2 ‖w‖²), as scikit-learn's
 * ElasticNet; l1Ratio 0 is ridge, 1 the lasso. The target is standardised inside, so that alpha has no unit.
 */
export const elasticNet: Learner = {
  name: 'elastic-net',
  title: 'Linear regression',
  tasks: ['regression'],
  encoding: 'scaled',
  space: {
    alpha: { kind: 'real', low: 1e-6, high: 1, log: true, start: 1e-3 },
    l1Ratio: { kind: 'real', low: 0, high: 1, log: false, start: 0.1 },
  },
  // The Gram matrix, whatever the parameters: a nanosecond for each pair of features.
  cost: (_parameters, _nRows, nFeatures) => 8 + nFeatures / 2,
  fit,
}

const mostPasses = 2_000
const tolerance = 1e-9

function fit(input: FitInput, parameters: Parameters): FitResult {
  const alpha = Number(parameters.alpha ?? 1e-3)
  const l1Ratio = Number(parameters.l1Ratio ?? 0)
  const moments = gramMatrix(input)
  const { weights, passes } = descend(moments, alpha * l1Ratio, alpha * (1 - l1Ratio), input.shouldStop)
  const { nFeatures, means, targetMean, targetScale } = moments
  let intercept = targetMean
  for (let j = 0; j < nFeatures; j++) {
    weights[j] = (weights[j] as number) * targetScale
    intercept -= (weights[j] as number) * (means[j] as number)
  }
  const model: LinearModel = {
    kind: 'linear',
    nFeatures,
    nOutputs: 1,
    link: 'identity',
    weights,
    intercept: Float64Array.of(intercept),
  }
  return { model, learningCurve: [], iterations: passes }
}

interface Moments {
  readonly nFeatures: number
  readonly means: Float64Array
  /** Weighted covariance of the features, nFeatures × nFeatures. */
  readonly gram: Float64Array
  /** Weighted covariance of each feature with the standardised target. */
  readonly right: Float64Array
  readonly targetMean: number
  readonly targetScale: number
}

function gramMatrix({ matrix, rows, labels, weights, shouldStop }: FitInput): Moments {
  const n = rows.length
  const nFeatures = matrix.columns.length
  const share = new Float64Array(n)
  let total = 0
  for (let i = 0; i < n; i++) total += weights ? (weights[rows[i] as number] as number) : 1
  for (let i = 0; i < n; i++) share[i] = (weights ? (weights[rows[i] as number] as number) : 1) / total
  let targetMean = 0
  for (let i = 0; i < n; i++) targetMean += (share[i] as number) * (labels[rows[i] as number] as number)
  let variance = 0
  for (let i = 0; i < n; i++)
    variance += (share[i] as number) * ((labels[rows[i] as number] as number) - targetMean) ** 2
  const targetScale = variance > 0 ? Math.sqrt(variance) : 1
  const means = new Float64Array(nFeatures)
  const centred = matrix.columns.map((column, j) => {
    let mean = 0
    for (let i = 0; i < n; i++) mean += (share[i] as number) * (column[rows[i] as number] as number)
    means[j] = mean
    return Float64Array.from(rows, (row) => (column[row] as number) - mean)
  })
  const gram = new Float64Array(nFeatures * nFeatures)
  const right = new Float64Array(nFeatures)
  const weighted = new Float64Array(n)
  for (let j = 0; j < nFeatures && !shouldStop(); j++) {
    const column = centred[j] as Float64Array
    let product = 0
    for (let i = 0; i < n; i++) {
      weighted[i] = (share[i] as number) * (column[i] as number)
      product += (weighted[i] as number) * (((labels[rows[i] as number] as number) - targetMean) / targetScale)
    }
    right[j] = product
    for (let l = 0; l <= j; l++) {
      const other = centred[l] as Float64Array
      let sum = 0
      for (let i = 0; i < n; i++) sum += (weighted[i] as number) * (other[i] as number)
      gram[j * nFeatures + l] = sum
      gram[l * nFeatures + j] = sum
    }
  }
  return { nFeatures, means, gram, right, targetMean, targetScale }
}

function descend({ nFeatures, gram, right }: Moments, l1: number, l2: number, shouldStop: () => boolean) {
  const weights = new Float64Array(nFeatures)
  // What each feature still has to explain: right - gram · weights.
  const rest = Float64Array.from(right)
  let passes = 0
  for (; passes < mostPasses && !shouldStop(); passes++) {
    let moved = 0
    for (let j = 0; j < nFeatures; j++) {
      const own = gram[j * nFeatures + j] as number
      if (own <= 0) continue
      const before = weights[j] as number
      const pull = (rest[j] as number) + own * before
      const shrunk = Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)
      const after = shrunk / (own + l2)
      if (after === before) continue
      weights[j] = after
      const change = after - before
      for (let l = 0; l < nFeatures; l++) rest[l] = (rest[l] as number) - change * (gram[j * nFeatures + l] as number)
      moved = Math.max(moved, Math.abs(change) * Math.sqrt(own))
    }
    if (moved < tolerance) break
  }
  return { weights, passes }
}

import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'
import { covariancesOf, descend } from './descend.ts'
import { shiftsOf, sumRows } from './gram.ts'
import type { LinearModel } from './linear-model.ts'
import { choosePenalty } from './regularisation-path.ts'

/**
 * Linear regression with an elastic-net penalty, by coordinate descent on the Gram matrix (Friedman, Hastie & Tibshirani
 * 2010): minimises 1/(2n) Σ weight · (y - Xw - b)² + alpha · (l1Ratio ‖w‖₁ + (1 - l1Ratio)/2 ‖w‖²), as scikit-learn's
 * ElasticNet; l1Ratio 0 is ridge, 1 the lasso. The target is standardised inside, so that alpha has no unit. With
 * `penalty: 'cross-validated'` alpha is the best of a path over five folds of the training rows.
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
  // The Gram matrix, whatever the parameters.
  cost: (_parameters, _nRows, nFeatures) => 8 + nFeatures / 3,
  fit,
}

function fit(input: FitInput, parameters: Parameters): FitResult {
  const { alpha, l1Ratio, isChosen } = readParameters(parameters)
  if (input.rows.length === 0) throw new RangeError('There are no rows to train on')
  const shifts = shiftsOf(input, input.rows)
  const sums = sumRows(input, input.rows, shifts)
  const covariances = covariancesOf(sums)
  const { nFeatures, means, targetMean, targetScale } = covariances
  const penalty = isChosen ? choosePenalty(input, shifts, sums, l1Ratio) : alpha
  const weights = new Float64Array(nFeatures)
  const passes = descend(covariances, weights, penalty, l1Ratio, input.shouldStop)
  let intercept = shifts.target + targetMean
  for (let j = 0; j < nFeatures; j++) {
    weights[j] = (weights[j] as number) * targetScale
    intercept -= (weights[j] as number) * ((shifts.features[j] as number) + (means[j] as number))
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

function readParameters(given: Parameters) {
  for (const name of Object.keys(given)) {
    if (!['alpha', 'l1Ratio', 'penalty'].includes(name))
      throw new ParameterError(`Linear regression has no hyperparameter "${name}"`)
  }
  const { alpha = 1e-3, l1Ratio = 0, penalty = 'given' } = given
  if (typeof alpha !== 'number' || !(alpha >= 0)) throw new ParameterError('alpha must be a number of at least 0')
  if (typeof l1Ratio !== 'number' || !(l1Ratio >= 0 && l1Ratio <= 1))
    throw new ParameterError('l1Ratio must be a number from 0 to 1')
  if (penalty !== 'given' && penalty !== 'cross-validated')
    throw new ParameterError("penalty must be 'given' or 'cross-validated'")
  return { alpha, l1Ratio, isChosen: penalty === 'cross-validated' }
}

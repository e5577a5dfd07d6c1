import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'
import { type CurvaturePair, minimise } from './lbfgs.ts'
import type { LinearModel } from './linear-model.ts'
import { type LogisticProblem, logisticProblem } from './logistic-loss.ts'

/**
 * Logistic (binary) and multinomial regression with an elastic-net penalty, by L-BFGS, or where there is an L1 part by
 * OWL-QN: minimises C · Σ weight · log-loss + l1Ratio ‖w‖₁ + (1 - l1Ratio)/2 ‖w‖², the intercept unpenalised, as
 * scikit-learn's LogisticRegression. l1Ratio 0 is L2 (the default), 1 is L1. With many rows it starts from the solution
 * for an eighth of them, and what was learned there of the curvature.
 */
export const logisticRegression: Learner = {
  name: 'logistic-regression',
  title: 'Logistic regression',
  tasks: ['binary', 'multiclass'],
  encoding: 'scaled',
  space: {
    c: { kind: 'real', low: 1e-4, high: 100, log: true, start: 0.1 },
    l1Ratio: { kind: 'choice', options: [0, 0.5, 1], start: 0 },
  },
  cost: () => 40,
  fit,
}

/** From so many on, a part of the rows says enough of the whole to start from its solution. */
const rowsPerParameter = 50

function fit(input: FitInput, parameters: Parameters): FitResult {
  const { c, l1Ratio } = readParameters(parameters)
  if (input.rows.length === 0) throw new RangeError('There are no rows to train on')
  const nOutputs = input.task === 'binary' ? 1 : input.nClasses
  const problem = logisticProblem(input, nOutputs, (totalWeight) => (1 - l1Ratio) / (c * totalWeight))
  const { nFeatures } = problem
  const point = new Float64Array(nOutputs * (nFeatures + 1))
  startFromRates(problem, point)
  const lasso = l1Ratio / (c * problem.totalWeight)
  const common = {
    pairs: [] as CurvaturePair[],
    ...(lasso > 0 ? { l1: point.map((_, at) => (at % (nFeatures + 1) === nFeatures ? 0 : lasso)) } : {}),
    shouldStop: input.shouldStop,
  }
  if (problem.draftRows >= rowsPerParameter * point.length) {
    // What the rows left out would change is about 1 over the root of the rows; to be closer to the draft gains nothing.
    minimise(problem.draft, point, { ...common, tolerance: 0.1 / Math.sqrt(problem.draftRows), iterations: 50 })
  }
  const iterations = minimise(problem.objective, point, {
    ...common,
    // The loss is a mean, so the gradient is of size 1; scikit-learn stops at 1e-4 of the same scale.
    tolerance: 1e-5,
    iterations: 300,
    onIteration: (iteration, loss) =>
      input.onProgress?.({ fraction: Math.min(0.99, iteration / 100), iteration, loss }),
  })
  const weights = new Float64Array(nOutputs * nFeatures)
  const intercept = new Float64Array(nOutputs)
  for (let k = 0; k < nOutputs; k++) {
    const from = k * (nFeatures + 1)
    weights.set(point.subarray(from, from + nFeatures), k * nFeatures)
    intercept[k] = point[from + nFeatures] as number
  }
  const model: LinearModel = {
    kind: 'linear',
    nFeatures,
    nOutputs,
    link: nOutputs === 1 ? 'logistic' : 'softmax',
    weights,
    intercept,
  }
  return { model, learningCurve: [], iterations }
}

function readParameters(given: Parameters) {
  for (const name of Object.keys(given)) {
    if (name !== 'c' && name !== 'l1Ratio')
      throw new ParameterError(`Logistic regression has no hyperparameter "${name}"`)
  }
  const { c = 1, l1Ratio = 0 } = given
  if (typeof c !== 'number' || !(c > 0)) throw new ParameterError('c must be a number above 0')
  if (typeof l1Ratio !== 'number' || !(l1Ratio >= 0 && l1Ratio <= 1))
    throw new ParameterError('l1Ratio must be a number from 0 to 1')
  return { c, l1Ratio }
}

/** Intercepts that predict the class rates, so that the first step is not spent on them. */
function startFromRates(problem: LogisticProblem, point: Float64Array): void {
  const { nOutputs, nFeatures, labels, weights, totalWeight } = problem
  const counts = new Float64Array(Math.max(2, nOutputs))
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    counts[label] = (counts[label] as number) + (weights ? (weights[i] as number) : 1)
  }
  const rate = (k: number) => Math.min(1 - 1e-6, Math.max(1e-6, (counts[k] as number) / totalWeight))
  for (let k = 0; k < nOutputs; k++) {
    const at = k * (nFeatures + 1) + nFeatures
    point[at] = nOutputs === 1 ? Math.log(rate(1) / (1 - rate(1))) : Math.log(rate(k))
  }
}

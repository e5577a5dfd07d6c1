import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'
import { minimise } from './lbfgs.ts'
import type { LinearModel } from './linear-model.ts'
import { logisticProblem, weightOf } from './logistic-loss.ts'
import { preconditionBy, sampleRows, startNearby } from './nearby-start.ts'

/**
 * Logistic (binary) and multinomial regression with an elastic-net penalty, by L-BFGS, or where there is an L1 part by
 * OWL-QN: minimises C · Σ weight · log-loss + l1Ratio ‖w‖₁ + (1 - l1Ratio)/2 ‖w‖², the intercept unpenalised, as
 * scikit-learn's LogisticRegression. l1Ratio 0 is L2 (the default), 1 is L1. Two classes without an L1 part start from
 * where a sample of the rows leads, see `startNearby`.
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

function fit(input: FitInput, parameters: Parameters): FitResult {
  const { c, l1Ratio } = readParameters(parameters)
  if (input.rows.length === 0) throw new RangeError('There are no rows to train on')
  const nOutputs = input.task === 'binary' ? 1 : input.nClasses
  const totalWeight = weightOf(input.rows, input.weights)
  const ridge = (1 - l1Ratio) / (c * totalWeight)
  const sampled = l1Ratio === 0 && nOutputs === 1 ? sampleRows(input) : null
  const point = new Float64Array(nOutputs * (input.matrix.columns.length + 1))
  startFromRates(input, nOutputs, point)
  // The problems share the thread's kernel memory, so the sample's is used up before the other begins.
  const view = sampled && startNearby(logisticProblem(input, sampled, nOutputs, ridge), point, input.shouldStop)
  const problem = logisticProblem(input, input.rows, nOutputs, ridge)
  const { nFeatures } = problem
  const precondition = view && preconditionBy(view, problem.meanSquares())
  const lasso = l1Ratio / (c * totalWeight)
  const iterations = minimise(problem.objective, point, {
    // Scaled by the rows, the gradient is of size 1; scikit-learn stops at 1e-4 of its own scale.
    tolerance: 1e-5,
    iterations: 300,
    ...(lasso > 0 ? { l1: point.map((_, at) => (at % (nFeatures + 1) === nFeatures ? 0 : lasso)) } : {}),
    ...(precondition ? { precondition } : {}),
    shouldStop: input.shouldStop,
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
function startFromRates({ rows, labels, weights, nClasses }: FitInput, nOutputs: number, point: Float64Array): void {
  const counts = new Float64Array(Math.max(2, nClasses))
  let total = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const weight = weights ? (weights[row] as number) : 1
    const label = labels[row] as number
    counts[label] = (counts[label] as number) + weight
    total += weight
  }
  const rate = (k: number) => Math.min(1 - 1e-6, Math.max(1e-6, (counts[k] as number) / total))
  const width = point.length / nOutputs
  for (let k = 0; k < nOutputs; k++) {
    point[(k + 1) * width - 1] = nOutputs === 1 ? Math.log(rate(1) / (1 - rate(1))) : Math.log(rate(k))
  }
}

import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { minimise } from './lbfgs.ts'
import type { LinearModel } from './linear-model.ts'

/**
 * Logistic (binary) and multinomial regression with an L2 penalty, by L-BFGS:
 * minimises C · Σ weight · log-loss + ½ ‖w‖², the intercept unpenalised, as scikit-learn's LogisticRegression.
 */
export const logisticRegression: Learner = {
  name: 'logistic-regression',
  title: 'Logistic regression',
  tasks: ['binary', 'multiclass'],
  encoding: 'scaled',
  space: {
    c: { kind: 'real', low: 1e-4, high: 100, log: true, start: 0.1 },
  },
  cost: () => 100,
  fit,
}

function fit(input: FitInput, parameters: Parameters): FitResult {
  const nOutputs = input.task === 'binary' ? 1 : input.nClasses
  const problem = createProblem(input, nOutputs, Number(parameters.c ?? 1))
  const point = new Float64Array(nOutputs * (problem.nFeatures + 1))
  startFromRates(problem, point)
  const iterations = minimise(problem.objective, point, {
    // Scaled by the rows, the gradient is of size 1; scikit-learn stops at 1e-4 of its own scale.
    tolerance: 1e-5,
    iterations: 300,
    shouldStop: input.shouldStop,
    onIteration: (iteration, loss) =>
      input.onProgress?.({ fraction: Math.min(0.99, iteration / 100), iteration, loss }),
  })
  const width = problem.nFeatures + 1
  const weights = new Float64Array(nOutputs * problem.nFeatures)
  const intercept = new Float64Array(nOutputs)
  for (let k = 0; k < nOutputs; k++) {
    weights.set(point.subarray(k * width, k * width + problem.nFeatures), k * problem.nFeatures)
    intercept[k] = point[k * width + problem.nFeatures] as number
  }
  const model: LinearModel = {
    kind: 'linear',
    nFeatures: problem.nFeatures,
    nOutputs,
    link: nOutputs === 1 ? 'logistic' : 'softmax',
    weights,
    intercept,
  }
  return { model, learningCurve: [], iterations }
}

interface Problem {
  readonly nFeatures: number
  readonly nOutputs: number
  readonly labels: Float64Array
  readonly weights: Float64Array | null
  readonly totalWeight: number
  readonly objective: (point: Float64Array, gradient: Float64Array) => number
}

function createProblem(input: FitInput, nOutputs: number, c: number): Problem {
  const { matrix, rows } = input
  const n = rows.length
  const nFeatures = matrix.columns.length
  const columns = matrix.columns.map((column) =>
    n === matrix.nRows ? column : Float32Array.from(rows, (row) => column[row] as number),
  )
  const labels = Float64Array.from(rows, (row) => input.labels[row] as number)
  const own = input.weights
  const weights = own ? Float64Array.from(rows, (row) => own[row] as number) : null
  const totalWeight = weights ? weights.reduce((sum, weight) => sum + weight, 0) : n
  const width = nFeatures + 1
  const scores = Array.from({ length: nOutputs }, () => new Float64Array(n))
  const penalty = 1 / (c * totalWeight)

  function objective(point: Float64Array, gradient: Float64Array): number {
    for (let k = 0; k < nOutputs; k++) addScores(columns, point, k * width, scores[k] as Float64Array)
    // The scores become the derivative of the loss by each score.
    let value =
      (nOutputs === 1 ? binaryLoss(scores[0] as Float64Array, labels, weights) : softmaxLoss(scores, labels, weights)) /
      totalWeight
    for (let k = 0; k < nOutputs; k++) {
      const derivative = scores[k] as Float64Array
      for (let j = 0; j < nFeatures; j++) {
        const weight = point[k * width + j] as number
        gradient[k * width + j] = dotColumn(columns[j] as Float32Array, derivative) / totalWeight + penalty * weight
        value += 0.5 * penalty * weight * weight
      }
      let sum = 0
      for (let i = 0; i < n; i++) sum += derivative[i] as number
      gradient[k * width + nFeatures] = sum / totalWeight
    }
    return value
  }
  return { nFeatures, nOutputs, labels, weights, totalWeight, objective }
}

function addScores(columns: readonly Float32Array[], point: Float64Array, at: number, scores: Float64Array): void {
  scores.fill(point[at + columns.length] as number)
  for (let j = 0; j < columns.length; j++) {
    const weight = point[at + j] as number
    if (weight === 0) continue
    const column = columns[j] as Float32Array
    for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) + weight * (column[i] as number)
  }
}

function dotColumn(column: Float32Array, values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (column[i] as number) * (values[i] as number)
  return sum
}

function binaryLoss(scores: Float64Array, labels: Float64Array, weights: Float64Array | null): number {
  let loss = 0
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number
    const label = labels[i] as number
    const weight = weights ? (weights[i] as number) : 1
    // log(1 + e^s) - y s, without overflow on either side.
    const power = Math.exp(-Math.abs(score))
    loss += weight * (Math.max(score, 0) - label * score + Math.log1p(power))
    const probability = score >= 0 ? 1 / (1 + power) : power / (1 + power)
    scores[i] = weight * (probability - label)
  }
  return loss
}

function softmaxLoss(scores: readonly Float64Array[], labels: Float64Array, weights: Float64Array | null): number {
  let loss = 0
  for (let i = 0; i < labels.length; i++) {
    const weight = weights ? (weights[i] as number) : 1
    let largest = Number.NEGATIVE_INFINITY
    for (const of of scores) largest = Math.max(largest, of[i] as number)
    let sum = 0
    for (const of of scores) sum += Math.exp((of[i] as number) - largest)
    const label = labels[i] as number
    loss += weight * (largest + Math.log(sum) - ((scores[label] as Float64Array)[i] as number))
    for (const [k, of] of scores.entries()) {
      of[i] = weight * (Math.exp((of[i] as number) - largest) / sum - (k === label ? 1 : 0))
    }
  }
  return loss
}

/** Intercepts that predict the class rates, so that the first step is not spent on them. */
function startFromRates(problem: Problem, point: Float64Array): void {
  const { nOutputs, nFeatures, labels, weights, totalWeight } = problem
  const counts = new Float64Array(Math.max(2, nOutputs))
  for (const [i, label] of labels.entries())
    counts[label] = (counts[label] as number) + (weights ? (weights[i] as number) : 1)
  const rate = (k: number) => Math.min(1 - 1e-6, Math.max(1e-6, (counts[k] as number) / totalWeight))
  for (let k = 0; k < nOutputs; k++) {
    const at = k * (nFeatures + 1) + nFeatures
    point[at] = nOutputs === 1 ? Math.log(rate(1) / (1 - rate(1))) : Math.log(rate(k))
  }
}

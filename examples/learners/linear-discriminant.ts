// An example of a learner from outside; see docs/plug-in-learners.md. It needs nothing of Maestro but its types.
import type { FitInput, FitResult, Learner, Parameters } from '../../engine/learners/learner.ts'

/**
 * Linear discriminant analysis (Fisher 1936): classes are Gaussian with means of their own and one covariance, shrunken
 * towards the diagonal. Its scores are linear in the features, so it gives a model of the kind `linear`.
 */
export const learner: Learner = {
  name: 'linear-discriminant',
  title: 'Linear discriminant analysis',
  tasks: ['binary', 'multiclass'],
  encoding: 'scaled',
  space: {
    shrinkage: { kind: 'real', low: 1e-3, high: 1, log: true, start: 0.1 },
  },
  // Nanoseconds a row and feature: the covariance takes one for each pair of features.
  cost: (_parameters, _nRows, nFeatures) => 5 + nFeatures,
  fit,
}

function fit(
  { task, nClasses, matrix, labels, weights, rows, shouldStop }: FitInput,
  parameters: Parameters,
): FitResult {
  const shrinkage = Number(parameters.shrinkage ?? 0.1)
  const p = matrix.columns.length
  const totals = new Float64Array(nClasses)
  const means = Array.from({ length: nClasses }, () => new Float64Array(p))
  const weightOf = (row: number) => (weights ? (weights[row] as number) : 1)
  for (const row of rows) {
    const code = labels[row] as number
    totals[code] = (totals[code] as number) + weightOf(row)
  }
  const total = totals.reduce((sum, weight) => sum + weight, 0)
  for (const [j, column] of matrix.columns.entries()) {
    for (const row of rows) {
      const mean = means[labels[row] as number] as Float64Array
      mean[j] = (mean[j] as number) + weightOf(row) * (column[row] as number)
    }
    for (const [k, mean] of means.entries()) mean[j] = (mean[j] as number) / Math.max(1e-12, totals[k] as number)
  }
  const covariance = Array.from({ length: p }, () => new Float64Array(p))
  const away = new Float64Array(p)
  for (const row of rows) {
    if (shouldStop()) break
    const mean = means[labels[row] as number] as Float64Array
    for (let j = 0; j < p; j++) away[j] = (matrix.columns[j]?.[row] as number) - (mean[j] as number)
    for (let j = 0; j < p; j++) {
      const own = covariance[j] as Float64Array
      const share = (weightOf(row) * (away[j] as number)) / total
      for (let l = 0; l <= j; l++) own[l] = (own[l] as number) + share * (away[l] as number)
    }
  }
  for (let j = 0; j < p; j++) {
    const own = covariance[j] as Float64Array
    for (let l = 0; l < j; l++) own[l] = (own[l] as number) * (1 - shrinkage)
    own[j] = (own[j] as number) + 1e-9
  }
  const factor = choleskyFactor(covariance)
  const directions = means.map((mean) => solve(factor, mean))
  const intercepts = means.map((mean, k) => {
    const middle = mean.reduce((sum, value, j) => sum + value * (directions[k]?.[j] as number), 0) / 2
    return Math.log(Math.max(totals[k] as number, 1e-9 * total) / total) - middle
  })
  // Two classes have one score: what speaks for the second less what speaks for the first.
  const isBinary = task === 'binary'
  const outputs = isBinary ? 1 : nClasses
  const model = {
    kind: 'linear' as const,
    nFeatures: p,
    nOutputs: outputs,
    link: isBinary ? ('logistic' as const) : ('softmax' as const),
    weights: new Float64Array(outputs * p),
    intercept: new Float64Array(outputs),
  }
  for (let k = 0; k < outputs; k++) {
    const of = directions[isBinary ? 1 : k] as Float64Array
    const less = isBinary ? (directions[0] as Float64Array) : new Float64Array(p)
    for (let j = 0; j < p; j++) model.weights[k * p + j] = (of[j] as number) - (less[j] as number)
    model.intercept[k] = (intercepts[isBinary ? 1 : k] as number) - (isBinary ? (intercepts[0] as number) : 0)
  }
  return { model, learningCurve: [], iterations: 1 }
}

/** Lower triangle L with L Lᵀ the matrix, of which only the lower triangle is read. */
function choleskyFactor(matrix: readonly Float64Array[]): Float64Array[] {
  const factor = matrix.map((row) => row.slice())
  for (const [j, row] of factor.entries()) {
    for (let l = 0; l <= j; l++) {
      const other = factor[l] as Float64Array
      let rest = row[l] as number
      for (let m = 0; m < l; m++) rest -= (row[m] as number) * (other[m] as number)
      row[l] = l === j ? Math.sqrt(Math.max(rest, 1e-12)) : rest / (other[l] as number)
    }
  }
  return factor
}

function solve(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = right.slice()
  for (const [j, row] of factor.entries()) {
    for (let l = 0; l < j; l++) x[j] = (x[j] as number) - (row[l] as number) * (x[l] as number)
    x[j] = (x[j] as number) / (row[j] as number)
  }
  for (let j = factor.length - 1; j >= 0; j--) {
    for (let l = j + 1; l < factor.length; l++) x[j] = (x[j] as number) - (factor[l]?.[j] as number) * (x[l] as number)
    x[j] = (x[j] as number) / (factor[j]?.[j] as number)
  }
  return x
}

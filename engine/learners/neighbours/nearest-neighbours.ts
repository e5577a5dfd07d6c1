import { randomStream, shuffledIndices } from '../../random.ts'
import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'
import { type NeighboursModel, quantise } from './neighbours-model.ts'

/** References that are kept at most: a prediction looks at all of them, and the file holds them. */
const mostReferences = 5_000
/** Standard deviations beyond which features count as this far. */
const range = 16

/**
 * The k nearest training rows by Euclidean distance over scaled features (Fix & Hodges 1951), as scikit-learn's
 * KNeighborsClassifier and KNeighborsRegressor. Of larger tables 5,000 rows are drawn; see `NeighboursModel` for how
 * distances are made exact.
 */
export const nearestNeighbours: Learner = {
  name: 'nearest-neighbours',
  title: 'Nearest neighbours',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'scaled',
  space: {
    k: { kind: 'integer', low: 1, high: 100, log: true, start: 10 },
    weighting: { kind: 'choice', options: ['uniform', 'distance'], start: 'distance' },
  },
  // Nearly all of it is judging: a nanosecond for each feature of each pair of rows.
  cost: (_parameters, nRows) => 2 + 0.5 * Math.min(nRows, mostReferences),
  fit,
}

function fit(input: FitInput, given: Parameters): FitResult {
  const { k, weighting } = readParameters(given)
  const { matrix, task, labels, nClasses, weights } = input
  if (input.rows.length === 0) throw new RangeError('There are no rows to train on')
  const rows = drawReferences(input)
  const nFeatures = matrix.columns.length
  const rounding = roundingOf(nFeatures)
  const references = new Int32Array(rows.length * nFeatures)
  for (let j = 0; j < nFeatures; j++) {
    const column = matrix.columns[j] as Float32Array
    for (let i = 0; i < rows.length; i++) {
      references[i * nFeatures + j] = quantise(rounding, column[rows[i] as number] as number)
    }
  }
  const nOutputs = task === 'multiclass' ? nClasses : 1
  const values = new Float64Array(rows.length * nOutputs)
  for (const [i, row] of rows.entries()) {
    const label = labels[row] as number
    if (task === 'multiclass') values[i * nOutputs + label] = 1
    else values[i] = label
  }
  const model: NeighboursModel = {
    kind: 'neighbours',
    nFeatures,
    nOutputs,
    link: task === 'regression' ? 'identity' : 'probability',
    ...rounding,
    k: Math.min(k, rows.length),
    weighting,
    references,
    values,
    weights: Float64Array.from(rows, (row) => (weights ? (weights[row] as number) : 1)),
  }
  return { model, learningCurve: [], iterations: 1 }
}

function readParameters(given: Parameters): Pick<NeighboursModel, 'k' | 'weighting'> {
  for (const name of Object.keys(given)) {
    if (name !== 'k' && name !== 'weighting')
      throw new ParameterError(`Nearest neighbours have no hyperparameter "${name}"`)
  }
  const { k = 10, weighting = 'distance' } = given
  if (typeof k !== 'number' || !Number.isInteger(k) || k < 1 || k > 10_000)
    throw new ParameterError('k must be a whole number from 1 to 10000')
  if (weighting !== 'uniform' && weighting !== 'distance')
    throw new ParameterError("weighting must be 'uniform' or 'distance'")
  return { k, weighting }
}

/** Rows without weight are nobody's neighbours. */
function drawReferences({ rows, weights, seed }: FitInput): Int32Array {
  const counting = weights ? rows.filter((row) => (weights[row] as number) > 0) : rows
  if (counting.length <= mostReferences) return counting
  const drawn = shuffledIndices(counting.length, randomStream(seed), mostReferences)
  return drawn.sort().map((at) => counting[at] as number)
}

/** The finest unit with which a squared distance over all features stays below 2^53. */
function roundingOf(nFeatures: number): Pick<NeighboursModel, 'scale' | 'limit'> {
  const scale = 2 ** Math.floor((53 - Math.log2(4 * Math.max(1, nFeatures))) / 2 - Math.log2(range) - 0.01)
  return { scale, limit: range * scale }
}

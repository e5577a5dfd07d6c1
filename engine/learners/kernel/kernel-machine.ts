import { randomStream } from '../../random.ts'
import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { elasticNet } from '../linear/elastic-net.ts'
import { logisticRegression } from '../linear/logistic-regression.ts'
import type { NetworkModel } from '../network/network-model.ts'
import { ParameterError } from '../parameter-error.ts'
import { randomWaves, waveFeatures } from './random-waves.ts'

/**
 * A linear model over random Fourier features, which stand for the Gaussian kernel exp(-gamma/p ‖x - y‖²) over p scaled
 * features (Rahimi & Recht 2007): logistic or multinomial regression with penalty C for classes, ridge with `alpha` for
 * numbers. As a network it is one layer of cosines and one of weights.
 */
export const kernelMachine: Learner = {
  name: 'kernel-machine',
  title: 'Kernel machine',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'scaled',
  space: {
    gamma: { kind: 'real', low: 1e-2, high: 10, log: true, start: 0.5 },
    components: { kind: 'integer', low: 64, high: 1_024, log: true, start: 256 },
    c: { kind: 'real', low: 1e-3, high: 100, log: true, start: 1 },
    alpha: { kind: 'real', low: 1e-6, high: 1, log: true, start: 1e-3 },
  },
  // The waves, and a linear fit over them.
  cost: ({ components = 256 }, _nRows, nFeatures) => Number(components) * (1 + 60 / Math.max(1, nFeatures)),
  fit,
}

function fit(input: FitInput, given: Parameters): FitResult {
  const { gamma, components, c, alpha } = readParameters(given)
  const nFeatures = input.matrix.columns.length
  const waves = randomWaves(nFeatures, components, gamma, randomStream(input.seed))
  const matrix = waveFeatures(waves, input.matrix, input.rows, input.kernels)
  // Rows of the waves' matrix are the training rows in their order.
  const pick = (values: Float64Array) => Float64Array.from(input.rows, (row) => values[row] as number)
  const linear = input.task === 'regression' ? elasticNet : logisticRegression
  const fitted = linear.fit(
    {
      ...input,
      matrix,
      labels: pick(input.labels),
      weights: input.weights ? pick(input.weights) : null,
      rows: Int32Array.from({ length: matrix.nRows }, (_, row) => row),
      validationRows: null,
    },
    input.task === 'regression' ? { alpha, l1Ratio: 0 } : { c },
  )
  if (fitted.model.kind !== 'linear') throw new TypeError('A linear learner gave another model')
  const { nOutputs, link, weights, intercept } = fitted.model
  const last = new Float32Array(components * nOutputs)
  for (let k = 0; k < nOutputs; k++) {
    for (let w = 0; w < components; w++) last[w * nOutputs + k] = weights[k * components + w] as number
  }
  const model: NetworkModel = {
    kind: 'network',
    nFeatures,
    nOutputs,
    link,
    embeddings: [],
    layers: [
      {
        nInputs: nFeatures,
        nOutputs: components,
        weights: waves.frequencies,
        bias: waves.phases,
        activation: 'cosine',
        residual: false,
      },
      {
        nInputs: components,
        nOutputs,
        weights: last,
        bias: Float32Array.from(intercept),
        activation: 'none',
        residual: false,
      },
    ],
  }
  return { model, learningCurve: [], iterations: fitted.iterations }
}

function readParameters(given: Parameters) {
  for (const name of Object.keys(given)) {
    if (!['gamma', 'components', 'c', 'alpha'].includes(name))
      throw new ParameterError(`A kernel machine has no hyperparameter "${name}"`)
  }
  const { gamma = 0.5, components = 256, c = 1, alpha = 1e-3 } = given
  if (typeof gamma !== 'number' || !(gamma > 0)) throw new ParameterError('gamma must be a number above 0')
  if (typeof components !== 'number' || !Number.isInteger(components) || components < 1 || components > 100_000)
    throw new ParameterError('components must be a whole number from 1 to 100000')
  if (typeof c !== 'number' || typeof alpha !== 'number') throw new ParameterError('c and alpha must be numbers')
  return { gamma, components, c, alpha }
}

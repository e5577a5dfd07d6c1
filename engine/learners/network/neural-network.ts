import type { Learner } from '../learner.ts'
import { fitNetwork } from './fit-network.ts'
import { networkSpace, readNetworkParameters } from './network-parameters.ts'

/**
 * A multi-layer perceptron: ReLU layers with residual connections, dropout, learned points for categories, AdamW with a
 * warm-up and a falling step, the weights of the epoch that does best on rows held out (the caller's validation rows, or
 * a tenth of the training rows).
 */
export const neuralNetwork: Learner = {
  name: 'neural-network',
  title: 'Neural network',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'embedded',
  space: networkSpace,
  cost: (given, _nRows, nFeatures) => {
    const { width, depth, epochs } = readNetworkParameters(given)
    // Measured 0.17 nanoseconds for each weight, row and epoch, three products each, and 2 for each unit.
    const weights = width * (nFeatures + (depth - 1) * width)
    return (epochs * (0.17 * weights + 2 * width * depth)) / Math.max(1, nFeatures)
  },
  fit: (input, parameters) => fitNetwork(input, parameters, input.kernels ?? 'wasm'),
}

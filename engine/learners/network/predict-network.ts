import { createDoubleProduct } from '../../kernels/double-product.ts'
import type { KernelImplementation } from '../../kernels/kernel-space.ts'
import type { FeatureMatrix } from '../../preprocess/feature-matrix.ts'
import { type NetworkLayer, type NetworkModel, numericFeatures } from './network-model.ts'

/** Rows that pass through a layer at once; a larger chunk is cut so that a layer's matrix is brought in seldom. */
const blockRows = 1_024

/** Scores n × nOutputs. */
export function predictNetwork(
  model: NetworkModel,
  matrix: FeatureMatrix,
  kernels: KernelImplementation = 'wasm',
): Float64Array {
  const scores = new Float64Array(matrix.nRows * model.nOutputs)
  for (let start = 0; start < matrix.nRows; start += blockRows) {
    const count = Math.min(blockRows, matrix.nRows - start)
    let values = inputsOf(model, matrix, start, count)
    for (const layer of model.layers) values = passLayer(layer, values, count, kernels)
    scores.set(values, start * model.nOutputs)
  }
  return scores
}

/** What the first layer sees, count × its nInputs. */
function inputsOf(model: NetworkModel, matrix: FeatureMatrix, start: number, count: number): Float64Array {
  const width = model.layers[0]?.nInputs ?? 0
  const inputs = new Float64Array(count * width)
  let to = 0
  for (const feature of numericFeatures(model)) {
    const column = matrix.columns[feature] as Float32Array
    for (let i = 0; i < count; i++) inputs[i * width + to] = column[start + i] as number
    to += 1
  }
  for (const embedding of model.embeddings) {
    const column = matrix.columns[embedding.feature] as Float32Array
    for (let i = 0; i < count; i++) {
      const code = column[start + i] as number
      const from = (Number.isNaN(code) ? embedding.cardinality : code) * embedding.width
      for (let w = 0; w < embedding.width; w++) inputs[i * width + to + w] = embedding.table[from + w] as number
    }
    to += embedding.width
  }
  return inputs
}

function passLayer(
  layer: NetworkLayer,
  inputs: Float64Array,
  count: number,
  kernels: KernelImplementation,
): Float64Array {
  const { nInputs, nOutputs, weights, bias, activation, residual } = layer
  const product = createDoubleProduct(weights, nInputs, nOutputs, count, kernels)
  product.left.set(inputs)
  const products = product.multiply(count)
  const outputs = new Float64Array(count * nOutputs)
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < nOutputs; k++) {
      const sum = (products[i * product.stride + k] as number) + (bias[k] as number)
      const active = activation === 'relu' ? Math.max(0, sum) : activation === 'cosine' ? Math.cos(sum) : sum
      outputs[i * nOutputs + k] = residual ? active + (inputs[i * nInputs + k] as number) : active
    }
  }
  return outputs
}

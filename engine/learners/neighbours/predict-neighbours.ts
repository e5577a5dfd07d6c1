import { createDoubleProduct } from '../../kernels/double-product.ts'
import type { KernelImplementation } from '../../kernels/kernel-space.ts'
import type { FeatureMatrix } from '../../preprocess/feature-matrix.ts'
import { distanceFloor, type NeighboursModel, quantise } from './neighbours-model.ts'

const blockRows = 32

/** Scores n × nOutputs: the weighted mean of the k nearest references' values. */
export function predictNeighbours(
  model: NeighboursModel,
  matrix: FeatureMatrix,
  kernels: KernelImplementation = 'wasm',
): Float64Array {
  const { nFeatures, nOutputs, references } = model
  const nReferences = references.length / nFeatures
  const transposed = new Float64Array(references.length)
  const lengths = new Float64Array(nReferences)
  for (let i = 0; i < nReferences; i++) {
    for (let j = 0; j < nFeatures; j++) {
      const value = references[i * nFeatures + j] as number
      transposed[j * nReferences + i] = value
      lengths[i] = (lengths[i] as number) + value * value
    }
  }
  const product = createDoubleProduct(transposed, nFeatures, nReferences, blockRows, kernels)
  const scores = new Float64Array(matrix.nRows * nOutputs)
  const nearest = createNearest(model.k)
  for (let start = 0; start < matrix.nRows; start += blockRows) {
    const count = Math.min(blockRows, matrix.nRows - start)
    for (let j = 0; j < nFeatures; j++) {
      const column = matrix.columns[j] as Float32Array
      for (let i = 0; i < count; i++) product.left[i * nFeatures + j] = quantise(model, column[start + i] as number)
    }
    const products = product.multiply(count)
    for (let i = 0; i < count; i++) {
      let own = 0
      for (let j = 0; j < nFeatures; j++) own += (product.left[i * nFeatures + j] as number) ** 2
      nearest.clear()
      const from = i * product.stride
      for (let r = 0; r < nReferences; r++) {
        nearest.offer(r, own + (lengths[r] as number) - 2 * (products[from + r] as number))
      }
      meanOf(model, nearest, scores, (start + i) * nOutputs)
    }
  }
  return scores
}

interface Nearest {
  readonly ids: Int32Array
  readonly distances: Float64Array
  clear(): void
  offer(id: number, distance: number): void
}

/** The k least distances in ascending order, kept by insertion: k is small, and few offers get in. */
function createNearest(k: number): Nearest {
  const ids = new Int32Array(k)
  const distances = new Float64Array(k)
  let count = 0
  return {
    ids,
    distances,
    clear() {
      count = 0
    },
    offer(id, distance) {
      if (count === k && distance >= (distances[k - 1] as number)) return
      let at = count < k ? count++ : k - 1
      while (at > 0 && (distances[at - 1] as number) > distance) {
        distances[at] = distances[at - 1] as number
        ids[at] = ids[at - 1] as number
        at--
      }
      distances[at] = distance
      ids[at] = id
    },
  }
}

function meanOf(model: NeighboursModel, { ids, distances }: Nearest, scores: Float64Array, to: number): void {
  const { nOutputs, values, weights, weighting } = model
  let total = 0
  for (let n = 0; n < ids.length; n++) {
    const id = ids[n] as number
    const own = weights[id] as number
    const weight = weighting === 'uniform' ? own : own / (Math.sqrt(distances[n] as number) + distanceFloor)
    total += weight
    for (let k = 0; k < nOutputs; k++) {
      scores[to + k] = (scores[to + k] as number) + weight * (values[id * nOutputs + k] as number)
    }
  }
  for (let k = 0; k < nOutputs; k++) scores[to + k] = (scores[to + k] as number) / total
}

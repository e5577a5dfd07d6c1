import { createDoubleProduct } from '../../kernels/double-product.ts'
import type { KernelImplementation } from '../../kernels/kernel-space.ts'
import type { FeatureMatrix } from '../../preprocess/feature-matrix.ts'
import type { RandomStream } from '../../random.ts'

/** Random waves cos(xᵀ frequency + phase), whose products have the mean of half the Gaussian kernel. */
export interface RandomWaves {
  readonly count: number
  /** nFeatures × count. */
  readonly frequencies: Float32Array
  readonly phases: Float32Array
}

/** Frequencies are normal with variance 2 gamma / nFeatures, phases uniform over a turn (Rahimi & Recht 2007). */
export function randomWaves(nFeatures: number, count: number, gamma: number, random: RandomStream): RandomWaves {
  const spread = Math.sqrt((2 * gamma) / Math.max(1, nFeatures))
  return {
    count,
    frequencies: Float32Array.from({ length: nFeatures * count }, () => spread * random.nextNormal()),
    phases: Float32Array.from({ length: count }, () => 2 * Math.PI * random.nextFloat()),
  }
}

const blockRows = 512

/** The waves of some rows of a matrix, a column each. */
export function waveFeatures(
  waves: RandomWaves,
  matrix: FeatureMatrix,
  rows: Int32Array,
  kernels: KernelImplementation = 'wasm',
): FeatureMatrix {
  const { count, frequencies, phases } = waves
  const nFeatures = matrix.columns.length
  const columns = Array.from({ length: count }, () => new Float32Array(rows.length))
  const product = createDoubleProduct(frequencies, nFeatures, count, blockRows, kernels)
  for (let start = 0; start < rows.length; start += blockRows) {
    const size = Math.min(blockRows, rows.length - start)
    for (const [j, column] of matrix.columns.entries()) {
      for (let i = 0; i < size; i++) product.left[i * nFeatures + j] = column[rows[start + i] as number] as number
    }
    const sums = product.multiply(size)
    for (const [w, column] of columns.entries()) {
      const phase = phases[w] as number
      for (let i = 0; i < size; i++) column[start + i] = Math.cos((sums[i * product.stride + w] as number) + phase)
    }
  }
  return {
    nRows: rows.length,
    features: columns.map((_, input) => ({ name: `wave ${input}`, input, kind: 'numeric', cardinality: 0 })),
    columns,
  }
}

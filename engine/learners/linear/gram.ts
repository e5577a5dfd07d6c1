import { createAllocator, ownKernelSpace } from '../../kernels/kernel-space.ts'
import type { FitInput } from '../learner.ts'

/** Weighted sums over rows, of which a linear least-squares fit needs nothing else. They add up over groups of rows. */
export interface Sums {
  readonly nFeatures: number
  readonly weight: number
  /** Σ w x, Σ w y, Σ w y², Σ w x y and Σ w x xᵀ (nFeatures × nFeatures), with x and y measured from the given shifts. */
  readonly features: Float64Array
  readonly target: number
  readonly squaredTarget: number
  readonly right: Float64Array
  readonly gram: Float64Array
}

/** From where features and targets are measured, so that sums of squares do not cancel. */
export interface Shifts {
  readonly features: Float64Array
  readonly target: number
}

const chunkRows = 256

export function sumRows(
  { matrix, labels, weights, shouldStop }: Pick<FitInput, 'matrix' | 'labels' | 'weights' | 'shouldStop'>,
  rows: Int32Array,
  shifts: Shifts,
): Sums {
  const nFeatures = matrix.columns.length
  // A last column for the target makes the right side a part of the same product.
  const stride = Math.ceil((nFeatures + 1) / 4) * 4
  const allocator = createAllocator()
  const leftAt = allocator.allocate(8 * stride * chunkRows)
  const rightAt = allocator.allocate(8 * stride * chunkRows)
  const productAt = allocator.allocate(8 * stride * stride)
  const { float64, kernels } = ownKernelSpace(allocator.top(), 'wasm')
  const left = float64.subarray(leftAt >>> 3, (leftAt >>> 3) + stride * chunkRows).fill(0)
  const right = float64.subarray(rightAt >>> 3, (rightAt >>> 3) + stride * chunkRows).fill(0)
  const product = float64.subarray(productAt >>> 3, (productAt >>> 3) + stride * stride)
  const total = new Float64Array(stride * stride)
  const features = new Float64Array(nFeatures)
  let weight = 0
  let target = 0
  // The first chunk in any case, so that there is something to divide by.
  for (let start = 0; start < rows.length && (start === 0 || !shouldStop()); start += chunkRows) {
    const count = Math.min(chunkRows, rows.length - start)
    const own = Float64Array.from({ length: count }, (_, i) => weights?.[rows[start + i] as number] ?? 1)
    for (let j = 0; j <= nFeatures; j++) {
      const column = j < nFeatures ? (matrix.columns[j] as Float32Array) : labels
      const shift = j < nFeatures ? (shifts.features[j] as number) : shifts.target
      let sum = 0
      for (let i = 0; i < count; i++) {
        const value = (column[rows[start + i] as number] as number) - shift
        const weighted = value * (own[i] as number)
        right[i * stride + j] = value
        left[j * count + i] = weighted
        sum += weighted
      }
      if (j < nFeatures) features[j] = (features[j] as number) + sum
      else target += sum
    }
    for (let i = 0; i < count; i++) weight += own[i] as number
    kernels.multiplyDoubles(leftAt, rightAt, productAt, nFeatures + 1, count, stride)
    for (let at = 0; at < (nFeatures + 1) * stride; at++) total[at] = (total[at] as number) + (product[at] as number)
  }
  const gram = new Float64Array(nFeatures * nFeatures)
  const rightSide = new Float64Array(nFeatures)
  for (let j = 0; j < nFeatures; j++) {
    rightSide[j] = total[j * stride + nFeatures] as number
    // The upper half for both, so that rounding leaves it symmetric.
    for (let l = 0; l <= j; l++) {
      gram[j * nFeatures + l] = total[l * stride + j] as number
      gram[l * nFeatures + j] = total[l * stride + j] as number
    }
  }
  const squaredTarget = total[nFeatures * stride + nFeatures] as number
  return { nFeatures, weight, features, target, squaredTarget, right: rightSide, gram }
}

/** Means of features and target over the rows, for `sumRows`. */
export function meansOf({ matrix, labels, weights }: FitInput, rows: Int32Array): Shifts {
  let total = 0
  for (const row of rows) total += weights?.[row] ?? 1
  const mean = (values: ArrayLike<number>) => {
    let sum = 0
    if (weights) for (const row of rows) sum += (weights[row] as number) * (values[row] as number)
    else for (const row of rows) sum += values[row] as number
    return sum / total
  }
  return { features: Float64Array.from(matrix.columns, mean), target: mean(labels) }
}

/** Sums of all rows but some: those of all less those of some. */
export function without(all: Sums, some: Sums): Sums {
  const less = (a: Float64Array, b: Float64Array) => a.map((value, at) => value - (b[at] as number))
  return {
    nFeatures: all.nFeatures,
    weight: all.weight - some.weight,
    features: less(all.features, some.features),
    target: all.target - some.target,
    squaredTarget: all.squaredTarget - some.squaredTarget,
    right: less(all.right, some.right),
    gram: less(all.gram, some.gram),
  }
}

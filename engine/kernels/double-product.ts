import type { KernelImplementation } from './kernel-space.ts'
import { createAllocator, ownKernelSpace } from './kernel-space.ts'

/** Products of one matrix with others, in this thread's kernel memory: use it up before another fit or product begins. */
export interface DoubleProduct {
  /** Entries from one row of a result to the next: nColumns, rounded up to four. */
  readonly stride: number
  /** Where the left matrix is to be written, row by row: up to mostRows × nShared. */
  readonly left: Float64Array
  /** The first `nRows` rows of `left` times the matrix, row by row; written over by the next call. */
  multiply(nRows: number): Float64Array
}

/**
 * Prepares products with `right` (nShared × nColumns, row by row). Every element of a result is summed along the shared
 * dimension in its order, so its bits do not depend on how many rows are multiplied at once, nor on the kernels.
 */
export function createDoubleProduct(
  right: ArrayLike<number>,
  nShared: number,
  nColumns: number,
  mostRows: number,
  implementation: KernelImplementation = 'wasm',
): DoubleProduct {
  const stride = Math.ceil(nColumns / 4) * 4
  const allocator = createAllocator()
  const leftAt = allocator.allocate(8 * mostRows * nShared)
  const rightAt = allocator.allocate(8 * nShared * stride)
  const resultAt = allocator.allocate(8 * mostRows * stride)
  const { float64, kernels } = ownKernelSpace(allocator.top(), implementation)
  const held = float64.subarray(rightAt >>> 3, (rightAt >>> 3) + nShared * stride)
  held.fill(0)
  for (let i = 0; i < nShared; i++) {
    for (let j = 0; j < nColumns; j++) held[i * stride + j] = right[i * nColumns + j] as number
  }
  return {
    stride,
    left: float64.subarray(leftAt >>> 3, (leftAt >>> 3) + mostRows * nShared),
    multiply(nRows) {
      kernels.multiplyDoubles(leftAt, rightAt, resultAt, nRows, nShared, stride)
      return float64.subarray(resultAt >>> 3, (resultAt >>> 3) + nRows * stride)
    },
  }
}

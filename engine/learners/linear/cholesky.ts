/**
 * The lower factor of a symmetric positive definite matrix (size × size, row by row), or null where it is not positive
 * definite. Reads the lower half.
 */
export function factorise(matrix: Float64Array, size: number): Float64Array | null {
  const factor = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number
      for (let l = 0; l < j; l++) sum -= (factor[i * size + l] as number) * (factor[j * size + l] as number)
      if (i > j) factor[i * size + j] = sum / (factor[j * size + j] as number)
      else if (sum > 0) factor[i * size + i] = Math.sqrt(sum)
      else return null
    }
  }
  return factor
}

/** Solves factor · factorᵀ · x = right in place. */
export function solveFactorised(factor: Float64Array, right: Float64Array): void {
  const size = right.length
  for (let i = 0; i < size; i++) {
    let sum = right[i] as number
    for (let l = 0; l < i; l++) sum -= (factor[i * size + l] as number) * (right[l] as number)
    right[i] = sum / (factor[i * size + i] as number)
  }
  for (let i = size - 1; i >= 0; i--) {
    const value = (right[i] as number) / (factor[i * size + i] as number)
    right[i] = value
    // Down the row of the factor, not up the column of its transpose: memory in order.
    for (let l = 0; l < i; l++) right[l] = (right[l] as number) - (factor[i * size + l] as number) * value
  }
}

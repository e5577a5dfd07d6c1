import type { FitInput } from '../../engine/learners/learner.ts'
import type { FeatureMatrix } from '../../engine/preprocess/feature-matrix.ts'

/** Copies of matrices that came in memory of one thread; kept, since one table is usually fitted many times. */
const sharedMatrices = new WeakMap<FeatureMatrix, FeatureMatrix>()

/** The same input with columns and rows in shared memory, so that threads read them without a copy each. */
export function shareInput(input: FitInput): FitInput {
  return {
    ...input,
    matrix: shareMatrix(input.matrix),
    rows: shareIndices(input.rows),
    validationRows: input.validationRows ? shareIndices(input.validationRows) : null,
  }
}

function shareMatrix(matrix: FeatureMatrix): FeatureMatrix {
  if (matrix.columns.every(({ buffer }) => buffer instanceof SharedArrayBuffer)) return matrix
  const known = sharedMatrices.get(matrix)
  if (known) return known
  const shared = {
    ...matrix,
    columns: matrix.columns.map((column) => {
      if (column.buffer instanceof SharedArrayBuffer) return column
      const copy = new Float32Array(new SharedArrayBuffer(column.byteLength))
      copy.set(column)
      return copy
    }),
  }
  sharedMatrices.set(matrix, shared)
  return shared
}

function shareIndices(indices: Int32Array): Int32Array {
  if (indices.buffer instanceof SharedArrayBuffer) return indices
  const copy = new Int32Array(new SharedArrayBuffer(indices.byteLength))
  copy.set(indices)
  return copy
}

import { createAllocator, ownKernelSpace } from '../../kernels/kernel-space.ts'
import type { FitInput } from '../learner.ts'
import { rowCopier } from './copy-rows.ts'

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

/** Rows copied at once: long enough to read each column in stretches, few enough to stay in the second cache. */
const chunkRows = 1_024
/** Even. Rows of which all columns meet each other at once. */
const gramRows = 256
/** Rows from one column to the next: not a power of two, which would put all columns into one set of the cache. */
const columnRows = chunkRows + 8

export function sumRows(
  {
    matrix,
    labels,
    weights,
    shouldStop,
    kernels: implementation = 'wasm',
  }: Pick<FitInput, 'matrix' | 'labels' | 'weights' | 'shouldStop' | 'kernels'>,
  rows: Int32Array,
  shifts: Shifts,
): Sums {
  const nFeatures = matrix.columns.length
  // Behind the features the target and ones, so that all sums are parts of one product.
  const target = nFeatures
  const ones = nFeatures + 1
  const nColumns = Math.ceil((nFeatures + 2) / 3) * 3
  const allocator = createAllocator()
  const valuesAt = allocator.allocate(4 * chunkRows)
  const columnsAt = allocator.allocate(8 * nColumns * columnRows)
  const weightedAt = weights ? allocator.allocate(8 * nColumns * columnRows) : columnsAt
  const totalAt = allocator.allocate(8 * nColumns * nColumns)
  const { float32, float64, kernels } = ownKernelSpace(allocator.top(), implementation)
  const view = (address: number, length: number) => float64.subarray(address >>> 3, (address >>> 3) + length).fill(0)
  const columns = view(columnsAt, nColumns * columnRows)
  const weighted = view(weightedAt, nColumns * columnRows)
  const total = view(totalAt, nColumns * nColumns)
  const columnOf = (j: number) => columns.subarray(j * columnRows, (j + 1) * columnRows)
  const copyRows = rowCopier(rows)
  // The first chunk in any case, so that there is something to divide by.
  for (let start = 0; start < rows.length && (start === 0 || !shouldStop()); start += chunkRows) {
    const chunk = rows.subarray(start, start + chunkRows)
    for (const [j, column] of matrix.columns.entries()) {
      copyRows(column, start, chunk.length, float32, valuesAt >>> 2)
      kernels.shiftColumn(valuesAt, chunk.length, shifts.features[j] as number, columnsAt + 8 * j * columnRows)
    }
    const targets = columnOf(target)
    for (let i = 0; i < chunk.length; i++) targets[i] = (labels[chunk[i] as number] as number) - shifts.target
    columnOf(ones).fill(1, 0, chunk.length)
    if (chunk.length < chunkRows) for (let j = 0; j <= ones; j++) columnOf(j).fill(0, chunk.length)
    if (weights) {
      const own = Float64Array.from(chunk, (row) => weights[row] as number)
      for (let j = 0; j <= ones; j++) multiplyInto(weighted, columns, own, j * columnRows)
    }
    for (let from = 0; from < chunk.length; from += gramRows) {
      const count = Math.min(gramRows, chunk.length - from)
      const even = count + (count & 1)
      kernels.addGram(weightedAt + 8 * from, columnsAt + 8 * from, 8 * columnRows, nColumns, even, totalAt)
    }
  }
  const gram = new Float64Array(nFeatures * nFeatures)
  for (let j = 0; j < nFeatures; j++) {
    // The upper half for both, so that rounding leaves it symmetric.
    for (let l = j; l < nFeatures; l++) {
      const sum = total[j * nColumns + l] as number
      gram[j * nFeatures + l] = sum
      gram[l * nFeatures + j] = sum
    }
  }
  return {
    nFeatures,
    weight: total[ones * nColumns + ones] as number,
    features: Float64Array.from({ length: nFeatures }, (_, j) => total[j * nColumns + ones] as number),
    target: total[target * nColumns + ones] as number,
    squaredTarget: total[target * nColumns + target] as number,
    right: Float64Array.from({ length: nFeatures }, (_, j) => total[j * nColumns + target] as number),
    gram,
  }
}

function multiplyInto(out: Float64Array, values: Float64Array, weights: Float64Array, first: number): void {
  for (let i = 0; i < weights.length; i++) out[first + i] = (values[first + i] as number) * (weights[i] as number)
}

/**
 * Rows from whose means sums are measured: enough to be near the means of all, which is all that is asked of a shift. They
 * are drawn from all parts in stretches of neighbours, which come from memory together.
 */
const shiftRows = 1_024
const stretchRows = 32

/** About the means of features and target over the rows, for `sumRows`. */
export function shiftsOf({ matrix, labels, weights }: FitInput, rows: Int32Array): Shifts {
  const every = stretchRows * Math.ceil(rows.length / shiftRows)
  const some = rows.filter((_, at) => at % every < stretchRows)
  const total = (chosen: Int32Array) => chosen.reduce((sum, row) => sum + (weights?.[row] ?? 1), 0)
  // Where all of them weigh nothing, the others must say it.
  const chosen = total(some) > 0 ? some : rows
  const weight = total(chosen)
  const mean = (values: ArrayLike<number>) => {
    let sum = 0
    if (weights) for (const row of chosen) sum += (weights[row] as number) * (values[row] as number)
    else for (const row of chosen) sum += values[row] as number
    return sum / weight
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

import type { FitInput } from '../learner.ts'
import type { NetworkPlan } from './network-plan.ts'

/** Rows as the first layer takes them, one after the other in the kernels' memory, so that a batch is copied row by row. */
export interface PackedRows {
  readonly nRows: number
  /** Address of nRows × the first layer's inputs; embeddings are filled in later. */
  readonly values: number
  /** Places in each embedding's table. */
  readonly codes: readonly Int32Array[]
  /** Class codes, or standardised numbers. */
  readonly labels: Float64Array
  /** Divided by the mean over the training rows; null: all one. */
  readonly weights: Float64Array | null
  readonly totalWeight: number
}

/** What regressions are standardised by: 0 and 1 for classes. */
export interface TargetScale {
  readonly mean: number
  readonly deviation: number
  readonly meanWeight: number
}

export function targetScale({ task, labels, weights }: FitInput, rows: Int32Array): TargetScale {
  let total = 0
  if (weights === null) total = rows.length
  else for (const row of rows) total += weights[row] as number
  const meanWeight = total / rows.length
  if (!(meanWeight > 0)) throw new RangeError('The weights of the training rows must not all be zero')
  if (task !== 'regression') return { mean: 0, deviation: 1, meanWeight }
  let sum = 0
  for (const row of rows) sum += (labels[row] as number) * (weights?.[row] ?? 1)
  const mean = sum / total
  let squares = 0
  for (const row of rows) squares += ((labels[row] as number) - mean) ** 2 * (weights?.[row] ?? 1)
  return { mean, deviation: squares > 0 ? Math.sqrt(squares / total) : 1, meanWeight }
}

const blockRows = 256

/** Bytes of so many rows. */
export function packedBytes(plan: NetworkPlan, nRows: number): number {
  return 4 * nRows * (plan.layers[0]?.nInputs as number)
}

/** Writes rows to an address. */
export function packRows(
  plan: NetworkPlan,
  input: FitInput,
  rows: Int32Array,
  scale: TargetScale,
  { float32, address }: { readonly float32: Float32Array; readonly address: number },
): PackedRows {
  const width = plan.layers[0]?.nInputs as number
  const { matrix, labels, weights } = input
  const values = float32.subarray(address >>> 2, (address >>> 2) + rows.length * width)
  values.fill(0)
  // Block by block, so that the rows being written stay in the cache for all columns.
  for (let first = 0; first < rows.length; first += blockRows) {
    const end = Math.min(rows.length, first + blockRows)
    for (const [place, feature] of plan.numeric.entries()) {
      const column = matrix.columns[feature] as Float32Array
      for (let i = first; i < end; i++) values[i * width + place] = column[rows[i] as number] as number
    }
  }
  const own = weights ? Float64Array.from(rows, (row) => (weights[row] as number) / scale.meanWeight) : null
  return {
    nRows: rows.length,
    values: address,
    codes: plan.embeddings.map(({ feature, cardinality }) => {
      const column = matrix.columns[feature] as Float32Array
      return Int32Array.from(rows, (row) => {
        const code = column[row] as number
        return Number.isNaN(code) ? cardinality : code
      })
    }),
    labels: scaledLabels(labels, rows, scale),
    weights: own,
    totalWeight: own ? own.reduce((sum, weight) => sum + weight, 0) : rows.length,
  }
}

/** A loop, which takes a tenth of the time that Float64Array.from with a function does. */
function scaledLabels(labels: FitInput['labels'], rows: Int32Array, { mean, deviation }: TargetScale): Float64Array {
  const scaled = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) scaled[i] = ((labels[rows[i] as number] as number) - mean) / deviation
  return scaled
}

import { createAllocator, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { sortScratchBytes } from '../../kernels/kernels.ts'
import { balancedWeights } from '../class-weights.ts'
import type { FitInput } from '../learner.ts'
import { type BinningInput, binCodes, binCount, type FeatureBins, findBins } from '../tree/feature-bins.ts'
import { maximumBins, sampleLength } from '../tree/quantile-bins.ts'
import type { ForestParameters } from './forest-parameters.ts'

/** The training rows as every tree of a forest sees them: 0..nRows-1, in the order of the fit's rows. */
export interface ForestData {
  readonly nRows: number
  /** Number of classes, or 0 for regression. */
  readonly nClasses: number
  readonly features: readonly ForestFeature[]
  readonly bins: readonly FeatureBins[]
  /** Numbers less `centre`, or the codes of classes; of two their mean is the share of the second. */
  readonly targets: Float64Array
  /** Subtracted from the targets, so that sums of them do not cancel. */
  readonly centre: number
  /** Weights with mean one, or null for all one. */
  readonly weights: Float64Array | null
  /** What weights were divided by; covers are multiplied by it. */
  readonly meanWeight: number
}

export interface ForestFeature {
  readonly kind: 'numeric' | 'codes'
  readonly nBins: number
  readonly hasMissing: boolean
  /** One byte a row; 255 is missing. */
  readonly bins: Uint8Array
}

/** How a feature is binned, and its rows' bins. */
export interface BinnedFeature {
  readonly found: FeatureBins
  readonly feature: ForestFeature
}

/** Bins one feature, in shared memory for threads to read. Works in this thread's kernel memory. */
export function binForestFeature(input: BinningInput, feature: number): BinnedFeature {
  const { rows } = input
  const column = input.matrix.columns[feature] as Float32Array
  const nSample = sampleLength(rows.length)
  const allocator = createAllocator()
  const valuesAt = allocator.allocate(4 * rows.length)
  const scratchAt = allocator.allocate(4 * nSample + sortScratchBytes)
  const thresholdsAt = allocator.allocate(8 * 256)
  const binsAt = allocator.allocate(rows.length)
  const { bytes, float32, float64, kernels } = ownKernelSpace(allocator.top(), input.kernels ?? 'wasm')
  const values = float32.subarray(valuesAt >>> 2, (valuesAt >>> 2) + rows.length)
  const found = findBins(
    input,
    feature,
    { maxBins: maximumBins },
    {
      values: values.subarray(0, nSample),
      sort: (count) => kernels.sortFloats(valuesAt, count, scratchAt),
    },
  )
  const bins = new Uint8Array(new SharedArrayBuffer(rows.length))
  let hasMissing: boolean
  if (found.kind === 'numeric') {
    for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] as number] as number
    float64.fill(Number.POSITIVE_INFINITY, thresholdsAt >>> 3, (thresholdsAt >>> 3) + 256)
    float64.set(found.thresholds, thresholdsAt >>> 3)
    hasMissing = kernels.binColumn(valuesAt, rows.length, thresholdsAt, binsAt, 1) === 1
    bins.set(bytes.subarray(binsAt, binsAt + rows.length))
  } else hasMissing = binCodes(column, rows, found, bins, 0, 1)
  return { found, feature: { kind: found.kind, nBins: binCount(found), hasMissing, bins } }
}

/** `binned` are all features, by `binForestFeature`. Throws RangeError where there is no row. */
export function prepareForest(
  input: FitInput,
  parameters: ForestParameters,
  binned: readonly BinnedFeature[],
): ForestData {
  const { rows, task } = input
  if (rows.length === 0) throw new RangeError('There are no rows to train on')
  const nClasses = task === 'regression' ? 0 : task === 'binary' ? 2 : input.nClasses
  const given = rowWeights(input, parameters, nClasses)
  const meanWeight = given ? mean(given) : 1
  const weights = given ? given.map((weight) => weight / meanWeight) : null
  const labels = Float64Array.from(rows, (row) => input.labels[row] as number)
  const centre = task === 'regression' ? mean(labels) : 0
  return {
    nRows: rows.length,
    nClasses,
    features: binned.map(({ feature }) => feature),
    bins: binned.map(({ found }) => found),
    targets: labels.map((label) => label - centre),
    centre,
    weights,
    meanWeight,
  }
}

/** Weights of the rows times those of their classes, or null for all one. */
function rowWeights(
  { rows, labels, weights }: FitInput,
  parameters: ForestParameters,
  nClasses: number,
): Float64Array | null {
  if (parameters.classWeights === 'none' || nClasses === 0)
    return weights ? Float64Array.from(rows, (row) => weights[row] as number) : null
  const balanced = balancedWeights({ rows, labels, weights }, nClasses)
  return Float64Array.from(rows, (row) => balanced[row] as number)
}

function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

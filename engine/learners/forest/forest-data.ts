import { missingBin } from '../../kernels/kernels.ts'
import { balancedWeights } from '../class-weights.ts'
import type { FitInput } from '../learner.ts'
import { binNumbers } from '../tree/bin-numbers.ts'
import {
  type BinningInput,
  binCodes,
  binCount,
  type FeatureBins,
  findBins,
  plainSortingRoom,
} from '../tree/feature-bins.ts'
import { maximumBins } from '../tree/quantile-bins.ts'
import type { ForestParameters } from './forest-parameters.ts'

/** The training rows as every tree of a forest sees them: 0..nRows-1, in the order of the fit's rows. */
export interface ForestData {
  readonly nRows: number
  /** Number of classes, or 0 for regression. */
  readonly nClasses: number
  readonly features: readonly ForestFeature[]
  readonly bins: readonly FeatureBins[]
  /** Class codes. Empty for regression. */
  readonly classes: Uint16Array
  /** Numbers less `centre`. Empty for classification. */
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

/** Bins one feature, in shared memory for threads to read. */
export function binForestFeature(input: BinningInput, feature: number): BinnedFeature {
  const { matrix, rows } = input
  const found = findBins(input, feature, { maxBins: maximumBins }, plainSortingRoom(rows.length))
  const bytes = new Uint8Array(new SharedArrayBuffer(rows.length))
  const column = matrix.columns[feature] as Float32Array
  if (found.kind === 'numeric') binNumbers(column, rows, found.thresholds, bytes)
  else binCodes(column, rows, found, bytes, 0, 1)
  return {
    found,
    feature: { kind: found.kind, nBins: binCount(found), hasMissing: bytes.includes(missingBin), bins: bytes },
  }
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
    classes: task === 'regression' ? new Uint16Array(0) : Uint16Array.from(labels),
    targets: task === 'regression' ? labels.map((label) => label - centre) : new Float64Array(0),
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

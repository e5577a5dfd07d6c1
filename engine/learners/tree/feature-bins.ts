import { missingBin } from '../../kernels/kernels.ts'
import { randomStream } from '../../random.ts'
import type { FitInput } from '../learner.ts'
import { binCategories, type CategoryBins, maximumCategoryBins } from './category-bins.ts'
import { maximumBins, type NumericBins, quantileThresholds, sampleColumn } from './quantile-bins.ts'

/** What binning needs of a fit. */
export type BinningInput = Pick<FitInput, 'matrix' | 'rows' | 'seed' | 'kernels'>

/** How the values of one feature become bins. */
export type FeatureBins = ({ readonly kind: 'numeric' } & NumericBins) | ({ readonly kind: 'codes' } & CategoryBins)

/** Room for the sample of a column, and how to sort the first `count` of it: by the kernels or by their twin. */
export interface SortingRoom {
  readonly values: Float32Array
  sort(count: number): void
}

/** How many bins a feature may have, and how few rows a bin of numbers; by default one. */
export interface BinLimits {
  readonly maxBins: number
  readonly minRowsInBin?: number
}

/** Bins of one feature, learned from `rows` only. */
export function findBins(
  { matrix, rows, seed }: BinningInput,
  feature: number,
  { maxBins, minRowsInBin = 1 }: BinLimits,
  room: SortingRoom,
): FeatureBins {
  const description = matrix.features[feature]
  const column = matrix.columns[feature]
  if (!description || !column) throw new RangeError(`The matrix has no feature ${feature}`)
  if (description.kind === 'codes') {
    const most = Math.min(maxBins, maximumCategoryBins)
    return { kind: 'codes', ...binCategories(column, rows, description.cardinality, most) }
  }
  const count = sampleColumn(column, rows, () => randomStream(seed, feature), room.values)
  room.sort(count)
  return {
    kind: 'numeric',
    thresholds: quantileThresholds(room.values.subarray(0, count), Math.min(maxBins, maximumBins), minRowsInBin),
  }
}

export function binCount(bins: FeatureBins): number {
  return bins.kind === 'numeric' ? bins.thresholds.length + 1 : bins.nBins
}

/**
 * A cut between the last bin that the left side has and the first that the right side has: bins between them are empty
 * in the node, and rows to come are best parted in the middle of the gap. Missing alone on the right (255): no gap.
 */
export function middleCut(lastLeft: number, firstRight: number): number {
  return firstRight >= missingBin ? lastLeft : (lastLeft + firstRight - 1) >> 1
}

/** The border after bin `bin`: infinite after the last one, where only missing values remain. */
export function thresholdAfter(bins: NumericBins, bin: number): number {
  return bins.thresholds[bin] ?? Number.POSITIVE_INFINITY
}

/** The codes that go left, 32 a word, where those of the marked bins do. */
export function codesOfBins(bins: CategoryBins, goesLeft: (bin: number) => boolean): Uint32Array {
  const words = new Uint32Array(Math.ceil(bins.binOfCode.length / 32))
  for (const [code, bin] of bins.binOfCode.entries()) {
    if (goesLeft(bin)) words[code >>> 5] = (words[code >>> 5] as number) | (1 << (code & 31))
  }
  return words
}

/** Bins of codes, one every `stride` bytes of `out`; gives whether any is missing. */
export function binCodes(
  column: Float32Array,
  rows: Int32Array,
  bins: CategoryBins,
  out: Uint8Array,
  first: number,
  stride: number,
): boolean {
  let missing = false
  for (let i = 0, to = first; i < rows.length; i++, to += stride) {
    const code = column[rows[i] as number] as number
    // Not looked up where it is NaN: that is a slow way to be told that there is no such bin.
    const bin = code >= 0 ? bins.binOfCode[code] : undefined
    if (bin === undefined) missing = true
    out[to] = bin ?? missingBin
  }
  return missing
}

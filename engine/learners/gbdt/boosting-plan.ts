import { type AddressAllocator, createAllocator } from '../../kernels/kernel-space.ts'
import {
  categoryRules,
  categoryScratchBytes,
  histogramBytes,
  lossBlock,
  sortScratchBytes,
  splitRecord,
  treeNode,
} from '../../kernels/kernels.ts'
import { barrierBytes } from '../../kernels/team.ts'
import type { FeatureMatrix } from '../../preprocess/feature-matrix.ts'
import { sampleLength } from '../tree/quantile-bins.ts'
import type { BoostingParameters, RegressionObjective } from './boosting-parameters.ts'

export type BoostingLoss = 'logistic' | 'softmax' | RegressionObjective

/** What a fit is about, as plain data that every thread gets. */
export interface BoostingProblem {
  readonly loss: BoostingLoss
  /** Trees an iteration: the number of classes for softmax, else 1. */
  readonly nOutputs: number
  readonly parameters: BoostingParameters
  readonly matrix: FeatureMatrix
  readonly rows: Int32Array
  readonly validationRows: Int32Array | null
  readonly weighted: boolean
  /** Of each feature: 1 where the score may only rise with it, -1 where it may only fall, else 0. Null: none is bound. */
  readonly monotone: Int8Array | null
  /** Keep the trees after the lowest validation loss too. */
  readonly keepsAll: boolean
  readonly seed: number
  readonly nThreads: number
}

/** A problem and where everything lies in the shared memory. */
export interface BoostingPlan extends BoostingProblem {
  readonly layout: BoostingLayout
}

export interface BoostingLayout {
  /** Bytes of memory needed. */
  readonly size: number
  /** Most leaves that a tree can have: fewer than asked for where there are fewer rows, or too many features. */
  readonly maxLeaves: number
  /** Features that a tree uses. */
  readonly nActive: number
  /** Trees work on records that are made for each of them, since not all rows or features take part. */
  readonly extracts: boolean
  /** Bytes of a row of bins. */
  readonly binStride: number
  /** Bytes of the bins in a record, and of the record. */
  readonly recordBinBytes: number
  readonly recordBytes: number
  readonly addresses: BoostingAddresses
}

interface BoostingAddresses {
  readonly barrier: number
  /** See `control`. */
  readonly control: number
  /** Rows of each thread's fragment that went left, an int32 a thread. */
  readonly counts: number
  /** Their weights, a float64 a thread. */
  readonly weightSums: number
  /** Of all features: 256 float64 borders each; bins (int32); flags (bytes); bin of each code (bytes) or 0. */
  readonly thresholds: number
  readonly binCounts: number
  readonly flags: number
  readonly codeTables: readonly number[]
  readonly bins: number
  readonly training: RowAddresses
  readonly pairs: number
  readonly validationBins: number
  readonly validation: RowAddresses
  /** Sums of the validation loss, a float64 a chunk. */
  readonly chunkLosses: number
  /** uint32 row numbers of the iteration's sample. */
  readonly sample: number
  readonly records: readonly [number, number]
  readonly histograms: number
  /** Best split of each slot and thread: a `splitRecord` each. */
  readonly splits: number
  /** The leaf of each training row in the tree at hand: a uint16 each. */
  readonly marks: number
  /** Values of a tree's leaves, where they are found by several threads: a float64 each. */
  readonly leafValues: number
  readonly threads: readonly ThreadAddresses[]
}

interface RowAddresses {
  readonly scores: number
  readonly labels: number
  /** 0: all one. */
  readonly weights: number
  readonly lossBlock: number
}

/** What each thread keeps for itself. */
export interface ThreadAddresses {
  readonly table: number
  readonly binCounts: number
  readonly flags: number
  readonly columns: number
  /** What is told of a leaf where categories are searched, and what searching them needs. */
  readonly rules: number
  readonly categories: number
  /** Values of the leaves of the tree at hand: a float64 each. */
  readonly leafValues: number
  readonly nodes: number
  /** float32 values of a column on their way into bins, and what sorting a sample of them needs. */
  readonly column: number
  readonly sorting: number
}

/** Offsets in the control block: int32 each, then a float64. */
export const control = { stopRequested: 0, stopLatched: 4, iterations: 8, sampleSize: 12, loss: 16, bytes: 64 } as const

/** Rows whose validation loss is summed together, so that the sum does not depend on the number of threads. */
export const lossChunkRows = 4096

/** Bytes that histograms may take: 1,000 leaves of 250 features, or 24 leaves of 10,000. */
const histogramBudget = 2 ** 30

export function planBoosting(problem: BoostingProblem): BoostingPlan {
  const { parameters, matrix, nOutputs, nThreads } = problem
  const nRows = problem.rows.length
  const nFeatures = matrix.columns.length
  const nActive = Math.max(1, Math.round(nFeatures * parameters.featureFraction))
  const extracts = nActive < nFeatures || parameters.rowFraction < 1
  const binStride = roundUp(nFeatures, 4)
  const recordBinBytes = extracts ? roundUp(nActive, 4) : binStride
  const recordBytes = roundUp(recordBinBytes + 12, 8)
  const mostHistograms = Math.floor(histogramBudget / (nActive * histogramBytes))
  const maxLeaves = Math.max(2, Math.min(parameters.maxLeaves, nRows, mostHistograms - 1))
  const allocator = createAllocator()
  const allocate = allocator.allocate
  const nValidation = problem.validationRows?.length ?? 0
  const addresses: BoostingAddresses = {
    barrier: allocate(barrierBytes),
    control: allocate(control.bytes),
    counts: allocate(4 * nThreads),
    weightSums: allocate(8 * nThreads),
    thresholds: allocate(2048 * nFeatures),
    binCounts: allocate(4 * nFeatures),
    flags: allocate(nFeatures),
    codeTables: matrix.features.map((feature) => (feature.kind === 'codes' ? allocate(feature.cardinality) : 0)),
    bins: allocate(nRows * binStride),
    training: allocateRows(allocator, nRows, problem),
    pairs: allocate(8 * nRows * nOutputs),
    validationBins: allocate(nValidation * binStride),
    validation: allocateRows(allocator, nValidation, problem),
    chunkLosses: allocate(8 * Math.ceil(nValidation / lossChunkRows)),
    sample: allocate(extracts ? 4 * nRows : 0),
    records: [allocate(nRows * recordBytes), allocate(nRows * recordBytes)],
    histograms: allocate((maxLeaves + 1) * nActive * histogramBytes),
    splits: allocate(splitRecord.bytes * (maxLeaves + 1) * nThreads),
    marks: allocate(parameters.rowFraction === 1 ? 2 * nRows : 0),
    leafValues: allocate(8 * maxLeaves),
    threads: Array.from({ length: nThreads }, () => ({
      table: allocate(256),
      binCounts: allocate(4 * nActive),
      flags: allocate(nActive),
      columns: allocate(4 * nActive),
      rules: allocate(categoryRules.bytes),
      categories: allocate(categoryScratchBytes),
      leafValues: allocate(8 * maxLeaves),
      nodes: allocate(treeNode.bytes * 2 * maxLeaves),
      column: allocate(4 * Math.max(sampleLength(nRows), binningRows(binStride))),
      sorting: allocate(4 * sampleLength(nRows) + sortScratchBytes),
    })),
  }
  const layout = { maxLeaves, nActive, extracts, binStride, recordBinBytes, recordBytes, addresses }
  return { ...problem, layout: { ...layout, size: allocator.top() } }
}

/**
 * Rows that are binned together, feature after feature: few enough for their bins to stay in the cache, since each feature
 * writes one byte of every row.
 */
export function binningRows(binStride: number): number {
  return Math.max(256, Math.min(8192, Math.floor(131_072 / binStride)))
}

/** Losses over numbers rather than class codes. */
export function isRegression(loss: BoostingLoss): loss is RegressionObjective {
  return loss !== 'logistic' && loss !== 'softmax'
}

function allocateRows(
  { allocate }: AddressAllocator,
  nRows: number,
  { loss, nOutputs, weighted }: BoostingProblem,
): RowAddresses {
  return {
    scores: allocate(8 * nRows * nOutputs),
    labels: allocate((isRegression(loss) ? 8 : 4) * nRows),
    weights: weighted ? allocate(4 * nRows) : 0,
    lossBlock: allocate(lossBlock.bytes),
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

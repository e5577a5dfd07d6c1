import type { Column } from '../frame/frame.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Hierarchy } from './hierarchy.ts'

export type ExplanationMethod = 'tree' | 'interventional' | 'linear' | 'exact' | 'sampling' | 'lime'

/** Rows of a table to explain, and what they are explained against. Columns are those of the pipeline's inputs, in order. */
export interface ExplainRequest {
  readonly pipeline: Pipeline
  readonly columns: readonly Column[]
  readonly rows: Int32Array
  readonly background: { readonly columns: readonly Column[]; readonly rows: Int32Array }
  readonly method: 'auto' | ExplanationMethod
  /** `raw`: the score before the link, where the pipeline has one; `probability`: what is predicted. */
  readonly output: 'raw' | 'probability'
  readonly seed: number
  /** Rounds of permutation sampling; see `sampleCoalitions`. */
  readonly rounds?: number
  /** Of the sampling; see `sampleCoalitions`. */
  readonly tolerance?: number
  /**
   * Groups of columns that share credit among themselves first: Owen values of what is predicted, by all coalitions or by
   * sampling. Default: none, Shapley values.
   */
  readonly hierarchy?: Hierarchy
  /**
   * Linear models: columns go together as the background's covariance says, rather than being held independent. Default
   * false.
   */
  readonly correlated?: boolean
  readonly shouldStop?: () => boolean
  readonly onProgress?: (fraction: number) => void
}

/** Players are the pipeline's inputs: what encoders make of one column shares that column's credit. */
export interface Attributions {
  readonly method: ExplanationMethod
  /** Whether the values are Shapley values up to rounding. */
  readonly exact: boolean
  readonly output: 'raw' | 'probability'
  /** 1 for binary (class 1) and regression, else one a class. */
  readonly nOutputs: number
  readonly nPlayers: number
  /** [(i * nOutputs + k) * nPlayers + p] */
  readonly values: Float64Array
  readonly baseValues: Float64Array
  /** What is explained: [i * nOutputs + k]. */
  readonly scores: Float64Array
  readonly standardErrors: Float64Array | null
  /** LIME only: rank agreement between repeats, a row. */
  readonly stability: Float64Array | null
  /** LIME only: how the local models were made. */
  readonly lime?: { readonly kernelWidth: number; readonly repeats: number; readonly samples: number }
  /** Largest |base + Σ values - score|: rounding, but for LIME, which does not promise to add up. */
  readonly maxAbsError: number
}

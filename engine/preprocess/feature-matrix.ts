/** What the learners see: float32 columns in shared memory, NaN where a value is missing. */
export interface FeatureMatrix {
  readonly nRows: number
  readonly features: readonly FeatureDescription[]
  /** One array of nRows a feature. */
  readonly columns: readonly Float32Array[]
}

/** Where a feature comes from, so that attributions are summed back to the column that the user knows. */
export interface FeatureDescription {
  readonly name: string
  /** Index into the pipeline's inputs. */
  readonly input: number
  /** `codes` are small non-negative integers without an order (native categories of the tree learners). */
  readonly kind: 'numeric' | 'codes'
  /** For codes: how many there are; every value is NaN or an integer in 0..cardinality-1. */
  readonly cardinality: number
}

/** Columns of models that were not trained here may be doubles. */
export type FeatureValues = Float32Array | Float64Array

/** As a FeatureMatrix, for what only reads it: predictions and explanations. */
export interface NumberMatrix {
  readonly nRows: number
  readonly features: readonly FeatureDescription[]
  readonly columns: readonly FeatureValues[]
}

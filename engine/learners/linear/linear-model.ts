import type { Link } from '../tree/tree-ensemble.ts'

/** scores[k] = intercept[k] + Σ_j weights[k * nFeatures + j] · x[j], in float64 over float32 features, summed in feature order. */
export interface LinearModel {
  readonly kind: 'linear'
  readonly nFeatures: number
  /** 1 for regression and binary, the number of classes for multinomial. */
  readonly nOutputs: number
  readonly link: Link
  readonly weights: Float64Array
  readonly intercept: Float64Array
}

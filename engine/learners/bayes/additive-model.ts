import type { Link } from '../tree/tree-ensemble.ts'

/**
 * scores[k] = intercept[k] + Σ term(x)[k], added in the terms' order, in float64 over float32 features. A missing value
 * adds nothing. Several terms may read one feature.
 */
export interface AdditiveModel {
  readonly kind: 'additive'
  readonly nFeatures: number
  readonly nOutputs: number
  readonly link: Link
  readonly intercept: Float64Array
  readonly terms: readonly AdditiveTerm[]
}

export type AdditiveTerm = SquareTerm | StepTerm | TableTerm

/** constants[k] + factors[k] · (x - centres[k])². */
export interface SquareTerm {
  readonly shape: 'square'
  readonly feature: number
  readonly centres: Float64Array
  readonly factors: Float64Array
  readonly constants: Float64Array
}

/** above[k] where x is greater than the threshold, else below[k]. */
export interface StepTerm {
  readonly shape: 'step'
  readonly feature: number
  readonly threshold: number
  readonly below: Float64Array
  readonly above: Float64Array
}

/** values[code · nOutputs + k] of the feature's code. */
export interface TableTerm {
  readonly shape: 'table'
  readonly feature: number
  readonly cardinality: number
  readonly values: Float64Array
}

/** What a term adds to output k where its feature is x, in the order of operations that the ONNX file has too. */
export function termValue(term: AdditiveTerm, x: number, k: number, nOutputs: number): number {
  if (Number.isNaN(x)) return 0
  switch (term.shape) {
    case 'square': {
      const away = x - (term.centres[k] as number)
      return (term.factors[k] as number) * (away * away) + (term.constants[k] as number)
    }
    case 'step':
      return (x > term.threshold ? term.above[k] : term.below[k]) as number
    case 'table':
      return term.values[x * nOutputs + k] as number
  }
}

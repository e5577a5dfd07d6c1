import type { FeatureMatrix } from '../../preprocess/feature-matrix.ts'
import { type AdditiveModel, termValue } from './additive-model.ts'

/** Scores n × nOutputs. */
export function predictAdditive({ nOutputs, intercept, terms }: AdditiveModel, matrix: FeatureMatrix): Float64Array {
  const scores = new Float64Array(matrix.nRows * nOutputs)
  for (let i = 0; i < matrix.nRows; i++) scores.set(intercept, i * nOutputs)
  for (const term of terms) {
    const column = matrix.columns[term.feature] as Float32Array
    for (let i = 0; i < matrix.nRows; i++) {
      for (let k = 0; k < nOutputs; k++) {
        const at = i * nOutputs + k
        scores[at] = (scores[at] as number) + termValue(term, column[i] as number, k, nOutputs)
      }
    }
  }
  return scores
}

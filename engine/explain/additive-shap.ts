import { type AdditiveModel, termValue } from '../learners/bayes/additive-model.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'

/**
 * Exact Shapley values of an additive model's scores: what a player's terms add, less what they add on the average of
 * the background. Values nRows × nOutputs × nPlayers.
 */
export function additiveShap(
  { nOutputs, terms }: AdditiveModel,
  matrix: FeatureMatrix,
  background: FeatureMatrix,
  playerOf: Int32Array,
  nPlayers: number,
): Float64Array {
  const values = new Float64Array(matrix.nRows * nOutputs * nPlayers)
  for (const term of terms) {
    const own = matrix.columns[term.feature] as Float32Array
    const others = background.columns[term.feature] as Float32Array
    const player = playerOf[term.feature] as number
    for (let k = 0; k < nOutputs; k++) {
      let mean = 0
      for (let i = 0; i < background.nRows; i++) {
        mean += termValue(term, others[i] as number, k, nOutputs) / background.nRows
      }
      for (let i = 0; i < matrix.nRows; i++) {
        const at = (i * nOutputs + k) * nPlayers + player
        values[at] = (values[at] as number) + termValue(term, own[i] as number, k, nOutputs) - mean
      }
    }
  }
  return values
}

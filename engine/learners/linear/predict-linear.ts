import type { FeatureValues, NumberMatrix } from '../../preprocess/feature-matrix.ts'
import type { LinearModel } from './linear-model.ts'

/** Scores n × nOutputs: intercept plus weights times features, added in feature order. */
export function predictLinear(model: LinearModel, matrix: NumberMatrix): Float64Array {
  const { nFeatures, nOutputs } = model
  const scores = new Float64Array(matrix.nRows * nOutputs)
  for (let k = 0; k < nOutputs; k++) {
    const intercept = model.intercept[k] as number
    for (let i = 0; i < matrix.nRows; i++) scores[i * nOutputs + k] = intercept
    for (let j = 0; j < nFeatures; j++) {
      const weight = model.weights[k * nFeatures + j] as number
      if (weight === 0) continue
      const column = matrix.columns[j] as FeatureValues
      for (let i = 0; i < matrix.nRows; i++) {
        const at = i * nOutputs + k
        scores[at] = (scores[at] as number) + weight * (column[i] as number)
      }
    }
  }
  return scores
}

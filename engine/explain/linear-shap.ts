import type { LinearModel } from '../learners/linear/linear-model.ts'
import type { FeatureValues, NumberMatrix } from '../preprocess/feature-matrix.ts'

/**
 * Closed form for a linear score with independent features (Štrumbelj & Kononenko 2014): the share of feature j is
 * w_j (x_j - mean of x_j over the background), summed over the features of a player. In the layout of `treeShap`;
 * the values add up to score - mean background score exactly, whatever the features' dependence.
 */
export function linearShap(
  model: LinearModel,
  matrix: NumberMatrix,
  background: NumberMatrix,
  playerOf: Int32Array,
  nPlayers: number,
): Float64Array {
  const out = new Float64Array(matrix.nRows * model.nOutputs * nPlayers)
  for (let feature = 0; feature < model.nFeatures; feature++) {
    const column = matrix.columns[feature] as FeatureValues
    const mean = meanOf(background.columns[feature] as FeatureValues)
    const player = playerOf[feature] as number
    for (let k = 0; k < model.nOutputs; k++) {
      const weight = model.weights[k * model.nFeatures + feature] as number
      if (weight === 0) continue
      for (let i = 0; i < matrix.nRows; i++) {
        const at = (i * model.nOutputs + k) * nPlayers + player
        out[at] = (out[at] as number) + weight * ((column[i] as number) - mean)
      }
    }
  }
  return out
}

function meanOf(column: FeatureValues): number {
  let sum = 0
  for (const value of column) sum += value
  return sum / column.length
}

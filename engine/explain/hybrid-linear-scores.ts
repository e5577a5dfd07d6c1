import type { LinearModel } from '../learners/linear/linear-model.ts'
import type { FeatureValues, NumberMatrix } from '../preprocess/feature-matrix.ts'
import type { HybridScores } from './hybrid-scores.ts'

/**
 * Each player adds its own terms or the background's. They are added up and never taken off again, so that a term of
 * 10^38 in one of the two rows leaves no error in the coalitions without it.
 */
export function hybridLinearScores(
  model: LinearModel,
  rows: NumberMatrix,
  background: NumberMatrix,
  nPlayers: number,
): HybridScores {
  const { nFeatures, nOutputs, weights, intercept } = model
  // [player * nOutputs + k]
  const own = new Float64Array(nPlayers * nOutputs)
  const others = new Float64Array(nPlayers * nOutputs)
  const load = (row: number, other: number) => {
    own.fill(0)
    others.fill(0)
    for (let j = 0; j < nFeatures; j++) {
      const ownValue = (rows.columns[j] as FeatureValues)[row] as number
      const otherValue = (background.columns[j] as FeatureValues)[other] as number
      const from = (rows.features[j]?.input as number) * nOutputs
      for (let k = 0; k < nOutputs; k++) {
        const weight = weights[k * nFeatures + j] as number
        // As in scoring: a feature without weight adds nothing, whatever its value.
        if (weight === 0) continue
        own[from + k] = (own[from + k] as number) + weight * ownValue
        others[from + k] = (others[from + k] as number) + weight * otherValue
      }
    }
  }
  return {
    ofAllCoalitions(row, other, players) {
      load(row, other)
      const scores = new Float64Array(nOutputs << players.length)
      scores.set(intercept)
      let known = nOutputs
      let next = 0
      for (let player = 0; player < nPlayers; player++) {
        const differs = players[next] === player
        for (let at = 0; at < known; at++) {
          const from = player * nOutputs + (at % nOutputs)
          const without = scores[at] as number
          if (differs) scores[known + at] = without + (own[from] as number)
          scores[at] = without + (others[from] as number)
        }
        if (!differs) continue
        known *= 2
        next += 1
      }
      return scores
    },
    alongOrder(row, other, position) {
      load(row, other)
      const scores = new Float64Array((nPlayers + 1) * nOutputs)
      for (let step = 0; step <= nPlayers; step++) {
        scores.set(intercept, step * nOutputs)
        for (let player = 0; player < nPlayers; player++) {
          const terms = (position[player] as number) < step ? own : others
          for (let k = 0; k < nOutputs; k++) {
            const at = step * nOutputs + k
            scores[at] = (scores[at] as number) + (terms[player * nOutputs + k] as number)
          }
        }
      }
      return scores
    },
  }
}

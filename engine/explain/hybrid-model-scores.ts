import type { FittedModel } from '../pipeline/pipeline.ts'
import { scoreModel } from '../pipeline/predict-pipeline.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import type { HybridScores } from './hybrid-scores.ts'

/** Any model, by scoring the hybrids: nothing of a neighbourhood or a network can be shared between them. */
export function hybridModelScores(
  model: FittedModel,
  rows: FeatureMatrix,
  background: FeatureMatrix,
  nPlayers: number,
): HybridScores {
  const score = (row: number, other: number, count: number, isOwn: (hybrid: number, player: number) => boolean) => {
    const columns = rows.features.map(({ input }, index) => {
      const own = rows.columns[index]?.[row] as number
      const others = background.columns[index]?.[other] as number
      return Float32Array.from({ length: count }, (_, hybrid) => (isOwn(hybrid, input) ? own : others))
    })
    return scoreModel(model, { nRows: count, features: rows.features, columns })
  }
  return {
    ofAllCoalitions(row, other, players) {
      const bitOf = new Int32Array(nPlayers)
      for (const [at, player] of players.entries()) bitOf[player] = 1 << at
      return score(row, other, 1 << players.length, (mask, player) => (mask & (bitOf[player] as number)) !== 0)
    },
    alongOrder: (row, other, position) =>
      score(row, other, nPlayers + 1, (step, player) => (position[player] as number) < step),
  }
}

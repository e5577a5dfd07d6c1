import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { NumberMatrix } from '../preprocess/feature-matrix.ts'
import { LeafGame } from './leaf-game.ts'
import type { LeafPaths } from './leaf-paths.ts'
import { leafPathsOf } from './leaf-paths.ts'
import type { LeafSolution } from './leaf-solution.ts'
import { sumLeafSolutions } from './sum-leaf-solutions.ts'
import type { TreeShapOptions } from './tree-shap.ts'

/**
 * Exact Shapley interaction values of the raw scores (Fujimoto et al. 2006; Lundberg et al. 2020), path-dependent: the
 * game of `treeShap`. Gives a symmetric matrix a row and output, `values[((i * nOutputs + k) * nPlayers + p) * nPlayers + q]`
 * with i counted from `from`: beside the diagonal each of the two players' halves of what they do only together, on it
 * what is left of the player's own value; a matrix's row adds up to that value. Takes nPlayers² doubles a row and output.
 */
export function treeInteractions(
  model: TreeEnsemble,
  matrix: NumberMatrix,
  options: TreeShapOptions = {},
): Float64Array {
  const paths = options.paths ?? leafPathsOf(model, options.playerOf)
  const range = { from: options.from ?? 0, to: options.to ?? matrix.nRows }
  const values = sumLeafSolutions(model, paths, matrix, range, interactionValues(paths))
  const size = paths.nPlayers
  for (let at = 0; at < values.length; at += size * size) completeMatrix(values, at, size)
  return values
}

/** From values on the diagonal and pairs above it to the whole matrix. */
function completeMatrix(values: Float64Array, at: number, size: number): void {
  for (let p = 0; p < size; p++) {
    let together = 0
    for (let q = 0; q < size; q++) {
      if (q < p) values[at + p * size + q] = values[at + q * size + p] as number
      if (q !== p) together += values[at + p * size + q] as number
    }
    values[at + p * size + p] = (values[at + p * size + p] as number) - together
  }
}

/**
 * A leaf's game without one of its players is a product again, so the share of a pair is the value of the one in the game
 * without the other, times what the other changes. O(K³).
 */
function interactionValues(paths: LeafPaths): LeafSolution {
  const game = new LeafGame(paths.maxPlayers)
  const others = new Uint8Array(paths.maxPlayers)
  const zeros = new Float64Array(paths.maxPlayers)
  const values = new Float64Array(paths.maxPlayers)
  return {
    nColumns: paths.nPlayers * paths.nPlayers,
    columnsOf: (leaf) => pairColumns(paths.players.subarray(paths.leafStart[leaf], paths.leafStart[leaf + 1]), paths),
    solve: (leaf, refusing, _mask, out, at) => {
      const first = paths.leafStart[leaf] as number
      const nPlayers = (paths.leafStart[leaf + 1] as number) - first
      game.solve(refusing, paths.zeroFractions, first, nPlayers, out, at)
      let to = at + nPlayers
      for (let j = 1; j < nPlayers; j++) {
        for (let i = 0, other = 0; i < nPlayers; i++) {
          if (i === j) continue
          others[other] = refusing[i] as number
          zeros[other++] = paths.zeroFractions[first + i] as number
        }
        const change = ((refusing[j] === 1 ? 0 : 1) - (paths.zeroFractions[first + j] as number)) / 2
        if (change !== 0) game.solve(others, zeros, 0, nPlayers - 1, values, 0)
        for (let i = 0; i < j; i++) out[to++] = change === 0 ? 0 : change * (values[i] as number)
      }
    },
  }
}

/** Columns of the diagonal, then of each pair above it. */
function pairColumns(players: Int32Array, { nPlayers }: LeafPaths): Int32Array {
  const columns: number[] = Array.from(players, (player) => player * nPlayers + player)
  for (const [j, q] of players.entries()) {
    for (const p of players.subarray(0, j)) columns.push(Math.min(p, q) * nPlayers + Math.max(p, q))
  }
  return Int32Array.from(columns)
}

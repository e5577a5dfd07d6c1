import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { NumberMatrix } from '../preprocess/feature-matrix.ts'
import { LeafGame } from './leaf-game.ts'
import type { LeafPaths } from './leaf-paths.ts'
import { leafPathsOf } from './leaf-paths.ts'
import type { LeafSolution } from './leaf-solution.ts'
import type { TreeMemory } from './sum-few-rows.ts'
import { sumLeafSolutions } from './sum-leaf-solutions.ts'

/** Which rows to explain, and what shares the credit. */
export interface TreeShapOptions {
  /** Player of each feature, e.g. its raw column; default: each feature is a player. */
  readonly playerOf?: Int32Array
  /** Paths of the model where they are at hand; they must have been built with the same players. */
  readonly paths?: LeafPaths
  /** First row of the matrix; default 0. */
  readonly from?: number
  /** One past the last row; default all. */
  readonly to?: number
}

/**
 * Exact path-dependent TreeSHAP. Gives attributions of the raw scores,
 * `values[(i * nOutputs + k) * nPlayers + p]` with i counted from `from`; they add up to score - expectedScores.
 * The game: v(S) is the expectation of the score when only the players in S are known, by the trees' own cover counts.
 * A leaf's values depend only on which players of its path refuse, so they are solved once for all rows that are alike
 * in that (`sum-leaf-solutions.ts`).
 */
export function treeShap(model: TreeEnsemble, matrix: NumberMatrix, options: TreeShapOptions = {}): Float64Array {
  const paths = options.paths ?? leafPathsOf(model, options.playerOf)
  const range = { from: options.from ?? 0, to: options.to ?? matrix.nRows }
  const memory = memories.get(paths) ?? { trees: [] }
  memories.set(paths, memory)
  return sumLeafSolutions(model, paths, matrix, range, pathDependentValues(paths), memory)
}

const memories = new WeakMap<LeafPaths, TreeMemory>()

function pathDependentValues(paths: LeafPaths): LeafSolution {
  const game = new LeafGame(paths.maxPlayers)
  return {
    nColumns: paths.nPlayers,
    columnsOf: (leaf) => paths.players.subarray(paths.leafStart[leaf], paths.leafStart[leaf + 1]),
    solve: (leaf, refusing, _mask, out, at) => {
      const first = paths.leafStart[leaf] as number
      game.solve(refusing, paths.zeroFractions, first, (paths.leafStart[leaf + 1] as number) - first, out, at)
    },
  }
}

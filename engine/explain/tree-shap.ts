import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { LeafGame } from './leaf-game.ts'
import type { TreeBlock } from './leaf-masks.ts'
import { createTreeBlock, fillTreeBlock, maximumMaskPlayers, refusingPlayers } from './leaf-masks.ts'
import type { LeafPaths } from './leaf-paths.ts'
import { buildLeafPaths } from './leaf-paths.ts'

/** Rows that go through a tree together: enough to reuse the leaves' tables, few enough for the cache. */
const blockRows = 2048

/** Above this many players a table of all masks would be larger than what it saves. */
const tablePlayers = 12

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
 * Exact path-dependent TreeSHAP by leaf masks. Gives attributions of the raw scores,
 * `values[(i * nOutputs + k) * nPlayers + p]` with i counted from `from`; they add up to score - expectedScores.
 * The game: v(S) is the expectation of the score when only the players in S are known, by the trees' own cover counts.
 * A leaf's values depend only on the mask of refusing players, so each (leaf, mask) is solved once and then looked up.
 */
export function treeShap(model: TreeEnsemble, matrix: FeatureMatrix, options: TreeShapOptions = {}): Float64Array {
  const paths = options.paths ?? buildLeafPaths(model, options.playerOf)
  const from = options.from ?? 0
  const to = options.to ?? matrix.nRows
  const width = model.nOutputs * paths.nPlayers
  const out = new Float64Array((to - from) * width)
  const block = createTreeBlock(paths, Math.min(blockRows, Math.max(1, to - from)))
  const leaves = new LeafSolver(paths, block.capacity)
  const sums = new Float64Array(width * block.capacity)
  for (let start = from; start < to; start += block.capacity) {
    const rows = Math.min(block.capacity, to - start)
    sums.fill(0)
    for (let tree = 0; tree < paths.nTrees; tree++) {
      fillTreeBlock(model, paths, tree, matrix, start, rows, block)
      for (let place = 0; place < block.places; place++) {
        const leaf = paths.leaf[block.treeStart + place] as number
        if (leaf < 0 || paths.leafStart[leaf] === paths.leafStart[leaf + 1]) continue
        leaves.solve(block, place, leaf)
        addLeaf(model, paths, leaf, leaves, rows, sums)
      }
    }
    transposeInto(sums, width, rows, out, (start - from) * width)
  }
  return out
}

/** Solves the game of one leaf for all rows of a block; `placeOf[i]` says where row i's values lie in `store`. */
class LeafSolver {
  readonly placeOf: Int32Array
  store = new Float64Array(4096)
  readonly #paths: LeafPaths
  readonly #game: LeafGame
  readonly #table: Int32Array
  readonly #used: number[] = []
  readonly #refusing: Uint8Array
  #top = 0

  constructor(paths: LeafPaths, rows: number) {
    this.#paths = paths
    this.placeOf = new Int32Array(rows)
    this.#game = new LeafGame(paths.maxPlayers)
    this.#table = new Int32Array(1 << Math.min(paths.maxPlayers, tablePlayers)).fill(-1)
    this.#refusing = new Uint8Array(paths.maxPlayers)
  }

  solve(block: TreeBlock, place: number, leaf: number): void {
    const first = this.#paths.leafStart[leaf] as number
    const nPlayers = (this.#paths.leafStart[leaf + 1] as number) - first
    this.#top = 0
    if (nPlayers <= tablePlayers) this.#byTable(block, place, first, nPlayers)
    else if (nPlayers <= maximumMaskPlayers) this.#byMap(block, place, first, nPlayers)
    else this.#byRow(block, place, first, nPlayers)
  }

  #byTable(block: TreeBlock, place: number, first: number, nPlayers: number): void {
    const table = this.#table
    const { refusals, rows } = block
    const at = place * rows
    for (let i = 0; i < rows; i++) {
      const mask = refusals[at + i] as number
      let solved = table[mask] as number
      if (solved < 0) {
        solved = this.#solveMask(mask, first, nPlayers)
        table[mask] = solved
        this.#used.push(mask)
      }
      this.placeOf[i] = solved
    }
    for (const mask of this.#used) table[mask] = -1
    this.#used.length = 0
  }

  #byMap(block: TreeBlock, place: number, first: number, nPlayers: number): void {
    const known = new Map<number, number>()
    const at = place * block.rows
    for (let i = 0; i < block.rows; i++) {
      const mask = block.refusals[at + i] as number
      let solved = known.get(mask)
      if (solved === undefined) {
        solved = this.#solveMask(mask, first, nPlayers)
        known.set(mask, solved)
      }
      this.placeOf[i] = solved
    }
  }

  #byRow(block: TreeBlock, place: number, first: number, nPlayers: number): void {
    for (let i = 0; i < block.rows; i++) {
      refusingPlayers(this.#paths, block, place, i, this.#refusing)
      const at = this.#reserve(nPlayers)
      this.#game.solve(this.#refusing, this.#paths.zeroFractions, first, nPlayers, this.store, at)
      this.placeOf[i] = at
    }
  }

  #solveMask(mask: number, first: number, nPlayers: number): number {
    const at = this.#reserve(nPlayers)
    for (let j = 0; j < nPlayers; j++) this.#refusing[j] = (mask >>> j) & 1
    this.#game.solve(this.#refusing, this.#paths.zeroFractions, first, nPlayers, this.store, at)
    return at
  }

  #reserve(count: number): number {
    const at = this.#top
    this.#top += count
    if (this.#top > this.store.length) {
      const larger = new Float64Array(Math.max(this.store.length * 2, this.#top))
      larger.set(this.store)
      this.store = larger
    }
    return at
  }
}

/** Adds one leaf's values to the sums, player by player, so that the inner loop runs along the rows. */
function addLeaf(
  model: TreeEnsemble,
  paths: LeafPaths,
  leaf: number,
  solved: LeafSolver,
  rows: number,
  sums: Float64Array,
): void {
  const first = paths.leafStart[leaf] as number
  const nPlayers = (paths.leafStart[leaf + 1] as number) - first
  const only = model.treeOutput[paths.leafTree[leaf] as number] as number
  const valueAt = model.leafAt[paths.leafNode[leaf] as number] as number
  const { store, placeOf } = solved
  for (let k = only >= 0 ? only : 0; k < (only >= 0 ? only + 1 : model.nOutputs); k++) {
    const value = model.leafValues[only >= 0 ? valueAt : valueAt + k] as number
    if (value === 0) continue
    for (let j = 0; j < nPlayers; j++) {
      const at = (k * paths.nPlayers + (paths.players[first + j] as number)) * rows
      for (let i = 0; i < rows; i++) {
        sums[at + i] = (sums[at + i] as number) + value * (store[(placeOf[i] as number) + j] as number)
      }
    }
  }
}

/** From one run of rows a player to one run of players a row. */
function transposeInto(sums: Float64Array, width: number, rows: number, out: Float64Array, at: number): void {
  for (let column = 0; column < width; column++) {
    for (let i = 0; i < rows; i++) out[at + i * width + column] = sums[column * rows + i] as number
  }
}

import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import type { TreeBlock } from './leaf-masks.ts'
import { createTreeBlock, fillTreeBlock, maximumMaskPlayers, refusingPlayers } from './leaf-masks.ts'
import type { LeafPaths } from './leaf-paths.ts'
import { buildLeafPaths } from './leaf-paths.ts'
import type { TreeShapOptions } from './tree-shap.ts'

const blockRows = 1024

/**
 * Exact interventional TreeSHAP against the rows of a background, in the layout of `treeShap`; the values add up to
 * score - mean background score. v(S) is the mean score of rows that take the players in S from the explained row and
 * the others from a background row. (Laberge & Pequignot 2022, "Understanding interventional TreeSHAP", for one leaf.)
 * A leaf sees a background row only through its mask, so the background is reduced to counts of masks and its size
 * costs little.
 */
export function interventionalTreeShap(
  model: TreeEnsemble,
  matrix: FeatureMatrix,
  background: FeatureMatrix,
  options: TreeShapOptions = {},
): Float64Array {
  const paths = options.paths ?? buildLeafPaths(model, options.playerOf)
  const from = options.from ?? 0
  const to = options.to ?? matrix.nRows
  const width = model.nOutputs * paths.nPlayers
  const out = new Float64Array((to - from) * width)
  const rowBlock = createTreeBlock(paths, Math.min(blockRows, Math.max(1, to - from)))
  const backgroundBlock = createTreeBlock(paths, background.nRows)
  for (let tree = 0; tree < paths.nTrees; tree++) {
    fillTreeBlock(model, paths, tree, background, 0, background.nRows, backgroundBlock)
    const games = leafGames(model, paths, tree, backgroundBlock)
    for (let start = from; start < to; start += rowBlock.capacity) {
      const rows = Math.min(rowBlock.capacity, to - start)
      fillTreeBlock(model, paths, tree, matrix, start, rows, rowBlock)
      for (const game of games) addLeaf(paths, game, rowBlock, out, (start - from) * width, width)
    }
  }
  return out
}

/** One leaf against the whole background. */
interface LeafAgainstBackground {
  readonly place: number
  readonly first: number
  readonly nPlayers: number
  /** Value of the leaf for each output it adds to. */
  readonly values: readonly (readonly [output: number, value: number])[]
  /** Distinct sets of refusing players in the background, with the share of rows that have them. */
  readonly backgrounds: readonly { readonly refusing: Uint8Array; readonly share: number }[]
  readonly solved: Map<string | number, Float64Array>
}

function leafGames(model: TreeEnsemble, paths: LeafPaths, tree: number, block: TreeBlock): LeafAgainstBackground[] {
  const games: LeafAgainstBackground[] = []
  const refusing = new Uint8Array(paths.maxPlayers)
  for (let place = 0; place < block.places; place++) {
    const leaf = paths.leaf[block.treeStart + place] as number
    if (leaf < 0) continue
    const first = paths.leafStart[leaf] as number
    const nPlayers = (paths.leafStart[leaf + 1] as number) - first
    const counts = new Map<string | number, { refusing: Uint8Array; count: number }>()
    for (let i = 0; i < block.rows; i++) {
      const key = maskKey(paths, block, place, i, nPlayers, refusing)
      const known = counts.get(key)
      if (known) known.count += 1
      else counts.set(key, { refusing: playersOf(key, nPlayers, refusing), count: 1 })
    }
    games.push({
      place,
      first,
      nPlayers,
      values: leafOutputs(model, tree, paths.leafNode[leaf] as number),
      backgrounds: [...counts.values()].map((each) => ({ refusing: each.refusing, share: each.count / block.rows })),
      solved: new Map(),
    })
  }
  return games
}

function leafOutputs(model: TreeEnsemble, tree: number, node: number): (readonly [number, number])[] {
  const only = model.treeOutput[tree] as number
  const at = model.leafAt[node] as number
  if (only >= 0) return [[only, model.leafValues[at] as number]]
  return Array.from({ length: model.nOutputs }, (_, k) => [k, model.leafValues[at + k] as number] as const)
}

/** The mask as a number, or for paths longer than a word the players as a text; `refusing` is left filled for the latter. */
function maskKey(
  paths: LeafPaths,
  block: TreeBlock,
  place: number,
  i: number,
  nPlayers: number,
  refusing: Uint8Array,
): string | number {
  if (nPlayers <= maximumMaskPlayers) return block.refusals[place * block.rows + i] as number
  refusingPlayers(paths, block, place, i, refusing)
  return refusing.subarray(0, nPlayers).join('')
}

function playersOf(key: string | number, nPlayers: number, refusing: Uint8Array): Uint8Array {
  if (typeof key === 'string') return refusing.slice(0, nPlayers)
  return Uint8Array.from({ length: nPlayers }, (_, j) => (key >>> j) & 1)
}

function addLeaf(
  paths: LeafPaths,
  game: LeafAgainstBackground,
  block: TreeBlock,
  out: Float64Array,
  at: number,
  width: number,
): void {
  const refusing = new Uint8Array(paths.maxPlayers)
  for (let i = 0; i < block.rows; i++) {
    const key = maskKey(paths, block, game.place, i, game.nPlayers, refusing)
    let solved = game.solved.get(key)
    if (!solved) {
      solved = solveAgainstBackground(playersOf(key, game.nPlayers, refusing), game)
      game.solved.set(key, solved)
    }
    for (const [output, value] of game.values) {
      const row = at + i * width + output * paths.nPlayers
      for (let j = 0; j < game.nPlayers; j++) {
        const to = row + (paths.players[game.first + j] as number)
        out[to] = (out[to] as number) + value * (solved[j] as number)
      }
    }
  }
}

/**
 * Mean over the background of the two-row game of a leaf worth 1. Players that only the row satisfies (x of them) each
 * get (x-1)! b! / (x+b)!, players that only the background satisfies (b of them) each lose x! (b-1)! / (x+b)!; a player
 * that neither satisfies makes the leaf unreachable.
 */
function solveAgainstBackground(row: Uint8Array, game: LeafAgainstBackground): Float64Array {
  const values = new Float64Array(game.nPlayers)
  for (const { refusing, share } of game.backgrounds) {
    let onlyRow = 0
    let onlyBackground = 0
    let reachable = true
    for (let j = 0; j < game.nPlayers && reachable; j++) {
      if (row[j] === 1) {
        if (refusing[j] === 1) reachable = false
        else onlyBackground += 1
      } else if (refusing[j] === 1) onlyRow += 1
    }
    if (!reachable || onlyRow + onlyBackground === 0) continue
    const gain = onlyRow > 0 ? share * orderShare(onlyRow - 1, onlyBackground) : 0
    const loss = onlyBackground > 0 ? share * orderShare(onlyRow, onlyBackground - 1) : 0
    for (let j = 0; j < game.nPlayers; j++) {
      if (row[j] === refusing[j]) continue
      values[j] = (values[j] as number) + (row[j] === 1 ? -loss : gain)
    }
  }
  return values
}

/** a! b! / (a + b + 1)!: the share of orders in which a given player comes after exactly those a others and before those b. */
function orderShare(a: number, b: number): number {
  let share = 1 / (a + b + 1)
  // a! b! / (a+b)! is 1 over the binomial coefficient.
  for (let i = 1; i <= Math.min(a, b); i++) share *= i / (Math.max(a, b) + i)
  return share
}

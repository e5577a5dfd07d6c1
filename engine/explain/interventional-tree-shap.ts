import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { NumberMatrix } from '../preprocess/feature-matrix.ts'
import type { TreeBlock } from './leaf-masks.ts'
import { createTreeBlock, fillTreeBlock, leafRefusals, maximumMaskPlayers, refusingPlayers } from './leaf-masks.ts'
import type { LeafPaths } from './leaf-paths.ts'
import { leafPathsOf } from './leaf-paths.ts'
import type { LeafSolution } from './leaf-solution.ts'
import type { TreeMemory } from './sum-few-rows.ts'
import { sumLeafSolutions } from './sum-leaf-solutions.ts'
import type { TreeShapOptions } from './tree-shap.ts'

/**
 * Exact interventional TreeSHAP against the rows of a background, in the layout of `treeShap`; the values add up to
 * score - mean background score. v(S) is the mean score of rows that take the players in S from the explained row and
 * the others from a background row. (Laberge & Pequignot 2022, "Understanding interventional TreeSHAP", for one leaf.)
 * A leaf sees a background row only through its mask, so the background is reduced to counts of masks and its size
 * costs little.
 */
export function interventionalTreeShap(
  model: TreeEnsemble,
  matrix: NumberMatrix,
  background: NumberMatrix,
  options: TreeShapOptions = {},
): Float64Array {
  const paths = options.paths ?? leafPathsOf(model, options.playerOf)
  const range = { from: options.from ?? 0, to: options.to ?? matrix.nRows }
  const ofPaths = memories.get(background) ?? new WeakMap<LeafPaths, TreeMemory>()
  memories.set(background, ofPaths)
  const memory = ofPaths.get(paths) ?? { trees: [] }
  ofPaths.set(paths, memory)
  return sumLeafSolutions(model, paths, matrix, range, valuesAgainst(background, model, paths), memory)
}

/** Of a background, and of the paths of a model on it. */
const memories = new WeakMap<NumberMatrix, WeakMap<LeafPaths, TreeMemory>>()

/** Distinct refusals in the background at one leaf, with the share of rows that have them. */
interface LeafBackground {
  readonly shares: Float64Array
  /** Players that refuse, in bits; null where there are too many players. */
  readonly masks: Int32Array | null
  /** The same for any number of players; null where there are masks. */
  readonly refusing: readonly Uint8Array[] | null
}

function valuesAgainst(background: NumberMatrix, model: TreeEnsemble, paths: LeafPaths): LeafSolution {
  const block = createTreeBlock(paths, background.nRows)
  const orderShare = orderShares(paths.maxPlayers)
  const backgrounds = new Map<number, LeafBackground>()
  return {
    nColumns: paths.nPlayers,
    columnsOf: (leaf) => paths.players.subarray(paths.leafStart[leaf], paths.leafStart[leaf + 1]),
    startTree: (tree) => {
      fillTreeBlock(model, paths, tree, background, 0, background.nRows, block)
      backgrounds.clear()
      for (let place = 0; place < block.places; place++) {
        const leaf = paths.leaf[block.treeStart + place] as number
        if (leaf >= 0) backgrounds.set(leaf, reduceBackground(paths, block, place, leaf))
      }
    },
    solve: (leaf, refusing, mask, out, at) => {
      const nPlayers = (paths.leafStart[leaf + 1] as number) - (paths.leafStart[leaf] as number)
      out.fill(0, at, at + nPlayers)
      const known = backgrounds.get(leaf) as LeafBackground
      if (known.masks) solveMasks(mask, nPlayers, known.masks, known.shares, orderShare, out, at)
      else solveLists(refusing, nPlayers, known.refusing ?? [], known.shares, orderShare, out, at)
    },
  }
}

function reduceBackground(paths: LeafPaths, block: TreeBlock, place: number, leaf: number): LeafBackground {
  const nPlayers = (paths.leafStart[leaf + 1] as number) - (paths.leafStart[leaf] as number)
  const short = nPlayers <= maximumMaskPlayers
  const counts = new Map<number | string, number>()
  const lists: Uint8Array[] = []
  const refusing = new Uint8Array(short ? 0 : paths.maxPlayers)
  for (let i = 0; i < block.rows; i++) {
    let key: number | string
    if (short) key = leafRefusals(paths, block, place, i)
    else {
      refusingPlayers(paths, block, place, i, refusing)
      key = refusing.subarray(0, nPlayers).join('')
    }
    const count = counts.get(key)
    if (!short && count === undefined) lists.push(refusing.slice(0, nPlayers))
    counts.set(key, (count ?? 0) + 1)
  }
  const shares = Float64Array.from(counts.values(), (count) => count / block.rows)
  if (short) return { shares, masks: Int32Array.from(counts.keys(), Number), refusing: null }
  return { shares, masks: null, refusing: lists }
}

/**
 * Mean over the background of the two-row game of a leaf worth 1. Players that only the row satisfies (x of them) each
 * get (x-1)! b! / (x+b)!, players that only the background satisfies (b of them) each lose x! (b-1)! / (x+b)!; a player
 * that neither satisfies makes the leaf unreachable.
 */
function solveMasks(
  row: number,
  nPlayers: number,
  masks: Int32Array,
  shares: Float64Array,
  orderShare: readonly Float64Array[],
  out: Float64Array,
  at: number,
): void {
  const onlyBackground = bitCount(row)
  let loss = 0
  for (let m = 0; m < masks.length; m++) {
    const other = masks[m] as number
    if ((row & other) !== 0) continue
    const onlyRow = bitCount(other)
    const share = shares[m] as number
    if (onlyBackground > 0) loss += share * (orderShare[onlyRow]?.[onlyBackground - 1] as number)
    if (onlyRow === 0) continue
    const gain = share * (orderShare[onlyRow - 1]?.[onlyBackground] as number)
    for (let rest = other; rest !== 0; rest &= rest - 1) {
      const to = at + 31 - Math.clz32(rest & -rest)
      out[to] = (out[to] as number) + gain
    }
  }
  for (let j = 0; j < nPlayers; j++) if ((row >>> j) & 1) out[at + j] = -loss
}

/** As `solveMasks`, for paths with more players than a word has bits. */
function solveLists(
  row: Uint8Array,
  nPlayers: number,
  lists: readonly Uint8Array[],
  shares: Float64Array,
  orderShare: readonly Float64Array[],
  out: Float64Array,
  at: number,
): void {
  for (const [m, other] of lists.entries()) {
    let onlyRow = 0
    let onlyBackground = 0
    let reachable = true
    for (let j = 0; j < nPlayers && reachable; j++) {
      if (row[j] === 1 && other[j] === 1) reachable = false
      onlyBackground += row[j] as number
      onlyRow += other[j] as number
    }
    if (!reachable || onlyRow + onlyBackground === 0) continue
    const share = shares[m] as number
    const gain = onlyRow > 0 ? share * (orderShare[onlyRow - 1]?.[onlyBackground] as number) : 0
    const loss = onlyBackground > 0 ? share * (orderShare[onlyRow]?.[onlyBackground - 1] as number) : 0
    for (let j = 0; j < nPlayers; j++) {
      if (row[j] !== other[j]) out[at + j] = (out[at + j] as number) + (row[j] === 1 ? -loss : gain)
    }
  }
}

function bitCount(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** [a][b]: a! b! / (a + b + 1)!, the share of orders in which a given player comes after exactly those a and before those b. */
function orderShares(most: number): Float64Array[] {
  return Array.from({ length: most + 1 }, (_, a) =>
    Float64Array.from({ length: most + 1 }, (_share, b) => {
      let share = 1 / (a + b + 1)
      // a! b! / (a+b)! is 1 over the binomial coefficient.
      for (let i = 1; i <= Math.min(a, b); i++) share *= i / (Math.max(a, b) + i)
      return share
    }),
  )
}

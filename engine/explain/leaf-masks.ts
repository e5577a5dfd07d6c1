import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { FeatureValues, NumberMatrix } from '../preprocess/feature-matrix.ts'
import type { LeafPaths } from './leaf-paths.ts'

/** Paths with more players than this have no mask in one 32-bit word; `refusingPlayers` answers for them row by row. */
export const maximumMaskPlayers = 30

/**
 * One tree and a block of rows: which players of each path say no. `refusals[place * rows + i]` has bit b set when
 * player b of the path to that inner node sends row i elsewhere; `leafRefusals` answers for leaves. Paths share what they
 * have in common, so it costs one operation an inner node and row.
 */
export interface TreeBlock {
  /** Most rows that fit. */
  readonly capacity: number
  /** Rows in it now. */
  rows: number
  /** First place of the tree in the paths' arrays, and how many it has. */
  treeStart: number
  places: number
  readonly refusals: Int32Array
  /** 1 where the row goes left, for each place; meaningless in leaves. */
  readonly goesLeft: Uint8Array
}

export function createTreeBlock(paths: LeafPaths, capacity: number): TreeBlock {
  let places = 0
  for (let tree = 0; tree < paths.nTrees; tree++) {
    places = Math.max(places, (paths.nodeStart[tree + 1] as number) - (paths.nodeStart[tree] as number))
  }
  return {
    capacity,
    rows: 0,
    treeStart: 0,
    places: 0,
    refusals: new Int32Array(places * capacity),
    goesLeft: new Uint8Array(places * capacity),
  }
}

/** Fills `block` with rows `from`..`from + rows - 1` of the matrix, for one tree. */
export function fillTreeBlock(
  model: TreeEnsemble,
  paths: LeafPaths,
  tree: number,
  matrix: NumberMatrix,
  from: number,
  rows: number,
  block: TreeBlock,
): void {
  block.rows = rows
  block.treeStart = paths.nodeStart[tree] as number
  block.places = (paths.nodeStart[tree + 1] as number) - block.treeStart
  for (let place = 0; place < block.places; place++) {
    const node = paths.node[block.treeStart + place] as number
    if ((model.feature[node] as number) < 0) continue
    decide(model, node, matrix, from, rows, block.goesLeft, place * rows)
    if (place > 0) refuse(paths, block, place)
    else block.refusals.fill(0, 0, rows)
  }
}

/** The parent's refusals, and one more bit where the row goes to the other child. */
function refuse(paths: LeafPaths, { rows, refusals, goesLeft, treeStart }: TreeBlock, place: number): void {
  const at = place * rows
  const parentAt = (paths.parent[treeStart + place] as number) * rows
  const wanted = paths.isLeft[treeStart + place] as number
  // Shifts wrap at 32; the masks of paths that long are not read.
  const bit = paths.parentBit[treeStart + place] as number
  for (let i = 0; i < rows; i++) {
    refusals[at + i] = (refusals[parentAt + i] as number) | (((goesLeft[parentAt + i] as number) ^ wanted) << bit)
  }
}

/** Which players of the path to a leaf's place refuse row i, in bits; for paths of at most `maximumMaskPlayers`. */
export function leafRefusals(paths: LeafPaths, block: TreeBlock, place: number, i: number): number {
  const parent = paths.parent[block.treeStart + place] as number
  if (parent < 0) return 0
  const at = parent * block.rows + i
  const refused = (block.goesLeft[at] as number) ^ (paths.isLeft[block.treeStart + place] as number)
  return (block.refusals[at] as number) | (refused << (paths.parentBit[block.treeStart + place] as number))
}

/** Which players of the path to `place` refuse row i, walked upwards: the long form of the mask. */
export function refusingPlayers(
  paths: LeafPaths,
  block: TreeBlock,
  place: number,
  i: number,
  refusing: Uint8Array,
): void {
  refusing.fill(0)
  let at = place
  for (let parent = paths.parent[block.treeStart + at] as number; parent >= 0; ) {
    if (block.goesLeft[parent * block.rows + i] !== paths.isLeft[block.treeStart + at]) {
      refusing[paths.parentBit[block.treeStart + at] as number] = 1
    }
    at = parent
    parent = paths.parent[block.treeStart + at] as number
  }
}

function decide(
  model: TreeEnsemble,
  node: number,
  matrix: NumberMatrix,
  from: number,
  rows: number,
  goesLeft: Uint8Array,
  at: number,
): void {
  const column = matrix.columns[model.feature[node] as number] as FeatureValues
  const missingLeft = model.missingLeft[node] as number
  const set = model.categorySet[node] as number
  if (set >= 0) {
    const words = model.categorySets[set] as Uint32Array
    for (let i = 0; i < rows; i++) {
      const code = column[from + i] as number
      goesLeft[at + i] = Number.isNaN(code) ? missingLeft : ((words[code >>> 5] ?? 0) >>> (code & 31)) & 1
    }
    return
  }
  const threshold = model.threshold[node] as number
  // A comparison with NaN is false, so missing values need no question of their own.
  if (missingLeft === 1) {
    for (let i = 0; i < rows; i++) goesLeft[at + i] = (column[from + i] as number) > threshold ? 0 : 1
  } else {
    for (let i = 0; i < rows; i++) goesLeft[at + i] = (column[from + i] as number) <= threshold ? 1 : 0
  }
}

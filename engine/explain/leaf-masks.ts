import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import type { LeafPaths } from './leaf-paths.ts'

/** Paths with more players than this have no mask in one 32-bit word; `refusingPlayers` answers for them row by row. */
export const maximumMaskPlayers = 30

/**
 * One tree and a block of rows: which players of each path say no. `refusals[place * rows + i]` has bit b set when
 * player b of the path to that place sends row i elsewhere. Paths share what they have in common, so it costs one
 * operation an edge and row.
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
  matrix: FeatureMatrix,
  from: number,
  rows: number,
  block: TreeBlock,
): void {
  block.rows = rows
  block.treeStart = paths.nodeStart[tree] as number
  block.places = (paths.nodeStart[tree + 1] as number) - block.treeStart
  const { refusals, goesLeft, treeStart } = block
  for (let place = 0; place < block.places; place++) {
    const at = place * rows
    const node = paths.node[treeStart + place] as number
    if ((model.feature[node] as number) >= 0) decide(model, node, matrix, from, rows, goesLeft, at)
    const parent = paths.parent[treeStart + place] as number
    if (parent < 0) {
      refusals.fill(0, at, at + rows)
      continue
    }
    const parentAt = parent * rows
    const wanted = paths.isLeft[treeStart + place] as number
    // Shifts wrap at 32; the masks of paths that long are not read.
    const bit = 1 << (paths.parentBit[treeStart + place] as number)
    for (let i = 0; i < rows; i++) {
      const refused = goesLeft[parentAt + i] === wanted ? 0 : bit
      refusals[at + i] = (refusals[parentAt + i] as number) | refused
    }
  }
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
  matrix: FeatureMatrix,
  from: number,
  rows: number,
  goesLeft: Uint8Array,
  at: number,
): void {
  const column = matrix.columns[model.feature[node] as number] as Float32Array
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
  for (let i = 0; i < rows; i++) {
    const value = column[from + i] as number
    goesLeft[at + i] = value <= threshold ? 1 : Number.isNaN(value) ? missingLeft : 0
  }
}

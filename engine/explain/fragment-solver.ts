import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { TreeBlock } from './leaf-masks.ts'
import { leafRefusals, maximumMaskPlayers, refusingPlayers } from './leaf-masks.ts'
import type { LeafPaths } from './leaf-paths.ts'
import type { LeafSolution } from './leaf-solution.ts'
import { maximumKeyBits, type TreeFragment } from './tree-fragments.ts'

interface FragmentLeaf {
  readonly leaf: number
  readonly place: number
  readonly nPlayers: number
  /** Value for each output of the tree. */
  readonly values: readonly number[]
  /** Where each of the leaf's columns lies among the fragment's. */
  readonly positions: Int32Array
  /** Where its solution by mask is kept in the leaves' table; -1: there are too many masks, it is not kept. */
  readonly tableAt: number
}

/**
 * Solves one fragment for all rows of a block. Afterwards `store` holds, from `placeOf[i]` on, what the fragment adds to
 * row i: for each output of its tree one number a column.
 */
export class FragmentSolver {
  readonly placeOf: Int32Array
  store = new Float64Array(4096)
  /** Columns that the fragment adds to. */
  columns = new Int32Array(0)
  readonly #model: TreeEnsemble
  readonly #paths: LeafPaths
  readonly #solution: LeafSolution
  readonly #keys: Int32Array
  readonly #placeOfKey = new Int32Array(1 << maximumKeyBits).fill(-1)
  readonly #usedKeys: number[] = []
  readonly #refusing: Uint8Array
  #solved: Float64Array
  #leaves: FragmentLeaf[] = []
  #leafTable = new Int32Array(0)
  readonly #usedLeafMasks: number[] = []
  readonly #leafStore: number[] = []
  #outputs = 1
  #top = 0

  constructor(model: TreeEnsemble, paths: LeafPaths, solution: LeafSolution, rows: number) {
    this.#model = model
    this.#paths = paths
    this.#solution = solution
    this.placeOf = new Int32Array(rows)
    this.#keys = new Int32Array(rows)
    this.#refusing = new Uint8Array(paths.maxPlayers)
    this.#solved = new Float64Array(64)
  }

  solve(block: TreeBlock, tree: number, fragment: TreeFragment): void {
    this.#top = 0
    this.#outputs = (this.#model.treeOutput[tree] as number) >= 0 ? 1 : this.#model.nOutputs
    this.#open(block, fragment)
    if (this.columns.length === 0) return
    if (fragment.keyBits <= maximumKeyBits) this.#byTable(block, fragment)
    else if (fragment.keyBits <= maximumMaskPlayers) this.#byMap(block, fragment)
    else for (let i = 0; i < block.rows; i++) this.placeOf[i] = this.#solveRow(block, i)
  }

  /** Lists the fragment's leaves and the columns that they add to. */
  #open(block: TreeBlock, fragment: TreeFragment): void {
    const paths = this.#paths
    const positionOf = new Map<number, number>()
    this.#leaves = []
    let tableSize = 0
    for (let place = fragment.start; place < fragment.end; place++) {
      const leaf = paths.leaf[block.treeStart + place] as number
      if (leaf < 0) continue
      const values = this.#valuesOf(leaf)
      if (values.every((value) => value === 0)) continue
      const columns = this.#solution.columnsOf(leaf)
      if (columns.length === 0) continue
      const nPlayers = (paths.leafStart[leaf + 1] as number) - (paths.leafStart[leaf] as number)
      const positions = Int32Array.from(columns, (column) => {
        const position = positionOf.get(column) ?? positionOf.size
        positionOf.set(column, position)
        return position
      })
      const kept = nPlayers <= maximumKeyBits && fragment.end - fragment.start > 1
      this.#leaves.push({ leaf, place, nPlayers, values, positions, tableAt: kept ? tableSize : -1 })
      if (kept) tableSize += 1 << nPlayers
      if (this.#solved.length < columns.length) this.#solved = new Float64Array(columns.length)
    }
    this.columns = Int32Array.from(positionOf.keys())
    if (this.#leafTable.length < tableSize) this.#leafTable = new Int32Array(tableSize).fill(-1)
  }

  #valuesOf(leaf: number): number[] {
    const at = this.#model.leafAt[this.#paths.leafNode[leaf] as number] as number
    return Array.from(this.#model.leafValues.subarray(at, at + this.#outputs))
  }

  #byTable(block: TreeBlock, fragment: TreeFragment): void {
    const places = this.#placeOfKey
    const keys = this.#keys
    fillKeys(block, this.#paths, fragment, keys)
    for (let i = 0; i < block.rows; i++) {
      const key = keys[i] as number
      let place = places[key] as number
      if (place < 0) {
        place = this.#solveRow(block, i)
        places[key] = place
        this.#usedKeys.push(key)
      }
      this.placeOf[i] = place
    }
    for (const key of this.#usedKeys) places[key] = -1
    this.#usedKeys.length = 0
    for (const at of this.#usedLeafMasks) this.#leafTable[at] = -1
    this.#usedLeafMasks.length = 0
    this.#leafStore.length = 0
  }

  /** One leaf with more players than the table has bits. */
  #byMap(block: TreeBlock, fragment: TreeFragment): void {
    const known = new Map<number, number>()
    for (let i = 0; i < block.rows; i++) {
      const mask = leafRefusals(this.#paths, block, fragment.start, i)
      let place = known.get(mask)
      if (place === undefined) {
        place = this.#solveRow(block, i)
        known.set(mask, place)
      }
      this.placeOf[i] = place
    }
  }

  /** Solves the fragment for row i of the block, which stands for all rows with its key. */
  #solveRow(block: TreeBlock, i: number): number {
    const width = this.columns.length
    const start = this.#reserve(width * this.#outputs)
    const { store } = this
    store.fill(0, start, start + width * this.#outputs)
    for (const leaf of this.#leaves) {
      const { positions, values } = leaf
      const solved = this.#solveLeaf(block, leaf, i)
      const from = solved < 0 ? this.#solved : this.#leafStore
      const offset = Math.max(0, solved)
      for (let k = 0; k < values.length; k++) {
        const value = values[k] as number
        const to = start + k * width
        for (let c = 0; c < positions.length; c++) {
          const at = to + (positions[c] as number)
          store[at] = (store[at] as number) + value * (from[offset + c] as number)
        }
      }
    }
    return start
  }

  /** Where the leaf's solution for row i lies in the leaves' store, or -1: in `#solved`. */
  #solveLeaf(block: TreeBlock, { leaf, place, nPlayers, positions, tableAt }: FragmentLeaf, i: number): number {
    const mask = nPlayers <= maximumMaskPlayers ? leafRefusals(this.#paths, block, place, i) : 0
    if (tableAt >= 0) {
      const known = this.#leafTable[tableAt + mask] as number
      if (known >= 0) return known
    }
    const refusing = this.#refusing
    if (nPlayers <= maximumMaskPlayers) for (let j = 0; j < nPlayers; j++) refusing[j] = (mask >>> j) & 1
    else refusingPlayers(this.#paths, block, place, i, refusing)
    this.#solution.solve(leaf, refusing, mask, this.#solved, 0)
    if (tableAt < 0) return -1
    const at = this.#leafStore.length
    for (let c = 0; c < positions.length; c++) this.#leafStore.push(this.#solved[c] as number)
    this.#leafTable[tableAt + mask] = at
    this.#usedLeafMasks.push(tableAt + mask)
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

/** The key of each row: the refusals on the way to the fragment, then the decisions of its inner nodes. */
function fillKeys(block: TreeBlock, paths: LeafPaths, fragment: TreeFragment, keys: Int32Array): void {
  const { rows, refusals, goesLeft, treeStart } = block
  const rootAt = fragment.start * rows
  if (fragment.end - fragment.start === 1) {
    for (let i = 0; i < rows; i++) keys[i] = leafRefusals(paths, block, fragment.start, i)
  } else for (let i = 0; i < rows; i++) keys[i] = refusals[rootAt + i] as number
  let bit = fragment.pathPlayers
  for (let place = fragment.start; place < fragment.end; place++) {
    if ((paths.leaf[treeStart + place] as number) >= 0) continue
    const at = place * rows
    for (let i = 0; i < rows; i++) keys[i] = (keys[i] as number) | ((goesLeft[at + i] as number) << bit)
    bit += 1
  }
}

import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { NumberMatrix } from '../preprocess/feature-matrix.ts'
import { FragmentSolver } from './fragment-solver.ts'
import type { TreeBlock } from './leaf-masks.ts'
import { createTreeBlock, fillTreeBlock } from './leaf-masks.ts'
import type { LeafPaths } from './leaf-paths.ts'
import type { LeafSolution } from './leaf-solution.ts'
import type { RowRange } from './row-range.ts'
import type { TreeMemory } from './sum-few-rows.ts'
import { sumFewRows } from './sum-few-rows.ts'
import { treeFragments } from './tree-fragments.ts'

/** Rows that go through all trees together: the more, the rarer a key is solved twice. */
const blockRows = 16_384

/** A block's decisions and sums hold at most about so many entries each, for large trees and wide results. */
const blockEntries = 1 << 22

/** Up to here looking up what was solved for another row costs more than it saves. */
const fewRows = 8

/**
 * Σ over leaves of leaf value × solution for each row: `[((row - from) * nOutputs + k) * nColumns + column]`. Each
 * fragment's key is solved once a block of rows and then looked up. `memory` is of the same solution, for one row alone.
 */
export function sumLeafSolutions(
  model: TreeEnsemble,
  paths: LeafPaths,
  matrix: NumberMatrix,
  { from, to }: RowRange,
  solution: LeafSolution,
  memory: TreeMemory | null = null,
): Float64Array {
  if (to - from <= fewRows) return sumFewRows(model, paths, matrix, { from, to }, solution, memory)
  const width = model.nOutputs * solution.nColumns
  const out = new Float64Array((to - from) * width)
  const block = createTreeBlock(paths, rowsOfBlock(paths, width, to - from))
  const fragments = treeFragments(paths)
  const solver = new FragmentSolver(model, paths, solution, block.capacity)
  const sums = new Float64Array(width * block.capacity)
  for (let start = from; start < to; start += block.capacity) {
    const rows = Math.min(block.capacity, to - start)
    sums.fill(0)
    for (let tree = 0; tree < paths.nTrees; tree++) {
      solution.startTree?.(tree)
      fillTreeBlock(model, paths, tree, matrix, start, rows, block)
      for (const fragment of fragments[tree] ?? []) {
        solver.solve(block, tree, fragment)
        addFragment(solver, block, model.treeOutput[tree] as number, model.nOutputs, solution.nColumns, sums)
      }
    }
    transposeInto(sums, width, rows, out, (start - from) * width)
  }
  return out
}

function rowsOfBlock(paths: LeafPaths, width: number, rows: number): number {
  let places = 1
  for (let tree = 0; tree < paths.nTrees; tree++) {
    places = Math.max(places, (paths.nodeStart[tree + 1] as number) - (paths.nodeStart[tree] as number))
  }
  const fitting = Math.floor(blockEntries / Math.max(places, width))
  return Math.max(1, Math.min(rows, blockRows, Math.max(64, fitting)))
}

/** Adds what is known of a fragment column by column, so that the inner loop runs along the rows. */
function addFragment(
  { columns, placeOf, store }: FragmentSolver,
  { rows }: TreeBlock,
  only: number,
  nOutputs: number,
  nColumns: number,
  sums: Float64Array,
): void {
  const outputs = only >= 0 ? 1 : nOutputs
  for (let k = 0; k < outputs; k++) {
    for (let c = 0; c < columns.length; c++) {
      const at = ((only >= 0 ? only : k) * nColumns + (columns[c] as number)) * rows
      const offset = k * columns.length + c
      for (let i = 0; i < rows; i++) {
        sums[at + i] = (sums[at + i] as number) + (store[(placeOf[i] as number) + offset] as number)
      }
    }
  }
}

/** From one run of rows a column to one run of columns a row. */
function transposeInto(sums: Float64Array, width: number, rows: number, out: Float64Array, at: number): void {
  for (let column = 0; column < width; column++) {
    for (let i = 0; i < rows; i++) out[at + i * width + column] = sums[column * rows + i] as number
  }
}

import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { NumberMatrix } from '../preprocess/feature-matrix.ts'
import type { TreeBlock } from './leaf-masks.ts'
import { createTreeBlock, fillTreeBlock, leafRefusals, maximumMaskPlayers, refusingPlayers } from './leaf-masks.ts'
import type { LeafPaths } from './leaf-paths.ts'
import type { LeafSolution } from './leaf-solution.ts'
import type { RowRange } from './row-range.ts'
import type { TreeFragment } from './tree-fragments.ts'
import { treeFragments } from './tree-fragments.ts'

/**
 * What each tree gave for the row before, by which way that row went at each of its nodes. A what-if asks about one row
 * again and again with a little changed, and most trees do not notice.
 */
export interface TreeMemory {
  /** Of each tree: its nodes' decisions, and the sums of its fragments one after the other. */
  readonly trees: (RememberedTree | undefined)[]
}

interface RememberedTree {
  readonly goesLeft: Uint8Array
  readonly sums: Float64Array
}

/** More numbers than this, over all trees, are not kept. */
const mostRemembered = 2_000_000

/**
 * As `sumLeafSolutions`, with the same bits, for so few rows that no table of what was solved pays: each leaf is solved
 * for each row. Sums are taken in the same order, first within a fragment, then over the fragments.
 */
export function sumFewRows(
  model: TreeEnsemble,
  paths: LeafPaths,
  matrix: NumberMatrix,
  { from, to }: RowRange,
  solution: LeafSolution,
  memory: TreeMemory | null = null,
): Float64Array {
  const rows = to - from
  const width = model.nOutputs * solution.nColumns
  const out = new Float64Array(rows * width)
  if (rows === 0) return out
  const block = createTreeBlock(paths, rows)
  const fragments = treeFragments(paths)
  const solver: Solver = {
    model,
    paths,
    solution,
    block,
    refusing: new Uint8Array(paths.maxPlayers),
    // Interactions have a column for each player and each pair.
    solved: new Float64Array(Math.max(1, paths.maxPlayers * paths.maxPlayers)),
    sums: new Float64Array(width),
    touched: [],
  }
  const nFragments = fragments.reduce((sum, each) => sum + each.length, 0)
  const kept = rows === 1 && memory !== null && nFragments * width <= mostRemembered ? memory.trees : null
  for (let tree = 0; tree < paths.nTrees; tree++) {
    fillTreeBlock(model, paths, tree, matrix, from, rows, block)
    if (kept) {
      const ofTree = remembered(kept[tree], solver, tree, fragments[tree] ?? [])
      kept[tree] = ofTree
      addAll(ofTree.sums, out)
      continue
    }
    solution.startTree?.(tree)
    for (const fragment of fragments[tree] ?? []) {
      for (let i = 0; i < rows; i++) addFragment(solver, tree, fragment, i, out.subarray(i * width, (i + 1) * width))
    }
  }
  return out
}

/** The tree's sums for the row in the block: those known where it goes the same way at every node. */
function remembered(
  known: RememberedTree | undefined,
  solver: Solver,
  tree: number,
  fragments: readonly TreeFragment[],
): RememberedTree {
  const { block, solution, sums } = solver
  if (known && goesTheSameWay(known, solver)) return known
  solution.startTree?.(tree)
  const width = sums.length
  const found = new Float64Array(fragments.length * width)
  for (const [at, fragment] of fragments.entries()) {
    addFragment(solver, tree, fragment, 0, found.subarray(at * width, (at + 1) * width))
  }
  return { goesLeft: block.goesLeft.slice(0, block.places), sums: found }
}

function goesTheSameWay({ goesLeft }: RememberedTree, { block, paths }: Solver): boolean {
  for (let place = 0; place < block.places; place++) {
    // Leaves decide nothing.
    if ((paths.leaf[block.treeStart + place] as number) >= 0) continue
    if (goesLeft[place] !== block.goesLeft[place]) return false
  }
  return true
}

/** Fragment by fragment, in the order in which they are added without a memory. */
function addAll(sums: Float64Array, out: Float64Array): void {
  for (let from = 0; from < sums.length; from += out.length) {
    for (let at = 0; at < out.length; at++) {
      const sum = sums[from + at] as number
      // As where nothing was added: −0 stays.
      if (sum !== 0) out[at] = (out[at] as number) + sum
    }
  }
}

interface Solver {
  readonly model: TreeEnsemble
  readonly paths: LeafPaths
  readonly solution: LeafSolution
  readonly block: TreeBlock
  readonly refusing: Uint8Array
  readonly solved: Float64Array
  /** Of one fragment, zero between fragments. */
  readonly sums: Float64Array
  /** Places of `sums` that were added to. */
  readonly touched: number[]
}

function addFragment(solver: Solver, tree: number, fragment: TreeFragment, row: number, out: Float64Array): void {
  const { model, paths, solution, block, solved, sums, touched } = solver
  const only = model.treeOutput[tree] as number
  const outputs = only >= 0 ? 1 : model.nOutputs
  touched.length = 0
  for (let place = fragment.start; place < fragment.end; place++) {
    const leaf = paths.leaf[block.treeStart + place] as number
    if (leaf < 0) continue
    const columns = solution.columnsOf(leaf)
    if (columns.length === 0) continue
    solveLeaf(solver, leaf, place, row)
    const valuesAt = model.leafAt[paths.leafNode[leaf] as number] as number
    for (let k = 0; k < outputs; k++) {
      const value = model.leafValues[valuesAt + k] as number
      const start = (only >= 0 ? only : k) * solution.nColumns
      for (let c = 0; c < columns.length; c++) {
        const at = start + (columns[c] as number)
        if (sums[at] === 0) touched.push(at)
        sums[at] = (sums[at] as number) + value * (solved[c] as number)
      }
    }
  }
  // A place may be listed twice, where a sum has come back to zero: it is emptied the first time.
  for (const at of touched) {
    out[at] = (out[at] as number) + (sums[at] as number)
    sums[at] = 0
  }
}

function solveLeaf(
  { paths, solution, block, refusing, solved }: Solver,
  leaf: number,
  place: number,
  row: number,
): void {
  const nPlayers = (paths.leafStart[leaf + 1] as number) - (paths.leafStart[leaf] as number)
  if (nPlayers > maximumMaskPlayers) {
    refusingPlayers(paths, block, place, row, refusing)
    solution.solve(leaf, refusing, 0, solved, 0)
    return
  }
  const mask = leafRefusals(paths, block, place, row)
  for (let j = 0; j < nPlayers; j++) refusing[j] = (mask >>> j) & 1
  solution.solve(leaf, refusing, mask, solved, 0)
}

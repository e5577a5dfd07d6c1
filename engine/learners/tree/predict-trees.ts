import type { KernelImplementation } from '../../kernels/kernel-space.ts'
import type { FeatureValues, NumberMatrix } from '../../preprocess/feature-matrix.ts'
import { addTreeScores } from './score-blocks.ts'
import type { TreeEnsemble } from './tree-ensemble.ts'

/** Rows that go through all trees together: few enough for their scores and features to stay in the cache. */
const blockRows = 256

/**
 * Raw scores: nOutputs for each of `rows` (all rows of the matrix by default), row by row. Scores are the base plus
 * leaves in the order of the trees, so that the same row always gets the same bits.
 */
export function predictTrees(
  model: TreeEnsemble,
  matrix: NumberMatrix,
  rows?: Int32Array,
  kernels: KernelImplementation = 'wasm',
): Float64Array {
  if (matrix.columns.length !== model.nFeatures) {
    throw new RangeError(`The trees take ${model.nFeatures} features and were given ${matrix.columns.length}`)
  }
  const count = rows?.length ?? matrix.nRows
  const { nOutputs } = model
  const scores = new Float64Array(count * nOutputs)
  for (let at = 0; at < scores.length; at++) scores[at] = model.base[at % nOutputs] as number
  const { columns } = matrix
  // Laying the trees out for the kernels takes about as long as this many steps.
  if (count * model.roots.length >= model.feature.length && areFloats(columns) && hasFloatThresholds(model)) {
    addTreeScores(model, columns, rows ?? null, scores, kernels)
  } else walkTrees(model, matrix, rows ?? null, scores)
  return scores
}

function areFloats(columns: readonly FeatureValues[]): columns is readonly Float32Array[] {
  return columns.every((column) => column instanceof Float32Array)
}

/** Ours are by construction; those of other tools may compare with doubles. */
function hasFloatThresholds({ feature, categorySet, threshold }: TreeEnsemble): boolean {
  for (let node = 0; node < threshold.length; node++) {
    const isNumeric = (feature[node] as number) >= 0 && (categorySet[node] as number) < 0
    if (isNumeric && Math.fround(threshold[node] as number) !== threshold[node]) return false
  }
  return true
}

/** Adds the leaves of all trees, row by row: for few rows, and for doubles. */
function walkTrees(model: TreeEnsemble, matrix: NumberMatrix, rows: Int32Array | null, scores: Float64Array): void {
  const count = scores.length / model.nOutputs
  const walk = treeWalker(model, matrix)
  const leaves = new Int32Array(blockRows)
  for (let first = 0; first < count; first += blockRows) {
    const end = Math.min(count, first + blockRows)
    for (let tree = 0; tree < model.roots.length; tree++) {
      for (let i = first; i < end; i++) {
        leaves[i - first] = walk(model.roots[tree] as number, rows ? (rows[i] as number) : i)
      }
      addLeaves(model, tree, leaves.subarray(0, end - first), scores, first)
    }
  }
}

/** The leaf that each row reaches in each tree: node numbers, tree after tree within a row. */
export function predictLeaves(model: TreeEnsemble, matrix: NumberMatrix, rows?: Int32Array): Int32Array {
  const count = rows?.length ?? matrix.nRows
  const walk = treeWalker(model, matrix)
  const nTrees = model.roots.length
  const leaves = new Int32Array(count * nTrees)
  for (let tree = 0; tree < nTrees; tree++) {
    for (let i = 0; i < count; i++) {
      leaves[i * nTrees + tree] = walk(model.roots[tree] as number, rows ? (rows[i] as number) : i)
    }
  }
  return leaves
}

function treeWalker(model: TreeEnsemble, matrix: NumberMatrix): (root: number, row: number) => number {
  const { feature, threshold, categorySet, categorySets, missingLeft, left, right } = model
  const { columns } = matrix
  return (root, row) => {
    let node = root
    let split = feature[node] as number
    while (split >= 0) {
      const value = (columns[split] as FeatureValues)[row] as number
      let goesLeft: boolean
      if (Number.isNaN(value)) goesLeft = missingLeft[node] === 1
      else {
        const set = categorySet[node] as number
        if (set < 0) goesLeft = value <= (threshold[node] as number)
        else goesLeft = ((((categorySets[set] as Uint32Array)[value >>> 5] ?? 0) >>> (value & 31)) & 1) === 1
      }
      node = (goesLeft ? left[node] : right[node]) as number
      split = feature[node] as number
    }
    return node
  }
}

function addLeaves(
  model: TreeEnsemble,
  tree: number,
  leaves: Int32Array,
  scores: Float64Array,
  firstRow: number,
): void {
  const { nOutputs, leafAt, leafValues } = model
  const output = model.treeOutput[tree] as number
  for (let i = 0; i < leaves.length; i++) {
    const from = leafAt[leaves[i] as number] as number
    const to = (firstRow + i) * nOutputs
    if (output >= 0) {
      scores[to + output] = (scores[to + output] as number) + (leafValues[from] as number)
    } else {
      for (let k = 0; k < nOutputs; k++) {
        scores[to + k] = (scores[to + k] as number) + (leafValues[from + k] as number)
      }
    }
  }
}

import type { FeatureMatrix } from '../../preprocess/feature-matrix.ts'
import type { TreeEnsemble } from './tree-ensemble.ts'

/** Rows that descend one tree together: their columns stay in the cache. */
const blockRows = 1024

/** Scores n × nOutputs of the matrix's rows, or of `rows` of it in their order; leaves are added in tree order. */
export function predictTrees(model: TreeEnsemble, matrix: FeatureMatrix, rows?: Int32Array): Float64Array {
  const nRows = rows?.length ?? matrix.nRows
  const { nOutputs } = model
  const scores = new Float64Array(nRows * nOutputs)
  for (let i = 0; i < nRows; i++) scores.set(model.base, i * nOutputs)
  for (let start = 0; start < nRows; start += blockRows) {
    const end = Math.min(nRows, start + blockRows)
    for (let tree = 0; tree < model.roots.length; tree++) addTree(model, matrix, tree, rows, start, end, scores)
  }
  return scores
}

function addTree(
  model: TreeEnsemble,
  matrix: FeatureMatrix,
  tree: number,
  rows: Int32Array | undefined,
  start: number,
  end: number,
  scores: Float64Array,
): void {
  const { feature, threshold, left, right, missingLeft, categorySet, leafAt, leafValues, nOutputs } = model
  const { columns } = matrix
  const root = model.roots[tree] as number
  const output = model.treeOutput[tree] as number
  for (let i = start; i < end; i++) {
    const row = rows ? (rows[i] as number) : i
    let node = root
    for (let split = feature[node] as number; split >= 0; split = feature[node] as number) {
      const value = (columns[split] as Float32Array)[row] as number
      let goesLeft: boolean
      if (Number.isNaN(value)) goesLeft = missingLeft[node] === 1
      else if ((categorySet[node] as number) < 0) goesLeft = value <= (threshold[node] as number)
      else goesLeft = inSet(model.categorySets[categorySet[node] as number] as Uint32Array, value)
      node = (goesLeft ? left[node] : right[node]) as number
    }
    const at = leafAt[node] as number
    if (output >= 0) {
      const to = i * nOutputs + output
      scores[to] = (scores[to] as number) + (leafValues[at] as number)
      continue
    }
    for (let k = 0; k < nOutputs; k++) {
      const to = i * nOutputs + k
      scores[to] = (scores[to] as number) + (leafValues[at + k] as number)
    }
  }
}

/** Whether a code is in a bit set; codes beyond it are not. */
export function inSet(words: Uint32Array, code: number): boolean {
  return (((words[code >>> 5] ?? 0) >>> (code & 31)) & 1) === 1
}

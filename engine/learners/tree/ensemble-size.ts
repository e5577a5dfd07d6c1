import type { TreeEnsemble } from './tree-ensemble.ts'

export function countNodes(model: TreeEnsemble): number {
  return model.feature.length
}

export function countLeaves(model: TreeEnsemble): number {
  let leaves = 0
  for (const feature of model.feature) if (feature < 0) leaves++
  return leaves
}

/** Bytes of the ensemble's arrays in memory. */
export function ensembleBytes(model: TreeEnsemble): number {
  const arrays = [
    model.base,
    model.roots,
    model.treeOutput,
    model.feature,
    model.threshold,
    model.categorySet,
    model.missingLeft,
    model.left,
    model.right,
    model.cover,
    model.leafAt,
    model.leafValues,
    ...model.categorySets,
  ]
  return arrays.reduce((sum, array) => sum + array.byteLength, 0)
}

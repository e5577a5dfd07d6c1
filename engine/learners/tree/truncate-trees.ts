import type { TreeEnsemble } from './tree-ensemble.ts'

/** The first trees of an ensemble, as if it had been grown with no more. Category sets are shared, the rest is copied. */
export function truncateTrees(model: TreeEnsemble, nTrees: number): TreeEnsemble {
  if (nTrees >= model.roots.length) return model
  const nNodes = model.roots[nTrees] as number
  const leafAt = model.leafAt.slice(0, nNodes)
  // Leaf values lie in the order of the trees, so the first one that is not kept tells their number.
  let nLeafValues = model.leafValues.length
  for (let node = nNodes; node < model.leafAt.length; node++) {
    const at = model.leafAt[node] as number
    if (at >= 0 && at < nLeafValues) nLeafValues = at
  }
  return {
    ...model,
    roots: model.roots.slice(0, nTrees),
    treeOutput: model.treeOutput.slice(0, nTrees),
    feature: model.feature.slice(0, nNodes),
    threshold: model.threshold.slice(0, nNodes),
    categorySet: model.categorySet.slice(0, nNodes),
    missingLeft: model.missingLeft.slice(0, nNodes),
    left: model.left.slice(0, nNodes),
    right: model.right.slice(0, nNodes),
    cover: model.cover.slice(0, nNodes),
    leafAt,
    leafValues: model.leafValues.slice(0, nLeafValues),
  }
}

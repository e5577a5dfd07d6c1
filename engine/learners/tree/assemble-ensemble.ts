import { type BinnedTree, setHas } from './binned-tree.ts'
import { codesOfBins, type FeatureBins, thresholdAfter } from './feature-bins.ts'
import type { Link, TreeEnsemble } from './tree-ensemble.ts'

/** A grown tree and the output that it adds to (-1: its leaves hold a value for every output). */
export interface EnsembleTree {
  readonly tree: BinnedTree
  readonly output: number
}

interface EnsembleShape {
  readonly nOutputs: number
  readonly base: Float64Array
  readonly link: Link
}

/** Turns grown trees into the flat prediction form: bins become float32 thresholds and sets of codes. */
export function assembleEnsemble(
  trees: readonly EnsembleTree[],
  bins: readonly FeatureBins[],
  shape: EnsembleShape,
): TreeEnsemble {
  const nNodes = trees.reduce((sum, { tree }) => sum + tree.feature.length, 0)
  const nLeafValues = trees.reduce((sum, { tree }) => sum + tree.leafValues.length, 0)
  const categorySets: Uint32Array[] = []
  const ensemble = {
    kind: 'trees' as const,
    nFeatures: bins.length,
    ...shape,
    roots: new Int32Array(trees.length),
    treeOutput: Int32Array.from(trees, ({ output }) => output),
    feature: new Int32Array(nNodes),
    threshold: new Float64Array(nNodes),
    categorySet: new Int32Array(nNodes).fill(-1),
    categorySets,
    missingLeft: new Uint8Array(nNodes),
    left: new Int32Array(nNodes),
    right: new Int32Array(nNodes),
    cover: new Float64Array(nNodes),
    leafAt: new Int32Array(nNodes),
    leafValues: new Float64Array(nLeafValues),
  }
  let root = 0
  let firstValue = 0
  for (const [index, { tree }] of trees.entries()) {
    ensemble.roots[index] = root
    ensemble.feature.set(tree.feature, root)
    ensemble.missingLeft.set(tree.missingLeft, root)
    ensemble.cover.set(tree.cover, root)
    ensemble.leafValues.set(tree.leafValues, firstValue)
    for (let node = 0; node < tree.feature.length; node++) {
      ensemble.left[root + node] = moved(tree.left[node] as number, root)
      ensemble.right[root + node] = moved(tree.right[node] as number, root)
      ensemble.leafAt[root + node] = moved(tree.leafAt[node] as number, firstValue)
      if ((tree.feature[node] as number) >= 0) writeSplit(ensemble, root + node, tree, node, bins)
    }
    root += tree.feature.length
    firstValue += tree.leafValues.length
  }
  return ensemble
}

function moved(index: number, by: number): number {
  return index < 0 ? -1 : index + by
}

function writeSplit(
  ensemble: Pick<TreeEnsemble, 'threshold' | 'categorySet'> & { readonly categorySets: Uint32Array[] },
  to: number,
  tree: BinnedTree,
  node: number,
  bins: readonly FeatureBins[],
): void {
  const featureBins = bins[tree.feature[node] as number]
  if (!featureBins) throw new RangeError(`A split uses feature ${tree.feature[node]}, of which there are no bins`)
  if (featureBins.kind === 'numeric') {
    ensemble.threshold[to] = thresholdAfter(featureBins, tree.bin[node] as number)
    return
  }
  const set = tree.sets[tree.set[node] as number] as Uint32Array
  ensemble.categorySet[to] = ensemble.categorySets.length
  ensemble.categorySets.push(codesOfBins(featureBins, (bin) => setHas(set, bin)))
}

import { missingBin } from '../../kernels/kernels.ts'
import { codesOfBins, type FeatureBins, thresholdAfter } from './feature-bins.ts'
import type { GrownNode, GrownTree } from './grown-tree.ts'
import type { Link, TreeEnsemble } from './tree-ensemble.ts'

/** A grown tree and the output that it adds to (-1: its leaves hold a value for every output). */
export interface EnsembleTree {
  readonly tree: GrownTree
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
  const nNodes = trees.reduce((sum, { tree }) => sum + tree.nodes.length, 0)
  const nLeafValues = trees.reduce((sum, { tree }) => sum + countLeafValues(tree), 0)
  const categorySets: Uint32Array[] = []
  const ensemble = {
    kind: 'trees' as const,
    nFeatures: bins.length,
    ...shape,
    roots: new Int32Array(trees.length),
    treeOutput: Int32Array.from(trees, ({ output }) => output),
    feature: new Int32Array(nNodes).fill(-1),
    threshold: new Float64Array(nNodes),
    categorySet: new Int32Array(nNodes).fill(-1),
    categorySets,
    missingLeft: new Uint8Array(nNodes),
    left: new Int32Array(nNodes).fill(-1),
    right: new Int32Array(nNodes).fill(-1),
    cover: new Float64Array(nNodes),
    leafAt: new Int32Array(nNodes).fill(-1),
    leafValues: new Float64Array(nLeafValues),
  }
  let node = 0
  let leafValue = 0
  for (const [index, { tree }] of trees.entries()) {
    const root = node
    ensemble.roots[index] = root
    for (const grown of tree.nodes) {
      ensemble.cover[node] = grown.cover
      if (grown.split) {
        ensemble.left[node] = root + grown.left
        ensemble.right[node] = root + grown.right
        ensemble.missingLeft[node] = grown.split.goesLeft[missingBin] as number
        writeSplit(ensemble, node, grown.split, bins)
      } else {
        ensemble.leafAt[node] = leafValue
        ensemble.leafValues.set(grown.values, leafValue)
        leafValue += grown.values.length
      }
      node++
    }
  }
  return ensemble
}

function writeSplit(
  ensemble: Pick<TreeEnsemble, 'feature' | 'threshold' | 'categorySet'> & { readonly categorySets: Uint32Array[] },
  node: number,
  split: NonNullable<GrownNode['split']>,
  bins: readonly FeatureBins[],
): void {
  const featureBins = bins[split.feature]
  if (!featureBins) throw new RangeError(`A split uses feature ${split.feature}, of which there are no bins`)
  ensemble.feature[node] = split.feature
  if (featureBins.kind === 'numeric') {
    ensemble.threshold[node] = thresholdAfter(featureBins, split.bin)
    return
  }
  ensemble.categorySet[node] = ensemble.categorySets.length
  ensemble.categorySets.push(codesOfBins(featureBins, (bin) => split.goesLeft[bin] === 1))
}

function countLeafValues(tree: GrownTree): number {
  return tree.nodes.reduce((sum, node) => sum + node.values.length, 0)
}

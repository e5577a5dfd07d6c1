import { missingBin } from '../../kernels/kernels.ts'
import {
  addToSet,
  type BinnedSplit,
  type BinnedTree,
  createTreeBuilder,
  type TreeBuilder,
} from '../tree/binned-tree.ts'
import { middleCut } from '../tree/feature-bins.ts'
import { createClassSplitSearch } from './class-split-search.ts'
import type { ForestData } from './forest-data.ts'
import type { ForestParameters } from './forest-parameters.ts'
import { createNodeRows } from './node-rows.ts'
import { createTreeRandom } from './tree-random.ts'
import { createValueSplitSearch } from './value-split-search.ts'

/** `best`: the best cut of each tried feature (random forest); `random`: one random cut of each (extra trees). */
export type CutRule = 'best' | 'random'

interface OpenNode {
  readonly first: number
  readonly end: number
  readonly depth: number
  readonly parent: number
  readonly isRight: boolean
}

/**
 * Makes the function that grows the forest's trees by number. A tree depends on nothing but the data, the parameters,
 * the seed and its number, so trees can grow in any order and thread. Its arrays are used again for the next tree.
 */
export function createTreeGrower(
  data: ForestData,
  parameters: ForestParameters,
  cuts: CutRule,
  seed: number,
): (tree: number) => BinnedTree {
  const rows = createNodeRows(data)
  const random = createTreeRandom()
  const cutRandom = cuts === 'random' ? random : null
  const search =
    data.nClasses > 0
      ? createClassSplitSearch(data, rows, parameters.minRowsInLeaf, cutRandom)
      : createValueSplitSearch(data, rows, parameters.minRowsInLeaf, cutRandom)
  const features = Int32Array.from(data.features.keys())
  const nTried = featuresPerSplit(data, parameters)
  const maxDepth = parameters.maxDepth || Number.POSITIVE_INFINITY

  /** Draws features until enough of them were not constant (as scikit-learn does), and gives the best split. */
  function findSplit(): BinnedSplit | null {
    let tried = 0
    for (let drawn = 0; drawn < features.length && tried < nTried; drawn++) {
      const at = drawn + random.nextBelow(features.length - drawn)
      const feature = features[at] as number
      features[at] = features[drawn] as number
      features[drawn] = feature
      if (search.tryFeature(feature)) tried++
    }
    return search.best()
  }

  const builder = createTreeBuilder()
  // Two classes have one score: the second one's share.
  const firstValue = data.nClasses === 2 ? 1 : 0

  return (tree) => {
    random.start(seed, tree)
    for (let i = 0; i < features.length; i++) features[i] = i
    const open: OpenNode[] = [
      { first: 0, end: rows.draw(random, parameters.bootstrap), depth: 0, parent: -1, isRight: false },
    ]
    for (let node = open.pop(); node; node = open.pop()) {
      const { first, end, depth } = node
      const differs = search.openNode(first, end)
      const index = addNode(builder, node)
      const divisible = differs && depth < maxDepth && end - first >= 2 * parameters.minRowsInLeaf
      const split = divisible ? findSplit() : null
      if (!split) {
        builder.setLeaf(index, search.weight() * data.meanWeight, search.leafValues(), firstValue)
        continue
      }
      const feature = data.features[split.feature] as ForestData['features'][number]
      const { middle, lowestRight } = rows.part(feature.bins, split, first, end)
      const centred = cutRandom || split.set ? split : { ...split, bin: middleCut(split.bin, lowestRight) }
      builder.setSplit(index, withAbsent(data, centred, rows.ids, first, middle, end))
      open.push({ first: middle, end, depth: depth + 1, parent: index, isRight: true })
      open.push({ first, end: middle, depth: depth + 1, parent: index, isRight: false })
    }
    return builder.build()
  }
}

function addNode(builder: TreeBuilder, node: OpenNode): number {
  const index = builder.addNode()
  if (node.parent >= 0) builder.setChild(node.parent, node.isRight, index)
  return index
}

function featuresPerSplit(data: ForestData, { featuresPerSplit: rule }: ForestParameters): number {
  const count = data.features.length
  if (rule === 'sqrt' || (rule === 'auto' && data.nClasses > 0)) return Math.max(1, Math.floor(Math.sqrt(count)))
  const share = rule === 'auto' ? 1 / 3 : rule
  return Math.max(1, Math.round(count * share))
}

/** Sends missing values and categories that the node does not have with its larger child. */
function withAbsent(
  data: ForestData,
  split: BinnedSplit,
  ids: Uint32Array,
  first: number,
  middle: number,
  end: number,
): BinnedSplit {
  const { bins, nBins, hasMissing } = data.features[split.feature] as ForestData['features'][number]
  const leftIsLarger = middle - first >= end - middle
  if (!split.set) {
    if (hasMissing && holdsMissing(bins, ids, first, end)) return split
    return { ...split, missingLeft: leftIsLarger }
  }
  if (!leftIsLarger) return split
  const present = new Uint8Array(256)
  for (let i = first; i < end; i++) present[bins[ids[i] as number] as number] = 1
  const set = split.set.slice()
  for (let bin = 0; bin < nBins; bin++) if (present[bin] === 0) addToSet(set, bin)
  return { ...split, set, missingLeft: split.missingLeft || present[missingBin] === 0 }
}

function holdsMissing(bins: Uint8Array, ids: Uint32Array, first: number, end: number): boolean {
  for (let i = first; i < end; i++) if (bins[ids[i] as number] === missingBin) return true
  return false
}

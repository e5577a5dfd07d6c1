import type { KernelImplementation } from '../../kernels/kernel-space.ts'
import { forestBlock, missingBin } from '../../kernels/kernels.ts'
import { addToSet, type BinnedTree, createTreeBuilder, setHas } from '../tree/binned-tree.ts'
import { middleCut } from '../tree/feature-bins.ts'
import { createClassSplitSearch } from './class-split-search.ts'
import { drawRows } from './draw-rows.ts'
import type { ForestData, ForestFeature } from './forest-data.ts'
import { type ForestMemory, openForestMemory } from './forest-memory.ts'
import type { ForestParameters } from './forest-parameters.ts'
import type { BestSplit } from './split-search.ts'
import { createTreeRandom } from './tree-random.ts'
import { createValueSplitSearch } from './value-split-search.ts'

/** `best`: the best cut of each tried feature (random forest); `random`: one random cut of each (extra trees). */
export type CutRule = 'best' | 'random'

/**
 * Makes the function that grows the forest's trees by number. A tree depends on nothing but the data, the parameters,
 * the seed and its number, so trees can grow in any order and thread. Its arrays are used again for the next tree.
 */
export function createTreeGrower(
  data: ForestData,
  parameters: ForestParameters,
  cuts: CutRule,
  seed: number,
  implementation: KernelImplementation = 'wasm',
): (tree: number) => BinnedTree {
  const memory = openForestMemory(data, implementation)
  const counts = new Uint32Array(data.nRows)
  const random = createTreeRandom()
  const cutRandom = cuts === 'random' ? random : null
  const search =
    data.nClasses > 2
      ? createClassSplitSearch(data, memory, parameters.minRowsInLeaf, cutRandom)
      : createValueSplitSearch(data, memory, parameters.minRowsInLeaf, cutRandom)
  const features = Int32Array.from(data.features.keys())
  const nTried = featuresPerSplit(data, parameters)
  const maxDepth = parameters.maxDepth || Number.POSITIVE_INFINITY

  /**
   * Draws features until enough of them were not constant, and gives how many are known to be constant now. Those are
   * moved to the start, where the nodes below pass over them; a node changes the order only behind those that its
   * parent knows, so that they stay there until the last of the parent's descendants.
   */
  function tryFeatures(nConstant: number): number {
    let constant = nConstant
    let end = features.length
    for (let tried = 0; constant < end && tried < nTried && !search.isPerfect(); ) {
      const at = constant + random.nextBelow(end - constant)
      const feature = features[at] as number
      if (search.tryFeature(feature)) {
        tried++
        end--
        features[at] = features[end] as number
        features[end] = feature
      } else {
        features[at] = features[constant] as number
        features[constant] = feature
        constant++
      }
    }
    return constant
  }

  const builder = createTreeBuilder()
  const { views } = memory
  const lowestRightAt = (memory.block + forestBlock.lowestRight) >>> 2
  return (tree) => {
    random.start(seed, tree)
    for (let i = 0; i < features.length; i++) features[i] = i
    // Nodes to come, the next one last: first, end, depth, parent, whether right of it, constant features known there.
    const open = [0, drawRows(data, memory, counts, random, parameters.bootstrap), 0, -1, 0, 0]
    while (open.length > 0) {
      const known = open.pop() as number
      const isRight = open.pop() === 1
      const parent = open.pop() as number
      const depth = open.pop() as number
      const end = open.pop() as number
      const first = open.pop() as number
      const differs = search.openNode(first, end)
      const node = builder.addNode()
      if (parent >= 0) builder.setChild(parent, isRight, node)
      const divisible = differs && depth < maxDepth && end - first >= 2 * parameters.minRowsInLeaf
      const nConstant = divisible ? tryFeatures(known) : known
      const split = divisible ? search.best() : null
      if (!split) {
        builder.setLeaf(node, search.weight() * data.meanWeight, search.leafValues())
        continue
      }
      const feature = data.features[split.feature] as ForestFeature
      const middle = partNode(memory, split, first, end)
      if (!cutRandom && !split.set) split.bin = middleCut(split.bin, views.int32[lowestRightAt] as number)
      placeAbsent(feature, split, memory.ids, first, middle, end)
      builder.setSplit(node, split)
      open.push(middle, end, depth + 1, node, 1, nConstant)
      open.push(first, middle, depth + 1, node, 0, nConstant)
    }
    return builder.build()
  }
}

function featuresPerSplit(data: ForestData, { featuresPerSplit: rule }: ForestParameters): number {
  const count = data.features.length
  if (rule === 'sqrt' || (rule === 'auto' && data.nClasses > 0)) return Math.max(1, Math.floor(Math.sqrt(count)))
  const share = rule === 'auto' ? 1 / 3 : rule
  return Math.max(1, Math.round(count * share))
}

/** Moves the rows that go left to the start of the node; gives where the others begin. */
function partNode(
  { kernels, views, block, binsOf, table }: ForestMemory,
  { feature, bin, set, missingLeft }: BestSplit,
  first: number,
  end: number,
): number {
  if (set) for (let at = 0; at < 256; at++) views.bytes[table + at] = setHas(set, at) ? 1 : 0
  return kernels.partRows(block, binsOf(feature), first, end, bin, missingLeft ? 1 : 0, set ? table : 0)
}

/** Sends missing values and categories that the node does not have with its larger child. */
function placeAbsent(
  { bins, nBins, hasMissing }: ForestFeature,
  split: BestSplit,
  ids: Uint32Array,
  first: number,
  middle: number,
  end: number,
): void {
  const leftIsLarger = middle - first >= end - middle
  if (!split.set) {
    if (!hasMissing || !holdsMissing(bins, ids, first, end)) split.missingLeft = leftIsLarger
    return
  }
  if (!leftIsLarger) return
  const present = new Uint8Array(256)
  for (let i = first; i < end; i++) present[bins[ids[i] as number] as number] = 1
  for (let bin = 0; bin < nBins; bin++) if (present[bin] === 0) addToSet(split.set, bin)
  if (present[missingBin] === 0) split.missingLeft = true
}

function holdsMissing(bins: Uint8Array, ids: Uint32Array, first: number, end: number): boolean {
  for (let i = first; i < end; i++) if (bins[ids[i] as number] === missingBin) return true
  return false
}

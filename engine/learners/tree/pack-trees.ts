import { createAllocator } from '../../kernels/kernel-space.ts'
import { packedNode, packedTree } from '../../kernels/kernels.ts'
import type { MemoryViews } from '../../kernels/memory-views.ts'
import type { TreeEnsemble } from './tree-ensemble.ts'

/** Nodes of neighbouring trees that are scored together: half a megabyte, so that they stay in a core's cache. */
const mostNodes = 32_768

/** Some neighbouring trees as the kernels take them, and where they will lie. */
export interface TreeChunk {
  readonly trees: readonly ChunkTree[]
  readonly inner: readonly number[]
  readonly leaves: readonly number[]
  /** The leaves' values are these of the ensemble. */
  readonly valuesFrom: number
  readonly valuesEnd: number
  readonly addresses: ChunkAddresses
}

interface ChunkTree {
  readonly root: number
  readonly output: number
  readonly hasSets: boolean
}

interface ChunkAddresses {
  readonly nodes: number
  readonly firstLeaf: number
  readonly trees: number
  readonly values: number
  /** Of each set that nodes split by. */
  readonly sets: ReadonlyMap<number, number>
  /** The first byte behind all of it. */
  readonly end: number
}

/** All trees, in their order, in chunks of about `mostNodes` nodes. */
export function chunkTrees(model: TreeEnsemble): TreeChunk[] {
  const chunks: TreeChunk[] = []
  for (let tree = 0; tree < model.roots.length; ) {
    const trees: ChunkTree[] = []
    const inner: number[] = []
    const leaves: number[] = []
    for (; tree < model.roots.length && inner.length + leaves.length < mostNodes; tree++) {
      const root = model.roots[tree] as number
      const hasSets = collectNodes(model, root, inner, leaves)
      trees.push({ root, output: model.nOutputs === 1 ? 0 : (model.treeOutput[tree] as number), hasSets })
    }
    chunks.push(layOut(model, trees, inner, leaves))
  }
  return chunks
}

/** Depth first, the left side before the right; tells whether any split is by a set. */
function collectNodes(model: TreeEnsemble, root: number, inner: number[], leaves: number[]): boolean {
  let hasSets = false
  const waiting = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ((model.feature[node] as number) < 0) {
      leaves.push(node)
      continue
    }
    inner.push(node)
    hasSets ||= (model.categorySet[node] as number) >= 0
    waiting.push(model.right[node] as number, model.left[node] as number)
  }
  return hasSets
}

function layOut(model: TreeEnsemble, trees: ChunkTree[], inner: number[], leaves: number[]): TreeChunk {
  const { allocate, top } = createAllocator()
  let valuesFrom = model.leafValues.length
  let valuesEnd = 0
  for (const leaf of leaves) {
    const at = model.leafAt[leaf] as number
    valuesFrom = Math.min(valuesFrom, at)
    valuesEnd = Math.max(valuesEnd, Math.min(at + model.nOutputs, model.leafValues.length))
  }
  const nodes = allocate(packedNode.bytes * (inner.length + leaves.length))
  const sets = new Map<number, number>()
  for (const node of inner) {
    const set = model.categorySet[node] as number
    if (set >= 0 && !sets.has(set)) sets.set(set, allocate(4 + 4 * (model.categorySets[set] as Uint32Array).length))
  }
  const addresses = {
    nodes,
    firstLeaf: nodes + packedNode.bytes * inner.length,
    trees: allocate(packedTree.bytes * trees.length),
    values: allocate(8 * Math.max(0, valuesEnd - valuesFrom)),
    sets,
    end: top(),
  }
  return { trees, inner, leaves, valuesFrom, valuesEnd, addresses }
}

/** Writes a chunk to its addresses. `columnPlace` gives the offset of the column that a node's split reads, in bytes. */
export function packTrees(
  model: TreeEnsemble,
  chunk: TreeChunk,
  columnPlace: (node: number) => number,
  { int32, uint32, float32, float64 }: MemoryViews,
): void {
  const { trees, inner, leaves, addresses, valuesFrom } = chunk
  const placeOf = new Int32Array(model.feature.length)
  for (const [index, node] of inner.entries()) placeOf[node] = addresses.nodes + packedNode.bytes * index
  for (const [index, node] of leaves.entries()) placeOf[node] = addresses.firstLeaf + packedNode.bytes * index
  for (const [set, address] of addresses.sets) {
    const words = model.categorySets[set] as Uint32Array
    uint32[address >>> 2] = words.length
    uint32.set(words, (address >>> 2) + 1)
  }
  for (const node of inner) {
    const at = placeOf[node] as number
    const set = addresses.sets.get(model.categorySet[node] as number)
    const kind = set === undefined ? 0 : packedNode.setSplit + (model.missingLeft[node] ? packedNode.missingLeft : 0)
    int32[(at + packedNode.column) >>> 2] = columnPlace(node) + kind
    if (set === undefined) float32[(at + packedNode.threshold) >>> 2] = model.threshold[node] as number
    else uint32[(at + packedNode.threshold) >>> 2] = set
    uint32[(at + packedNode.right) >>> 2] = placeOf[model.right[node] as number] as number
    uint32[(at + packedNode.left) >>> 2] = placeOf[model.left[node] as number] as number
  }
  for (const node of leaves) {
    const at = placeOf[node] as number
    int32[(at + packedNode.column) >>> 2] = 0
    uint32[(at + packedNode.threshold) >>> 2] = (model.leafAt[node] as number) - valuesFrom
    uint32[(at + packedNode.right) >>> 2] = at
    uint32[(at + packedNode.left) >>> 2] = at
  }
  for (const [index, { root, output, hasSets }] of trees.entries()) {
    const at = addresses.trees + packedTree.bytes * index
    uint32[(at + packedTree.root) >>> 2] = placeOf[root] as number
    int32[(at + packedTree.hasSets) >>> 2] = hasSets ? 1 : 0
    int32[(at + packedTree.output) >>> 2] = output
  }
  float64.set(model.leafValues.subarray(valuesFrom, chunk.valuesEnd), addresses.values >>> 3)
}

/**
 * One grown tree whose splits are still bins. Node 0 is the root and children come after their parent.
 * A row goes left when its bin is at most `bin`, or in the set of a categorical split.
 */
export interface BinnedTree {
  /** Feature of an inner node, -1 in a leaf. */
  readonly feature: Int32Array
  /** Last bin that goes left of a numeric split; -1 for a categorical one. */
  readonly bin: Int16Array
  /** Index into `sets` of a categorical split, else -1. */
  readonly set: Int32Array
  /** 256 bits of the bins that go left. */
  readonly sets: readonly Uint32Array[]
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** Sum of the weights of the training rows that reached the node. */
  readonly cover: Float64Array
  /** Where a leaf's values start in `leafValues`; -1 in an inner node. */
  readonly leafAt: Int32Array
  readonly leafValues: Float64Array
}

/** Collects trees node by node, one after the other in the same arrays. */
export interface TreeBuilder {
  /** Adds a node without children or values yet; gives its number. */
  addNode(): number
  setSplit(node: number, split: BinnedSplit): void
  setChild(node: number, isRight: boolean, child: number): void
  /** Makes the node a leaf. */
  setLeaf(node: number, cover: number, values: ArrayLike<number>): void
  /** The tree, each inner node's cover being exactly the sum of its children's. The next node begins another one. */
  build(): BinnedTree
}

export interface BinnedSplit {
  readonly feature: number
  readonly bin: number
  /** 256 bits, of a categorical split. */
  readonly set: Uint32Array | null
  readonly missingLeft: boolean
}

export function createTreeBuilder(): TreeBuilder {
  let nodes = allocateNodes(64)
  let leafValues = new Float64Array(64)
  let sets: Uint32Array[] = []
  let size = 0
  let nValues = 0
  return {
    addNode() {
      if (size === nodes.feature.length) nodes = enlarge(nodes)
      nodes.feature[size] = -1
      nodes.bin[size] = -1
      nodes.set[size] = -1
      nodes.missingLeft[size] = 0
      nodes.left[size] = -1
      nodes.right[size] = -1
      nodes.leafAt[size] = -1
      return size++
    },
    setSplit(node, split) {
      nodes.feature[node] = split.feature
      nodes.bin[node] = split.bin
      nodes.missingLeft[node] = split.missingLeft ? 1 : 0
      if (!split.set) return
      nodes.set[node] = sets.length
      sets.push(split.set)
    },
    setChild(node, isRight, child) {
      if (isRight) nodes.right[node] = child
      else nodes.left[node] = child
    },
    setLeaf(node, cover, values) {
      nodes.cover[node] = cover
      nodes.leafAt[node] = nValues
      for (let i = 0; i < values.length; i++) {
        if (nValues === leafValues.length) leafValues = copyInto(new Float64Array(2 * nValues), leafValues)
        leafValues[nValues++] = values[i] as number
      }
    },
    build() {
      addUpCovers(nodes, size)
      const tree: BinnedTree = {
        feature: nodes.feature.slice(0, size),
        bin: nodes.bin.slice(0, size),
        set: nodes.set.slice(0, size),
        sets,
        missingLeft: nodes.missingLeft.slice(0, size),
        left: nodes.left.slice(0, size),
        right: nodes.right.slice(0, size),
        cover: nodes.cover.slice(0, size),
        leafAt: nodes.leafAt.slice(0, size),
        leafValues: leafValues.slice(0, nValues),
      }
      sets = []
      size = 0
      nValues = 0
      return tree
    },
  }
}

type NodeArrays = Omit<BinnedTree, 'sets' | 'leafValues'>

function allocateNodes(capacity: number): NodeArrays {
  return {
    feature: new Int32Array(capacity),
    bin: new Int16Array(capacity),
    set: new Int32Array(capacity),
    missingLeft: new Uint8Array(capacity),
    left: new Int32Array(capacity),
    right: new Int32Array(capacity),
    cover: new Float64Array(capacity),
    leafAt: new Int32Array(capacity),
  }
}

function enlarge(nodes: NodeArrays): NodeArrays {
  const larger = allocateNodes(2 * nodes.feature.length)
  return {
    feature: copyInto(larger.feature, nodes.feature),
    bin: copyInto(larger.bin, nodes.bin),
    set: copyInto(larger.set, nodes.set),
    missingLeft: copyInto(larger.missingLeft, nodes.missingLeft),
    left: copyInto(larger.left, nodes.left),
    right: copyInto(larger.right, nodes.right),
    cover: copyInto(larger.cover, nodes.cover),
    leafAt: copyInto(larger.leafAt, nodes.leafAt),
  }
}

function copyInto<T extends { set(from: ArrayLike<number>): void }>(to: T, from: T & ArrayLike<number>): T {
  to.set(from)
  return to
}

/** Children come after their parents, so from the last node to the first. */
function addUpCovers({ left, right, cover }: NodeArrays, size: number): void {
  for (let node = size - 1; node >= 0; node--) {
    const child = left[node] as number
    if (child >= 0) cover[node] = (cover[child] as number) + (cover[right[node] as number] as number)
  }
}

export function setHas(set: Uint32Array, bin: number): boolean {
  return (((set[bin >>> 5] as number) >>> (bin & 31)) & 1) === 1
}

export function setOf(bins: Iterable<number>): Uint32Array {
  const set = new Uint32Array(8)
  for (const bin of bins) addToSet(set, bin)
  return set
}

export function addToSet(set: Uint32Array, bin: number): void {
  set[bin >>> 5] = (set[bin >>> 5] as number) | (1 << (bin & 31))
}

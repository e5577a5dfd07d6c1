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

/** Collects a tree node by node. */
export interface TreeBuilder {
  /** Adds a node without children or values yet; gives its number. */
  addNode(): number
  /** Of a leaf; those of inner nodes follow from it. */
  setCover(node: number, cover: number): void
  setSplit(node: number, split: BinnedSplit): void
  setChildren(node: number, left: number, right: number): void
  setChild(node: number, isRight: boolean, child: number): void
  setLeaf(node: number, values: ArrayLike<number>): void
  /** Number of nodes so far. */
  size(): number
  /** The tree, each inner node's cover being exactly the sum of its children's. */
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
  const feature: number[] = []
  const bin: number[] = []
  const set: number[] = []
  const sets: Uint32Array[] = []
  const missingLeft: number[] = []
  const left: number[] = []
  const right: number[] = []
  const cover: number[] = []
  const leafAt: number[] = []
  const leafValues: number[] = []
  return {
    addNode() {
      cover.push(0)
      feature.push(-1)
      bin.push(-1)
      set.push(-1)
      missingLeft.push(0)
      left.push(-1)
      right.push(-1)
      leafAt.push(-1)
      return feature.length - 1
    },
    setCover(node, rows) {
      cover[node] = rows
    },
    setSplit(node, split) {
      feature[node] = split.feature
      bin[node] = split.bin
      missingLeft[node] = split.missingLeft ? 1 : 0
      if (!split.set) return
      set[node] = sets.length
      sets.push(split.set)
    },
    setChildren(node, toLeft, toRight) {
      left[node] = toLeft
      right[node] = toRight
    },
    setChild(node, isRight, child) {
      if (isRight) right[node] = child
      else left[node] = child
    },
    setLeaf(node, values) {
      leafAt[node] = leafValues.length
      for (let i = 0; i < values.length; i++) leafValues.push(values[i] as number)
    },
    size: () => feature.length,
    build() {
      for (let node = feature.length - 1; node >= 0; node--) {
        const child = left[node] as number
        if (child >= 0) cover[node] = (cover[child] as number) + (cover[right[node] as number] as number)
      }
      return {
        feature: Int32Array.from(feature),
        bin: Int16Array.from(bin),
        set: Int32Array.from(set),
        sets,
        missingLeft: Uint8Array.from(missingLeft),
        left: Int32Array.from(left),
        right: Int32Array.from(right),
        cover: Float64Array.from(cover),
        leafAt: Int32Array.from(leafAt),
        leafValues: Float64Array.from(leafValues),
      }
    },
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

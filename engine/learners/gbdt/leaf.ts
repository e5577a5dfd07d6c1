/** A leaf while its tree grows: a stretch of records. */
export interface Leaf {
  /** Its node in the tree. */
  readonly node: number
  readonly depth: number
  readonly begin: number
  readonly end: number
  /** Which record buffer, or -1: all rows, where they were binned. */
  readonly buffer: -1 | 0 | 1
  /** Where its histograms and best split lie. */
  readonly slot: number
  readonly sumGradient: number
  readonly sumHessian: number
  /** Its best split, or null where none is worth it. */
  split: LeafSplit | null
}

/** A split by place among the tree's active features. */
export interface LeafSplit {
  readonly gain: number
  readonly place: number
  /** Last bin that goes left; -1: categorical. */
  readonly bin: number
  readonly missingLeft: boolean
  /** 256 bits of the bins that go left, of a categorical split. */
  readonly categories: Uint32Array | null
  readonly leftGradient: number
  readonly leftHessian: number
}

/**
 * A leaf while its tree grows: a fragment of each thread's records. A thread's rows stay its own from root to leaf, so
 * that nobody needs to know where others put theirs. Within a fragment the order depends on the number of threads, but
 * sums over it are exact (see roundingShift) and so do not.
 */
export interface Leaf {
  /** Its node in the tree. */
  readonly node: number
  readonly depth: number
  /** Where each thread's fragment begins and ends, in records. */
  readonly begins: Int32Array
  readonly ends: Int32Array
  readonly nRows: number
  /** Sum of the rows' weights (mean one over all training rows); the number of rows where there are none. */
  readonly weight: number
  /** Which record buffer, or -1: the rows as they were binned. */
  readonly buffer: -1 | 0 | 1
  /** Where its histograms and best split lie. */
  readonly slot: number
  readonly sumGradient: number
  readonly sumHessian: number
  /** Within which its value must lie for monotone columns; infinite where there are none. */
  readonly low: number
  readonly high: number
  /** Its best split, or null where none is worth it. */
  split: LeafSplit | null
}

/** What a split search needs to know of a leaf and its limits. */
export interface LeafSums {
  readonly gradient: number
  readonly hessian: number
  readonly lambda: number
  /** Least hessian on each side, > 0. */
  readonly leastHessian: number
  readonly leastGain: number
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

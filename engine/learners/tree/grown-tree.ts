/** How the rows of a node part: by bins while growing, as values or codes in the prediction form. */
export interface NodeSplit {
  readonly feature: number
  /** 256 bytes: 1 for each bin that goes left; that of missing values is at 255. */
  readonly goesLeft: Uint8Array
  /** Last bin that goes left of a numeric split; -1 for a categorical one. */
  readonly bin: number
}

/** A tree while it grows. Node 0 is the root; children come after their parent. */
export interface GrownTree {
  readonly nodes: readonly GrownNode[]
}

export interface GrownNode {
  readonly split: NodeSplit | null
  /** Children, or -1 in a leaf. */
  readonly left: number
  readonly right: number
  /** Sum of the weights of the training rows that reached the node. */
  readonly cover: number
  /** Values of a leaf, one or one an output; empty in an inner node. */
  readonly values: readonly number[]
}

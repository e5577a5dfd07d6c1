/**
 * The prediction form of every tree learner: flat arrays, one slot a node, all trees after one another.
 * A row goes left when `value <= threshold` (numeric), or its code is in the node's set (categorical);
 * NaN goes left when `missingLeft` is 1. Thresholds are float32 values, so comparing in float32 or float64 is the same.
 * Score of output k = base[k] + the sum, in tree order, of the leaves reached.
 */
export interface TreeEnsemble {
  readonly kind: 'trees'
  readonly nFeatures: number
  /** Scores a row: 1 for regression and binary, the number of classes for multiclass. */
  readonly nOutputs: number
  /** Added once to each output. */
  readonly base: Float64Array
  readonly link: Link
  /** First node of each tree. */
  readonly roots: Int32Array
  /** The output that a tree adds to, or -1: its leaves hold a value for every output. */
  readonly treeOutput: Int32Array
  /** Feature of an inner node; -1 in a leaf. */
  readonly feature: Int32Array
  readonly threshold: Float64Array
  /** Index into `categorySets` of a categorical split; -1 for a numeric one. */
  readonly categorySet: Int32Array
  /** Bit sets of the codes that go left, 32 a word. */
  readonly categorySets: readonly Uint32Array[]
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** Training rows (sum of weights) that reached the node; children add up to their parent. */
  readonly cover: Float64Array
  /** Where a leaf's values start in `leafValues`: one, or nOutputs where treeOutput is -1. -1 in an inner node. */
  readonly leafAt: Int32Array
  readonly leafValues: Float64Array
}

/** From scores to what is predicted. `probability`: the scores are probabilities already (forests). `exp`: Poisson. */
export type Link = 'identity' | 'logistic' | 'softmax' | 'probability' | 'exp'

/**
 * The inner loops of the tree learners. Two implementations give the same bits: WebAssembly with SIMD (kernels.as.ts) and
 * TypeScript (plain/). Addresses are bytes into one shared memory; strides and sizes are bytes too.
 *
 * Words used below:
 * - bins: one byte a feature, row by row; 255 is missing.
 * - pair: gradient and hessian of a row as two float32.
 * - record: a row's bins padded to 4 bytes, its pair, its row number (uint32), padded to 8 bytes. Rows move into their
 *   leaf as records, so that every pass reads memory in order.
 * - histogram: for each feature `histogramBytes`: 256 cells of (sum of gradients, sum of hessians) in float64.
 * - table: 256 bytes, 1 for each bin that goes left.
 */
export interface Kernels {
  /** exp(x), with x clamped to -708..709. */
  exp(x: number): number
  /** Natural logarithm of a positive normal number. */
  log(x: number): number

  clearHistograms(out: number, nFeatures: number): void
  /** Adds `count` rows to the histograms of `nFeatures` neighbouring features. */
  addToHistograms(
    bins: number,
    binStride: number,
    nFeatures: number,
    pairs: number,
    pairStride: number,
    count: number,
    out: number,
  ): void
  /** parent -= child, in float64. */
  subtractHistogram(parent: number, child: number, bytes: number): void

  /**
   * Moves records to the left target, in their order, or to the right one, in reverse: `right` is where the last record
   * of the stretch goes. Gives how many went left. `column` is the split feature's place in a record.
   */
  scatterRecords(
    source: number,
    recordBytes: number,
    count: number,
    column: number,
    table: number,
    left: number,
    right: number,
  ): number
  /** As scatterRecords, making the records from the bins and pairs of rows `firstRow`.. on. */
  scatterRoot(
    bins: number,
    binStride: number,
    pairs: number,
    firstRow: number,
    count: number,
    recordBytes: number,
    column: number,
    table: number,
    left: number,
    right: number,
  ): number
  /** Makes records of chosen rows (uint32 each) and chosen columns (int32 each). */
  extractRecords(
    bins: number,
    binStride: number,
    pairs: number,
    rows: number,
    count: number,
    columns: number,
    nColumns: number,
    out: number,
    recordBytes: number,
  ): void

  /**
   * The best split of a leaf on one of `nFeatures` numeric features: highest GL²/(HL+λ) + GR²/(HR+λ) - G²/(H+λ); of equal
   * ones the lowest feature, missing right before left, the lowest bin. `binCounts` int32 and `flags` (`splitFlags`) a
   * byte a feature. Both sides need `leastHessian` > 0 and the gain must exceed `leastGain`.
   * Writes six float64: gain, feature (-1: none), bin, 1 if missing goes left, GL, HL.
   */
  findNumericSplit(
    cells: number,
    nFeatures: number,
    binCounts: number,
    flags: number,
    sumGradient: number,
    sumHessian: number,
    lambda: number,
    leastHessian: number,
    leastGain: number,
    out: number,
  ): void
  /**
   * Looks among the features whose bins are categories, missing being one, for a split into two sets that is better than
   * the one at `record` (or as good, of a lower feature) and puts it there: six float64 as findNumericSplit writes them
   * with bin -1, and at `splitRecord.set` 256 bits of the bins that go left. Few categories: each against the rest. More:
   * ordered by gradient over smoothed hessian and cut at the best place, at most `mostCategories` or half of them from
   * either end (Fisher 1958: for convex losses without smoothing, one of these cuts is the best of all subsets). Method
   * and limits: LightGBM. `rules` is a block of `categoryRules`; `scratch` has `categoryScratchBytes`.
   */
  findCategorySplit(
    cells: number,
    nFeatures: number,
    binCounts: number,
    flags: number,
    rules: number,
    scratch: number,
    record: number,
  ): void

  /**
   * C = A · B, float32, row by row: A m × k, B k × n, C m × n, n a multiple of 4. Each element is summed along k in its
   * order, so the bits depend on nothing else. `order` is one of `factorOrder`; with a transposed left factor m is a
   * multiple of 4 too. `scratch` has room for `productScratchBytes`.
   */
  multiplyFloats(a: number, b: number, c: number, m: number, k: number, n: number, order: number, scratch: number): void
  /**
   * The same by whole numbers, in half the time: each row of A and each column of B is first rounded to a grid of up to
   * 2 · 32,767 steps between its largest value and the opposite, as fine as sums along k in 32 bits allow (2,896 to
   * either side where k is 256). Of values that stand along the shared dimension in rows, k must be a multiple of 4; n must
   * be a multiple of 8. The order of sums does not matter.
   */
  multiplyRounded(
    a: number,
    b: number,
    c: number,
    m: number,
    k: number,
    n: number,
    order: number,
    scratch: number,
  ): void
  /**
   * C = A · B in float64, row by row: A m × k, B k × n, C m × n, n a multiple of 4. Each element is summed along k in its
   * order.
   */
  multiplyDoubles(a: number, b: number, c: number, m: number, k: number, n: number): void

  /**
   * Adds to `count` float64 at `out` the float32 columns times their scales (float64 each), column by column. `list` holds
   * the columns' addresses (uint32 each); from each `offset` bytes on are read.
   */
  addColumns(list: number, offset: number, nColumns: number, count: number, scales: number, out: number): void
  /**
   * Adds to float64 at `out`, one a column, the sum of the column times the values: four sums side by side, then their
   * sum, then what is left over. `list` and `offset` as for addColumns.
   */
  dotColumns(list: number, offset: number, nColumns: number, values: number, count: number, out: number): void
  /** Writes a float32 column less `shift` as float64. */
  shiftColumn(column: number, count: number, shift: number, out: number): void
  /**
   * Adds to `out` (nColumns × nColumns float64, row by row) the products of all columns of `left` with all of `right`,
   * float64 columns that lie `columnBytes` apart, on and above the diagonal; in its blocks of three also below. Even and
   * odd rows are summed apart. `count` is even, nColumns a multiple of three.
   */
  addGram(left: number, right: number, columnBytes: number, nColumns: number, count: number, out: number): void
  /**
   * Turns the scores of `count` rows (float64) into the derivatives of the logistic loss, weight · (probability - label),
   * and gives the sum of weight · loss. Labels are 0 and 1 in float64, so are weights (0: all one); `scratch` has 32 bytes.
   */
  deriveLogistic(scores: number, labels: number, weights: number, count: number, scratch: number): number
  // The following are a neural network's, all float32, row by row; widths and counts are multiples of 4.
  /** Copies the rows at `count` places (uint32 each) one after the other. */
  gatherRows(from: number, rowBytes: number, places: number, count: number, out: number): void
  /**
   * ReLU of sums plus a bias a column: `factors` becomes `kept` where a sum is above 0 and its unit takes part, else 0;
   * `out` becomes factor times sum, plus `residual` where that is not 0. A unit takes part where its random uint32, from
   * `seed` and its place, is not below `border`; border 0: all do.
   */
  rectify(
    sums: number,
    bias: number,
    residual: number,
    factors: number,
    out: number,
    nRows: number,
    width: number,
    kept: number,
    border: number,
    seed: number,
  ): void
  /** values += a bias a column. */
  addBias(values: number, bias: number, nRows: number, width: number): void
  /** out = values times factors (0: all one); `sums` become the sums of its columns, in the order of the rows. */
  scaleAndSum(values: number, factors: number, out: number, sums: number, nRows: number, width: number): void
  /** out += values. */
  addFloats(values: number, count: number, out: number): void
  /**
   * A step of Adam: moments are renewed from the gradients with decays of 0.9 and 0.999, and taken for 0 below 1e-30;
   * parameters shrink and move by rate · first / (√second · scale + 1e-8).
   */
  adamStep(
    parameters: number,
    gradients: number,
    first: number,
    second: number,
    count: number,
    rate: number,
    scale: number,
    shrink: number,
  ): void

  // The following read a forest block (`forestBlock`); rows first..end-1 are a node. Bins are a byte a row of the table.
  /** Writes the node's weight and weighted sum of targets; 1 if the targets differ. */
  sumNode(block: number, first: number, end: number): number
  /**
   * Tries all cuts of a numeric feature, missing values on the right and on the left, with `fewest` rows on both sides,
   * and keeps the best where it beats the block's. 0: the feature is constant; 1: no better cut; 2: a better one.
   * A score is (left sum · weight - sum · left weight)² / (left weight · right weight): the higher, the less squared error.
   */
  findValueCut(block: number, bins: number, first: number, end: number, fewest: number): number
  /** Copies the bins of the node's rows to `taken`: lowest + highest known bin · 2⁸ + 2¹⁶ if any is missing; unknown: 255 and 0. */
  takeBins(block: number, bins: number, first: number, end: number): number
  /** Tries the one cut after bin `cut` of the bins in `taken`: 1 if it beats the block's best, which it then is. */
  tryCut(block: number, first: number, end: number, cut: number, missingLeft: number, fewest: number): number
  /**
   * Moves the node's rows that go left before the others, both in their order: those up to bin `cut` and, if `missingLeft`
   * is 1, missing ones; or by `table` (address of 256 bytes) where that is not 0. Gives where the right ones begin.
   */
  partRows(
    block: number,
    bins: number,
    first: number,
    end: number,
    cut: number,
    missingLeft: number,
    table: number,
  ): number

  /** Sorts float32 without NaN, ascending; -0 comes before 0. `scratch` has room for them and `sortScratchBytes` more. */
  sortFloats(values: number, count: number, scratch: number): void
  /** Bins of `count` float32: how many of 256 float64 thresholds (padded with infinity) lie below each. 1 if any is NaN. */
  binColumn(values: number, count: number, thresholds: number, out: number, stride: number): number

  /** Adds to each row's score the leaf that it reaches in a tree of `treeNode` records. */
  addTree(nodes: number, bins: number, binStride: number, count: number, scores: number): void

  /**
   * Adds to `count` rows, nOutputs float64 each, the leaves that they reach in trees of `packedTree` and `packedNode`
   * records, in the trees' order; nodes from the address `firstLeaf` on are leaves. `block` holds the features, float32,
   * column by column; eight rows are read at once, so a column is as long as a multiple of eight.
   */
  scoreTrees(
    trees: number,
    nTrees: number,
    firstLeaf: number,
    block: number,
    count: number,
    values: number,
    scores: number,
    nOutputs: number,
  ): void

  /** Adds `value` to the scores of rows first..end-1. */
  addRange(scores: number, first: number, end: number, value: number): void
  /** Marks the rows whose numbers lie `stride` bytes apart with their leaf: a uint16 a row of the table. */
  markLeaf(marks: number, ids: number, stride: number, count: number, leaf: number): void
  /** Adds to the scores of rows first..end-1 the value (float64) of the leaf that each is marked with. */
  addMarked(scores: number, marks: number, values: number, first: number, end: number): void

  // The following read a loss block (`lossBlock`).
  /** Adds `value` to the scores of rows and renews their pairs, for the logistic loss. */
  logisticUpdateRange(block: number, first: number, end: number, value: number): void
  logisticUpdateMarked(block: number, marks: number, values: number, first: number, end: number): void
  /** The same for half the squared error; the hessian in the pair stays. */
  squaredUpdateRange(block: number, first: number, end: number, value: number): void
  squaredUpdateMarked(block: number, marks: number, values: number, first: number, end: number): void
  /** Pairs of all classes from the scores, for the softmax loss. */
  softmaxGradients(block: number, first: number, end: number): void
  /** Weighted sums of the loss over rows first..end-1. */
  logisticLoss(block: number, first: number, end: number): number
  softmaxLoss(block: number, first: number, end: number): number
  squaredLoss(block: number, first: number, end: number): number
}

/** 260 cells of 16 bytes, not 256: a power of two would put the same bins of all features into one set of the L1 cache. */
export const histogramBytes = 4160

/** What sortFloats needs besides room for the values: counts of three digits of 11 bits. */
export const sortScratchBytes = 3 * 2048 * 4

/** How the factors of a product stand in memory: as they are multiplied, A as k × m, or B as n × k. */
export const factorOrder = { plain: 0, leftTransposed: 1, rightTransposed: 2 } as const

/** What multiplyFloats and multiplyRounded need to lay out their factors. */
export function productScratchBytes(m: number, k: number, n: number): number {
  return 4 * (k + 4) * (4 * Math.ceil(m / 4) + n + 4)
}

/** Bin of a missing value. */
export const missingBin = 255

/** Most categories on the side that is listed, as LightGBM's max_cat_threshold. */
export const mostCategories = 32

/** What findCategorySplit needs: the first categories of either order. */
export const categoryScratchBytes = 2 * mostCategories * 16

/**
 * Layout of what findCategorySplit is told of a leaf: offsets in bytes of float64. `categoryLambda` is added to lambda,
 * `smoothing` to a category's hessian when they are ordered; a category with less than `leastCategoryHessian` is not, and
 * each cut adds `leastGroupHessian` at least. Up to `oneVersusRestLevels` are tried each against the rest.
 */
export const categoryRules = {
  bytes: 80,
  gradient: 0,
  hessian: 8,
  lambda: 16,
  leastHessian: 24,
  leastGain: 32,
  categoryLambda: 40,
  smoothing: 48,
  leastCategoryHessian: 56,
  leastGroupHessian: 64,
  oneVersusRestLevels: 72,
} as const

/** Layout of a split record: six float64 (see findNumericSplit), then 256 bits of the bins that go left. */
export const splitRecord = { bytes: 128, set: 48 } as const

export const splitFlags = { numeric: 1, hasMissing: 2 } as const

/** Layout of a node for addTree: offsets in bytes. A leaf has feature -1. */
export const treeNode = { bytes: 280, feature: 0, right: 4, left: 8, value: 16, table: 24 } as const

/**
 * Layout of a node for scoreTrees: offsets in bytes. First the place of its feature's column in the block, in bytes, plus
 * `setSplit` and `missingLeft` where it splits by a set of codes; then a float32 threshold (values up to it go left, NaN
 * does not), or where the set is (uint32: how many words, then the words), or in a leaf the index of its first value; then
 * its children's addresses. A leaf's children are itself.
 */
export const packedNode = {
  bytes: 16,
  column: 0,
  threshold: 4,
  right: 8,
  left: 12,
  setSplit: 1,
  missingLeft: 2,
} as const

/** A tree for scoreTrees: its root's address, 1 where it splits by sets, the output it adds to (-1: to all). */
export const packedTree = { bytes: 16, root: 0, hasSets: 4, output: 8 } as const

/**
 * Layout of a loss block: offsets in bytes. Addresses are uint32 (weights 0: all one), counts int32, the rest float64.
 * Scores are float64, class by class; labels float32 class codes, or float64 for the squared loss; weights float32.
 * `roundGradient` and `roundHessian` (see `roundingShift`) make sums exact; `leastHessian` keeps hessians above zero.
 * `hessianFactor` and `bound` are read by losses that the kernels do not know (learners/gbdt/regression-losses.ts).
 */
export const lossBlock = {
  bytes: 64,
  scores: 0,
  labels: 4,
  weights: 8,
  pairs: 12,
  rows: 16,
  classes: 20,
  roundGradient: 24,
  roundHessian: 32,
  leastHessian: 40,
  hessianFactor: 48,
  bound: 56,
} as const

/**
 * Layout of a forest block: offsets in bytes. Addresses (uint32) of the tree's rows: their numbers (uint32), weights and
 * targets (float64), room for as many of each, the cells (`forestCellBytes`, all zero between calls), a byte a row. Then
 * float64 of the node and its best cut: the cut's score (less than 0: none yet), weight and sum on its left; int32: its
 * bin and whether missing goes left; the lowest bin that partRows put on the right.
 */
export const forestBlock = {
  bytes: 88,
  ids: 0,
  weights: 4,
  targets: 8,
  heldIds: 12,
  heldWeights: 16,
  heldTargets: 20,
  cells: 24,
  taken: 28,
  weight: 32,
  sum: 40,
  score: 48,
  leftWeight: 56,
  leftSum: 64,
  bin: 72,
  missingLeft: 76,
  lowestRight: 80,
} as const

/** Of 256 bins: weight and sum (float64 each), a bit, a number of rows (uint32). */
export const forestCellBytes = 256 * 16 + 32 + 256 * 4

/**
 * The constant that rounds by being added and taken away again: afterwards values are multiples of one unit, so coarse
 * that a sum of them below `bound` is exact in float64 in any order, so that parent minus child is exactly the sibling.
 */
export function roundingShift(bound: number): number {
  return 1.5 * powerOfTwoAbove(bound)
}

/** The unit that `roundingShift(bound)` rounds to. */
export function roundingUnit(bound: number): number {
  return powerOfTwoAbove(bound) / 2 ** 52
}

/** The least power of two that is not below `bound`. */
export function powerOfTwoAbove(bound: number): number {
  let power = 1
  while (power < bound) power *= 2
  while (power / 2 >= bound && power > Number.MIN_VALUE) power /= 2
  return power
}

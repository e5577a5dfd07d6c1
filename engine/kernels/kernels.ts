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
   * C = A · B, float32, row by row: A m × k, B k × n, C m × n, n a multiple of 8. Each element is summed along k in its
   * order, so the bits depend on nothing else.
   */
  multiplyFloats(a: number, b: number, c: number, m: number, k: number, n: number): void
  /** The same in float64; n a multiple of 4. */
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

  /** Adds `value` to the scores of rows first..end-1. */
  addRange(scores: number, first: number, end: number, value: number): void
  /** Adds `value` to the scores of the rows whose numbers lie `stride` bytes apart. */
  addLeaf(scores: number, ids: number, stride: number, count: number, value: number): void

  // The following read a loss block (`lossBlock`).
  /** Adds `value` to the scores of rows and renews their pairs, for the logistic loss. */
  logisticUpdateRange(block: number, first: number, end: number, value: number): void
  logisticUpdateLeaf(block: number, ids: number, stride: number, count: number, value: number): void
  /** The same for half the squared error; the hessian in the pair stays. */
  squaredUpdateRange(block: number, first: number, end: number, value: number): void
  squaredUpdateLeaf(block: number, ids: number, stride: number, count: number, value: number): void
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

/** Bin of a missing value. */
export const missingBin = 255

export const splitFlags = { numeric: 1, hasMissing: 2 } as const

/** Layout of a node for addTree: offsets in bytes. A leaf has feature -1. */
export const treeNode = { bytes: 280, feature: 0, right: 4, left: 8, value: 16, table: 24 } as const

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

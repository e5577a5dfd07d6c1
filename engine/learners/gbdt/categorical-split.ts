import { histogramBytes, missingBin } from '../../kernels/kernels.ts'

/** What a split search needs to know of a leaf and its limits. */
export interface LeafSums {
  readonly gradient: number
  readonly hessian: number
  readonly lambda: number
  /** Least hessian on each side, > 0. */
  readonly leastHessian: number
  readonly leastGain: number
}

export interface CategoryRules {
  /** Added to a category's hessian when categories are ordered. */
  readonly smoothing: number
  /** Added to lambda. */
  readonly lambda: number
  readonly oneVersusRestLevels: number
  /** Least hessian of a category that is ordered, and of the group that each split adds. */
  readonly leastCategoryHessian: number
  readonly leastGroupHessian: number
}

export interface CategoricalSplit {
  readonly gain: number
  /** Bins that go left; 255 for missing. */
  readonly bins: readonly number[]
  readonly leftGradient: number
  readonly leftHessian: number
}

/** Most categories on the side that is listed, as LightGBM's max_cat_threshold. */
const mostCategories = 32

/**
 * The best split of a leaf into two sets of categories, missing being one of them, or null. Few categories: each against
 * the rest. More: ordered by gradient over smoothed hessian, cut at the best place from either end (Fisher 1958: for
 * convex losses without smoothing, one of these cuts is the best of all subsets). Method and limits: LightGBM.
 *
 * `cells` is the feature's histogram as float64 (gradient, hessian) pairs.
 */
export function findCategoricalSplit(
  cells: Float64Array,
  nBins: number,
  sums: LeafSums,
  rules: CategoryRules,
): CategoricalSplit | null {
  const present: number[] = []
  for (let bin = 0; bin < nBins; bin++) if (hessianOf(cells, bin) > 0) present.push(bin)
  if (hessianOf(cells, missingBin) > 0) present.push(missingBin)
  if (present.length < 2) return null
  return present.length <= rules.oneVersusRestLevels
    ? oneVersusRest(cells, present, sums)
    : bestCut(cells, present, sums, rules)
}

function oneVersusRest(cells: Float64Array, present: readonly number[], sums: LeafSums): CategoricalSplit | null {
  const parent = score(sums.gradient, sums.hessian, sums.lambda)
  let best: CategoricalSplit | null = null
  for (const bin of present) {
    const gradient = gradientOf(cells, bin)
    const hessian = hessianOf(cells, bin)
    if (hessian < sums.leastHessian || sums.hessian - hessian < sums.leastHessian) continue
    const gain =
      score(gradient, hessian, sums.lambda) +
      score(sums.gradient - gradient, sums.hessian - hessian, sums.lambda) -
      parent
    if (gain > (best?.gain ?? sums.leastGain)) {
      best = { gain, bins: [bin], leftGradient: gradient, leftHessian: hessian }
    }
  }
  return best
}

function bestCut(
  cells: Float64Array,
  present: readonly number[],
  sums: LeafSums,
  rules: CategoryRules,
): CategoricalSplit | null {
  const candidates = present.filter((bin) => hessianOf(cells, bin) >= rules.leastCategoryHessian)
  const rank = (bin: number) => gradientOf(cells, bin) / (hessianOf(cells, bin) + rules.smoothing)
  candidates.sort((a, b) => rank(a) - rank(b) || a - b)
  const lambda = sums.lambda + rules.lambda
  const parent = score(sums.gradient, sums.hessian, sums.lambda)
  let best: { gain: number; order: readonly number[]; count: number; gradient: number; hessian: number } | null = null
  for (const order of [candidates, candidates.toReversed()]) {
    let gradient = 0
    let hessian = 0
    let group = 0
    for (let i = 0; i < Math.min(order.length, mostCategories); i++) {
      const bin = order[i] as number
      gradient += gradientOf(cells, bin)
      hessian += hessianOf(cells, bin)
      group += hessianOf(cells, bin)
      if (hessian < sums.leastHessian || group < rules.leastGroupHessian) continue
      const rest = sums.hessian - hessian
      if (rest < sums.leastHessian || rest < rules.leastGroupHessian) break
      group = 0
      const gain = score(gradient, hessian, lambda) + score(sums.gradient - gradient, rest, lambda) - parent
      if (gain > (best?.gain ?? sums.leastGain)) best = { gain, order, count: i + 1, gradient, hessian }
    }
  }
  if (!best) return null
  return {
    gain: best.gain,
    bins: best.order.slice(0, best.count),
    leftGradient: best.gradient,
    leftHessian: best.hessian,
  }
}

function score(gradient: number, hessian: number, lambda: number): number {
  return (gradient * gradient) / (hessian + lambda)
}

function gradientOf(cells: Float64Array, bin: number): number {
  return cells[2 * bin] as number
}

function hessianOf(cells: Float64Array, bin: number): number {
  return cells[2 * bin + 1] as number
}

/** A feature's histogram within the memory. */
export function histogramCells(float64: Float64Array, address: number): Float64Array {
  return float64.subarray(address >>> 3, (address + histogramBytes) >>> 3)
}

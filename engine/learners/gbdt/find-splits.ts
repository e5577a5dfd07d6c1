import { categoryRules, histogramBytes, splitFlags, splitRecord } from '../../kernels/kernels.ts'
import { shareOf } from '../../kernels/team.ts'
import type { BoostingPlan } from './boosting-plan.ts'
import type { ActiveFeatures, BoostingThread, TreeThread } from './boosting-thread.ts'
import type { Leaf, LeafSplit, LeafSums } from './leaf.ts'
import { findMonotoneSplit } from './monotone-split.ts'

/** Gains smaller than this share of the leaf's own score are rounding. */
const leastRelativeGain = 1e-12
const leastHessianSum = 1e-3
/** LightGBM's min_data_per_group; less on small tables. */
const mostRowsInGroup = 100

/** Takes a share of the features and copies what the kernels want to know of them. */
export function shareFeatures({ plan, space, team, own }: BoostingThread, features: Int32Array): ActiveFeatures {
  const { addresses } = plan.layout
  const first = shareOf(0, features.length, team.index, team.size)
  const count = shareOf(0, features.length, team.index + 1, team.size) - first
  let hasCategories = false
  for (let i = 0; i < count; i++) {
    const feature = features[first + i] as number
    const flags = space.bytes[addresses.flags + feature] as number
    space.int32[(own.binCounts >>> 2) + i] = space.int32[(addresses.binCounts >>> 2) + feature] as number
    space.bytes[own.flags + i] = flags
    hasCategories ||= (flags & splitFlags.numeric) === 0
  }
  space.int32.set(features, own.columns >>> 2)
  return { features, first, count, hasCategories }
}

/** Address of the histogram of a leaf's feature, by its place. */
export function histogramAddress({ layout }: BoostingPlan, slot: number, place: number): number {
  return layout.addresses.histograms + (slot * layout.nActive + place) * histogramBytes
}

/** Finds this thread's best split of a leaf and leaves it for the others. A barrier must follow. */
export function findLeafSplit(thread: TreeThread, leaf: Leaf): void {
  const { plan, space, team, own, active } = thread
  const record = recordAddress(plan, leaf.slot, team.index)
  const sums = leafSums(plan, leaf)
  const { monotone } = plan
  if (monotone) {
    const directions = Int8Array.from(
      { length: active.count },
      (_, i) => monotone[active.features[active.first + i] as number] as number,
    )
    const cellsOf = (place: number) => histogramAddress(plan, leaf.slot, active.first + place) >>> 3
    const searched = { count: active.count, cellsOf, binCounts: own.binCounts, flags: own.flags }
    findMonotoneSplit(space, searched, sums, { low: leaf.low, high: leaf.high, directions }, record)
  } else {
    space.kernels.findNumericSplit(
      histogramAddress(plan, leaf.slot, active.first),
      active.count,
      own.binCounts,
      own.flags,
      sums.gradient,
      sums.hessian,
      sums.lambda,
      sums.leastHessian,
      sums.leastGain,
      record,
    )
  }
  if (active.hasCategories) tryCategories(thread, leaf, record, sums)
  const feature = (record >>> 3) + 1
  if (space.float64[feature] !== -1) space.float64[feature] = (space.float64[feature] as number) + active.first
}

/** The best of all threads' splits, after the barrier: of equal ones that of the lowest feature. */
export function readLeafSplit({ plan, space, team }: TreeThread, slot: number): LeafSplit | null {
  const { float64, uint32 } = space
  let best = -1
  for (let thread = 0; thread < team.size; thread++) {
    const real = recordAddress(plan, slot, thread) >>> 3
    if (float64[real + 1] === -1) continue
    if (best < 0 || (float64[real] as number) > (float64[best] as number)) best = real
  }
  if (best < 0) return null
  const bin = float64[best + 2] as number
  const set = 2 * best + splitRecord.set / 4
  return {
    gain: float64[best] as number,
    place: float64[best + 1] as number,
    bin,
    missingLeft: float64[best + 3] === 1,
    categories: bin < 0 ? new Uint32Array(uint32.subarray(set, set + 8)) : null,
    leftGradient: float64[best + 4] as number,
    leftHessian: float64[best + 5] as number,
  }
}

function leafSums({ parameters }: BoostingPlan, leaf: Leaf): LeafSums {
  const { sumGradient: gradient, sumHessian: hessian } = leaf
  const hessianOfRow = hessian / leaf.weight
  return {
    gradient,
    hessian,
    lambda: parameters.lambda,
    leastHessian: Math.max(leastHessianSum, parameters.minRowsInLeaf * hessianOfRow),
    leastGain: ((gradient * gradient) / (hessian + parameters.lambda)) * leastRelativeGain,
  }
}

/** Writes what is to be known of the leaf and looks among the thread's categories. */
function tryCategories({ plan, space, own, active }: TreeThread, leaf: Leaf, record: number, sums: LeafSums): void {
  const { parameters, rows } = plan
  const hessianOfRow = leaf.sumHessian / leaf.weight
  const rowsInGroup = Math.min(mostRowsInGroup, Math.max(parameters.minRowsInLeaf, rows.length / 100))
  const rules = {
    ...sums,
    categoryLambda: parameters.categoryLambda,
    smoothing: parameters.categorySmoothing,
    leastCategoryHessian: parameters.categorySmoothing * hessianOfRow,
    leastGroupHessian: rowsInGroup * hessianOfRow,
    oneVersusRestLevels: parameters.oneVersusRestLevels,
  }
  for (const name of Object.keys(rules) as (keyof typeof rules)[]) {
    space.float64[(own.rules + categoryRules[name]) >>> 3] = rules[name]
  }
  space.kernels.findCategorySplit(
    histogramAddress(plan, leaf.slot, active.first),
    active.count,
    own.binCounts,
    own.flags,
    own.rules,
    own.categories,
    record,
  )
}

function recordAddress({ layout, nThreads }: BoostingPlan, slot: number, thread: number): number {
  return layout.addresses.splits + (slot * nThreads + thread) * splitRecord.bytes
}

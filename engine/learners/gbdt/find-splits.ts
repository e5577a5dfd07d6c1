import { histogramBytes, splitFlags } from '../../kernels/kernels.ts'
import { shareOf } from '../../kernels/team.ts'
import { type BoostingPlan, splitRecordBytes, splitRecordSet } from './boosting-plan.ts'
import type { ActiveFeatures, BoostingThread, TreeThread } from './boosting-thread.ts'
import { type CategoryRules, findCategoricalSplit, histogramCells, type LeafSums } from './categorical-split.ts'
import type { Leaf, LeafSplit } from './leaf.ts'
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
  for (let i = 0; i < count; i++) {
    const feature = features[first + i] as number
    space.int32[(own.binCounts >>> 2) + i] = space.int32[(addresses.binCounts >>> 2) + feature] as number
    space.bytes[own.flags + i] = space.bytes[addresses.flags + feature] as number
  }
  space.int32.set(features, own.columns >>> 2)
  return { features, first, count }
}

/** Address of the histogram of a leaf's feature, by its place. */
export function histogramAddress({ layout }: BoostingPlan, slot: number, place: number): number {
  return layout.addresses.histograms + (slot * layout.nActive + place) * histogramBytes
}

/** Finds this thread's best split of a leaf and leaves it for the others. A barrier must follow. */
export function findLeafSplit({ plan, space, team, own, active }: TreeThread, leaf: Leaf): void {
  const record = splitRecord(plan, leaf.slot, team.index)
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
  const real = record >>> 3
  if (space.float64[real + 1] !== -1) space.float64[real + 1] = (space.float64[real + 1] as number) + active.first
  for (let i = 0; i < active.count; i++) {
    const ordered = (space.bytes[own.flags + i] as number) & splitFlags.numeric
    if (!ordered) tryCategories({ plan, space, active }, leaf, active.first + i, record, sums)
  }
}

/** The best of all threads' splits, after the barrier: of equal ones that of the lowest feature. */
export function readLeafSplit({ plan, space, team }: TreeThread, slot: number): LeafSplit | null {
  const { float64, uint32 } = space
  let best = -1
  for (let thread = 0; thread < team.size; thread++) {
    const real = splitRecord(plan, slot, thread) >>> 3
    if (float64[real + 1] === -1) continue
    if (best < 0 || (float64[real] as number) > (float64[best] as number)) best = real
  }
  if (best < 0) return null
  const bin = float64[best + 2] as number
  const set = 2 * best + splitRecordSet / 4
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

function categoryRules({ parameters, rows }: BoostingPlan, leaf: Leaf): CategoryRules {
  const hessianOfRow = leaf.sumHessian / leaf.weight
  const rowsInGroup = Math.min(mostRowsInGroup, Math.max(parameters.minRowsInLeaf, rows.length / 100))
  return {
    smoothing: parameters.categorySmoothing,
    lambda: parameters.categoryLambda,
    oneVersusRestLevels: parameters.oneVersusRestLevels,
    leastCategoryHessian: parameters.categorySmoothing * hessianOfRow,
    leastGroupHessian: rowsInGroup * hessianOfRow,
  }
}

/** Replaces the split in the record if a categorical one is better, or equal and of a lower feature. */
function tryCategories(
  { plan, space, active }: Pick<TreeThread, 'plan' | 'space' | 'active'>,
  leaf: Leaf,
  place: number,
  record: number,
  sums: LeafSums,
): void {
  const { float64, uint32, int32 } = space
  const { addresses } = plan.layout
  const nBins = int32[(addresses.binCounts >>> 2) + (active.features[place] as number)] as number
  const cells = histogramCells(float64, histogramAddress(plan, leaf.slot, place))
  const split = findCategoricalSplit(cells, nBins, sums, categoryRules(plan, leaf))
  if (!split) return
  const real = record >>> 3
  const gain = float64[real] as number
  const known = float64[real + 1] as number
  if (split.gain < gain || (split.gain === gain && known !== -1 && known < place)) return
  float64.set([split.gain, place, -1, 0, split.leftGradient, split.leftHessian], real)
  const set = (record + splitRecordSet) >>> 2
  uint32.fill(0, set, set + 8)
  for (const bin of split.bins) uint32[set + (bin >>> 5)] = (uint32[set + (bin >>> 5)] as number) | (1 << (bin & 31))
}

function splitRecord({ layout, nThreads }: BoostingPlan, slot: number, thread: number): number {
  return layout.addresses.splits + (slot * nThreads + thread) * splitRecordBytes
}

import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { splitFlags } from '../../kernels/kernels.ts'
import { shareOf, type Team } from '../../kernels/team.ts'
import { binCodes, binCount, type FeatureBins, findBins, type SortingRoom } from '../tree/feature-bins.ts'
import { sampleLength } from '../tree/quantile-bins.ts'
import { type BoostingPlan, binningRows, type ThreadAddresses } from './boosting-plan.ts'

/**
 * Finds the bins of this thread's share of the features, then bins its share of the training and validation rows. Ends
 * before a barrier.
 */
export function binFeatures(plan: BoostingPlan, space: KernelSpace, team: Team): void {
  const { addresses } = plan.layout
  const room = kernelSortingRoom(plan, space, team)
  for (let feature = team.index; feature < plan.matrix.columns.length; feature += team.size) {
    const bins = findBins(plan, feature, plan.parameters, room)
    storeBins(plan, space, feature, bins)
    space.int32[(addresses.binCounts >>> 2) + feature] = binCount(bins)
    space.bytes[addresses.flags + feature] = bins.kind === 'numeric' ? splitFlags.numeric : 0
  }
  team.barrier()
  binShare(plan, space, team, plan.rows, addresses.bins, (feature) => {
    Atomics.or(space.bytes, addresses.flags + feature, splitFlags.hasMissing)
  })
  if (plan.validationRows) binShare(plan, space, team, plan.validationRows, addresses.validationBins, () => undefined)
}

/** The bins of all features, by whichever thread they were found. Call after the barrier. */
export function readBins(plan: BoostingPlan, space: KernelSpace): FeatureBins[] {
  return plan.matrix.features.map((_, feature): FeatureBins => {
    const bins = viewBins(plan, space, feature)
    return bins.kind === 'codes'
      ? { ...bins, binOfCode: new Uint8Array(bins.binOfCode) }
      : { kind: 'numeric', thresholds: new Float64Array(bins.thresholds) }
  })
}

/** A feature's bins where they lie in the memory. */
function viewBins({ layout, matrix }: BoostingPlan, space: KernelSpace, feature: number): FeatureBins {
  const { addresses } = layout
  const nBins = space.int32[(addresses.binCounts >>> 2) + feature] as number
  const description = matrix.features[feature]
  if (description?.kind === 'codes') {
    const first = addresses.codeTables[feature] as number
    return { kind: 'codes', nBins, binOfCode: space.bytes.subarray(first, first + description.cardinality) }
  }
  const first = (addresses.thresholds >>> 3) + 256 * feature
  return { kind: 'numeric', thresholds: space.float64.subarray(first, first + nBins - 1) }
}

/** The thread's own column, sorted by the kernels. */
function kernelSortingRoom({ layout, rows }: BoostingPlan, space: KernelSpace, team: Team): SortingRoom {
  const { column, sorting } = layout.addresses.threads[team.index] as ThreadAddresses
  return {
    values: space.float32.subarray(column >>> 2, (column >>> 2) + sampleLength(rows.length)),
    sort: (count) => space.kernels.sortFloats(column, count, sorting),
  }
}

function storeBins({ layout }: BoostingPlan, space: KernelSpace, feature: number, bins: FeatureBins): void {
  if (bins.kind === 'codes') {
    space.bytes.set(bins.binOfCode, layout.addresses.codeTables[feature])
    return
  }
  const first = (layout.addresses.thresholds >>> 3) + 256 * feature
  space.float64.fill(Number.POSITIVE_INFINITY, first, first + 256)
  space.float64.set(bins.thresholds, first)
}

/** Bins this thread's share of the rows, block by block, and tells of features that lack a value there. */
function binShare(
  plan: BoostingPlan,
  space: KernelSpace,
  team: Team,
  rows: Int32Array,
  out: number,
  onMissing: (feature: number) => void,
): void {
  const { binStride } = plan.layout
  const blockRows = binningRows(binStride)
  const nBlocks = Math.ceil(rows.length / blockRows)
  const allBins = plan.matrix.features.map((_, feature) => viewBins(plan, space, feature))
  const lastBlock = shareOf(0, nBlocks, team.index + 1, team.size)
  for (let block = shareOf(0, nBlocks, team.index, team.size); block < lastBlock; block++) {
    const own = rows.subarray(block * blockRows, (block + 1) * blockRows)
    for (const [feature, bins] of allBins.entries()) {
      const missing = binBlock(plan, space, team, feature, bins, own, out + block * blockRows * binStride)
      if (missing) onMissing(feature)
    }
  }
}

/** Gives whether any value is missing. */
function binBlock(
  { layout, matrix }: BoostingPlan,
  space: KernelSpace,
  team: Team,
  feature: number,
  bins: FeatureBins,
  rows: Int32Array,
  out: number,
): boolean {
  const column = matrix.columns[feature] as Float32Array
  if (bins.kind === 'codes') {
    return binCodes(column, rows, bins, space.bytes, out + feature, layout.binStride)
  }
  const values = layout.addresses.threads[team.index]?.column as number
  for (let i = 0; i < rows.length; i++) space.float32[(values >>> 2) + i] = column[rows[i] as number] as number
  const thresholds = layout.addresses.thresholds + 2048 * feature
  return space.kernels.binColumn(values, rows.length, thresholds, out + feature, layout.binStride) === 1
}

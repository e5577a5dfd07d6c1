import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { splitFlags } from '../../kernels/kernels.ts'
import type { Team } from '../../kernels/team.ts'
import { binCodes, binCount, type FeatureBins, findBins, type SortingRoom } from '../tree/feature-bins.ts'
import { sampleLength } from '../tree/quantile-bins.ts'
import type { BoostingPlan, ThreadAddresses } from './boosting-plan.ts'

/** Bins this thread's share of the features, of training and validation rows. Ends before a barrier. */
export function binFeatures(plan: BoostingPlan, space: KernelSpace, team: Team): void {
  const { addresses } = plan.layout
  const room = kernelSortingRoom(plan, space, team)
  for (let feature = team.index; feature < plan.matrix.columns.length; feature += team.size) {
    const bins = findBins(plan, feature, plan.parameters.maxBins, room)
    storeBins(plan, space, feature, bins)
    const missing = binRows(plan, space, team, feature, bins, plan.rows, addresses.bins)
    if (plan.validationRows) binRows(plan, space, team, feature, bins, plan.validationRows, addresses.validationBins)
    space.int32[(addresses.binCounts >>> 2) + feature] = binCount(bins)
    space.bytes[addresses.flags + feature] =
      (bins.kind === 'numeric' ? splitFlags.numeric : 0) | (missing ? splitFlags.hasMissing : 0)
  }
}

/** The bins of all features, by whichever thread they were found. Call after the barrier. */
export function readBins({ layout, matrix }: BoostingPlan, space: KernelSpace): FeatureBins[] {
  const { addresses } = layout
  return matrix.features.map((description, feature) => {
    const nBins = space.int32[(addresses.binCounts >>> 2) + feature] as number
    if (description.kind === 'codes') {
      const first = addresses.codeTables[feature] as number
      return {
        kind: 'codes',
        nBins,
        binOfCode: new Uint8Array(space.bytes.subarray(first, first + description.cardinality)),
      }
    }
    const first = (addresses.thresholds >>> 3) + 256 * feature
    return { kind: 'numeric', thresholds: new Float64Array(space.float64.subarray(first, first + nBins - 1)) }
  })
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

/** Gives whether any value is missing. */
function binRows(
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

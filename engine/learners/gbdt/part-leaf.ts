import { missingBin } from '../../kernels/kernels.ts'
import { shareOf } from '../../kernels/team.ts'
import type { TreeThread } from './boosting-thread.ts'
import { histogramAddress } from './find-splits.ts'
import type { Leaf, LeafSplit } from './leaf.ts'

/** How the rows of a node part. */
export interface TableSplit {
  readonly feature: number
  /** Last bin that goes left of a numeric split; -1 for a categorical one. */
  readonly bin: number
  /** 256 bytes: 1 for each bin that goes left, that of missing values included. */
  readonly goesLeft: Uint8Array
}

/** Leaves with fewer rows are parted by one thread: waiting for the others would take longer. */
const rowsWorthSharing = 2048

export interface PartedLeaf {
  readonly split: TableSplit
  /** Rows that went left. */
  readonly nLeft: number
  /** Where the children's records lie. */
  readonly buffer: 0 | 1
}

/** Moves a leaf's records into its children's stretches of the other buffer. Ends with a barrier. */
export function partLeaf(thread: TreeThread, leaf: Leaf, chosen: LeafSplit): PartedLeaf {
  const { space, team, own, active } = thread
  const feature = active.features[chosen.place] as number
  writeTable(space.bytes, own.table, chosen)
  // Read now: after the barrier others may overwrite the histogram.
  const absent = absentBins(thread, leaf, chosen)
  const workers = leaf.end - leaf.begin < rowsWorthSharing ? 1 : team.size
  const buffer = leaf.buffer === 0 ? 1 : 0
  if (workers > 1) {
    countShare(thread, leaf, chosen, workers)
    team.barrier()
    moveShare(thread, leaf, chosen, workers, buffer)
  } else if (team.index === 0) {
    countShare(thread, leaf, chosen, workers)
    moveShare(thread, leaf, chosen, workers, buffer)
  }
  team.barrier()
  const nLeft = countsBefore(thread, workers)
  const goesLeft = new Uint8Array(space.bytes.subarray(own.table, own.table + 256))
  const larger = 2 * nLeft >= leaf.end - leaf.begin ? 1 : 0
  for (const bin of absent) goesLeft[bin] = larger
  return { split: { feature, goesLeft, bin: chosen.bin }, nLeft, buffer }
}

function writeTable(bytes: Uint8Array, table: number, chosen: LeafSplit): void {
  for (let bin = 0; bin < 256; bin++) {
    const goesLeft = chosen.categories
      ? ((chosen.categories[bin >>> 5] as number) >>> (bin & 31)) & 1
      : bin <= chosen.bin && bin !== missingBin
    bytes[table + bin] = goesLeft ? 1 : 0
  }
  if (chosen.missingLeft) bytes[table + missingBin] = 1
}

/** Bins without a row here whose side the split leaves open: missing, and categories. They go with the larger child. */
function absentBins({ plan, space, active }: TreeThread, leaf: Leaf, chosen: LeafSplit): number[] {
  const cells = histogramAddress(plan, leaf.slot, chosen.place) >>> 3
  const isAbsent = (bin: number) => space.float64[cells + 2 * bin + 1] === 0
  const absent = isAbsent(missingBin) ? [missingBin] : []
  if (!chosen.categories) return absent
  const feature = active.features[chosen.place] as number
  const nBins = space.int32[(plan.layout.addresses.binCounts >>> 2) + feature] as number
  for (let bin = 0; bin < nBins; bin++) if (isAbsent(bin)) absent.push(bin)
  return absent
}

interface Share {
  readonly begin: number
  readonly count: number
  /** Address of the first row's bins, bytes from row to row, and the split feature's place in them. */
  readonly from: number
  readonly stride: number
  readonly column: number
}

function shareOfLeaf({ plan, team, active }: TreeThread, leaf: Leaf, chosen: LeafSplit, workers: number): Share {
  const { addresses, binStride, recordBytes } = plan.layout
  const begin = shareOf(leaf.begin, leaf.end, team.index, workers)
  const count = shareOf(leaf.begin, leaf.end, team.index + 1, workers) - begin
  if (leaf.buffer === -1) {
    const column = active.features[chosen.place] as number
    return { begin, count, from: addresses.bins + begin * binStride, stride: binStride, column }
  }
  const from = addresses.records[leaf.buffer] + begin * recordBytes
  return { begin, count, from, stride: recordBytes, column: chosen.place }
}

function countShare(thread: TreeThread, leaf: Leaf, chosen: LeafSplit, workers: number): void {
  const { plan, space, team, own } = thread
  const { from, stride, column, count } = shareOfLeaf(thread, leaf, chosen, workers)
  const at = (plan.layout.addresses.counts >>> 2) + team.index
  space.int32[at] = space.kernels.countLeft(from + column, stride, count, own.table)
}

function moveShare(thread: TreeThread, leaf: Leaf, chosen: LeafSplit, workers: number, buffer: 0 | 1): void {
  const { plan, space, team, own, pairs } = thread
  const { addresses, recordBytes } = plan.layout
  const { begin, count, from, stride, column } = shareOfLeaf(thread, leaf, chosen, workers)
  const leftBefore = countsBefore(thread, team.index)
  const nLeft = countsBefore(thread, workers)
  const left = addresses.records[buffer] + (leaf.begin + leftBefore) * recordBytes
  const right = addresses.records[buffer] + (begin - leftBefore + nLeft) * recordBytes
  if (leaf.buffer === -1) {
    const ownPairs = pairs + 8 * begin
    space.kernels.scatterRoot(from, stride, ownPairs, begin, count, recordBytes, column, own.table, left, right)
  } else {
    space.kernels.scatterRecords(from, recordBytes, count, column, own.table, left, right)
  }
}

/** Rows that the first `threads` threads send left. */
function countsBefore({ plan, space }: TreeThread, threads: number): number {
  const counts = plan.layout.addresses.counts >>> 2
  let sum = 0
  for (let thread = 0; thread < threads; thread++) sum += space.int32[counts + thread] as number
  return sum
}

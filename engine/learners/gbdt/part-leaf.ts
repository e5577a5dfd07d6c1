import { missingBin } from '../../kernels/kernels.ts'
import { middleCut } from '../tree/feature-bins.ts'
import type { BoostingThread, TreeThread } from './boosting-thread.ts'
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

export interface PartedLeaf {
  readonly split: TableSplit
  /** Rows of each thread's fragment that went left. */
  readonly nLeft: Int32Array
  /** Weight that went left. */
  readonly leftWeight: number
  /** Where the children's records lie. */
  readonly buffer: 0 | 1
}

/** Moves a leaf's records into its children's fragments in the other buffer. Ends with a barrier. */
export function partLeaf(thread: TreeThread, leaf: Leaf, chosen: LeafSplit): PartedLeaf {
  const { plan, space, team, own, active } = thread
  const feature = active.features[chosen.place] as number
  writeTable(space.bytes, own.table, chosen)
  // Read now: after the barrier others may overwrite the histogram.
  const absent = absentBins(thread, leaf, chosen)
  const bin = chosen.categories ? -1 : middleCut(chosen.bin, nextBin(thread, leaf, chosen))
  const counts = plan.layout.addresses.counts >>> 2
  const buffer = leaf.buffer === 0 ? 1 : 0
  const ownLeft = moveFragment(thread, leaf, chosen, buffer)
  space.int32[counts + team.index] = ownLeft
  const weightSums = plan.layout.addresses.weightSums >>> 3
  const begin = leaf.begins[team.index] as number
  space.float64[weightSums + team.index] = weighRecords(thread, buffer, begin, begin + ownLeft)
  team.barrier()
  const nLeft = space.int32.slice(counts, counts + team.size)
  let leftWeight = 0
  for (let i = 0; i < team.size; i++) leftWeight += space.float64[weightSums + i] as number
  const goesLeft = new Uint8Array(space.bytes.subarray(own.table, own.table + 256))
  const larger = 2 * sumOf(nLeft) >= leaf.nRows ? 1 : 0
  for (const open of absent) goesLeft[open] = larger
  if (bin >= 0) goesLeft.fill(1, chosen.bin, bin + 1)
  return { split: { feature, goesLeft, bin }, nLeft, leftWeight, buffer }
}

export function sumOf(counts: Int32Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

/** Sum of the weights of records begin..end-1, in any order since weights add up exactly. */
export function weighRecords({ plan, space }: BoostingThread, buffer: 0 | 1, begin: number, end: number): number {
  const { addresses, recordBytes, recordBinBytes } = plan.layout
  const { weights } = addresses.training
  if (weights === 0) return end - begin
  let sum = 0
  for (let at = begin; at < end; at++) {
    const row = space.uint32[(addresses.records[buffer] + at * recordBytes + recordBinBytes + 8) >>> 2] as number
    sum += space.float32[(weights >>> 2) + row] as number
  }
  return sum
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

/** The first bin with a row on the right side of a numeric split, 255 if all there are missing. */
function nextBin({ plan, space }: TreeThread, leaf: Leaf, chosen: LeafSplit): number {
  const cells = histogramAddress(plan, leaf.slot, chosen.place) >>> 3
  let bin = chosen.bin + 1
  while (bin < missingBin && space.float64[cells + 2 * bin + 1] === 0) bin++
  return bin
}

/** Gives how many of this thread's rows went left. */
function moveFragment(thread: TreeThread, leaf: Leaf, chosen: LeafSplit, buffer: 0 | 1): number {
  const { plan, space, team, own, active, pairs } = thread
  const { addresses, binStride, recordBytes } = plan.layout
  const begin = leaf.begins[team.index] as number
  const end = leaf.ends[team.index] as number
  const left = addresses.records[buffer] + begin * recordBytes
  const right = addresses.records[buffer] + (end - 1) * recordBytes
  if (leaf.buffer === -1) {
    const bins = addresses.bins + begin * binStride
    const column = active.features[chosen.place] as number
    const ownPairs = pairs + 8 * begin
    return space.kernels.scatterRoot(
      bins,
      binStride,
      ownPairs,
      begin,
      end - begin,
      recordBytes,
      column,
      own.table,
      left,
      right,
    )
  }
  const source = addresses.records[leaf.buffer] + begin * recordBytes
  return space.kernels.scatterRecords(source, recordBytes, end - begin, chosen.place, own.table, left, right)
}

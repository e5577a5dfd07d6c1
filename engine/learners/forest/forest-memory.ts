import { createAllocator, type KernelImplementation, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { forestBlock, forestCellBytes, type Kernels } from '../../kernels/kernels.ts'
import type { MemoryViews } from '../../kernels/memory-views.ts'
import type { ForestData } from './forest-data.ts'

/** The rows of one tree in kernel memory, node by node in stretches; a split reorders its stretch, keeping each side's order. */
export interface ForestMemory {
  readonly kernels: Kernels
  readonly views: MemoryViews
  /** Address of the forest block. */
  readonly block: number
  /** Address of a feature's bins. */
  binsOf(feature: number): number
  /** Address of 256 bytes for partRows. */
  readonly table: number
  readonly ids: Uint32Array
  readonly weights: Float64Array
  readonly targets: Float64Array
}

/** Copies the bins into this thread's own kernel memory, which the forest uses until its last tree. */
export function openForestMemory({ nRows, features }: ForestData, implementation: KernelImplementation): ForestMemory {
  const allocator = createAllocator()
  const block = allocator.allocate(forestBlock.bytes)
  const cells = allocator.allocate(forestCellBytes)
  const table = allocator.allocate(256)
  const [ids, heldIds] = [allocator.allocate(4 * nRows), allocator.allocate(4 * nRows)]
  const [weights, heldWeights] = [allocator.allocate(8 * nRows), allocator.allocate(8 * nRows)]
  const [targets, heldTargets] = [allocator.allocate(8 * nRows), allocator.allocate(8 * nRows)]
  const taken = allocator.allocate(nRows)
  const bins = features.map(() => allocator.allocate(nRows))
  const { kernels, ...views } = ownKernelSpace(allocator.top(), implementation)
  const { bytes, uint32, float64 } = views
  for (const [at, feature] of features.entries()) bytes.set(feature.bins, bins[at])
  bytes.fill(0, cells, cells + forestCellBytes)
  const addresses = { ids, weights, targets, heldIds, heldWeights, heldTargets, cells, taken }
  for (const [name, address] of Object.entries(addresses)) {
    uint32[(block + forestBlock[name as keyof typeof addresses]) >>> 2] = address
  }
  return {
    kernels,
    views,
    block,
    binsOf: (feature) => bins[feature] as number,
    table,
    ids: uint32.subarray(ids >>> 2, (ids >>> 2) + nRows),
    weights: float64.subarray(weights >>> 3, (weights >>> 3) + nRows),
    targets: float64.subarray(targets >>> 3, (targets >>> 3) + nRows),
  }
}

import type { Kernels } from './kernels.ts'
import { type MemoryViews, viewMemory } from './memory-views.ts'
import { createPlainKernels } from './plain/plain-kernels.ts'
import { instantiateKernels } from './shared-kernels.ts'

/** Which of the two implementations; both give the same bits. */
export type KernelImplementation = 'wasm' | 'plain'

/** A memory, seen by one thread, with the kernels over it. */
export interface KernelSpace extends MemoryViews {
  readonly memory: WebAssembly.Memory
  readonly kernels: Kernels
}

const pageBytes = 65_536
/** As the module is compiled: 4 GiB. */
const maximumPages = 65_536
/** AssemblyScript keeps static data in the first page. */
const firstFree = pageBytes

export function openKernelSpace(memory: WebAssembly.Memory, implementation: KernelImplementation): KernelSpace {
  return {
    memory,
    kernels: implementation === 'wasm' ? instantiateKernels(memory) : createPlainKernels(memory.buffer),
    ...viewMemory(memory.buffer),
  }
}

/** The table does not fit into the kernels' 4 GiB, or into what the machine has left. */
export class KernelMemoryError extends Error {
  override readonly name = 'KernelMemoryError'
}

/** Throws KernelMemoryError above 4 GiB, or where the system does not give as much. */
export function createKernelMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes)
  if (pages > maximumPages) {
    throw new KernelMemoryError(
      `Training needs ${Math.ceil(bytes / 1e9)} GB at once and can use 4 GB. Train on fewer rows or columns.`,
    )
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: maximumPages, shared: true })
  } catch {
    throw new KernelMemoryError(
      `Training needs ${Math.ceil(bytes / 1e6)} MB at once, which the system does not give. Close other programs or train on fewer rows.`,
    )
  }
}

/** Hands out addresses, each at the start of a cache line. */
export interface AddressAllocator {
  allocate(bytes: number): number
  /** Bytes handed out so far, and so the size that the memory needs. */
  top(): number
}

export function createAllocator(): AddressAllocator {
  let next = firstFree
  return {
    allocate(bytes) {
      const address = next
      next = Math.ceil((next + bytes) / 64) * 64
      return address
    },
    top: () => next,
  }
}

/** What a memory is for: trees are scored while the memory of a fit is in use. */
type SpaceUse = 'fit' | 'tree scores'

const held = new Map<string, KernelSpace>()

/**
 * This thread's own memory for a use, of at least `bytes`; kept and handed out again by the next call, with what it held,
 * so that many small fits do not each ask for memory.
 */
export function ownKernelSpace(
  bytes: number,
  implementation: KernelImplementation,
  use: SpaceUse = 'fit',
): KernelSpace {
  const key = `${implementation} ${use}`
  const known = held.get(key)
  if (known && known.bytes.length >= bytes) return known
  const space = openKernelSpace(createKernelMemory(bytes), implementation)
  held.set(key, space)
  return space
}

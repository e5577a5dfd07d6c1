import type { EncodedLevels } from '../../../engine/frame/column-file.ts'
import { MaestroError } from '../../../shared/errors.ts'

/** Gives each different text of a column a code, in order of first sight, without making strings of them. */
export interface TextDictionary {
  codeOf(bytes: Uint8Array, from: number, to: number): number
  /** The texts in shared memory, as they are by now. */
  encoded(): EncodedLevels
}

/** Ends of texts are 32-bit numbers. */
const mostBytes = 0xffff_0000

/** Open addressing over FNV-1a hashes; full at three quarters of its size. */
export function createTextDictionary(): TextDictionary {
  let slots = new Int32Array(1 << 8)
  let mask = slots.length - 1
  let hashes = new Int32Array(192)
  let ends = new Uint32Array(192)
  let text = new Uint8Array(1 << 10)
  let count = 0
  let length = 0

  function equals(code: number, bytes: Uint8Array, from: number, size: number): boolean {
    const start = code === 0 ? 0 : (ends[code - 1] as number)
    if ((ends[code] as number) - start !== size) return false
    for (let at = 0; at < size; at++) if (text[start + at] !== bytes[from + at]) return false
    return true
  }

  function add(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const size = to - from
    if (length + size > mostBytes)
      throw new MaestroError(
        'DATASET_TOO_LARGE',
        'A column has more than 4 GB of different texts.',
        'Leave that column out before importing.',
      )
    if (length + size > text.length)
      text = grown(new Uint8Array(Math.min(mostBytes, Math.max(text.length * 2, length + size))), text)
    if (count === ends.length) {
      ends = grown(new Uint32Array(count * 2), ends)
      hashes = grown(new Int32Array(count * 2), hashes)
    }
    for (let at = from; at < to; at++) text[length++] = bytes[at] as number
    ends[count] = length
    hashes[count] = hash
    return count++
  }

  function enlarge(): void {
    slots = new Int32Array(slots.length * 2)
    mask = slots.length - 1
    for (let code = 0; code < count; code++) {
      let slot = spread(hashes[code] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code + 1
    }
  }

  return {
    codeOf(bytes, from, to) {
      let hash = 0x811c9dc5 | 0
      for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
      let slot = spread(hash) & mask
      for (;;) {
        const entry = slots[slot] as number
        if (entry === 0) break
        if (hashes[entry - 1] === hash && equals(entry - 1, bytes, from, to - from)) return entry - 1
        slot = (slot + 1) & mask
      }
      const code = add(bytes, from, to, hash)
      slots[slot] = code + 1
      if (count * 4 > slots.length * 3) enlarge()
      return code
    },
    encoded: () => ({
      text: grown(new Uint8Array(new SharedArrayBuffer(length)), text.subarray(0, length)),
      ends: grown(new Uint32Array(new SharedArrayBuffer(count * 4)), ends.subarray(0, count)),
    }),
  }
}

/** The low bits of FNV-1a alone cluster. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}

function grown<Items extends Uint8Array | Uint32Array | Int32Array>(larger: Items, items: ArrayLike<number>): Items {
  larger.set(items)
  return larger
}

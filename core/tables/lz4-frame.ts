/**
 * Unpacks an LZ4 frame (the format of Feather files; lz4 Frame Format Description 1.6.4, Block Format). Checksums are
 * not verified: the content is parsed and checked by what reads it. Throws RangeError on a damaged frame.
 */
export function unpackLz4Frame(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 7 || view.getUint32(0, true) !== 0x184d2204) throw new RangeError('not an LZ4 frame')
  const flags = bytes[4] as number
  const hasSize = (flags & 8) !== 0
  const hasBlockChecksum = (flags & 16) !== 0
  const hasDictionary = (flags & 1) !== 0
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1
  const size = hasSize ? Number(view.getBigUint64(6, true)) : 0
  // A block cannot grow to more than 255 times its size.
  if (size > bytes.byteLength * 255) throw new RangeError('the LZ4 frame promises more than it can hold')
  let out = new Uint8Array(Math.max(size, 1 << 16))
  let length = 0
  const reserve = (count: number) => {
    if (length + count <= out.byteLength) return
    const larger = new Uint8Array(Math.max(out.byteLength * 2, length + count))
    larger.set(out.subarray(0, length))
    out = larger
  }
  for (;;) {
    const header = view.getUint32(at, true)
    at += 4
    if (header === 0) break
    const blockBytes = header & 0x7fffffff
    const end = at + blockBytes
    if (end > bytes.byteLength) throw new RangeError('the LZ4 frame is cut off')
    if (header >>> 31) {
      reserve(blockBytes)
      out.set(bytes.subarray(at, end), length)
      length += blockBytes
    } else length = unpackBlock(at, end)
    at = end + (hasBlockChecksum ? 4 : 0)
  }
  return out.subarray(0, length)

  function unpackBlock(start: number, end: number): number {
    let read = start
    const longLength = (first: number): number => {
      if (first < 15) return first
      let total = first
      for (let more = 255; more === 255; ) {
        more = bytes[read++] as number
        total += more
      }
      return total
    }
    while (read < end) {
      const token = bytes[read++] as number
      const literals = longLength(token >>> 4)
      if (read + literals > end) throw new RangeError('the LZ4 block is damaged')
      reserve(literals)
      out.set(bytes.subarray(read, read + literals), length)
      read += literals
      length += literals
      if (read >= end) break
      const offset = view.getUint16(read, true)
      read += 2
      const match = longLength(token & 15) + 4
      if (offset === 0 || offset > length) throw new RangeError('the LZ4 block is damaged')
      reserve(match)
      for (let i = 0; i < match; i++) out[length + i] = out[length + i - offset] as number
      length += match
    }
    return length
  }
}

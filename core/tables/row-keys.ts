import type { StoredColumn } from '../../engine/frame/column-file.ts'

export interface RowKeysRequest {
  readonly columns: readonly StoredColumn[]
  readonly from: number
  readonly to: number
  /** Filled from `from` to `to`. */
  readonly keys: Float64Array
}

/** A number of 53 bits for each row, of two independent hashes over all its cells: equal rows have equal keys. */
export function fillRowKeys({ columns, from, to, keys }: RowKeysRequest): void {
  const nRows = to - from
  const high = new Int32Array(nRows).fill(0x811c9dc5 | 0)
  const low = new Int32Array(nRows).fill(0x9747b28c | 0)
  for (const column of columns) {
    const isCoded = column.storage === 'codes'
    const array = isCoded ? column.codes : column.values
    const width = isCoded ? 1 : 2
    const words = new Int32Array(array.buffer, array.byteOffset + from * width * 4, nRows * width)
    for (let row = 0; row < nRows; row++) {
      let a = high[row] as number
      let b = low[row] as number
      for (let word = row * width; word < row * width + width; word++) {
        const value = words[word] as number
        a = Math.imul(a ^ value, 0x01000193)
        a ^= a >>> 15
        b = Math.imul(b + value, 0xcc9e2d51)
        b ^= b >>> 13
      }
      high[row] = a
      low[row] = b
    }
  }
  for (let row = 0; row < nRows; row++)
    keys[from + row] = ((high[row] as number) & 0x1fffff) * 4_294_967_296 + ((low[row] as number) >>> 0)
}

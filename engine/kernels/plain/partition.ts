import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of partition.as.ts. */
export function plainPartition(views: MemoryViews): Pick<Kernels, 'scatterRecords' | 'scatterRoot' | 'extractRecords'> {
  const { bytes, int32, uint32 } = views
  return {
    scatterRecords(source, recordBytes, count, column, table, left, right) {
      const words = recordBytes >>> 2
      let from = source >>> 2
      let nLeft = 0
      let toLeft = left >>> 2
      let toRight = right >>> 2
      for (let i = 0; i < count; i++) {
        const goesLeft = bytes[table + (bytes[4 * from + column] as number)] as number
        const target = goesLeft ? toLeft : toRight
        for (let word = 0; word < words; word++) uint32[target + word] = uint32[from + word] as number
        nLeft += goesLeft
        if (goesLeft) toLeft += words
        else toRight -= words
        from += words
      }
      return nLeft
    },
    scatterRoot(bins, binStride, pairs, firstRow, count, recordBytes, column, table, left, right) {
      const binWords = binStride >>> 2
      const words = recordBytes >>> 2
      let from = bins >>> 2
      let pair = pairs >>> 2
      let nLeft = 0
      let toLeft = left >>> 2
      let toRight = right >>> 2
      for (let i = 0; i < count; i++) {
        const goesLeft = bytes[table + (bytes[4 * from + column] as number)] as number
        const target = goesLeft ? toLeft : toRight
        for (let word = 0; word < binWords; word++) uint32[target + word] = uint32[from + word] as number
        uint32[target + binWords] = uint32[pair] as number
        uint32[target + binWords + 1] = uint32[pair + 1] as number
        uint32[target + binWords + 2] = firstRow + i
        nLeft += goesLeft
        if (goesLeft) toLeft += words
        else toRight -= words
        from += binWords
        pair += 2
      }
      return nLeft
    },
    extractRecords(bins, binStride, pairs, rows, count, columns, nColumns, out, recordBytes) {
      const pairOffset = (nColumns + 3) & ~3
      for (let i = 0; i < count; i++) {
        const row = uint32[(rows >>> 2) + i] as number
        const from = bins + row * binStride
        const to = out + i * recordBytes
        for (let c = 0; c < nColumns; c++) {
          bytes[to + c] = bytes[from + (int32[(columns >>> 2) + c] as number)] as number
        }
        const word = (to + pairOffset) >>> 2
        uint32[word] = uint32[(pairs >>> 2) + 2 * row] as number
        uint32[word + 1] = uint32[(pairs >>> 2) + 2 * row + 1] as number
        uint32[word + 2] = row
      }
    },
  }
}

import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of columns.as.ts. */
export function plainColumns({
  uint32,
  float32,
  float64,
}: MemoryViews): Pick<Kernels, 'addColumns' | 'dotColumns' | 'shiftColumn'> {
  const columnOf = (list: number, offset: number, j: number) => ((uint32[(list >>> 2) + j] as number) + offset) >>> 2
  return {
    addColumns(list, offset, nColumns, count, scales, out) {
      for (let j = 0; j < nColumns; j++) {
        const column = columnOf(list, offset, j)
        const scale = float64[(scales >>> 3) + j] as number
        for (let i = 0; i < count; i++) {
          const at = (out >>> 3) + i
          float64[at] = (float64[at] as number) + scale * (float32[column + i] as number)
        }
      }
    },
    dotColumns(list, offset, nColumns, values, count, out) {
      for (let j = 0; j < nColumns; j++) {
        const column = columnOf(list, offset, j)
        const product = (i: number) => (float64[(values >>> 3) + i] as number) * (float32[column + i] as number)
        const sums = [0, 0, 0, 0]
        const whole = count - (count % 4)
        for (let i = 0; i < whole; i++) sums[i % 4] = (sums[i % 4] as number) + product(i)
        const [a, b, c, d] = sums as [number, number, number, number]
        let sum = a + c + (b + d)
        for (let i = whole; i < count; i++) sum += product(i)
        const at = (out >>> 3) + j
        float64[at] = (float64[at] as number) + sum
      }
    },
    shiftColumn(column, count, shift, out) {
      for (let i = 0; i < count; i++) float64[(out >>> 3) + i] = (float32[(column >>> 2) + i] as number) - shift
    },
  }
}

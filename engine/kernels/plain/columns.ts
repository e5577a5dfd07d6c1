import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of columns.as.ts. */
export function plainColumns({ float32, float64 }: MemoryViews): Pick<Kernels, 'addColumn' | 'dotColumn'> {
  return {
    addColumn(column, count, scale, out) {
      for (let i = 0; i < count; i++) {
        const at = (out >>> 3) + i
        float64[at] = (float64[at] as number) + scale * (float32[(column >>> 2) + i] as number)
      }
    },
    dotColumn(column, values, count) {
      const product = (i: number) => (float64[(values >>> 3) + i] as number) * (float32[(column >>> 2) + i] as number)
      const sums = [0, 0, 0, 0]
      const whole = count - (count % 4)
      for (let i = 0; i < whole; i++) sums[i % 4] = (sums[i % 4] as number) + product(i)
      const [a, b, c, d] = sums as [number, number, number, number]
      let sum = a + c + (b + d)
      for (let i = whole; i < count; i++) sum += product(i)
      return sum
    },
  }
}

import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of gram.as.ts. */
export function plainGram({ float64 }: MemoryViews): Pick<Kernels, 'addGram'> {
  return {
    addGram(left, right, columnBytes, nColumns, count, out) {
      const length = columnBytes >>> 3
      for (let i = 0; i < nColumns; i++) {
        const a = (left >>> 3) + i * length
        for (let j = i - (i % 3); j < nColumns; j++) {
          const b = (right >>> 3) + j * length
          let even = 0
          let odd = 0
          for (let at = 0; at < count; at += 2) {
            even += (float64[a + at] as number) * (float64[b + at] as number)
            odd += (float64[a + at + 1] as number) * (float64[b + at + 1] as number)
          }
          const to = (out >>> 3) + i * nColumns + j
          float64[to] = (float64[to] as number) + (even + odd)
        }
      }
    },
  }
}

import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of matrix.as.ts. */
export function plainMatrix({ float32, float64 }: MemoryViews): Pick<Kernels, 'multiplyFloats' | 'multiplyDoubles'> {
  return {
    multiplyFloats(a, b, c, m, k, n) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let at = 0; at < k; at++) {
            const product = (float32[(a >>> 2) + i * k + at] as number) * (float32[(b >>> 2) + at * n + j] as number)
            sum = Math.fround(sum + Math.fround(product))
          }
          float32[(c >>> 2) + i * n + j] = sum
        }
      }
    },
    multiplyDoubles(a, b, c, m, k, n) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let at = 0; at < k; at++) {
            sum += (float64[(a >>> 3) + i * k + at] as number) * (float64[(b >>> 3) + at * n + j] as number)
          }
          float64[(c >>> 3) + i * n + j] = sum
        }
      }
    },
  }
}

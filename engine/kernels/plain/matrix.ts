import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of matrix.as.ts. */
export function plainMatrix({ float64 }: MemoryViews): Pick<Kernels, 'multiplyDoubles'> {
  return {
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

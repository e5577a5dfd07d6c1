import { factorOrder, type Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of float-product.as.ts. It needs no room to lay out the factors, and so leaves that as it is. */
export function plainFloatProduct({ float32 }: MemoryViews): Pick<Kernels, 'multiplyFloats'> {
  return {
    multiplyFloats(a, b, c, m, k, n, order) {
      const [leftRow, leftStep] = order === factorOrder.leftTransposed ? [1, m] : [k, 1]
      const [rightColumn, rightStep] = order === factorOrder.rightTransposed ? [k, 1] : [1, n]
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let left = (a >>> 2) + i * leftRow
          let right = (b >>> 2) + j * rightColumn
          let sum = 0
          for (let at = 0; at < k; at++) {
            sum = Math.fround(sum + Math.fround((float32[left] as number) * (float32[right] as number)))
            left += leftStep
            right += rightStep
          }
          float32[(c >>> 2) + i * n + j] = sum
        }
      }
    },
  }
}

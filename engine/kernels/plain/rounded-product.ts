import { factorOrder, type Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of rounded-product.as.ts. */
export function plainRoundedProduct({ float32 }: MemoryViews): Pick<Kernels, 'multiplyRounded'> {
  const rounder = 12_582_912
  const leastValue = Math.fround(1e-30)

  /** Rounds `count` values, `step` floats apart; gives the value of a one. */
  function round(from: number, step: number, count: number, most: number, out: Int32Array): number {
    let largest = 0
    for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(float32[from + i * step] as number))
    const factor = largest > leastValue ? Math.fround(most / largest) : 0
    for (let i = 0; i < count; i++) {
      const scaled = Math.fround((float32[from + i * step] as number) * factor)
      out[i] = Math.fround(scaled + rounder) - rounder
    }
    return Math.fround(largest / most)
  }

  return {
    multiplyRounded(a, b, c, m, k, n, order) {
      const most = Math.min(Math.floor(Math.sqrt((2 ** 31 - 1) / k)), 32_767)
      const [leftRow, leftStep] = order === factorOrder.leftTransposed ? [1, m] : [k, 1]
      const [rightColumn, rightStep] = order === factorOrder.rightTransposed ? [k, 1] : [1, n]
      const columns = Array.from({ length: n }, () => new Int32Array(k))
      const ones = columns.map((column, j) => round((b >>> 2) + j * rightColumn, rightStep, k, most, column))
      const row = new Int32Array(k)
      for (let i = 0; i < m; i++) {
        const one = round((a >>> 2) + i * leftRow, leftStep, k, most, row)
        for (const [j, column] of columns.entries()) {
          let sum = 0
          for (let at = 0; at < k; at++) sum += (row[at] as number) * (column[at] as number)
          float32[(c >>> 2) + i * n + j] = Math.fround(sum) * Math.fround(one * (ones[j] as number))
        }
      }
    },
  }
}

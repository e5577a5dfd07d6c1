import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'
import { exp, log } from './exp-log.ts'

const rowsInProduct = 512

/** Twin of logistic.as.ts: even and odd rows are summed apart. */
export function plainLogistic({ float64 }: MemoryViews): Pick<Kernels, 'deriveLogistic'> {
  return {
    deriveLogistic(scores, labels, weights, count) {
      const sums = [0, 0]
      let logs = 0
      for (let start = 0; start < count; start += rowsInProduct) {
        const products = [1, 1]
        const pair = [0, 0]
        for (let i = start; i < Math.min(start + rowsInProduct, count); i++) {
          const lane = i & 1
          const score = float64[(scores >>> 3) + i] as number
          const label = float64[(labels >>> 3) + i] as number
          const weight = weights === 0 ? 1 : (float64[(weights >>> 3) + i] as number)
          const power = exp(-Math.abs(score))
          const factor = 1 + power
          const probability = (score >= 0 ? 1 : power) / factor
          float64[(scores >>> 3) + i] = weight * (probability - label)
          sums[lane] = (sums[lane] as number) + weight * (Math.max(score, 0) - label * score)
          if (weights === 0) products[lane] = (products[lane] as number) * factor
          else {
            pair[lane] = weight * log(factor)
            if (lane === 1 || i + 1 === count) logs += (pair[0] as number) + (lane === 1 ? (pair[1] as number) : 0)
          }
        }
        if (weights === 0) logs += log(products[0] as number) + log(products[1] as number)
      }
      return (sums[0] as number) + (sums[1] as number) + logs
    },
  }
}

import { histogramBytes, type Kernels, missingBin, splitFlags } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of split.as.ts. */
export function plainSplits(views: MemoryViews): Pick<Kernels, 'findNumericSplit'> {
  const { bytes, int32, float64 } = views
  return {
    findNumericSplit(
      cells,
      nFeatures,
      binCounts,
      flags,
      sumGradient,
      sumHessian,
      lambda,
      leastHessian,
      leastGain,
      out,
    ) {
      const parent = (sumGradient * sumGradient) / (sumHessian + lambda)
      const best = { gain: leastGain, feature: -1, bin: 0, missing: 0, gradient: 0, hessian: 0 }
      for (let f = 0; f < nFeatures; f++) {
        const flag = bytes[flags + f] as number
        if ((flag & splitFlags.numeric) === 0) continue
        const first = (cells + f * histogramBytes) >>> 3
        const nBins = int32[(binCounts >>> 2) + f] as number
        const missingHessian = float64[first + 2 * missingBin + 1] as number
        const withMissing = (flag & splitFlags.hasMissing) !== 0 && missingHessian !== 0
        const last = withMissing ? nBins : nBins - 1
        for (let pass = 0; pass < (withMissing ? 2 : 1); pass++) {
          let gradient = pass === 1 ? (float64[first + 2 * missingBin] as number) : 0
          let hessian = pass === 1 ? missingHessian : 0
          for (let bin = 0; bin < last; bin++) {
            const cellHessian = float64[first + 2 * bin + 1] as number
            if (cellHessian === 0) continue
            gradient += float64[first + 2 * bin] as number
            hessian += cellHessian
            if (hessian < leastHessian) continue
            const otherHessian = sumHessian - hessian
            if (otherHessian < leastHessian) break
            const otherGradient = sumGradient - gradient
            const gain =
              (gradient * gradient) / (hessian + lambda) +
              (otherGradient * otherGradient) / (otherHessian + lambda) -
              parent
            if (gain > best.gain) {
              best.gain = gain
              best.feature = f
              best.bin = bin
              best.missing = pass
              best.gradient = gradient
              best.hessian = hessian
            }
          }
        }
      }
      float64.set([best.gain, best.feature, best.bin, best.missing, best.gradient, best.hessian], out >>> 3)
    },
  }
}

import { histogramBytes, type Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

const featureCells = histogramBytes / 8

/** Twin of histogram.as.ts. */
export function plainHistograms(
  views: MemoryViews,
): Pick<Kernels, 'clearHistograms' | 'addToHistograms' | 'subtractHistogram'> {
  const { bytes, float32, float64 } = views
  return {
    clearHistograms(out, nFeatures) {
      float64.fill(0, out >>> 3, (out >>> 3) + nFeatures * featureCells)
    },
    addToHistograms(bins, binStride, nFeatures, pairs, pairStride, count, out) {
      const cells = out >>> 3
      let row = bins
      let pair = pairs >>> 2
      const pairStep = pairStride >>> 2
      for (let i = 0; i < count; i++) {
        const gradient = float32[pair] as number
        const hessian = float32[pair + 1] as number
        let first = cells
        for (let f = 0; f < nFeatures; f++) {
          const cell = first + 2 * (bytes[row + f] as number)
          float64[cell] = (float64[cell] as number) + gradient
          float64[cell + 1] = (float64[cell + 1] as number) + hessian
          first += featureCells
        }
        row += binStride
        pair += pairStep
      }
    },
    subtractHistogram(parent, child, size) {
      const from = parent >>> 3
      const by = child >>> 3
      for (let i = 0; i < size >>> 3; i++) {
        float64[from + i] = (float64[from + i] as number) - (float64[by + i] as number)
      }
    },
  }
}

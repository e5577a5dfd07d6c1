import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { missingBin, splitFlags } from '../../kernels/kernels.ts'
import type { LeafSums } from './leaf.ts'

/** What a leaf and its features may do. */
export interface MonotoneRules {
  /** The leaf's bounds. */
  readonly low: number
  readonly high: number
  /** Direction of each searched feature, in their order. */
  readonly directions: ArrayLike<number>
}

/** A thread's features: their histograms one after the other, their bins and flags. */
export interface SearchedFeatures {
  readonly count: number
  /** Index of a feature's first cell in the float64 view. */
  readonly cellsOf: (place: number) => number
  readonly binCounts: number
  readonly flags: number
}

/**
 * `findNumericSplit` with leaf values kept within bounds, and without splits that go against a column's direction:
 * LightGBM's `basic` method. Writes the same six numbers to `out`.
 */
export function findMonotoneSplit(
  { bytes, int32, float64 }: KernelSpace,
  { count, cellsOf, binCounts, flags }: SearchedFeatures,
  sums: LeafSums,
  { low, high, directions }: MonotoneRules,
  out: number,
): void {
  const stepOf = (gradient: number, hessian: number) =>
    Math.max(low, Math.min(high, -gradient / (hessian + sums.lambda)))
  const scoreOf = (gradient: number, hessian: number, value: number) =>
    -(2 * gradient * value + (hessian + sums.lambda) * value * value)
  const parent = scoreOf(sums.gradient, sums.hessian, stepOf(sums.gradient, sums.hessian))
  let best = [sums.leastGain, -1, 0, 0, 0, 0]
  for (let place = 0; place < count; place++) {
    const flag = bytes[flags + place] as number
    if ((flag & splitFlags.numeric) === 0) continue
    const first = cellsOf(place)
    const nBins = int32[(binCounts >>> 2) + place] as number
    const missingHessian = float64[first + 2 * missingBin + 1] as number
    const withMissing = (flag & splitFlags.hasMissing) !== 0 && missingHessian !== 0
    const direction = directions[place] as number
    for (let pass = 0; pass < (withMissing ? 2 : 1); pass++) {
      let gradient = pass === 1 ? (float64[first + 2 * missingBin] as number) : 0
      let hessian = pass === 1 ? missingHessian : 0
      for (let bin = 0; bin < (withMissing ? nBins : nBins - 1); bin++) {
        const cellHessian = float64[first + 2 * bin + 1] as number
        if (cellHessian === 0) continue
        gradient += float64[first + 2 * bin] as number
        hessian += cellHessian
        if (hessian < sums.leastHessian) continue
        const otherHessian = sums.hessian - hessian
        if (otherHessian < sums.leastHessian) break
        const otherGradient = sums.gradient - gradient
        const left = stepOf(gradient, hessian)
        const right = stepOf(otherGradient, otherHessian)
        if (direction * (right - left) < 0) continue
        const gain = scoreOf(gradient, hessian, left) + scoreOf(otherGradient, otherHessian, right) - parent
        if (gain > (best[0] as number)) best = [gain, place, bin, pass, gradient, hessian]
      }
    }
  }
  float64.set(best, out >>> 3)
}

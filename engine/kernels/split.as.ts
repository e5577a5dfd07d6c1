import { histogramBytes } from './sizes.as'

/** A feature whose bins have an order. */
const numeric: u8 = 1
const hasMissing: u8 = 2

export function findNumericSplit(
  cells: usize,
  nFeatures: i32,
  binCounts: usize,
  flags: usize,
  sumGradient: f64,
  sumHessian: f64,
  lambda: f64,
  leastHessian: f64,
  leastGain: f64,
  out: usize,
): void {
  const parent = (sumGradient * sumGradient) / (sumHessian + lambda)
  const lambdas = f64x2.splat(lambda)
  const total = f64x2.replace_lane(f64x2.splat(sumGradient), 1, sumHessian)
  let bestGain = leastGain
  let bestFeature = -1
  let bestBin = 0
  let bestMissing = 0
  let best = f64x2.splat(0)
  for (let f = 0; f < nFeatures; f++) {
    const flag = load<u8>(flags + <usize>f)
    if (!(flag & numeric)) continue
    const first = cells + <usize>f * histogramBytes
    const nBins = load<i32>(binCounts + ((<usize>f) << 2))
    const missing = v128.load(first + 255 * 16)
    const withMissing = (flag & hasMissing) != 0 && f64x2.extract_lane(missing, 1) != 0
    const passes = withMissing ? 2 : 1
    // The last border parts missing from all others, so it needs missing values.
    const last = withMissing ? nBins : nBins - 1
    for (let pass = 0; pass < passes; pass++) {
      let left = pass == 1 ? missing : f64x2.splat(0)
      for (let bin = 0; bin < last; bin++) {
        const cell = v128.load(first + ((<usize>bin) << 4))
        // No row in this bin: the same split as the one before. Sums are exact, so empty is zero.
        if (f64x2.extract_lane(cell, 1) == 0) continue
        left = f64x2.add(left, cell)
        if (f64x2.extract_lane(left, 1) < leastHessian) continue
        const right = f64x2.sub(total, left)
        if (f64x2.extract_lane(right, 1) < leastHessian) break
        const gradients = i8x16.shuffle(left, right, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
        const hessians = i8x16.shuffle(left, right, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
        const scores = f64x2.div(f64x2.mul(gradients, gradients), f64x2.add(hessians, lambdas))
        const gain = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1) - parent
        if (gain > bestGain) {
          bestGain = gain
          bestFeature = f
          bestBin = bin
          bestMissing = pass
          best = left
        }
      }
    }
  }
  store<f64>(out, bestGain)
  store<f64>(out, <f64>bestFeature, 8)
  store<f64>(out, <f64>bestBin, 16)
  store<f64>(out, <f64>bestMissing, 24)
  v128.store(out, best, 32)
}

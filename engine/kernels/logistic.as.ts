import { expPair, log } from './exp-log.as'

/** Rows of which one logarithm is taken: their factors are at most 2, so that the product stays far from overflow. */
const rowsInProduct = 512

/** Leaves two rows' derivatives and factors 1 + exp(-|score|) at `out`; gives their losses but for the factors' logarithms. */
function derivePair(score: v128, label: v128, weight: v128, out: usize): v128 {
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  const power = expPair(f64x2.neg(f64x2.abs(score)))
  const factor = f64x2.add(one, power)
  const probability = f64x2.div(v128.bitselect(one, power, f64x2.ge(score, zero)), factor)
  v128.store(out, f64x2.mul(weight, f64x2.sub(probability, label)))
  v128.store(out, factor, 16)
  return f64x2.mul(weight, f64x2.sub(f64x2.max(score, zero), f64x2.mul(label, score)))
}

function weightedLogs(weight: v128, factors: usize): f64 {
  return (
    f64x2.extract_lane(weight, 0) * log(load<f64>(factors)) + f64x2.extract_lane(weight, 1) * log(load<f64>(factors, 8))
  )
}

export function deriveLogistic(scores: usize, labels: usize, weights: usize, count: i32, scratch: usize): f64 {
  const one = f64x2.splat(1)
  let sums = f64x2.splat(0)
  let logs = 0.0
  for (let start = 0; start < count; start += rowsInProduct) {
    const end = min(start + rowsInProduct, count)
    let product = one
    let at = (<usize>start) << 3
    for (let i = start; i + 2 <= end; i += 2) {
      const weight = weights == 0 ? one : v128.load(weights + at)
      sums = f64x2.add(sums, derivePair(v128.load(scores + at), v128.load(labels + at), weight, scratch))
      v128.store(scores + at, v128.load(scratch))
      if (weights == 0) product = f64x2.mul(product, v128.load(scratch, 16))
      else logs += weightedLogs(weight, scratch + 16)
      at += 16
    }
    if (end & 1) {
      // A second row whose score is so low that it adds nothing.
      const score = f64x2.replace_lane(v128.load64_zero(scores + at), 1, -1000)
      const weight = weights == 0 ? one : v128.load64_zero(weights + at)
      sums = f64x2.add(sums, derivePair(score, v128.load64_zero(labels + at), weight, scratch))
      store<f64>(scores + at, load<f64>(scratch))
      if (weights == 0) product = f64x2.mul(product, v128.load(scratch, 16))
      else logs += weightedLogs(weight, scratch + 16)
    }
    if (weights == 0) logs += log(f64x2.extract_lane(product, 0)) + log(f64x2.extract_lane(product, 1))
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1) + logs
}

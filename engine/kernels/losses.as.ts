import { exp, expPair, log } from './exp-log.as'

// Where a loss block holds what (kernels.ts says what it means).
const scoresAt: usize = 0
const labelsAt: usize = 4
const weightsAt: usize = 8
const pairsAt: usize = 12
const rowsAt: usize = 16
const classesAt: usize = 20
const roundGradientAt: usize = 24
const roundHessianAt: usize = 32
const leastHessianAt: usize = 40
const hessianFactorAt: usize = 48

function loadTwo(base: usize, first: usize, second: usize): v128 {
  return v128.load64_lane(base + (second << 3), v128.load64_zero(base + (first << 3)), 1)
}

function loadTwoFloats(base: usize, first: usize, second: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load32_lane(base + (second << 2), v128.load32_zero(base + (first << 2)), 1))
}

/** Rounds to a multiple of the unit that `shift` = 1.5 * 2^52 units stands for, so that sums over all rows are exact. */
function roundTo(value: v128, shift: v128): v128 {
  return f64x2.sub(f64x2.add(value, shift), shift)
}

/** Stores (gradient, hessian) of two rows as float32 pairs. */
function storePairs(pairs: usize, first: usize, second: usize, gradients: v128, hessians: v128): void {
  const g = f32x4.demote_f64x2_zero(gradients)
  const h = f32x4.demote_f64x2_zero(hessians)
  const both = i8x16.shuffle(g, h, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
  v128.store64_lane(pairs + (first << 3), both, 0)
  v128.store64_lane(pairs + (second << 3), both, 1)
}

function sigmoid(score: v128): v128 {
  const one = f64x2.splat(1)
  return f64x2.div(one, f64x2.add(one, expPair(f64x2.neg(score))))
}

/** Rows `first` and `second` may be the same: both lanes then do the same. */
function logisticUpdate(block: usize, first: usize, second: usize, value: v128): void {
  const scores = <usize>load<u32>(block, scoresAt)
  const weights = <usize>load<u32>(block, weightsAt)
  const score = f64x2.add(loadTwo(scores, first, second), value)
  v128.store64_lane(scores + (first << 3), score, 0)
  v128.store64_lane(scores + (second << 3), score, 1)
  const p = sigmoid(score)
  let gradient = f64x2.sub(p, loadTwoFloats(<usize>load<u32>(block, labelsAt), first, second))
  let hessian = f64x2.mul(p, f64x2.sub(f64x2.splat(1), p))
  if (weights != 0) {
    const weight = loadTwoFloats(weights, first, second)
    gradient = f64x2.mul(gradient, weight)
    hessian = f64x2.mul(hessian, weight)
  }
  gradient = roundTo(gradient, v128.load64_splat(block, roundGradientAt))
  hessian = f64x2.pmax(
    roundTo(hessian, v128.load64_splat(block, roundHessianAt)),
    v128.load64_splat(block, leastHessianAt),
  )
  storePairs(<usize>load<u32>(block, pairsAt), first, second, gradient, hessian)
}

export function logisticUpdateRange(block: usize, first: i32, end: i32, value: f64): void {
  const values = f64x2.splat(value)
  for (let i = first; i < end; i += 2) logisticUpdate(block, <usize>i, <usize>min(i + 1, end - 1), values)
}

export function logisticUpdateMarked(block: usize, marks: usize, values: usize, first: i32, end: i32): void {
  for (let i = first; i < end; i += 2) {
    const a = <usize>i
    const b = <usize>min(i + 1, end - 1)
    const value = loadTwo(values, <usize>load<u16>(marks + (a << 1)), <usize>load<u16>(marks + (b << 1)))
    logisticUpdate(block, a, b, value)
  }
}

function squaredUpdate(block: usize, row: usize, value: f64): void {
  const at = <usize>load<u32>(block, scoresAt) + (row << 3)
  const weights = <usize>load<u32>(block, weightsAt)
  const score = load<f64>(at) + value
  store<f64>(at, score)
  let gradient = score - load<f64>(<usize>load<u32>(block, labelsAt) + (row << 3))
  if (weights != 0) gradient = gradient * <f64>load<f32>(weights + (row << 2))
  const shift = load<f64>(block, roundGradientAt)
  // The hessian is the weight and stays what it was.
  store<f32>(<usize>load<u32>(block, pairsAt) + (row << 3), <f32>(gradient + shift - shift))
}

export function squaredUpdateRange(block: usize, first: i32, end: i32, value: f64): void {
  for (let i = first; i < end; i++) squaredUpdate(block, <usize>i, value)
}

export function squaredUpdateMarked(block: usize, marks: usize, values: usize, first: i32, end: i32): void {
  for (let i = <usize>first; i < <usize>end; i++) {
    squaredUpdate(block, i, load<f64>(values + ((<usize>load<u16>(marks + (i << 1))) << 3)))
  }
}

export function addRange(scores: usize, first: i32, end: i32, value: f64): void {
  for (let i = first; i < end; i++) {
    const at = scores + ((<usize>i) << 3)
    store<f64>(at, load<f64>(at) + value)
  }
}

export function addMarked(scores: usize, marks: usize, values: usize, first: i32, end: i32): void {
  for (let i = <usize>first; i < <usize>end; i++) {
    const at = scores + (i << 3)
    store<f64>(at, load<f64>(at) + load<f64>(values + ((<usize>load<u16>(marks + (i << 1))) << 3)))
  }
}

export function markLeaf(marks: usize, ids: usize, stride: usize, count: i32, leaf: u32): void {
  for (let i = 0; i < count; i++) {
    store<u16>(marks + ((<usize>load<u32>(ids)) << 1), <u16>leaf)
    ids += stride
  }
}

/** Two rows at a time; arrays have room for one row more. */
export function softmaxGradients(block: usize, first: i32, end: i32): void {
  const rows = <usize>load<i32>(block, rowsAt)
  const classes = load<i32>(block, classesAt)
  const scores = <usize>load<u32>(block, scoresAt)
  const labels = <usize>load<u32>(block, labelsAt)
  const weights = <usize>load<u32>(block, weightsAt)
  const pairs = <usize>load<u32>(block, pairsAt)
  const factor = v128.load64_splat(block, hessianFactorAt)
  const roundGradient = v128.load64_splat(block, roundGradientAt)
  const roundHessian = v128.load64_splat(block, roundHessianAt)
  const leastHessian = v128.load64_splat(block, leastHessianAt)
  const one = f64x2.splat(1)
  for (let i = first; i < end; i += 2) {
    const a = <usize>i
    const b = <usize>min(i + 1, end - 1)
    let highest = loadTwo(scores, a, b)
    for (let k = 1; k < classes; k++) highest = f64x2.pmax(highest, loadTwo(scores + ((<usize>k * rows) << 3), a, b))
    let sum = f64x2.splat(0)
    for (let k = 0; k < classes; k++) {
      const offset = (<usize>k * rows) << 3
      const power = expPair(f64x2.sub(loadTwo(scores + offset, a, b), highest))
      sum = f64x2.add(sum, power)
      // Kept where the pair will be, which is as large.
      v128.store64_lane(pairs + offset + (a << 3), power, 0)
      v128.store64_lane(pairs + offset + (b << 3), power, 1)
    }
    const label = loadTwoFloats(labels, a, b)
    for (let k = 0; k < classes; k++) {
      const offset = (<usize>k * rows) << 3
      const p = f64x2.div(loadTwo(pairs + offset, a, b), sum)
      const isClass = v128.and(f64x2.eq(label, f64x2.splat(<f64>k)), one)
      let gradient = f64x2.sub(p, isClass)
      let hessian = f64x2.mul(factor, f64x2.mul(p, f64x2.sub(one, p)))
      if (weights != 0) {
        const weight = loadTwoFloats(weights, a, b)
        gradient = f64x2.mul(gradient, weight)
        hessian = f64x2.mul(hessian, weight)
      }
      gradient = roundTo(gradient, roundGradient)
      hessian = f64x2.pmax(roundTo(hessian, roundHessian), leastHessian)
      storePairs(pairs + offset, a, b, gradient, hessian)
    }
  }
}

export function logisticLoss(block: usize, first: i32, end: i32): f64 {
  const scores = <usize>load<u32>(block, scoresAt)
  const labels = <usize>load<u32>(block, labelsAt)
  const weights = <usize>load<u32>(block, weightsAt)
  let sum = 0.0
  for (let i = <usize>first; i < <usize>end; i++) {
    const score = load<f64>(scores + (i << 3))
    const margin = load<f32>(labels + (i << 2)) != 0 ? score : -score
    // log(1 + exp(-margin)) without overflow.
    const loss = log(1 + exp(-abs(margin))) + max(-margin, 0)
    sum += weights != 0 ? loss * <f64>load<f32>(weights + (i << 2)) : loss
  }
  return sum
}

export function softmaxLoss(block: usize, first: i32, end: i32): f64 {
  const rows = <usize>load<i32>(block, rowsAt)
  const classes = load<i32>(block, classesAt)
  const scores = <usize>load<u32>(block, scoresAt)
  const labels = <usize>load<u32>(block, labelsAt)
  const weights = <usize>load<u32>(block, weightsAt)
  let sum = 0.0
  for (let i = <usize>first; i < <usize>end; i++) {
    let highest = load<f64>(scores + (i << 3))
    for (let k = 1; k < classes; k++) highest = max(highest, load<f64>(scores + ((<usize>k * rows + i) << 3)))
    let total = 0.0
    for (let k = 0; k < classes; k++) total += exp(load<f64>(scores + ((<usize>k * rows + i) << 3)) - highest)
    const own = load<f64>(scores + ((<usize>load<f32>(labels + (i << 2)) * rows + i) << 3))
    const loss = log(total) - (own - highest)
    sum += weights != 0 ? loss * <f64>load<f32>(weights + (i << 2)) : loss
  }
  return sum
}

export function squaredLoss(block: usize, first: i32, end: i32): f64 {
  const scores = <usize>load<u32>(block, scoresAt)
  const labels = <usize>load<u32>(block, labelsAt)
  const weights = <usize>load<u32>(block, weightsAt)
  let sum = 0.0
  for (let i = <usize>first; i < <usize>end; i++) {
    const error = load<f64>(scores + (i << 3)) - load<f64>(labels + (i << 3))
    const loss = error * error
    sum += weights != 0 ? loss * <f64>load<f32>(weights + (i << 2)) : loss
  }
  return sum
}

/** Two float32 as float64. */
function loadPair(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(address))
}

export function addColumn(column: usize, count: i32, scale: f64, out: usize): void {
  const scales = f64x2.splat(scale)
  let i = 0
  for (; i + 4 <= count; i += 4) {
    v128.store(out, f64x2.add(v128.load(out), f64x2.mul(scales, loadPair(column))))
    v128.store(out, f64x2.add(v128.load(out, 16), f64x2.mul(scales, loadPair(column + 8))), 16)
    column += 16
    out += 32
  }
  for (; i < count; i++) {
    store<f64>(out, load<f64>(out) + scale * <f64>load<f32>(column))
    column += 4
    out += 8
  }
}

export function dotColumn(column: usize, values: usize, count: i32): f64 {
  let first = f64x2.splat(0)
  let second = first
  let i = 0
  for (; i + 4 <= count; i += 4) {
    first = f64x2.add(first, f64x2.mul(v128.load(values), loadPair(column)))
    second = f64x2.add(second, f64x2.mul(v128.load(values, 16), loadPair(column + 8)))
    column += 16
    values += 32
  }
  const sums = f64x2.add(first, second)
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  for (; i < count; i++) {
    sum += load<f64>(values) * <f64>load<f32>(column)
    column += 4
    values += 8
  }
  return sum
}

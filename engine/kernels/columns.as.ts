/** Two float32 as float64. */
function loadPair(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(address))
}

/** The address of float32 `offset` bytes into the column that an entry of the list points to. */
function columnAt(list: usize, offset: usize): usize {
  return <usize>load<u32>(list) + offset
}

/** Four columns in one pass over the sums, which so are loaded and stored once instead of four times. */
function addFour(list: usize, offset: usize, count: i32, scales: usize, out: usize): void {
  const x0 = columnAt(list, offset)
  const x1 = columnAt(list + 4, offset)
  const x2 = columnAt(list + 8, offset)
  const x3 = columnAt(list + 12, offset)
  const s0 = v128.load64_splat(scales)
  const s1 = v128.load64_splat(scales, 8)
  const s2 = v128.load64_splat(scales, 16)
  const s3 = v128.load64_splat(scales, 24)
  let at: usize = 0
  for (const end = (<usize>(count & ~3)) << 2; at < end; at += 16) {
    let first = v128.load(out + (at << 1))
    let second = v128.load(out + (at << 1), 16)
    first = f64x2.add(first, f64x2.mul(s0, loadPair(x0 + at)))
    second = f64x2.add(second, f64x2.mul(s0, loadPair(x0 + at + 8)))
    first = f64x2.add(first, f64x2.mul(s1, loadPair(x1 + at)))
    second = f64x2.add(second, f64x2.mul(s1, loadPair(x1 + at + 8)))
    first = f64x2.add(first, f64x2.mul(s2, loadPair(x2 + at)))
    second = f64x2.add(second, f64x2.mul(s2, loadPair(x2 + at + 8)))
    first = f64x2.add(first, f64x2.mul(s3, loadPair(x3 + at)))
    second = f64x2.add(second, f64x2.mul(s3, loadPair(x3 + at + 8)))
    v128.store(out + (at << 1), first)
    v128.store(out + (at << 1), second, 16)
  }
  for (const end = (<usize>count) << 2; at < end; at += 4) {
    let sum = load<f64>(out + (at << 1))
    sum += load<f64>(scales) * <f64>load<f32>(x0 + at)
    sum += load<f64>(scales, 8) * <f64>load<f32>(x1 + at)
    sum += load<f64>(scales, 16) * <f64>load<f32>(x2 + at)
    sum += load<f64>(scales, 24) * <f64>load<f32>(x3 + at)
    store<f64>(out + (at << 1), sum)
  }
}

function addOne(column: usize, count: i32, scale: f64, out: usize): void {
  const scales = f64x2.splat(scale)
  let i = 0
  for (; i + 2 <= count; i += 2) {
    v128.store(out, f64x2.add(v128.load(out), f64x2.mul(scales, loadPair(column))))
    column += 8
    out += 16
  }
  if (i < count) store<f64>(out, load<f64>(out) + scale * <f64>load<f32>(column))
}

export function addColumns(list: usize, offset: usize, nColumns: i32, count: i32, scales: usize, out: usize): void {
  let j = 0
  for (; j + 4 <= nColumns; j += 4) {
    addFour(list, offset, count, scales, out)
    list += 16
    scales += 32
  }
  for (; j < nColumns; j++) {
    addOne(columnAt(list, offset), count, load<f64>(scales), out)
    list += 4
    scales += 8
  }
}

/** Adds to `out` the four sums side by side, then what is left over. */
function addSums(out: usize, first: v128, second: v128, column: usize, values: usize, rest: i32): void {
  const sums = f64x2.add(first, second)
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  for (let i = 0; i < rest; i++) {
    sum += load<f64>(values) * <f64>load<f32>(column)
    column += 4
    values += 8
  }
  store<f64>(out, load<f64>(out) + sum)
}

/** Three columns in one pass over the values. */
function dotThree(list: usize, offset: usize, values: usize, count: i32, out: usize): void {
  const x0 = columnAt(list, offset)
  const x1 = columnAt(list + 4, offset)
  const x2 = columnAt(list + 8, offset)
  let a0 = f64x2.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let at: usize = 0
  for (const end = (<usize>(count & ~3)) << 2; at < end; at += 16) {
    const first = v128.load(values + (at << 1))
    const second = v128.load(values + (at << 1), 16)
    a0 = f64x2.add(a0, f64x2.mul(first, loadPair(x0 + at)))
    a1 = f64x2.add(a1, f64x2.mul(second, loadPair(x0 + at + 8)))
    b0 = f64x2.add(b0, f64x2.mul(first, loadPair(x1 + at)))
    b1 = f64x2.add(b1, f64x2.mul(second, loadPair(x1 + at + 8)))
    c0 = f64x2.add(c0, f64x2.mul(first, loadPair(x2 + at)))
    c1 = f64x2.add(c1, f64x2.mul(second, loadPair(x2 + at + 8)))
  }
  const left = values + (at << 1)
  addSums(out, a0, a1, x0 + at, left, count & 3)
  addSums(out + 8, b0, b1, x1 + at, left, count & 3)
  addSums(out + 16, c0, c1, x2 + at, left, count & 3)
}

function dotOne(column: usize, values: usize, count: i32, out: usize): void {
  let first = f64x2.splat(0)
  let second = first
  let at: usize = 0
  for (const end = (<usize>(count & ~3)) << 2; at < end; at += 16) {
    first = f64x2.add(first, f64x2.mul(v128.load(values + (at << 1)), loadPair(column + at)))
    second = f64x2.add(second, f64x2.mul(v128.load(values + (at << 1), 16), loadPair(column + at + 8)))
  }
  addSums(out, first, second, column + at, values + (at << 1), count & 3)
}

export function dotColumns(list: usize, offset: usize, nColumns: i32, values: usize, count: i32, out: usize): void {
  let j = 0
  for (; j + 3 <= nColumns; j += 3) {
    dotThree(list, offset, values, count, out)
    list += 12
    out += 24
  }
  for (; j < nColumns; j++) {
    dotOne(columnAt(list, offset), values, count, out)
    list += 4
    out += 8
  }
}

export function shiftColumn(column: usize, count: i32, shift: f64, out: usize): void {
  const shifts = f64x2.splat(shift)
  let at: usize = 0
  for (const end = (<usize>(count & ~1)) << 2; at < end; at += 8) {
    v128.store(out + (at << 1), f64x2.sub(loadPair(column + at), shifts))
  }
  if (count & 1) store<f64>(out + (at << 1), <f64>load<f32>(column + at) - shift)
}

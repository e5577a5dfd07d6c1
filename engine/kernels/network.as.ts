/** A full-avalanche mix of 32 bits, four at a time (scramble in random.ts: the finaliser of MurmurHash3). */
function scramble(value: v128): v128 {
  let x = i32x4.mul(v128.xor(value, i32x4.shr_u(value, 16)), i32x4.splat(<i32>0x85ebca6b))
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), i32x4.splat(<i32>0xc2b2ae35))
  return v128.xor(x, i32x4.shr_u(x, 16))
}

export function rectify(
  sums: usize,
  bias: usize,
  residual: usize,
  factors: usize,
  out: usize,
  nRows: i32,
  width: i32,
  kept: f32,
  border: u32,
  seed: u32,
): void {
  const zero = f32x4.splat(0)
  const factor = f32x4.splat(kept)
  const borders = i32x4.splat(border)
  const seeds = i32x4.splat(seed)
  let counters = i32x4(0, 1, 2, 3)
  for (let row = 0; row < nRows; row++) {
    for (let at: usize = 0, end = (<usize>width) << 2; at < end; at += 16) {
      const sum = f32x4.add(v128.load(sums), v128.load(bias + at))
      let own = v128.and(f32x4.gt(sum, zero), factor)
      if (border != 0) {
        own = v128.and(own, i32x4.ge_u(scramble(v128.xor(counters, seeds)), borders))
        counters = i32x4.add(counters, i32x4.splat(4))
      }
      v128.store(factors, own)
      let value = f32x4.mul(own, sum)
      if (residual != 0) {
        value = f32x4.add(value, v128.load(residual))
        residual += 16
      }
      v128.store(out, value)
      sums += 16
      factors += 16
      out += 16
    }
  }
}

export function addBias(values: usize, bias: usize, nRows: i32, width: i32): void {
  for (let row = 0; row < nRows; row++) {
    for (let at: usize = 0, end = (<usize>width) << 2; at < end; at += 16) {
      v128.store(values, f32x4.add(v128.load(values), v128.load(bias + at)))
      values += 16
    }
  }
}

export function scaleAndSum(values: usize, factors: usize, out: usize, sums: usize, nRows: i32, width: i32): void {
  const end = (<usize>width) << 2
  memory.fill(sums, 0, end)
  for (let row = 0; row < nRows; row++) {
    for (let at: usize = 0; at < end; at += 16) {
      let value = v128.load(values)
      if (factors != 0) {
        value = f32x4.mul(value, v128.load(factors))
        factors += 16
      }
      v128.store(out, value)
      v128.store(sums + at, f32x4.add(v128.load(sums + at), value))
      values += 16
      out += 16
    }
  }
}

export function addFloats(values: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    v128.store(out, f32x4.add(v128.load(out), v128.load(values)))
    values += 16
    out += 16
  }
}

// Moments below this are taken for zero: near the least float32, sums of them would be slow, and never reach zero.
const leastMoment: f32 = 1e-30

function withoutTraces(value: v128): v128 {
  return v128.andnot(value, f32x4.lt(f32x4.abs(value), f32x4.splat(leastMoment)))
}

export function adamStep(
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  count: i32,
  rate: f32,
  scale: f32,
  shrink: f32,
): void {
  for (let i = 0; i < count; i += 4) {
    const gradient = v128.load(gradients)
    const m = withoutTraces(
      f32x4.add(f32x4.mul(f32x4.splat(0.9), v128.load(first)), f32x4.mul(f32x4.splat(0.1), gradient)),
    )
    const v = withoutTraces(
      f32x4.add(
        f32x4.mul(f32x4.splat(0.999), v128.load(second)),
        f32x4.mul(f32x4.mul(f32x4.splat(0.001), gradient), gradient),
      ),
    )
    v128.store(first, m)
    v128.store(second, v)
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(scale)), f32x4.splat(1e-8))
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), m), size)
    v128.store(parameters, f32x4.sub(f32x4.mul(v128.load(parameters), f32x4.splat(shrink)), step))
    parameters += 16
    gradients += 16
    first += 16
    second += 16
  }
}

export function gatherRows(from: usize, rowBytes: usize, places: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    const row = from + <usize>load<u32>(places) * rowBytes
    for (let at: usize = 0; at < rowBytes; at += 16) v128.store(out + at, v128.load(row + at))
    places += 4
    out += rowBytes
  }
}

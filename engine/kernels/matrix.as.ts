function doubleBlock4(a: usize, stride: usize, b: usize, c: usize, k: i32, n: i32): void {
  let r00 = f64x2.splat(0)
  let r01 = r00
  let r10 = r00
  let r11 = r00
  let r20 = r00
  let r21 = r00
  let r30 = r00
  let r31 = r00
  const step = (<usize>n) << 3
  const a1 = a + stride
  const a2 = a1 + stride
  const a3 = a2 + stride
  for (let at: usize = 0, end = (<usize>k) << 3; at < end; at += 8) {
    const left = v128.load(b)
    const right = v128.load(b, 16)
    let x = v128.load64_splat(a + at)
    r00 = f64x2.add(r00, f64x2.mul(x, left))
    r01 = f64x2.add(r01, f64x2.mul(x, right))
    x = v128.load64_splat(a1 + at)
    r10 = f64x2.add(r10, f64x2.mul(x, left))
    r11 = f64x2.add(r11, f64x2.mul(x, right))
    x = v128.load64_splat(a2 + at)
    r20 = f64x2.add(r20, f64x2.mul(x, left))
    r21 = f64x2.add(r21, f64x2.mul(x, right))
    x = v128.load64_splat(a3 + at)
    r30 = f64x2.add(r30, f64x2.mul(x, left))
    r31 = f64x2.add(r31, f64x2.mul(x, right))
    b += step
  }
  v128.store(c, r00)
  v128.store(c, r01, 16)
  c += step
  v128.store(c, r10)
  v128.store(c, r11, 16)
  c += step
  v128.store(c, r20)
  v128.store(c, r21, 16)
  c += step
  v128.store(c, r30)
  v128.store(c, r31, 16)
}

function doubleBlock1(a: usize, b: usize, c: usize, k: i32, n: i32): void {
  let left = f64x2.splat(0)
  let right = left
  const step = (<usize>n) << 3
  for (let at: usize = 0, end = (<usize>k) << 3; at < end; at += 8) {
    const x = v128.load64_splat(a + at)
    left = f64x2.add(left, f64x2.mul(x, v128.load(b)))
    right = f64x2.add(right, f64x2.mul(x, v128.load(b, 16)))
    b += step
  }
  v128.store(c, left)
  v128.store(c, right, 16)
}

export function multiplyDoubles(a: usize, b: usize, c: usize, m: i32, k: i32, n: i32): void {
  const stride = (<usize>k) << 3
  const step = (<usize>n) << 3
  for (let j: usize = 0; j < step; j += 32) {
    let i = 0
    for (; i + 4 <= m; i += 4) doubleBlock4(a + <usize>i * stride, stride, b + j, c + <usize>i * step + j, k, n)
    for (; i < m; i++) doubleBlock1(a + <usize>i * stride, b + j, c + <usize>i * step + j, k, n)
  }
}

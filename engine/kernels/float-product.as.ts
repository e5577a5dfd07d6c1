// Both factors are first laid out in panels along the shared dimension, the left one four rows wide, the right one eight
// columns wide, so that the inner loop reads both from end to end; packing also takes care of transposed factors.
const leftBytes: usize = 16
const rightBytes: usize = 32

// How the factors stand in memory (factorOrder in kernels.ts).
const leftTransposed: i32 = 1
const rightTransposed: i32 = 2

/** Panels of neighbouring columns, of which there is a multiple of four; a last panel may be of four columns only. */
function packColumns(from: usize, nRows: i32, nColumns: i32, panelBytes: usize, out: usize): void {
  const rowBytes = (<usize>nColumns) << 2
  const narrow = <usize>nRows * leftBytes
  // Two panels of four columns are written side by side, so that each cache line is fetched less often.
  const isWide = panelBytes == rightBytes
  const second: usize = isWide ? 16 : narrow
  let column: usize = 0
  for (; column + 32 <= rowBytes; column += 32) {
    let source = from + column
    let to = out
    for (let row = 0; row < nRows; row++) {
      v128.store(to, v128.load(source))
      v128.store(to + second, v128.load(source, 16))
      source += rowBytes
      to += panelBytes
    }
    out += narrow << 1
  }
  if (column == rowBytes) return
  from += column
  for (let row = 0; row < nRows; row++) {
    v128.store(out, v128.load(from))
    from += rowBytes
    out += leftBytes
  }
}

/** Four rows side by side, `step` bytes from one column to the next. */
function packFour(first: usize, second: usize, third: usize, fourth: usize, count: i32, step: usize, out: usize): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = v128.load(first)
    const b = v128.load(second)
    const c = v128.load(third)
    const d = v128.load(fourth)
    const low = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
    const high = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
    const otherLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
    const otherHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
    v128.store(out, v128.shuffle<f32>(low, otherLow, 0, 1, 4, 5))
    out += step
    v128.store(out, v128.shuffle<f32>(low, otherLow, 2, 3, 6, 7))
    out += step
    v128.store(out, v128.shuffle<f32>(high, otherHigh, 0, 1, 4, 5))
    out += step
    v128.store(out, v128.shuffle<f32>(high, otherHigh, 2, 3, 6, 7))
    out += step
    first += 16
    second += 16
    third += 16
    fourth += 16
  }
  for (; i < count; i++) {
    store<f32>(out, load<f32>(first))
    store<f32>(out, load<f32>(second), 4)
    store<f32>(out, load<f32>(third), 8)
    store<f32>(out, load<f32>(fourth), 12)
    out += step
    first += 4
    second += 4
    third += 4
    fourth += 4
  }
}

/**
 * Panels of neighbouring rows. Where the last one of four is not full, the last row stands in it several times; of panels
 * of eight, the last one may be of four only.
 */
function packRows(from: usize, nRows: i32, nColumns: i32, panelBytes: usize, out: usize): void {
  const rowBytes = (<usize>nColumns) << 2
  const last = from + <usize>(nRows - 1) * rowBytes
  const narrow = <usize>nColumns * leftBytes
  for (let row = 0; row < nRows; row += 4) {
    const first = from + <usize>row * rowBytes
    const second = min(first + rowBytes, last)
    const third = min(second + rowBytes, last)
    const fourth = min(third + rowBytes, last)
    const group = <usize>(row >> 2)
    if (panelBytes == leftBytes || ((row & 4) == 0 && row + 4 >= nRows)) {
      packFour(first, second, third, fourth, nColumns, leftBytes, out + group * narrow)
    } else {
      const panel = out + (group >> 1) * (narrow << 1)
      packFour(first, second, third, fourth, nColumns, rightBytes, panel + (group & 1) * leftBytes)
    }
  }
}

/** Up to four rows times eight columns, each element summed along the shared dimension in its order. */
function multiplyPanels(left: usize, right: usize, c: usize, step: usize, k: i32, nRows: i32): void {
  let r00 = f32x4.splat(0)
  let r01 = r00
  let r10 = r00
  let r11 = r00
  let r20 = r00
  let r21 = r00
  let r30 = r00
  let r31 = r00
  // Unrolled, since counting and moving two addresses each time would take longer than the sums.
  for (let end = left + <usize>(k >> 2) * 4 * leftBytes; left < end; left += 4 * leftBytes) {
    let a = v128.load(right)
    let b = v128.load(right, 16)
    let x = v128.load32_splat(left)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(left, 4)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(left, 8)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(left, 12)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    a = v128.load(right, 32)
    b = v128.load(right, 48)
    x = v128.load32_splat(left, 16)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(left, 20)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(left, 24)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(left, 28)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    a = v128.load(right, 64)
    b = v128.load(right, 80)
    x = v128.load32_splat(left, 32)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(left, 36)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(left, 40)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(left, 44)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    a = v128.load(right, 96)
    b = v128.load(right, 112)
    x = v128.load32_splat(left, 48)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(left, 52)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(left, 56)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(left, 60)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    right += 4 * rightBytes
  }
  for (let rest = k & 3; rest > 0; rest--) {
    const a = v128.load(right)
    const b = v128.load(right, 16)
    let x = v128.load32_splat(left)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(left, 4)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(left, 8)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(left, 12)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    left += leftBytes
    right += rightBytes
  }
  v128.store(c, r00)
  v128.store(c, r01, 16)
  if (nRows < 2) return
  c += step
  v128.store(c, r10)
  v128.store(c, r11, 16)
  if (nRows < 3) return
  c += step
  v128.store(c, r20)
  v128.store(c, r21, 16)
  if (nRows < 4) return
  c += step
  v128.store(c, r30)
  v128.store(c, r31, 16)
}

/** The same for four columns. */
function multiplyNarrow(left: usize, right: usize, c: usize, step: usize, k: i32, nRows: i32): void {
  let r0 = f32x4.splat(0)
  let r1 = r0
  let r2 = r0
  let r3 = r0
  for (let i = 0; i < k; i++) {
    const a = v128.load(right)
    r0 = f32x4.add(r0, f32x4.mul(v128.load32_splat(left), a))
    r1 = f32x4.add(r1, f32x4.mul(v128.load32_splat(left, 4), a))
    r2 = f32x4.add(r2, f32x4.mul(v128.load32_splat(left, 8), a))
    r3 = f32x4.add(r3, f32x4.mul(v128.load32_splat(left, 12), a))
    left += leftBytes
    right += leftBytes
  }
  v128.store(c, r0)
  if (nRows < 2) return
  v128.store(c + step, r1)
  if (nRows < 3) return
  v128.store(c + 2 * step, r2)
  if (nRows < 4) return
  v128.store(c + 3 * step, r3)
}

export function multiplyFloats(a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, order: i32, scratch: usize): void {
  if (m == 0) return
  const leftPanel = <usize>k * leftBytes
  const rightPanel = <usize>k * rightBytes
  const rights = scratch + <usize>((m + 3) >> 2) * leftPanel
  if (order == leftTransposed) packColumns(a, k, m, leftBytes, scratch)
  else packRows(a, m, k, leftBytes, scratch)
  if (order == rightTransposed) packRows(b, n, k, rightBytes, rights)
  else packColumns(b, k, n, rightBytes, rights)
  const step = (<usize>n) << 2
  let right = rights
  for (let column: usize = 0; column < step; column += 32) {
    let left = scratch
    let to = c + column
    const isNarrow = column + 16 == step
    for (let row = 0; row < m; row += 4) {
      if (isNarrow) multiplyNarrow(left, right, to, step, k, m - row)
      else multiplyPanels(left, right, to, step, k, m - row)
      left += leftPanel
      to += step << 2
    }
    right += rightPanel
  }
}

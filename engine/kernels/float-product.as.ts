// The right factor is first laid out in panels along the shared dimension, eight columns wide, so that the inner loop reads
// it from end to end. The left one is read row by row as it stands; transposed, it is laid out in panels four rows wide.
const leftBytes: usize = 16
const rightBytes: usize = 32

// How the factors stand in memory (factorOrder in kernels.ts).
export const leftTransposed: i32 = 1
export const rightTransposed: i32 = 2

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
export function packFour(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  count: i32,
  step: usize,
  out: usize,
): void {
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

/** Panels of eight neighbouring rows, of which there is a multiple of four; a last panel may be of four only. */
function packRows(from: usize, nRows: i32, nColumns: i32, out: usize): void {
  const rowBytes = (<usize>nColumns) << 2
  const half = <usize>nColumns * leftBytes
  for (let row = 0; row < nRows; row += 4) {
    const first = from + <usize>row * rowBytes
    const second = first + rowBytes
    const third = second + rowBytes
    const isSecond = (row & 4) != 0
    const step = isSecond || row + 4 < nRows ? rightBytes : leftBytes
    packFour(first, second, third, third + rowBytes, nColumns, step, isSecond ? out + leftBytes : out)
    if (isSecond) out += half << 1
  }
}

/**
 * Four rows times eight columns, each element summed along the shared dimension in its order; only `nRows` are stored. T is
 * as wide as the step from one of a row's elements to the next: f32 in rows as they stand, v128 in a panel.
 */
function multiplyPanels<T>(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  right: usize,
  c: usize,
  step: usize,
  k: i32,
  nRows: i32,
): void {
  let r00 = f32x4.splat(0)
  let r01 = r00
  let r10 = r00
  let r11 = r00
  let r20 = r00
  let r21 = r00
  let r30 = r00
  let r31 = r00
  let a = r00
  let b = r00
  let x = r00
  // Unrolled, since counting and moving five addresses each time would take longer than the sums.
  for (let end = right + <usize>(k >> 2) * 4 * rightBytes; right < end; right += 4 * rightBytes) {
    a = v128.load(right)
    b = v128.load(right, 16)
    x = v128.load32_splat(first)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(second)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(third)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(fourth)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    a = v128.load(right, 32)
    b = v128.load(right, 48)
    x = v128.load32_splat(first, sizeof<T>())
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(second, sizeof<T>())
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(third, sizeof<T>())
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(fourth, sizeof<T>())
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    a = v128.load(right, 64)
    b = v128.load(right, 80)
    x = v128.load32_splat(first, 2 * sizeof<T>())
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(second, 2 * sizeof<T>())
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(third, 2 * sizeof<T>())
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(fourth, 2 * sizeof<T>())
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    a = v128.load(right, 96)
    b = v128.load(right, 112)
    x = v128.load32_splat(first, 3 * sizeof<T>())
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(second, 3 * sizeof<T>())
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(third, 3 * sizeof<T>())
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(fourth, 3 * sizeof<T>())
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    first += 4 * sizeof<T>()
    second += 4 * sizeof<T>()
    third += 4 * sizeof<T>()
    fourth += 4 * sizeof<T>()
  }
  for (let rest = k & 3; rest > 0; rest--) {
    a = v128.load(right)
    b = v128.load(right, 16)
    x = v128.load32_splat(first)
    r00 = f32x4.add(r00, f32x4.mul(x, a))
    r01 = f32x4.add(r01, f32x4.mul(x, b))
    x = v128.load32_splat(second)
    r10 = f32x4.add(r10, f32x4.mul(x, a))
    r11 = f32x4.add(r11, f32x4.mul(x, b))
    x = v128.load32_splat(third)
    r20 = f32x4.add(r20, f32x4.mul(x, a))
    r21 = f32x4.add(r21, f32x4.mul(x, b))
    x = v128.load32_splat(fourth)
    r30 = f32x4.add(r30, f32x4.mul(x, a))
    r31 = f32x4.add(r31, f32x4.mul(x, b))
    first += sizeof<T>()
    second += sizeof<T>()
    third += sizeof<T>()
    fourth += sizeof<T>()
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
function multiplyNarrow<T>(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  right: usize,
  c: usize,
  step: usize,
  k: i32,
  nRows: i32,
): void {
  let r0 = f32x4.splat(0)
  let r1 = r0
  let r2 = r0
  let r3 = r0
  for (let i = 0; i < k; i++) {
    const a = v128.load(right)
    r0 = f32x4.add(r0, f32x4.mul(v128.load32_splat(first), a))
    r1 = f32x4.add(r1, f32x4.mul(v128.load32_splat(second), a))
    r2 = f32x4.add(r2, f32x4.mul(v128.load32_splat(third), a))
    r3 = f32x4.add(r3, f32x4.mul(v128.load32_splat(fourth), a))
    first += sizeof<T>()
    second += sizeof<T>()
    third += sizeof<T>()
    fourth += sizeof<T>()
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

/** As many rows of the left factor as stay in the first cache, with a panel of the right one, while all columns are done. */
const blockRows = 32

/**
 * All columns of `nRows` rows, at most a block, the first of which starts at `left`. Between rows of T = f32 lie `rowBytes`,
 * between panels of four rows of T = v128 as many.
 */
function multiplyBlock<T>(left: usize, rowBytes: usize, rights: usize, c: usize, n: i32, k: i32, nRows: i32): void {
  const step = (<usize>n) << 2
  const last = left + <usize>(nRows - 1) * rowBytes
  for (let column: usize = 0; column < step; column += 32) {
    let first = left
    let to = c + column
    for (let row = 0; row < nRows; row += 4) {
      const inPanel = sizeof<T>() == leftBytes
      const second = inPanel ? first + 4 : min(first + rowBytes, last)
      const third = inPanel ? first + 8 : min(second + rowBytes, last)
      const fourth = inPanel ? first + 12 : min(third + rowBytes, last)
      if (column + 16 == step) multiplyNarrow<T>(first, second, third, fourth, rights, to, step, k, nRows - row)
      else multiplyPanels<T>(first, second, third, fourth, rights, to, step, k, nRows - row)
      first += inPanel ? rowBytes : rowBytes << 2
      to += step << 2
    }
    rights += <usize>k * rightBytes
  }
}

export function multiplyFloats(a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, order: i32, scratch: usize): void {
  if (m == 0) return
  const leftPanel = <usize>k * leftBytes
  const rights = scratch + <usize>((m + 3) >> 2) * leftPanel
  if (order == leftTransposed) packColumns(a, k, m, leftBytes, scratch)
  if (order == rightTransposed) packRows(b, n, k, rights)
  else packColumns(b, k, n, rightBytes, rights)
  for (let row = 0; row < m; row += blockRows) {
    const count = min(blockRows, m - row)
    const to = c + ((<usize>row * <usize>n) << 2)
    if (order == leftTransposed)
      multiplyBlock<v128>(scratch + <usize>(row >> 2) * leftPanel, leftPanel, rights, to, n, k, count)
    else multiplyBlock<f32>(a + ((<usize>row * <usize>k) << 2), (<usize>k) << 2, rights, to, n, k, count)
  }
}

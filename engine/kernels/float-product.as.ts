import { blockRows, leftBytes, multiplyBlock, rightBytes } from './product-panels.as'

// The right factor is first laid out in panels along the shared dimension, eight columns wide, so that the inner loop reads
// it from end to end. The left one is read row by row as it stands; transposed, it is laid out in panels four rows wide.

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
      multiplyBlock<v128, f32>(scratch + <usize>(row >> 2) * leftPanel, leftPanel, rights, to, n, k, count, 0, 0)
    else multiplyBlock<f32, f32>(a + ((<usize>row * <usize>k) << 2), (<usize>k) << 2, rights, to, n, k, count, 0, 0)
  }
}

import { leftTransposed, packFour, rightTransposed } from './float-product.as'
import { blockRows, leftBytes, multiplyBlock, rightBytes } from './product-panels.as'

// Each row of the left factor and each column of the right one is rounded to whole numbers of 16 bits, as many as let no
// sum of products exceed 32 bits; two neighbours along the shared dimension stand in one word, so that one instruction
// multiplies and adds eight of them, where floats take four.
/** Added to a float of less than 2²², it leaves the nearest whole number in the lower bits. */
const rounder: f32 = 12582912

/** Values whose inverse might overflow count as zero. */
const leastValue: f32 = 1e-30

/** The largest whole number of which `k` squares still add up. */
function largestOf(k: i32): f32 {
  return <f32>min(Math.floor(Math.sqrt(2147483647 / <f64>k)), 32767)
}

/** Values without their sign, to be compared as whole numbers: these have the same order, and NaN is the largest. */
function sizeOf(values: v128): v128 {
  return v128.and(values, i32x4.splat(0x7fffffff))
}

function largestLane(sizes: v128): f32 {
  return reinterpret<f32>(
    max(
      max(i32x4.extract_lane(sizes, 0), i32x4.extract_lane(sizes, 1)),
      max(i32x4.extract_lane(sizes, 2), i32x4.extract_lane(sizes, 3)),
    ),
  )
}

/** Rounds a row of a multiple of four values to half as many words; gives the value of a one. */
function roundRow(from: usize, count: i32, most: f32, out: usize): f32 {
  let sizes = i32x4.splat(0)
  const end = from + ((<usize>count) << 2)
  for (let at = from; at < end; at += 16) sizes = i32x4.max_s(sizes, sizeOf(v128.load(at)))
  const largest = largestLane(sizes)
  const factor = f32x4.splat(largest > leastValue ? most / largest : 0)
  const shift = f32x4.splat(rounder)
  let at = from
  for (; at + 32 <= end; at += 32) {
    const a = f32x4.add(f32x4.mul(v128.load(at), factor), shift)
    const b = f32x4.add(f32x4.mul(v128.load(at, 16), factor), shift)
    v128.store(out, v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14))
    out += 16
  }
  if (at < end) {
    const a = f32x4.add(f32x4.mul(v128.load(at), factor), shift)
    store<u64>(out, i64x2.extract_lane(v128.shuffle<i16>(a, a, 0, 2, 4, 6, 8, 10, 12, 14), 0))
  }
  return largest / most
}

/** Two rows of four values each, already shifted, as words. */
function wordsOf(first: v128, second: v128): v128 {
  return v128.or(v128.and(first, i32x4.splat(0xffff)), i32x4.shl(second, 16))
}

/** Rounds four columns along the rows to a panel `step` bytes from word to word; leaves the values of their ones. */
function roundColumns(from: usize, rowBytes: usize, nRows: i32, most: f32, out: usize, step: usize, ones: usize): void {
  let largest = i32x4.splat(0)
  let at = from
  for (let row = 0; row < nRows; row++) {
    largest = i32x4.max_s(largest, sizeOf(v128.load(at)))
    at += rowBytes
  }
  const zero = f32x4.splat(0)
  const limit = f32x4.splat(most)
  const factor = v128.and(f32x4.div(limit, largest), f32x4.gt(largest, f32x4.splat(leastValue)))
  const shift = f32x4.splat(rounder)
  at = from
  let row = 0
  for (; row + 2 <= nRows; row += 2) {
    const a = f32x4.add(f32x4.mul(v128.load(at), factor), shift)
    const b = f32x4.add(f32x4.mul(v128.load(at + rowBytes), factor), shift)
    v128.store(out, wordsOf(a, b))
    at += rowBytes << 1
    out += step
  }
  if (row < nRows) v128.store(out, wordsOf(f32x4.add(f32x4.mul(v128.load(at), factor), shift), zero))
  v128.store(ones, f32x4.div(largest, limit))
}

export function multiplyRounded(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  k: i32,
  n: i32,
  order: i32,
  scratch: usize,
): void {
  if (m == 0) return
  const nWords = (k + 1) >> 1
  const most = largestOf(k)
  const nPanels = (m + 3) >> 2
  const leftPanel = <usize>nWords * leftBytes
  const rights = scratch + <usize>nPanels * leftPanel
  const leftOnes = rights + <usize>(n >> 3) * <usize>nWords * rightBytes
  const rightOnes = leftOnes + ((<usize>nPanels) << 4)
  const rows = rightOnes + ((<usize>n) << 2)
  const rowWords = (<usize>nWords) << 2
  if (order == leftTransposed) {
    for (let row: usize = 0; row < <usize>m; row += 4) {
      roundColumns(
        a + (row << 2),
        (<usize>m) << 2,
        k,
        most,
        scratch + (row >> 2) * leftPanel,
        leftBytes,
        leftOnes + (row << 2),
      )
    }
  } else {
    for (let row: usize = 0; row < <usize>m; row++) {
      store<f32>(leftOnes + (row << 2), roundRow(a + row * ((<usize>k) << 2), k, most, scratch + row * rowWords))
    }
  }
  for (let column: usize = 0; column < <usize>n; column += 4) {
    const out = rights + (column >> 3) * <usize>nWords * rightBytes + (column & 4) * 4
    if (order == rightTransposed) {
      for (let row: usize = 0; row < 4; row++) {
        const from = b + (column + row) * ((<usize>k) << 2)
        store<f32>(rightOnes + ((column + row) << 2), roundRow(from, k, most, rows + row * rowWords))
      }
      packFour(rows, rows + rowWords, rows + 2 * rowWords, rows + 3 * rowWords, nWords, rightBytes, out)
    } else {
      roundColumns(b + (column << 2), (<usize>n) << 2, k, most, out, rightBytes, rightOnes + (column << 2))
    }
  }
  for (let row = 0; row < m; row += blockRows) {
    const count = min(blockRows, m - row)
    const to = c + ((<usize>row * <usize>n) << 2)
    const ones = leftOnes + ((<usize>row) << 2)
    if (order == leftTransposed)
      multiplyBlock<v128, i32>(
        scratch + <usize>(row >> 2) * leftPanel,
        leftPanel,
        rights,
        to,
        n,
        nWords,
        count,
        ones,
        rightOnes,
      )
    else
      multiplyBlock<f32, i32>(scratch + <usize>row * rowWords, rowWords, rights, to, n, nWords, count, ones, rightOnes)
  }
}

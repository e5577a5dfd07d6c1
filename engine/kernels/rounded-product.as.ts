import { leftTransposed, packFour, rightTransposed } from './float-product.as'

// Each row of the left factor and each column of the right one is rounded to whole numbers of 16 bits, as many as let no
// sum of products exceed 32 bits; two neighbours along the shared dimension stand in one word, so that one instruction
// multiplies and adds eight of them, where floats take four.
const leftBytes: usize = 16
const rightBytes: usize = 32

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

function storeScaled(c: usize, sums: v128, left: f32, ones: v128): void {
  v128.store(c, f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(f32x4.splat(left), ones)))
}

/** Four rows times eight columns, as in float-product.as.ts; `k` counts words, and only `nRows` are stored. */
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
  leftOnes: usize,
  rightOnes: usize,
): void {
  let r00 = i32x4.splat(0)
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
  for (let end = right + <usize>(k >> 2) * 4 * rightBytes; right < end; right += 4 * rightBytes) {
    a = v128.load(right)
    b = v128.load(right, 16)
    x = v128.load32_splat(first)
    r00 = i32x4.add(r00, i32x4.dot_i16x8_s(x, a))
    r01 = i32x4.add(r01, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(second)
    r10 = i32x4.add(r10, i32x4.dot_i16x8_s(x, a))
    r11 = i32x4.add(r11, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(third)
    r20 = i32x4.add(r20, i32x4.dot_i16x8_s(x, a))
    r21 = i32x4.add(r21, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(fourth)
    r30 = i32x4.add(r30, i32x4.dot_i16x8_s(x, a))
    r31 = i32x4.add(r31, i32x4.dot_i16x8_s(x, b))
    a = v128.load(right, 32)
    b = v128.load(right, 48)
    x = v128.load32_splat(first, sizeof<T>())
    r00 = i32x4.add(r00, i32x4.dot_i16x8_s(x, a))
    r01 = i32x4.add(r01, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(second, sizeof<T>())
    r10 = i32x4.add(r10, i32x4.dot_i16x8_s(x, a))
    r11 = i32x4.add(r11, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(third, sizeof<T>())
    r20 = i32x4.add(r20, i32x4.dot_i16x8_s(x, a))
    r21 = i32x4.add(r21, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(fourth, sizeof<T>())
    r30 = i32x4.add(r30, i32x4.dot_i16x8_s(x, a))
    r31 = i32x4.add(r31, i32x4.dot_i16x8_s(x, b))
    a = v128.load(right, 64)
    b = v128.load(right, 80)
    x = v128.load32_splat(first, 2 * sizeof<T>())
    r00 = i32x4.add(r00, i32x4.dot_i16x8_s(x, a))
    r01 = i32x4.add(r01, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(second, 2 * sizeof<T>())
    r10 = i32x4.add(r10, i32x4.dot_i16x8_s(x, a))
    r11 = i32x4.add(r11, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(third, 2 * sizeof<T>())
    r20 = i32x4.add(r20, i32x4.dot_i16x8_s(x, a))
    r21 = i32x4.add(r21, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(fourth, 2 * sizeof<T>())
    r30 = i32x4.add(r30, i32x4.dot_i16x8_s(x, a))
    r31 = i32x4.add(r31, i32x4.dot_i16x8_s(x, b))
    a = v128.load(right, 96)
    b = v128.load(right, 112)
    x = v128.load32_splat(first, 3 * sizeof<T>())
    r00 = i32x4.add(r00, i32x4.dot_i16x8_s(x, a))
    r01 = i32x4.add(r01, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(second, 3 * sizeof<T>())
    r10 = i32x4.add(r10, i32x4.dot_i16x8_s(x, a))
    r11 = i32x4.add(r11, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(third, 3 * sizeof<T>())
    r20 = i32x4.add(r20, i32x4.dot_i16x8_s(x, a))
    r21 = i32x4.add(r21, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(fourth, 3 * sizeof<T>())
    r30 = i32x4.add(r30, i32x4.dot_i16x8_s(x, a))
    r31 = i32x4.add(r31, i32x4.dot_i16x8_s(x, b))
    first += 4 * sizeof<T>()
    second += 4 * sizeof<T>()
    third += 4 * sizeof<T>()
    fourth += 4 * sizeof<T>()
  }
  for (let rest = k & 3; rest > 0; rest--) {
    a = v128.load(right)
    b = v128.load(right, 16)
    x = v128.load32_splat(first)
    r00 = i32x4.add(r00, i32x4.dot_i16x8_s(x, a))
    r01 = i32x4.add(r01, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(second)
    r10 = i32x4.add(r10, i32x4.dot_i16x8_s(x, a))
    r11 = i32x4.add(r11, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(third)
    r20 = i32x4.add(r20, i32x4.dot_i16x8_s(x, a))
    r21 = i32x4.add(r21, i32x4.dot_i16x8_s(x, b))
    x = v128.load32_splat(fourth)
    r30 = i32x4.add(r30, i32x4.dot_i16x8_s(x, a))
    r31 = i32x4.add(r31, i32x4.dot_i16x8_s(x, b))
    first += sizeof<T>()
    second += sizeof<T>()
    third += sizeof<T>()
    fourth += sizeof<T>()
    right += rightBytes
  }
  a = v128.load(rightOnes)
  b = v128.load(rightOnes, 16)
  storeScaled(c, r00, load<f32>(leftOnes), a)
  storeScaled(c + 16, r01, load<f32>(leftOnes), b)
  if (nRows < 2) return
  c += step
  storeScaled(c, r10, load<f32>(leftOnes, 4), a)
  storeScaled(c + 16, r11, load<f32>(leftOnes, 4), b)
  if (nRows < 3) return
  c += step
  storeScaled(c, r20, load<f32>(leftOnes, 8), a)
  storeScaled(c + 16, r21, load<f32>(leftOnes, 8), b)
  if (nRows < 4) return
  c += step
  storeScaled(c, r30, load<f32>(leftOnes, 12), a)
  storeScaled(c + 16, r31, load<f32>(leftOnes, 12), b)
}

/** As many rows of the left factor as stay in the first cache, with a panel of the right one, while all columns are done. */
const blockRows = 64

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
  const step = (<usize>n) << 2
  for (let start = 0; start < m; start += blockRows) {
    const end = min(start + blockRows, m)
    let right = rights
    for (let column: usize = 0; column < step; column += 32) {
      for (let row = start; row < end; row += 4) {
        const to = c + <usize>row * step + column
        const ones = leftOnes + ((<usize>row) << 2)
        if (order == leftTransposed) {
          const left = scratch + <usize>(row >> 2) * leftPanel
          multiplyPanels<v128>(
            left,
            left + 4,
            left + 8,
            left + 12,
            right,
            to,
            step,
            nWords,
            end - row,
            ones,
            rightOnes + column,
          )
        } else {
          const left = scratch + <usize>row * rowWords
          const second = left + rowWords
          const third = second + rowWords
          multiplyPanels<f32>(
            left,
            second,
            third,
            third + rowWords,
            right,
            to,
            step,
            nWords,
            end - row,
            ones,
            rightOnes + column,
          )
        }
      }
      right += <usize>nWords * rightBytes
    }
  }
}

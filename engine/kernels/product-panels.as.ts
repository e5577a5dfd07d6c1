// The inner loop of matrix products: a block of rows of the left factor by panels of eight columns of the right one.
export const leftBytes: usize = 16
export const rightBytes: usize = 32

/** Adds products lane by lane: V is f32 where the factors are floats, i32 where they are words of two whole numbers. */
function addProduct<V>(sums: v128, x: v128, y: v128): v128 {
  return isInteger<V>() ? i32x4.add(sums, i32x4.dot_i16x8_s(x, y)) : f32x4.add(sums, f32x4.mul(x, y))
}

/** Eight sums of a row; those of words times the values of a one in the row and in each column. */
function storeEight<V>(c: usize, first: v128, second: v128, leftOne: usize, rightOnes: usize): void {
  if (isInteger<V>()) {
    const one = v128.load32_splat(leftOne)
    first = f32x4.mul(f32x4.convert_i32x4_s(first), f32x4.mul(one, v128.load(rightOnes)))
    second = f32x4.mul(f32x4.convert_i32x4_s(second), f32x4.mul(one, v128.load(rightOnes, 16)))
  }
  v128.store(c, first)
  v128.store(c, second, 16)
}

/**
 * Four rows times eight columns, each element summed along the shared dimension in its order; only `nRows` are stored. T is
 * as wide as the step from one of a row's elements to the next: f32 in rows as they stand, v128 in a panel. V: see addProduct.
 */
function multiplyPanels<T, V>(
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
    r00 = addProduct<V>(r00, x, a)
    r01 = addProduct<V>(r01, x, b)
    x = v128.load32_splat(second)
    r10 = addProduct<V>(r10, x, a)
    r11 = addProduct<V>(r11, x, b)
    x = v128.load32_splat(third)
    r20 = addProduct<V>(r20, x, a)
    r21 = addProduct<V>(r21, x, b)
    x = v128.load32_splat(fourth)
    r30 = addProduct<V>(r30, x, a)
    r31 = addProduct<V>(r31, x, b)
    a = v128.load(right, 32)
    b = v128.load(right, 48)
    x = v128.load32_splat(first, sizeof<T>())
    r00 = addProduct<V>(r00, x, a)
    r01 = addProduct<V>(r01, x, b)
    x = v128.load32_splat(second, sizeof<T>())
    r10 = addProduct<V>(r10, x, a)
    r11 = addProduct<V>(r11, x, b)
    x = v128.load32_splat(third, sizeof<T>())
    r20 = addProduct<V>(r20, x, a)
    r21 = addProduct<V>(r21, x, b)
    x = v128.load32_splat(fourth, sizeof<T>())
    r30 = addProduct<V>(r30, x, a)
    r31 = addProduct<V>(r31, x, b)
    a = v128.load(right, 64)
    b = v128.load(right, 80)
    x = v128.load32_splat(first, 2 * sizeof<T>())
    r00 = addProduct<V>(r00, x, a)
    r01 = addProduct<V>(r01, x, b)
    x = v128.load32_splat(second, 2 * sizeof<T>())
    r10 = addProduct<V>(r10, x, a)
    r11 = addProduct<V>(r11, x, b)
    x = v128.load32_splat(third, 2 * sizeof<T>())
    r20 = addProduct<V>(r20, x, a)
    r21 = addProduct<V>(r21, x, b)
    x = v128.load32_splat(fourth, 2 * sizeof<T>())
    r30 = addProduct<V>(r30, x, a)
    r31 = addProduct<V>(r31, x, b)
    a = v128.load(right, 96)
    b = v128.load(right, 112)
    x = v128.load32_splat(first, 3 * sizeof<T>())
    r00 = addProduct<V>(r00, x, a)
    r01 = addProduct<V>(r01, x, b)
    x = v128.load32_splat(second, 3 * sizeof<T>())
    r10 = addProduct<V>(r10, x, a)
    r11 = addProduct<V>(r11, x, b)
    x = v128.load32_splat(third, 3 * sizeof<T>())
    r20 = addProduct<V>(r20, x, a)
    r21 = addProduct<V>(r21, x, b)
    x = v128.load32_splat(fourth, 3 * sizeof<T>())
    r30 = addProduct<V>(r30, x, a)
    r31 = addProduct<V>(r31, x, b)
    first += 4 * sizeof<T>()
    second += 4 * sizeof<T>()
    third += 4 * sizeof<T>()
    fourth += 4 * sizeof<T>()
  }
  for (let rest = k & 3; rest > 0; rest--) {
    a = v128.load(right)
    b = v128.load(right, 16)
    x = v128.load32_splat(first)
    r00 = addProduct<V>(r00, x, a)
    r01 = addProduct<V>(r01, x, b)
    x = v128.load32_splat(second)
    r10 = addProduct<V>(r10, x, a)
    r11 = addProduct<V>(r11, x, b)
    x = v128.load32_splat(third)
    r20 = addProduct<V>(r20, x, a)
    r21 = addProduct<V>(r21, x, b)
    x = v128.load32_splat(fourth)
    r30 = addProduct<V>(r30, x, a)
    r31 = addProduct<V>(r31, x, b)
    first += sizeof<T>()
    second += sizeof<T>()
    third += sizeof<T>()
    fourth += sizeof<T>()
    right += rightBytes
  }
  storeEight<V>(c, r00, r01, leftOnes, rightOnes)
  if (nRows < 2) return
  c += step
  storeEight<V>(c, r10, r11, leftOnes + 4, rightOnes)
  if (nRows < 3) return
  c += step
  storeEight<V>(c, r20, r21, leftOnes + 8, rightOnes)
  if (nRows < 4) return
  c += step
  storeEight<V>(c, r30, r31, leftOnes + 12, rightOnes)
}

/** Floats by four columns. */
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
export const blockRows = 32

/**
 * All columns of `nRows` rows, at most a block, the first of which starts at `left`. Between rows of T = f32 lie `rowBytes`,
 * between panels of four rows of T = v128 as many. Words have the values of their ones behind `leftOnes` and `rightOnes`, one
 * a row and a column; floats have none.
 */
export function multiplyBlock<T, V>(
  left: usize,
  rowBytes: usize,
  rights: usize,
  c: usize,
  n: i32,
  k: i32,
  nRows: i32,
  leftOnes: usize,
  rightOnes: usize,
): void {
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
      if (!isInteger<V>() && column + 16 == step)
        multiplyNarrow<T>(first, second, third, fourth, rights, to, step, k, nRows - row)
      else
        multiplyPanels<T, V>(
          first,
          second,
          third,
          fourth,
          rights,
          to,
          step,
          k,
          nRows - row,
          leftOnes + ((<usize>row) << 2),
          rightOnes + column,
        )
      first += inPanel ? rowBytes : rowBytes << 2
      to += step << 2
    }
    rights += <usize>k * rightBytes
  }
}

function addLanes(out: usize, sums: v128): void {
  store<f64>(out, load<f64>(out) + (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)))
}

/** Three columns by three others: nine sums of pairs stay in registers, six loads serve eighteen operations. */
function addBlock(left: usize, right: usize, columnBytes: usize, bytes: usize, out: usize, rowBytes: usize): void {
  let s00 = f64x2.splat(0)
  let s01 = s00
  let s02 = s00
  let s10 = s00
  let s11 = s00
  let s12 = s00
  let s20 = s00
  let s21 = s00
  let s22 = s00
  const left1 = left + columnBytes
  const left2 = left1 + columnBytes
  const right1 = right + columnBytes
  const right2 = right1 + columnBytes
  for (let at: usize = 0; at < bytes; at += 16) {
    const a0 = v128.load(left + at)
    const a1 = v128.load(left1 + at)
    const a2 = v128.load(left2 + at)
    let b = v128.load(right + at)
    s00 = f64x2.add(s00, f64x2.mul(a0, b))
    s10 = f64x2.add(s10, f64x2.mul(a1, b))
    s20 = f64x2.add(s20, f64x2.mul(a2, b))
    b = v128.load(right1 + at)
    s01 = f64x2.add(s01, f64x2.mul(a0, b))
    s11 = f64x2.add(s11, f64x2.mul(a1, b))
    s21 = f64x2.add(s21, f64x2.mul(a2, b))
    b = v128.load(right2 + at)
    s02 = f64x2.add(s02, f64x2.mul(a0, b))
    s12 = f64x2.add(s12, f64x2.mul(a1, b))
    s22 = f64x2.add(s22, f64x2.mul(a2, b))
  }
  addLanes(out, s00)
  addLanes(out + 8, s01)
  addLanes(out + 16, s02)
  out += rowBytes
  addLanes(out, s10)
  addLanes(out + 8, s11)
  addLanes(out + 16, s12)
  out += rowBytes
  addLanes(out, s20)
  addLanes(out + 8, s21)
  addLanes(out + 16, s22)
}

export function addGram(left: usize, right: usize, columnBytes: usize, nColumns: i32, count: i32, out: usize): void {
  const bytes = (<usize>count) << 3
  const rowBytes = (<usize>nColumns) << 3
  for (let i: usize = 0; i < <usize>nColumns; i += 3) {
    for (let j = i; j < <usize>nColumns; j += 3) {
      addBlock(
        left + i * columnBytes,
        right + j * columnBytes,
        columnBytes,
        bytes,
        out + i * rowBytes + (j << 3),
        rowBytes,
      )
    }
  }
}

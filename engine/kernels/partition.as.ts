export function scatterRecords(
  source: usize,
  recordBytes: usize,
  count: i32,
  column: usize,
  table: usize,
  left: usize,
  right: usize,
): i32 {
  let nLeft = 0
  for (let i = 0; i < count; i++) {
    const goesLeft = load<u8>(table + <usize>load<u8>(source + column))
    const target = select<usize>(left, right, goesLeft)
    for (let at: usize = 0; at < recordBytes; at += 8) store<u64>(target + at, load<u64>(source + at))
    nLeft += goesLeft
    const step = goesLeft ? recordBytes : 0
    left += step
    right -= recordBytes - step
    source += recordBytes
  }
  return nLeft
}

export function scatterRoot(
  bins: usize,
  binStride: usize,
  pairs: usize,
  firstRow: u32,
  count: i32,
  recordBytes: usize,
  column: usize,
  table: usize,
  left: usize,
  right: usize,
): i32 {
  let nLeft = 0
  for (let i = 0; i < count; i++) {
    const goesLeft = load<u8>(table + <usize>load<u8>(bins + column))
    const target = select<usize>(left, right, goesLeft)
    for (let at: usize = 0; at < binStride; at += 4) store<u32>(target + at, load<u32>(bins + at))
    store<u64>(target + binStride, load<u64>(pairs))
    store<u32>(target + binStride + 8, firstRow + i)
    nLeft += goesLeft
    const step = goesLeft ? recordBytes : 0
    left += step
    right -= recordBytes - step
    bins += binStride
    pairs += 8
  }
  return nLeft
}

export function extractRecords(
  bins: usize,
  binStride: usize,
  pairs: usize,
  rows: usize,
  count: i32,
  columns: usize,
  nColumns: i32,
  out: usize,
  recordBytes: usize,
): void {
  const pairOffset = <usize>((nColumns + 3) & ~3)
  for (let i = 0; i < count; i++) {
    const row = load<u32>(rows + ((<usize>i) << 2))
    const from = bins + <usize>row * binStride
    for (let c = 0; c < nColumns; c++) {
      store<u8>(out + <usize>c, load<u8>(from + <usize>load<i32>(columns + ((<usize>c) << 2))))
    }
    store<u64>(out + pairOffset, load<u64>(pairs + ((<usize>row) << 3)))
    store<u32>(out + pairOffset + 8, row)
    out += recordBytes
  }
}

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
    // All ones or zero, so that nothing has to be guessed by a branch.
    const mask = 0 - <usize>goesLeft
    const target = right ^ ((left ^ right) & mask)
    let at: usize = 0
    for (; at + 16 <= recordBytes; at += 16) v128.store(target + at, v128.load(source + at))
    if (at < recordBytes) store<u64>(target + at, load<u64>(source + at))
    nLeft += goesLeft
    left += recordBytes & mask
    right -= recordBytes & ~mask
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
    const mask = 0 - <usize>goesLeft
    const target = right ^ ((left ^ right) & mask)
    // What is copied beyond the bins, twelve bytes at the most, is written over.
    for (let at: usize = 0; at < binStride; at += 16) v128.store(target + at, v128.load(bins + at))
    store<u64>(target + binStride, load<u64>(pairs))
    store<u32>(target + binStride + 8, firstRow + i)
    nLeft += goesLeft
    left += recordBytes & mask
    right -= recordBytes & ~mask
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

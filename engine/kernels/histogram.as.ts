import { histogramBytes } from './sizes.as'

function addTo(cell: usize, pair: v128): void {
  v128.store(cell, f64x2.add(v128.load(cell), pair))
}

export function clearHistograms(out: usize, nFeatures: i32): void {
  memory.fill(out, 0, <usize>nFeatures * histogramBytes)
}

export function addToHistograms(
  bins: usize,
  binStride: usize,
  nFeatures: i32,
  pairs: usize,
  pairStride: usize,
  count: i32,
  out: usize,
): void {
  const fours = nFeatures & ~3
  for (let i = 0; i < count; i++) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs))
    let at = bins
    let cells = out
    for (let f = 0; f < fours; f += 4) {
      const four = load<u32>(at)
      addTo(cells + ((<usize>(four & 255)) << 4), pair)
      addTo(cells + histogramBytes + ((<usize>((four >> 8) & 255)) << 4), pair)
      addTo(cells + 2 * histogramBytes + ((<usize>((four >> 16) & 255)) << 4), pair)
      addTo(cells + 3 * histogramBytes + ((<usize>(four >> 24)) << 4), pair)
      at += 4
      cells += 4 * histogramBytes
    }
    if (nFeatures & 2) {
      const two = <u32>load<u16>(at)
      addTo(cells + ((<usize>(two & 255)) << 4), pair)
      addTo(cells + histogramBytes + ((<usize>(two >> 8)) << 4), pair)
      at += 2
      cells += 2 * histogramBytes
    }
    if (nFeatures & 1) addTo(cells + ((<usize>load<u8>(at)) << 4), pair)
    bins += binStride
    pairs += pairStride
  }
}

export function subtractHistogram(parent: usize, child: usize, bytes: usize): void {
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    v128.store(parent + offset, f64x2.sub(v128.load(parent + offset), v128.load(child + offset)))
  }
}

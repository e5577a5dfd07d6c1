/** Which of 256 bins hold rows: a bit each, so that nodes of few rows need not look through all bins. */
export function createBinMarks(): Uint32Array {
  return new Uint32Array(8)
}

/** Writes the marked bins to `out`, ascending, and takes the marks away; gives how many there are. */
export function takeMarkedBins(marks: Uint32Array, out: Uint8Array): number {
  let count = 0
  for (let word = 0; word < 8; word++) {
    let bits = (marks[word] as number) | 0
    if (bits === 0) continue
    marks[word] = 0
    const above = (word << 5) + 31
    while (bits !== 0) {
      out[count++] = above - Math.clz32(bits & -bits)
      bits &= bits - 1
    }
  }
  return count
}

const digitBits = 11
const digits = 1 << digitBits
const mask = digits - 1
const passes = 6
/** Below this the counting of digits costs more than it saves. */
const fewValues = 4_096

/**
 * Sorts doubles in place, ascending: a radix sort of their bits in six passes, of which those over digits that all values
 * share are left out; several times as fast as `Float64Array.sort` at a million values. No NaN may be among them; -0
 * comes before 0.
 */
export function sortDoubles(values: Float64Array): void {
  const count = values.length
  if (count < fewValues) {
    values.sort()
    return
  }
  const words = new Uint32Array(values.buffer, values.byteOffset, count * 2)
  const counts = countDigits(words, count)
  let from: Uint32Array = words
  let to: Uint32Array = new Uint32Array(count * 2)
  for (let pass = 0; pass < passes; pass++) {
    const ofPass = counts.subarray(pass * digits, (pass + 1) * digits)
    if (ofPass.includes(count)) continue
    scatter(from, to, count, pass, ofPass)
    const spare = from
    from = to
    to = spare
  }
  for (let at = 0; at < count * 2; at += 2) {
    const high = from[at + 1] as number
    const flip = high >>> 31 ? 0 : 0xffffffff
    words[at] = ((from[at] as number) ^ flip) >>> 0
    words[at + 1] = (high ^ (flip | 0x80000000)) >>> 0
  }
}

/** Turns each value into an unsigned number of the same order (negative ones inverted, the others above them) and counts its digits. */
function countDigits(words: Uint32Array, count: number): Uint32Array {
  const counts = new Uint32Array(passes * digits)
  for (let at = 0; at < count * 2; at += 2) {
    const sign = (words[at + 1] as number) >>> 31 ? 0xffffffff : 0
    const low = ((words[at] as number) ^ sign) >>> 0
    const high = ((words[at + 1] as number) ^ (sign | 0x80000000)) >>> 0
    words[at] = low
    words[at + 1] = high
    // Written out, since the loop over passes takes three times as long.
    addOne(counts, low & mask)
    addOne(counts, digits + ((low >>> 11) & mask))
    addOne(counts, 2 * digits + (((low >>> 22) | (high << 10)) & mask))
    addOne(counts, 3 * digits + ((high >>> 1) & mask))
    addOne(counts, 4 * digits + ((high >>> 12) & mask))
    addOne(counts, 5 * digits + (high >>> 23))
  }
  return counts
}

function addOne(counts: Uint32Array, slot: number): void {
  counts[slot] = (counts[slot] as number) + 1
}

function digitOf(low: number, high: number, pass: number): number {
  const shift = pass * digitBits
  if (shift + digitBits <= 32) return (low >>> shift) & mask
  if (shift >= 32) return (high >>> (shift - 32)) & mask
  return ((low >>> shift) | (high << (32 - shift))) & mask
}

function scatter(from: Uint32Array, to: Uint32Array, count: number, pass: number, counts: Uint32Array): void {
  let next = 0
  for (let digit = 0; digit < digits; digit++) {
    const ofDigit = counts[digit] as number
    counts[digit] = next
    next += ofDigit
  }
  for (let at = 0; at < count * 2; at += 2) {
    const low = from[at] as number
    const high = from[at + 1] as number
    const digit = digitOf(low, high, pass)
    const place = counts[digit] as number
    counts[digit] = place + 1
    to[place * 2] = low
    to[place * 2 + 1] = high
  }
}

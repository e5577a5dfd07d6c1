import { missingBin } from './sizes.as'

/** `step` where the value is above the last border that the step would pass, else 0; without a branch. */
function stepAbove(value: f64, thresholds: usize, bin: usize, step: usize): usize {
  return step & (0 - <usize>(value > load<f64>(thresholds + ((bin + step - 1) << 3))))
}

export function binColumn(values: usize, count: i32, thresholds: usize, out: usize, stride: usize): i32 {
  let missing = 0
  // Nothing is above the infinities that pad the thresholds, so steps that end there need not be tried.
  let first: usize = 128
  while (first > 1 && load<f64>(thresholds + ((first - 1) << 3)) == Infinity) first >>= 1
  for (let i = 0; i < count; i++) {
    const value = <f64>load<f32>(values + ((<usize>i) << 2))
    let bin: usize = 0
    for (let step = first; step > 0; step >>= 1) bin += stepAbove(value, thresholds, bin, step)
    if (value != value) {
      bin = missingBin
      missing = 1
    }
    store<u8>(out, <u8>bin)
    out += stride
  }
  return missing
}

const digitBits: u32 = 11
const digits: usize = 1 << 11
const digitMask: u32 = (1 << 11) - 1

/** One pass: from keys to keys by the digit at `shift`, by the counts at `counts`, which become ends. */
function scatterByDigit(from: usize, to: usize, count: i32, shift: u32, counts: usize): void {
  let next: u32 = 0
  for (let digit: usize = 0; digit < digits; digit++) {
    const size = load<u32>(counts + (digit << 2))
    store<u32>(counts + (digit << 2), next)
    next += size
  }
  const end = from + ((<usize>count) << 2)
  for (let at = from; at < end; at += 4) {
    const key = load<u32>(at)
    const slot = counts + ((<usize>((key >> shift) & digitMask)) << 2)
    const place = load<u32>(slot)
    store<u32>(slot, place + 1)
    store<u32>(to + ((<usize>place) << 2), key)
  }
}

/** Keys whose order as unsigned integers is that of the floats: negative ones inverted, the others above them. */
function toKey(bits: u32): u32 {
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)
}

function toBits(key: u32): u32 {
  return key & 0x80000000 ? key ^ 0x80000000 : ~key
}

export function sortFloats(values: usize, count: i32, scratch: usize): void {
  const counts = scratch + ((<usize>count) << 2)
  memory.fill(counts, 0, 3 * (digits << 2))
  const end = values + ((<usize>count) << 2)
  for (let at = values; at < end; at += 4) {
    const key = toKey(load<u32>(at))
    store<u32>(at, key)
    for (let pass: u32 = 0; pass < 3; pass++) {
      const digit = (key >> (pass * digitBits)) & digitMask
      const slot = counts + ((<usize>pass * digits + <usize>digit) << 2)
      store<u32>(slot, load<u32>(slot) + 1)
    }
  }
  scatterByDigit(values, scratch, count, 0, counts)
  scatterByDigit(scratch, values, count, digitBits, counts + (digits << 2))
  scatterByDigit(values, scratch, count, 2 * digitBits, counts + 2 * (digits << 2))
  for (let i: usize = 0; i < <usize>count; i++) store<u32>(values + (i << 2), toBits(load<u32>(scratch + (i << 2))))
}

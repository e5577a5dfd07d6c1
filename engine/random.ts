/**
 * Counter-based random numbers: the n-th number of a stream depends only on its key and n, so streams of different
 * fits, trees and rows are independent of the order in which threads ask for them. Method: Philox 2x32-10 (Salmon et
 * al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 */
export interface RandomStream {
  /** Uniform in 0..2^32-1. */
  nextUint32(): number
  /** Uniform in [0, 1), 53 bits. */
  nextFloat(): number
  /** Uniform in 0..bound-1, without modulo bias; bound is 1..2^32-1. */
  nextBelow(bound: number): number
  /** Standard normal, by the polar method. */
  nextNormal(): number
}

const multiplier = 0xd256d193
const weyl = 0x9e3779b9

/** A stream for a key, e.g. `randomStream(runSeed, fitId, tree)`; parts are integers, mixed in order. */
export function randomStream(...key: readonly number[]): RandomStream {
  const mixed = mixKey(key)
  let counterLow = 0
  let counterHigh = mixed.high
  let spare: number | null = null
  let spareNormal: number | null = null

  function nextUint32(): number {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    let left = counterLow
    let right = counterHigh
    let round = mixed.low
    for (let i = 0; i < 10; i++) {
      const product = multiplyFull(left)
      left = (product.high ^ round ^ right) >>> 0
      right = product.low
      round = (round + weyl) >>> 0
    }
    counterLow = (counterLow + 1) >>> 0
    if (counterLow === 0) counterHigh = (counterHigh + 1) >>> 0
    spare = right
    return left
  }

  function nextFloat(): number {
    const high = nextUint32() >>> 5
    const low = nextUint32() >>> 6
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  return {
    nextUint32,
    nextFloat,
    nextBelow(bound) {
      let value = nextUint32()
      // Only the highest values can lie above the last whole multiple, and remainders of doubles are slow.
      if (value > 4_294_967_296 - bound) {
        const limit = 4_294_967_296 - (4_294_967_296 % bound)
        while (value >= limit) value = nextUint32()
      }
      // The quotient's rounding error is far below 1 / bound, so that this is exactly the remainder.
      return value - Math.floor(value / bound) * bound
    },
    nextNormal() {
      if (spareNormal !== null) {
        const value = spareNormal
        spareNormal = null
        return value
      }
      for (;;) {
        const u = 2 * nextFloat() - 1
        const v = 2 * nextFloat() - 1
        const s = u * u + v * v
        if (s > 0 && s < 1) {
          const factor = Math.sqrt((-2 * Math.log(s)) / s)
          spareNormal = v * factor
          return u * factor
        }
      }
    },
  }
}

/** A seed of 32 bits from parts, for handing a child its own key. */
export function deriveSeed(...key: readonly number[]): number {
  return mixKey(key).low
}

/** The first `count` of a random order of 0..n-1 (Fisher–Yates); all of it by default. */
export function shuffledIndices(n: number, stream: RandomStream, count: number = n): Int32Array {
  const indices = new Int32Array(n)
  for (let i = 0; i < n; i++) indices[i] = i
  for (let i = 0; i < count; i++) {
    const j = i + stream.nextBelow(n - i)
    const held = indices[i] as number
    indices[i] = indices[j] as number
    indices[j] = held
  }
  return indices.subarray(0, count)
}

function mixKey(key: readonly number[]): { readonly low: number; readonly high: number } {
  let low = 0x2545f491
  let high = 0x6c078965
  for (const part of key) {
    low = scramble(low ^ (part >>> 0) ^ Math.imul(Math.floor(part / 4_294_967_296), weyl))
    high = scramble(high + low)
  }
  return { low, high }
}

/** A full-avalanche mix of 32 bits (the finaliser of MurmurHash3). */
export function scramble(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/** 32 × 32 → 64 bits of `multiplier` times `value`, without BigInt. */
function multiplyFull(value: number): { readonly high: number; readonly low: number } {
  const aLow = multiplier & 0xffff
  const aHigh = multiplier >>> 16
  const bLow = value & 0xffff
  const bHigh = value >>> 16
  const ll = aLow * bLow
  const lh = aLow * bHigh + (ll >>> 16)
  const hl = aHigh * bLow + (lh % 65_536)
  const high = aHigh * bHigh + Math.floor(lh / 65_536) + Math.floor(hl / 65_536)
  return { high: high >>> 0, low: Math.imul(multiplier, value) >>> 0 }
}

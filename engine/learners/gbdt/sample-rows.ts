import { randomStream, shuffledIndices } from '../../random.ts'

/** Keeps the random numbers of a fit apart: what they are for, after the seed. */
const streams = { rows: 1, features: 2 } as const

/** Writes the rows of an iteration's sample, ascending, into `out`; gives how many. Each row is in with `fraction`. */
export function sampleRows(out: Uint32Array, nRows: number, fraction: number, seed: number, iteration: number): number {
  if (fraction >= 1) {
    for (let row = 0; row < nRows; row++) out[row] = row
    return nRows
  }
  const stream = randomStream(seed, streams.rows, iteration)
  const first = stream.nextUint32()
  const second = stream.nextUint32()
  const limit = fraction * 4_294_967_296
  let count = 0
  for (let row = 0; row < nRows; row++) {
    if (mix(mix(row ^ first) ^ second) < limit) out[count++] = row
  }
  // A tree needs rows.
  if (count === 0) out[count++] = first % nRows
  return count
}

/** `count` of the features, ascending. */
export function sampleFeatures(nFeatures: number, count: number, seed: number, tree: number): Int32Array {
  if (count >= nFeatures) return Int32Array.from({ length: nFeatures }, (_, feature) => feature)
  return shuffledIndices(nFeatures, randomStream(seed, streams.features, tree), count).toSorted()
}

/** A full-avalanche mix of 32 bits (the finaliser of MurmurHash3): one random number a row without order. */
function mix(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

import { randomStream } from '../random.ts'

/** Cumulative probabilities of a Poisson variable of mean 1: further counts are rarer than one in a million. */
const cumulative = [
  0.36787944117144233, 0.7357588823428847, 0.9196986029286058, 0.9810118431238462, 0.9963401531726563,
  0.9994058151824183, 0.9999167588507119, 0.9999897508033253, 0.9999988747974021,
]

/** The count for each of 2^16 equally likely draws: two counts a random word, without a comparison. */
const countOfDraw = Uint8Array.from({ length: 65_536 }, (_, draw) => {
  const count = cumulative.findIndex((share) => (draw + 0.5) / 65_536 < share)
  return count < 0 ? cumulative.length : count
})

/**
 * Fills `weights` with how often each row is drawn in resample number `round`: Poisson(1) counts, times the row's own
 * weight where there is one. Random words are those of xoshiro128** (Blackman & Vigna 2018), seeded by the resample, since
 * millions are needed and nobody asks for them out of order.
 */
export function drawPoissonWeights(
  weights: Float64Array,
  ownWeights: Float64Array | null,
  seed: number,
  round: number,
): void {
  const start = randomStream(seed, round, 0xb007)
  let a = start.nextUint32() | 1
  let b = start.nextUint32()
  let c = start.nextUint32()
  let d = start.nextUint32()
  const n = weights.length
  for (let i = 0; i < n; i += 2) {
    const scrambled = Math.imul(b, 5)
    const word = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    weights[i] = countOfDraw[word & 0xffff] as number
    if (i + 1 < n) weights[i + 1] = countOfDraw[word >>> 16] as number
  }
  if (!ownWeights) return
  for (let i = 0; i < n; i++) weights[i] = (weights[i] as number) * (ownWeights[i] as number)
}

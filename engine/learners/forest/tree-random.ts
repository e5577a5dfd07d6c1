import { randomStream } from '../../random.ts'

/** Fast random numbers for the many choices within one tree. */
export interface TreeRandom {
  /** Starts the numbers of a tree, which depend on nothing but seed and tree. */
  start(seed: number, tree: number): void
  nextUint32(): number
  /** Uniform in 0..bound-1; the bias is below bound / 2^32. */
  nextBelow(bound: number): number
}

/** Small fast counter generator of 128 bits (Doty-Humphrey's sfc32), seeded by the tree's own stream. */
export function createTreeRandom(): TreeRandom {
  let a = 0
  let b = 0
  let c = 0
  let counter = 1
  function nextUint32(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
  return {
    start(seed, tree) {
      const stream = randomStream(seed, tree)
      a = stream.nextUint32() | 0
      b = stream.nextUint32() | 0
      c = stream.nextUint32() | 0
      counter = 1
      for (let i = 0; i < 12; i++) nextUint32()
    },
    nextUint32,
    nextBelow: (bound) => Math.floor((nextUint32() / 4_294_967_296) * bound),
  }
}

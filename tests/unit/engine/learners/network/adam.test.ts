import { expect, test } from 'vitest'
import { createAdam } from '../../../../../engine/learners/network/adam.ts'
import { randomStream } from '../../../../../engine/random.ts'

test('the first step is the learning rate, whatever the size of the gradient', () => {
  const parameters = Float32Array.of(1, 1, 1)
  createAdam(parameters, Float32Array.of(1e-3, -5, 200), new Uint8Array(3), 0).step(0.01)
  for (const [at, expected] of [0.99, 1.01, 0.99].entries()) expect(parameters[at]).toBeCloseTo(expected, 5)
})

test('steps are those of the paper, written out; only what decays shrinks', () => {
  const random = randomStream(2)
  const parameters = Float32Array.of(0.5, 0.5)
  const gradients = new Float32Array(2)
  const adam = createAdam(parameters, gradients, Uint8Array.of(1, 0), 0.1)
  const expected = [0.5, 0.5]
  const moments = [
    [0, 0],
    [0, 0],
  ] as [number, number][]
  for (let t = 1; t <= 20; t++) {
    for (const [at, moment] of moments.entries()) {
      const gradient = Math.fround(random.nextNormal())
      gradients[at] = gradient
      moment[0] = 0.9 * moment[0] + 0.1 * gradient
      moment[1] = 0.999 * moment[1] + 0.001 * gradient ** 2
      const step = moment[0] / (1 - 0.9 ** t) / (Math.sqrt(moment[1] / (1 - 0.999 ** t)) + 1e-8)
      const before = expected[at] as number
      expected[at] = (at === 0 ? before * (1 - 0.02 * 0.1) : before) - 0.02 * step
    }
    adam.step(0.02)
  }
  // Moments and parameters are kept in float32.
  for (const [at, value] of expected.entries()) expect(parameters[at]).toBeCloseTo(value, 4)
})

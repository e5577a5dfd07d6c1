import { beforeEach, expect, test } from 'vitest'
import { createKernelMemory, openKernelSpace } from '../../../../../engine/kernels/kernel-space.ts'
import { createAdam } from '../../../../../engine/learners/network/adam.ts'
import { randomStream } from '../../../../../engine/random.ts'

const { kernels, float32 } = openKernelSpace(createKernelMemory(2 * 65_536), 'wasm')
const addresses = { parameters: 65_536, gradients: 66_000, firstMoments: 67_000, secondMoments: 68_000 }
const parameters = float32.subarray(addresses.parameters / 4, addresses.parameters / 4 + 8)
const gradients = float32.subarray(addresses.gradients / 4, addresses.gradients / 4 + 8)
const ranges = [
  { from: 0, count: 4, decays: true },
  { from: 4, count: 4, decays: false },
]

beforeEach(() => {
  float32.fill(0)
})

test('the first step is the learning rate, whatever the size of the gradient', () => {
  parameters.set([1, 1, 1])
  gradients.set([1e-3, -5, 200])
  createAdam(kernels, addresses, ranges, 0).step(0.01)
  for (const [at, expected] of [0.99, 1.01, 0.99].entries()) expect(parameters[at]).toBeCloseTo(expected, 5)
})

test('steps are those of the paper, written out; only what decays shrinks', () => {
  const random = randomStream(2)
  parameters.fill(0.5)
  const adam = createAdam(kernels, addresses, ranges, 0.1)
  const expected = [0.5, 0.5]
  const moments = [
    [0, 0],
    [0, 0],
  ] as [number, number][]
  for (let t = 1; t <= 20; t++) {
    for (const [at, moment] of moments.entries()) {
      const gradient = Math.fround(random.nextNormal())
      gradients[4 * at] = gradient
      moment[0] = 0.9 * moment[0] + 0.1 * gradient
      moment[1] = 0.999 * moment[1] + 0.001 * gradient ** 2
      const step = moment[0] / (1 - 0.9 ** t) / (Math.sqrt(moment[1] / (1 - 0.999 ** t)) + 1e-8)
      const before = expected[at] as number
      expected[at] = (at === 0 ? before * (1 - 0.02 * 0.1) : before) - 0.02 * step
    }
    adam.step(0.02)
  }
  // Moments and parameters are kept in float32.
  for (const [at, value] of expected.entries()) expect(parameters[4 * at]).toBeCloseTo(value, 4)
})

test('what a unit without gradients had left of its moments ends at zero', () => {
  gradients.fill(1)
  const adam = createAdam(kernels, addresses, ranges, 0)
  adam.step(0.01)
  gradients.fill(0)
  for (let t = 0; t < 1000; t++) adam.step(0.01)
  expect(float32[addresses.firstMoments / 4]).toBe(0)
})

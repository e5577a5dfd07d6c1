import { describe, expect, test } from 'vitest'
import { type KernelSpace, ownKernelSpace } from '../../../../../engine/kernels/kernel-space.ts'
import { planNetwork } from '../../../../../engine/learners/network/network-plan.ts'
import {
  type Batch,
  judgeOutputs,
  sendBackwards,
  sendForwards,
} from '../../../../../engine/learners/network/propagate.ts'
import { randomStream } from '../../../../../engine/random.ts'

const features = [0, 0, 5, 0, 3].map((cardinality, input) => ({
  name: `f${input}`,
  input,
  kind: cardinality > 0 ? ('codes' as const) : ('numeric' as const),
  cardinality,
}))
const nRows = 6

describe.each(['binary', 'multiclass', 'regression'] as const)('%s', (task) => {
  test.each([1, 2, 3])('the gradient of every parameter is the slope of the loss, %d hidden layers', (depth) => {
    const plan = planNetwork({ features, width: 8, depth, nOutputs: task === 'multiclass' ? 3 : 1, mostRows: nRows })
    const space = ownKernelSpace(plan.addresses.size, 'wasm')
    space.bytes.fill(0, plan.addresses.parameters, plan.addresses.size)
    // A seed with which no unit's sum lies so near zero that both steps cross it.
    const random = randomStream(depth, 83)
    const first = plan.addresses.parameters >>> 2
    const parameters = space.float32.subarray(first, first + plan.nParameters)
    for (let at = 0; at < parameters.length; at++) parameters[at] = 0.4 * random.nextNormal()
    const batch: Batch = {
      nRows,
      codes: [Int32Array.of(0, 1, 2, 3, 4, 5), Int32Array.of(3, 2, 1, 0, 0, 1)],
      labels: Float64Array.from({ length: nRows }, () =>
        task === 'regression' ? random.nextNormal() : random.nextBelow(task === 'binary' ? 2 : 3),
      ),
      weights: Float64Array.from({ length: nRows }, () => 0.5 + random.nextFloat()),
    }
    const width = plan.layers[0]?.nInputs as number
    const inputs = (plan.addresses.activations[0] as number) >>> 2
    for (let i = 0; i < nRows; i++) {
      space.float32.fill(0, inputs + i * width, inputs + (i + 1) * width)
      for (let j = 0; j < 3; j++) space.float32[inputs + i * width + j] = random.nextNormal()
    }
    // The same units are left out each time.
    const loss = (): number => {
      sendForwards(plan, space, batch, { share: 0.25, seed: 9 })
      return judgeOutputs(plan, space, task, batch) / nRows
    }
    loss()
    sendBackwards(plan, space, batch)
    const gradients = gradientsOf(plan.addresses.gradients, plan.nParameters, space)
    let largest = 0
    for (let at = 0; at < parameters.length; at++) {
      const before = parameters[at] as number
      const slopeOver = (step: number): number => {
        parameters[at] = before + step
        const after = loss()
        parameters[at] = before - step
        const slope = (after - loss()) / (2 * step)
        parameters[at] = before
        return slope
      }
      // Float32 sums over such steps give three digits; where a unit turns on within the longer one, the shorter counts.
      const errors = [2 ** -7, 2 ** -10].map((step) => Math.abs(slopeOver(step) - (gradients[at] as number)))
      largest = Math.max(largest, Math.abs(gradients[at] as number))
      expect(Math.min(...errors)).toBeLessThan(2e-3)
    }
    expect(largest).toBeGreaterThan(0.1)
  })
})

test('products in whole numbers give nearly the gradients that those in float32 give', () => {
  const numeric = Array.from({ length: 10 }, (_, input) => {
    return { name: `f${input}`, input, kind: 'numeric' as const, cardinality: 0 }
  })
  const plan = planNetwork({ features: numeric, width: 64, depth: 3, nOutputs: 1, mostRows: 128 })
  const space = ownKernelSpace(plan.addresses.size, 'wasm')
  space.bytes.fill(0, plan.addresses.parameters, plan.addresses.size)
  const random = randomStream(5)
  const parameters = plan.addresses.parameters >>> 2
  for (let at = 0; at < plan.nParameters; at++) space.float32[parameters + at] = 0.2 * random.nextNormal()
  const inputs = (plan.addresses.activations[0] as number) >>> 2
  for (let at = 0; at < 128 * 12; at++) space.float32[inputs + at] = at % 12 < 10 ? random.nextNormal() : 0
  const labels = Float64Array.from({ length: 128 }, () => random.nextBelow(2))
  const batch: Batch = { nRows: 128, codes: [], labels, weights: null }
  let rounded = 0
  const gradientsBy = (multiplyRounded: KernelSpace['kernels']['multiplyFloats']): Float32Array => {
    const own = { ...space, kernels: { ...space.kernels, multiplyRounded } }
    sendForwards(plan, own, batch, null)
    judgeOutputs(plan, own, 'binary', batch)
    sendBackwards(plan, own, batch)
    return gradientsOf(plan.addresses.gradients, plan.nParameters, own)
  }
  const exact = gradientsBy((...given) => {
    rounded++
    space.kernels.multiplyFloats(...given)
  })
  const near = gradientsBy(space.kernels.multiplyRounded)
  // Two hidden layers that are wide on both sides: forwards, by the weights and by the inputs.
  expect(rounded).toBe(6)
  const square = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0)
  const difference = square(near.map((value, at) => value - (exact[at] as number)))
  expect(Math.sqrt(difference / square(exact))).toBeLessThan(1e-3)
  expect(difference).toBeGreaterThan(0)
})

function gradientsOf(address: number, count: number, { float32 }: KernelSpace): Float32Array {
  return float32.slice(address >>> 2, (address >>> 2) + count)
}

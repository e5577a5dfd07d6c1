import { beforeEach, describe, expect, test, vi } from 'vitest'
import type * as kernelSpace from '../../../../../engine/kernels/kernel-space.ts'
import { kernelMachine } from '../../../../../engine/learners/kernel/kernel-machine.ts'
import { randomWaves, waveFeatures } from '../../../../../engine/learners/kernel/random-waves.ts'
import { logisticRegression } from '../../../../../engine/learners/linear/logistic-regression.ts'
import { applyLink } from '../../../../../engine/pipeline/apply-link.ts'
import { scoreModel } from '../../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../../engine/random.ts'
import { randomFit } from '../../../../fixtures/random-fit.ts'

/** Which kernels were asked for, as they were. */
const asked: string[] = []
vi.mock('../../../../../engine/kernels/kernel-space.ts', async (original) => {
  const actual = await original<typeof kernelSpace>()
  return {
    ...actual,
    ownKernelSpace: (bytes: number, implementation: kernelSpace.KernelImplementation) => {
      asked.push(implementation)
      return actual.ownKernelSpace(bytes, implementation)
    },
  }
})
beforeEach(() => asked.splice(0))

test.each(['binary', 'regression'] as const)('a %s fit runs on the kernels asked for, with the same bits', (task) => {
  const input = randomFit({ task, nRows: 200, features: [0, 0, 0] })
  const models = (['wasm', 'plain'] as const).map((kernels) => {
    asked.splice(0)
    const { model } = kernelMachine.fit({ ...input, kernels }, {})
    expect(new Set(asked)).toEqual(new Set([kernels]))
    const scores = scoreModel(model, input.matrix, kernels)
    expect(new Set(asked)).toEqual(new Set([kernels]))
    return { model, scores }
  })
  expect(models[0]).toEqual(models[1])
})

test('products of waves are the Gaussian kernel, as nearly as their number allows', () => {
  const { matrix } = randomFit({ task: 'binary', nRows: 30, features: [0, 0, 0] })
  const count = 40_000
  const gamma = 0.7
  const rows = Int32Array.from({ length: 30 }, (_, row) => row)
  const { columns } = waveFeatures(randomWaves(3, count, gamma, randomStream(3)), matrix, rows)
  for (let a = 0; a < 30; a += 3) {
    for (let b = 0; b < 30; b += 4) {
      const distance = matrix.columns.reduce((sum, x) => sum + ((x[a] as number) - (x[b] as number)) ** 2, 0)
      const product = (2 / count) * columns.reduce((sum, z) => sum + (z[a] as number) * (z[b] as number), 0)
      // Five standard errors of a mean of so many products, each within ±2.
      expect(Math.abs(product - Math.exp((-gamma / 3) * distance))).toBeLessThan(5 / Math.sqrt(count))
    }
  }
})

describe('a ring, which no line can part', () => {
  const input = randomFit({ task: 'binary', nRows: 1_500, features: [0, 0] })
  const [x, y] = input.matrix.columns as [Float32Array, Float32Array]
  const labels = input.labels.map((_, row) => Number((x[row] as number) ** 2 + (y[row] as number) ** 2 > 1.4))
  const accuracy = (learner: typeof kernelMachine): number => {
    const train = { ...input, labels, rows: input.rows.slice(0, 1_000) }
    const { model } = learner.fit(train, {})
    const outputs = applyLink(scoreModel(model, input.matrix), model.nOutputs, model.link)
    const held = input.rows.slice(1_000)
    return held.filter((row) => Number((outputs[2 * row + 1] as number) > 0.5) === labels[row]).length / held.length
  }
  test('is learned', () => {
    expect(accuracy(kernelMachine)).toBeGreaterThan(0.95)
    expect(accuracy(logisticRegression)).toBeLessThan(0.7)
  })
})

test('regressions and classes without order are learned too', () => {
  const input = randomFit({ task: 'regression', nRows: 2_000, features: [0, 0] })
  const { model } = kernelMachine.fit({ ...input, rows: input.rows.slice(0, 1_500) }, { gamma: 2 })
  const scores = scoreModel(model, input.matrix)
  const held = input.rows.slice(1_500)
  const error = held.reduce((sum, row) => sum + ((scores[row] as number) - (input.labels[row] as number)) ** 2, 0) / 500
  // The noise is 0.25.
  expect(error).toBeLessThan(0.32)
  const classes = randomFit({ task: 'multiclass', nRows: 300, features: [0, 0] })
  expect(kernelMachine.fit(classes, { components: 64 }).model.nOutputs).toBe(3)
  expect(() => kernelMachine.fit(input, { gama: 1 })).toThrow('gama')
})

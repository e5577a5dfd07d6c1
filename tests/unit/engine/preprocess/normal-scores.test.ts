import { expect, test } from 'vitest'
import { fitEncoders } from '../../../../engine/preprocess/fit-encoders.ts'
import { fitNormalScores } from '../../../../engine/preprocess/normal-scores.ts'
import { randomStream } from '../../../../engine/random.ts'

const random = randomStream(4)
const skewed = Float32Array.from({ length: 4_000 }, () => Math.exp(2 * random.nextNormal()))

test('the values of a skewed column become those of a normal distribution', () => {
  const curve = fitNormalScores(skewed)
  // What is log-normal has the logarithm for its curve: knots and values lie on it.
  for (const [at, knot] of (curve?.knots ?? []).entries()) {
    expect(Math.abs(Math.log(knot) / 2 - (curve?.values[at] as number))).toBeLessThan(0.15)
  }
  expect(curve?.knots.length).toBe(33)
  // The normal quantiles of 0.5/33 and of the middle.
  expect(curve?.values[0]).toBeCloseTo(-2.166, 2)
  expect(curve?.values[16]).toBeCloseTo(0, 3)
})

test('columns of few values have no curve', () => {
  expect(fitNormalScores(Float32Array.from({ length: 100 }, (_, i) => i % 3))).toBeNull()
  expect(fitNormalScores(Float32Array.of(Number.NaN))).toBeNull()
})

test('the encoding bends numbers, marks missing ones, and is what linear learners can be given', () => {
  const values = Float64Array.from(skewed, (value, i) => (i % 10 === 0 ? Number.NaN : value))
  const { encoders, trainMatrix } = fitEncoders({
    columns: [{ storage: 'float64', name: 'income', type: 'number', values }],
    inputs: [{ name: 'income', type: 'number' }],
    target: { task: 'regression', name: 'y', classes: [], values },
    rows: Int32Array.from({ length: 4_000 }, (_, row) => row),
    encoding: 'scaled-normal',
    seed: 1,
  })
  expect(encoders.map(({ kind }) => kind)).toEqual(['curve', 'missing-indicator'])
  const [bent] = trainMatrix.columns as [Float32Array]
  const mean = bent.reduce((sum, value) => sum + value, 0) / bent.length
  const variance = bent.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bent.length
  expect(Math.abs(mean)).toBeLessThan(0.02)
  // A tenth is missing and lies in the middle.
  expect(variance).toBeGreaterThan(0.75)
  expect(variance).toBeLessThan(1)
  expect(Math.max(...bent)).toBeLessThan(2.3)
})

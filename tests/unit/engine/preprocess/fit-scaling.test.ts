import { expect, test } from 'vitest'
import { fitRobustScaling, fitScaling } from '../../../../engine/preprocess/fit-scaling.ts'
import { randomStream } from '../../../../engine/random.ts'

test('the median replaces missing values, and counts in mean and deviation', () => {
  const scaling = fitScaling(Float32Array.of(1, 3, 8, Number.NaN))
  // 1, 3, 8 and the median 3: mean 3.75, squares 7.5625 + 0.5625 + 18.0625 + 0.5625.
  expect(scaling).toMatchObject({ impute: 3, mean: 3.75, bounds: [-6, 15] })
  expect(1 / (scaling?.inverseScale ?? 0)).toBeCloseTo(Math.sqrt(26.75 / 4), 12)
})

test('infinities count as one range beyond the others', () => {
  const infinity = 3.4028234663852886e38
  expect(fitScaling(Float32Array.of(0, 2, infinity))).toMatchObject({ impute: 1, mean: 2, bounds: [-2, 4] })
})

test('there is nothing to scale without two different values', () => {
  expect(fitScaling(Float32Array.of(5, 5, Number.NaN))).toBeNull()
  expect(fitScaling(new Float32Array(3).fill(Number.NaN))).toBeNull()
  expect(fitScaling(new Float32Array(0))).toBeNull()
})

test('robust scaling goes by median and quartiles, whatever lies far out', () => {
  const scaling = fitRobustScaling(Float32Array.of(1, 2, 3, 4, 1e6))
  expect(scaling).toMatchObject({ impute: 3, mean: 3 })
  // Quartiles 2 and 4: a normal distribution with that range has a deviation of 2 / 1.349.
  expect(scaling?.inverseScale).toBeCloseTo(1.3489795 / 2, 6)
  expect(fitRobustScaling(Float32Array.of(1, 2, 3, 4, 1e9))?.inverseScale).toBe(scaling?.inverseScale)
  const random = randomStream(3)
  const normal = fitRobustScaling(Float32Array.from({ length: 20_000 }, () => 5 + 3 * random.nextNormal()))
  // A few standard errors of an estimate from 20,000 rows.
  expect(Math.abs(1 / (normal?.inverseScale ?? 0) - 3)).toBeLessThan(0.1)
})

test('robust scaling has nothing to go by where half of the values are alike', () => {
  expect(fitRobustScaling(Float32Array.of(0, 0, 0, 0, 7))).toBeNull()
  expect(fitRobustScaling(new Float32Array(3).fill(Number.NaN))).toBeNull()
})

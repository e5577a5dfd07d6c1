import { expect, test } from 'vitest'
import { fitScaling } from '../../../../engine/preprocess/fit-scaling.ts'

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

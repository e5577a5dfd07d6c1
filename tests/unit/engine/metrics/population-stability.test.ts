import { expect, test } from 'vitest'
import type { Column } from '../../../../engine/frame/frame.ts'
import { populationStability } from '../../../../engine/metrics/population-stability.ts'
import { randomStream } from '../../../../engine/random.ts'

const number = (values: readonly number[]): Column => ({
  storage: 'float64',
  name: 'x',
  type: 'number',
  values: Float64Array.from(values),
})
const category = (levels: readonly string[], codes: readonly number[]): Column => ({
  storage: 'codes',
  name: 'x',
  type: 'category',
  levels,
  codes: Int32Array.from(codes),
})
const normal = (seed: number, shift: number) => {
  const random = randomStream(seed)
  return number(Array.from({ length: 5_000 }, () => random.nextNormal() + shift))
}

test('is 0 for the same values, and grows with the distance', () => {
  expect(populationStability(normal(1, 0), normal(1, 0))).toBe(0)
  expect(populationStability(normal(1, 0), normal(2, 0))).toBeLessThan(0.02)
  expect(populationStability(normal(1, 0), normal(2, 0.5))).toBeGreaterThan(0.15)
  expect(populationStability(normal(1, 0), normal(2, 2))).toBeGreaterThan(1)
})

test('of a hand-computed category, by names and not by codes', () => {
  // Three of a and one of b, then one of a and three of b: shares (3.5, 1.5) / 5 and (1.5, 3.5) / 5.
  const expected = 2 * (0.7 - 0.3) * Math.log(0.7 / 0.3)
  const found = populationStability(category(['a', 'b'], [0, 0, 0, 1]), category(['b', 'a'], [0, 0, 0, 1]))
  expect(found).toBeCloseTo(expected, 12)
})

test('missing values are a bin of their own, in numbers and categories', () => {
  const gaps = number([1, 2, 3, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  expect(populationStability(number([1, 2, 3, 4, 1, 2, 3, 4]), gaps)).toBeGreaterThan(0.25)
  expect(populationStability(category(['a'], [0, 0, 0]), category(['a'], [-1, -1, 0]))).toBeGreaterThan(0.25)
})

test('of a number and a text there is none', () => {
  expect(populationStability(number([1, 2]), category(['1', '2'], [0, 1]))).toBeNaN()
})

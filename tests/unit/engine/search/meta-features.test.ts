import { expect, test } from 'vitest'
import type { Column, Target } from '../../../../engine/frame/frame.ts'
import { metaFeatureNames, metaFeatures } from '../../../../engine/search/meta-features.ts'

const numbers = (values: readonly number[]): Column => ({
  storage: 'float64',
  name: 'x',
  type: 'number',
  values: Float64Array.from(values),
})

test('a table is described by its size, its gaps, its classes and its shapes', () => {
  const target: Target = { task: 'binary', name: 'y', classes: ['no', 'yes'], values: Float64Array.of(0, 0, 0, 1) }
  const towns: Column = {
    storage: 'codes',
    name: 'town',
    type: 'category',
    codes: Int32Array.of(0, 1, 2, -1),
    levels: ['a', 'b', 'c'],
  }
  const described = metaFeatures([numbers([0, 0, 0, 2]), towns], target)
  const of = (name: (typeof metaFeatureNames)[number]) => described[metaFeatureNames.indexOf(name)] as number
  expect(described).toHaveLength(metaFeatureNames.length)
  expect(of('rows')).toBeCloseTo(Math.log(4), 12)
  expect(of('columns')).toBeCloseTo(Math.log(2), 12)
  expect(of('share of columns with categories')).toBe(0.5)
  expect(of('missing cells')).toBe(1 / 8)
  expect(of('most levels of a column')).toBeCloseTo(Math.log(4), 12)
  expect(of('classes')).toBeCloseTo(Math.log(2), 12)
  expect(of('share of the rarest class')).toBe(0.25)
  // 0, 0, 0, 2: mean ½, moments ¾, ¾ and 21/16.
  expect(of('skewness of the columns')).toBeCloseTo(Math.log1p(0.75 / 0.75 ** 1.5), 12)
  expect(of('heavy tails of the columns')).toBeCloseTo(Math.log1p(1.3125 / 0.75 ** 2), 12)
  expect(of('linear relation with the target')).toBeCloseTo(1, 12)
  expect(of('skewness of the target')).toBe(0)
})

test('nothing of a table makes a description that is no number', () => {
  const target: Target = { task: 'regression', name: 'y', classes: [], values: Float64Array.of(1, 1, 1) }
  const empty = [numbers([Number.NaN, Number.NaN, Number.NaN]), numbers([5, 5, Number.POSITIVE_INFINITY])]
  const huge = [numbers([1e308, -1e308, 2]), numbers([1e200, 1e300, Number.NaN])]
  for (const columns of [[], empty, huge]) expect(metaFeatures(columns, target).every(Number.isFinite)).toBe(true)
})

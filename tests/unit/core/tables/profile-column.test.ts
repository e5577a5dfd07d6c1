import { describe, expect, test } from 'vitest'
import { profileColumn, quantile, quantileShares } from '../../../../core/tables/profile-column.ts'
import { fc } from '../../../fixtures/properties.ts'

const numbers = (...values: number[]) =>
  profileColumn({ storage: 'float64', name: 'x', type: 'number', values: Float64Array.from(values) })

describe('numbers', () => {
  test('of a hand-computed column', () => {
    const profile = numbers(2, 4, 4, 4, 5, 5, 7, 9, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
    expect(profile).toMatchObject({ rows: 11, missing: 1, distinct: 7 })
    // Squares of the distances from 5 sum to 32.
    expect(profile.numeric).toMatchObject({ mean: 5, min: 2, max: 9, infinities: 2, zeros: 0, negatives: 0 })
    expect(profile.numeric?.std).toBeCloseTo(Math.sqrt(32 / 7), 14)
    expect(profile.top?.[0]).toEqual({ value: '4', count: 3 })
  })

  test('quantiles are those of NumPy (type 7)', () => {
    // numpy.quantile([1, 2, 3, 4], [.01, .05, .25, .5, .75, .95, .99])
    const expected = [1.03, 1.15, 1.75, 2.5, 3.25, 3.85, 3.97]
    for (const [at, share] of quantileShares.entries())
      expect(quantile(Float64Array.of(1, 2, 3, 4), share)).toBeCloseTo(expected[at] as number, 12)
  })

  test('sums do not lose small numbers beside large ones', () => {
    expect(numbers(1e16, 1, -1e16, 1).numeric?.mean).toBe(0.5)
  })

  test('the histogram counts every finite number once, at its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const { edges, counts } = numbers(...values).numeric?.histogram ?? { edges: [], counts: [] }
          const expected = counts.map((_, bin) => {
            const [low = 0, high = 0] = [edges[bin], edges[bin + 1]]
            const isLast = bin === counts.length - 1
            return values.filter((value) => value >= low && (value < high || (isLast && value === high))).length
          })
          expect(counts).toEqual(expected)
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length)
        },
      ),
    )
  })

  test('a column without values has no statistics', () => {
    expect(numbers(Number.NaN, Number.NaN)).toMatchObject({ missing: 2, distinct: 0, numeric: null })
  })
})

describe('texts', () => {
  test('the twenty most frequent, ties in order of the levels, and lengths by row', () => {
    const levels = Array.from({ length: 30 }, (_, code) => `level ${String(code).padStart(2, '0')}`)
    const codes = Int32Array.from([...levels.keys(), 7, 7, 3, -1])
    const profile = profileColumn({ storage: 'codes', name: 'x', type: 'category', codes, levels })
    expect(profile).toMatchObject({ rows: 34, missing: 1, distinct: 30, lengths: { min: 8, mean: 8, max: 8 } })
    const others = [0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    expect(profile.top?.map(({ value, count }) => [value, count])).toEqual([
      ['level 07', 3],
      ['level 03', 2],
      ...others.map((code) => [levels[code], 1]),
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { rocAuc } from '../../../../engine/metrics/ranking.ts'
import { quickAuc } from '../../../../engine/search/quick-auc.ts'
import { fc } from '../../../fixtures/properties.ts'

describe('quickAuc', () => {
  it('is the share of pairs that are ranked rightly, ties counting half', () => {
    expect(quickAuc(Uint8Array.of(0, 1, 0, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8))).toBe(1)
    expect(quickAuc(Uint8Array.of(1, 0), Float64Array.of(0.5, 0.5))).toBe(0.5)
    expect(quickAuc(Uint8Array.of(1, 1), Float64Array.of(0.5, 0.7))).toBeNaN()
  })

  it('is what the ranking metric gives, with and without ties', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 }))
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const isPositive = Uint8Array.from(rows, ([flag]) => flag)
        const scores = Float64Array.from(rows, ([, score]) => score / 10)
        const expected = rocAuc(isPositive, scores, null)
        const quick = quickAuc(isPositive, scores)
        // Sums in another order.
        if (Number.isNaN(expected)) expect(quick).toBeNaN()
        else expect(quick).toBeCloseTo(expected, 12)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { meanCurve, pooledIterations } from '../../../../engine/search/pooled-iterations.ts'
import { fc } from '../../../fixtures/properties.ts'

describe('pooledIterations', () => {
  it('is the least of the mean curve, the first where several are', () => {
    expect(pooledIterations([[3, 1, 2, 9]])).toBe(2)
    // Each fold alone would stop at 1 or 3.
    expect(
      pooledIterations([
        [1, 2, 3],
        [5, 3, 2.5],
      ]),
    ).toBe(2)
    expect(pooledIterations([[2, 1, 1]])).toBe(2)
  })

  it('looks no further than the shortest curve', () => {
    expect(
      pooledIterations([
        [3, 2],
        [9, 8, 1, 0],
      ]),
    ).toBe(2)
  })

  it('is no worse than any other number of iterations', () => {
    const curve = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.array(curve, { minLength: 1, maxLength: 5 }), (curves) => {
        const mean = meanCurve(curves)
        const chosen = pooledIterations(curves)
        expect(mean).toHaveLength(Math.min(...curves.map(({ length }) => length)))
        // Sums in another order differ in the last bits.
        expect(mean[chosen - 1]).toBeLessThanOrEqual(Math.min(...mean) + 1e-12)
      }),
    )
  })
})

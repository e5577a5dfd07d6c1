import { expect, test } from 'vitest'
import { orderBins } from '../../../../../engine/learners/forest/order-bins.ts'
import { fc } from '../../../../fixtures/properties.ts'

test('orders as a sort by key and then by bin does, and leaves what comes behind', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 256 }),
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 256, maxLength: 256 }),
      fc.nat(255),
      (bins, keys, given) => {
        const count = Math.min(given, bins.length)
        const ordered = Uint8Array.from(bins)
        orderBins(ordered, count, Float64Array.from(keys))
        const expected = bins.slice(0, count).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b)
        expect(Array.from(ordered)).toEqual([...expected, ...bins.slice(count)])
      },
    ),
  )
})

import { expect, test } from 'vitest'
import { orderOf, ranksOf } from '../../../../engine/validation/ranks.ts'
import { fc } from '../../../fixtures/properties.ts'

const numbers = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 60 })

test('ranks and order are those of a stable sort by comparison', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      // Zeros of both signs are equal.
      const plain = Float64Array.from(values, (value) => value + 0)
      const order = Array.from(plain.keys()).sort((a, b) => {
        const [left, right] = [plain[a] as number, plain[b] as number]
        return left < right ? -1 : left > right ? 1 : a - b
      })
      expect(Array.from(orderOf(plain))).toEqual(order)
      expect(Array.from(ranksOf(plain), (rank) => order[rank])).toEqual(order.map((_, row) => row))
    }),
  )
})

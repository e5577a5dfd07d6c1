import { expect, test } from 'vitest'
import { descendingOrder } from '../../../../engine/metrics/descending-order.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'

function byComparing(scores: Float64Array): number[] {
  return Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
}

const special = [0, -0, 1, -1, 5e-324, -5e-324, 1e308, -1e308, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

test('long and short tables are ordered alike, ties and signs of zero included', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 6_000 }), (seed, nRows) => {
      const random = randomStream(seed)
      const scores = Float64Array.from({ length: nRows }, () => {
        const kind = random.nextBelow(4)
        if (kind === 0) return special[random.nextBelow(special.length)] as number
        return kind === 1 ? random.nextBelow(5) / 4 : kind === 2 ? random.nextFloat() : random.nextNormal() * 1e6
      })
      expect(Array.from(descendingOrder(scores))).toEqual(byComparing(scores))
    }),
    { numRuns: 30 },
  )
})

test('scores that are all the same keep their order', () => {
  expect(Array.from(descendingOrder(new Float64Array(5_000)))).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
})

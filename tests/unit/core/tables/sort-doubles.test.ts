import { expect, test } from 'vitest'
import { sortDoubles } from '../../../../core/tables/sort-doubles.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'

// Large enough for the radix sort, which small arrays do without.
const nValues = 5_000

function sorted(values: Float64Array): Float64Array {
  return values.toSorted()
}

test('random numbers of all magnitudes, signs and infinities are sorted as Float64Array does', () => {
  const random = randomStream(1)
  const values = Float64Array.from({ length: nValues }, () => random.nextNormal() * 10 ** (random.nextBelow(600) - 300))
  values.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, Number.MIN_VALUE, -Number.MAX_VALUE])
  const expected = sorted(values)
  sortDoubles(values)
  expect(values).toEqual(expected)
})

test('few different values, of which most digits are shared, too', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 4 }), fc.nat(), (choice, seed) => {
      const random = randomStream(seed)
      const values = Float64Array.from({ length: nValues }, () => choice[random.nextBelow(choice.length)] as number)
      const expected = sorted(values)
      sortDoubles(values)
      expect(Buffer.compare(Buffer.from(values.buffer), Buffer.from(expected.buffer))).toBe(0)
    }),
    { numRuns: 20 },
  )
})

test('a view into a larger buffer leaves the rest alone', () => {
  const all = Float64Array.from({ length: nValues + 2 }, (_, at) => nValues - at)
  const [first, last] = [all[0], all[nValues + 1]]
  sortDoubles(all.subarray(1, nValues + 1))
  expect([all[0], all[nValues + 1]]).toEqual([first, last])
  expect(all[1]).toBe(0)
})

import { expect, test } from 'vitest'
import { sortRows } from '../../../../core/tables/sort-order.ts'
import { fc } from '../../../fixtures/properties.ts'

/** Stable, missing last; as slow as it is plain. */
function bruteForce(rows: readonly number[], keyOf: (row: number) => number | null, descending: boolean): number[] {
  return rows.toSorted((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return x === y ? 0 : x < y === descending ? 1 : -1
  })
}

const someRows = fc.array(fc.tuple(fc.nat(49), fc.boolean()), { maxLength: 60 })

test('numbers come in order, those that tie in theirs, missing ones last in both directions', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double(), { minLength: 50, maxLength: 50 }),
      someRows,
      fc.boolean(),
      (keys, drawn, descending) => {
        const rows = drawn.map(([row]) => row)
        const keyOf = (row: number) => (Number.isNaN(keys[row]) ? null : (keys[row] as number))
        const order = sortRows(Uint32Array.from(rows), Float64Array.from(keys), descending)
        expect([...order]).toEqual(bruteForce(rows, keyOf, descending))
      },
    ),
  )
})

test('codes too', () => {
  const code = fc.integer({ min: -1, max: 5_000 })
  fc.assert(
    fc.property(fc.array(code, { minLength: 50, maxLength: 50 }), someRows, fc.boolean(), (keys, drawn, descending) => {
      const rows = drawn.map(([row]) => row)
      const keyOf = (row: number) => ((keys[row] as number) < 0 ? null : (keys[row] as number))
      const order = sortRows(Uint32Array.from(rows), Int32Array.from(keys), descending)
      expect([...order]).toEqual(bruteForce(rows, keyOf, descending))
    }),
  )
})

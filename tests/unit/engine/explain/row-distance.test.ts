import { expect, test } from 'vitest'
import { distancesFrom, nearestRows, shareBelow } from '../../../../engine/explain/row-distance.ts'
import type { Column } from '../../../../engine/frame/frame.ts'

const columns: readonly Column[] = [
  { storage: 'float64', name: 'a', type: 'number', values: Float64Array.of(1, 2, 1000, Number.NaN) },
  { storage: 'codes', name: 'b', type: 'category', levels: ['x', 'y'], codes: Int32Array.of(0, 0, 1, 0) },
]
const all = Int32Array.of(0, 1, 2, 3)

test('distances are by ranks and by differing texts, whatever the unit', () => {
  // Ranks of 1, 2 and 1000 among three: a sixth, a half, five sixths.
  const fromFirst = distancesFrom({ columns, row: 0 }, columns, all)
  const expected = [0, 1 / 3 / 2, (2 / 3 + 1) / 2, 1 / 2]
  for (const [i, distance] of expected.entries()) expect(fromFirst[i]).toBeCloseTo(distance, 14)
})

test('the nearest rows come first, the row itself among them', () => {
  expect(nearestRows({ columns, row: 0 }, columns, all, 2).map(({ row }) => row)).toEqual([0, 1])
})

test('a level that the table lacks differs from every other, missing too', () => {
  const odd: Column = { storage: 'codes', name: 'b', type: 'category', levels: ['new'], codes: Int32Array.of(0) }
  const missing: Column = { ...columns[1], codes: Int32Array.of(-1, -1, 0, 0) } as Column
  expect(Array.from(distancesFrom({ columns: [odd], row: 0 }, [missing], all))).toEqual([1, 1, 1, 1])
})

test('a number stands where half of its equals are below it', () => {
  const rank = shareBelow(Float64Array.of(3, 1, 3, 7))
  expect([rank(0), rank(1), rank(3), rank(8)]).toEqual([0, 0.125, 0.5, 1])
})

import { describe, expect, test } from 'vitest'
import { clusterColumns, columnRedundancy, redundantGroups } from '../../../../engine/explain/column-redundancy.ts'
import { groupRows } from '../../../../engine/explain/row-groups.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { randomStream } from '../../../../engine/random.ts'
import { allRows } from '../../../fixtures/numeric-pipeline.ts'

const n = 2_000
const random = randomStream(8)
const number = (name: string, values: Float64Array): Column => ({ storage: 'float64', name, type: 'number', values })
const a = Float64Array.from({ length: n }, () => random.nextNormal())
const columns: readonly Column[] = [
  number('a', a),
  number(
    'falls with a',
    a.map((value) => Math.exp(-value)),
  ),
  number(
    'bends with a',
    a.map((value) => value * value),
  ),
  number(
    'noise',
    Float64Array.from({ length: n }, () => random.nextNormal()),
  ),
  {
    storage: 'codes',
    name: 'sign of a',
    type: 'category',
    levels: ['minus', 'plus'],
    codes: Int32Array.from(a, (value) => (value < 0 ? 0 : 1)),
  },
]
const redundancy = columnRedundancy(columns, allRows(n))
const between = (p: number, q: number) => redundancy[p * columns.length + q] as number

describe('redundancy', () => {
  test('is 1 for what follows in order, great for bends and classes, nothing for noise', () => {
    // Spearman sees any rising or falling relation as it is.
    expect(between(0, 1)).toBe(1)
    expect(between(0, 2)).toBeGreaterThan(0.4)
    expect(between(0, 4)).toBeGreaterThan(0.8)
    for (const other of [0, 1, 2, 4]) expect(between(3, other)).toBeLessThan(0.08)
    expect(between(2, 0)).toBe(between(0, 2))
  })

  test('Cramér’s V by hand: a level that follows from another is 1, and independence 0', () => {
    const coded = (codes: readonly number[]): Column => ({
      storage: 'codes',
      name: 'c',
      type: 'category',
      levels: ['x', 'y'],
      codes: Int32Array.from(codes),
    })
    const half = Array.from({ length: 400 }, (_, i) => i % 2)
    const quarter = Array.from({ length: 400 }, (_, i) => (i >> 1) % 2)
    expect(columnRedundancy([coded(half), coded(half)], allRows(400))[1]).toBeCloseTo(1, 10)
    expect(columnRedundancy([coded(half), coded(quarter)], allRows(400))[1]).toBe(0)
  })
})

test('the nearest are joined first, by mean distance, and cut into groups', () => {
  const distances = [
    [0, 0.1, 0.6, 0.9],
    [0.1, 0, 0.8, 0.9],
    [0.6, 0.8, 0, 0.9],
    [0.9, 0.9, 0.9, 0],
  ]
  const joins = clusterColumns(
    Float64Array.from(distances.flat(), (distance) => 1 - distance),
    4,
  )
  expect(joins.map(({ left, right }) => [left, right])).toEqual([
    [0, 1],
    [2, 4],
    [3, 5],
  ])
  for (const [at, distance] of [0.1, 0.7, 0.9].entries()) expect(joins[at]?.distance).toBeCloseTo(distance, 12)
  expect(redundantGroups(joins, 4, 0.2)).toEqual([[0, 1]])
  expect(redundantGroups(joins, 4, 0.75)).toEqual([[0, 1, 2]])
  expect(redundantGroups(joins, 4, 0.05)).toEqual([])
})

test('rows are grouped by rank or level, missing ones apart', () => {
  const values = Float64Array.of(1, 1, 5, 9, Number.NaN, 100)
  expect(Array.from(groupRows(number('x', values), allRows(6), 2))).toEqual([0, 0, 0, 1, -1, 1])
  const codes = Int32Array.of(0, 0, 1, 2, -1, 1)
  const coded: Column = { storage: 'codes', name: 'c', type: 'category', levels: ['p', 'q', 'r'], codes }
  expect(Array.from(groupRows(coded, allRows(6), 3))).toEqual([0, 0, 1, 2, -1, 1])
  expect(Array.from(groupRows(coded, allRows(6), 2))).toEqual([0, 0, 1, 1, -1, 1])
})

import { describe, expect, test } from 'vitest'
import type { Column } from '../../../../engine/frame/frame.ts'
import type { MetricName } from '../../../../engine/metrics/metrics.ts'
import { metricFunctions, score, withOrders } from '../../../../engine/metrics/metrics.ts'
import { groupsOf } from '../../../../engine/metrics/row-groups.ts'
import { worstSlices } from '../../../../engine/metrics/slices.ts'
import { randomStream } from '../../../../engine/random.ts'

const nRows = 1_200
const random = randomStream(21)
const shop = Int32Array.from({ length: nRows }, () => random.nextBelow(4) - 1)
const age = Float64Array.from({ length: nRows }, () => (random.nextBelow(10) === 0 ? Number.NaN : random.nextBelow(80)))
const columns: Column[] = [
  { storage: 'codes', name: 'shop', type: 'category', codes: shop, levels: ['A', 'B', 'C'] },
  { storage: 'float64', name: 'age', type: 'number', values: age },
]
const rows = Int32Array.from({ length: nRows }, (_, i) => i)
const labels = Float64Array.from(rows, () => random.nextBelow(2))
/** Right four times out of five, but in shop B it guesses. */
const values = new Float64Array(2 * nRows)
for (const i of rows) {
  const isRight = random.nextFloat() < (shop[i] === 1 ? 0.5 : 0.8)
  const p = (labels[i] === 1) === isRight ? 0.5 + 0.5 * random.nextFloat() : 0.5 * random.nextFloat()
  values.set([1 - p, p], 2 * i)
}
const scored = withOrders(score(labels, { nRows, nClasses: 2, values }), [1])

describe.each(['accuracy', 'roc_auc', 'log_loss', 'f1'] as MetricName[])('slices by %s', (metric) => {
  const slices = worstSlices({ scored, rows, columns, metric, seed: 1 })

  test('begin with the group that is really worse', () => {
    expect(slices[0]).toMatchObject({ column: 'shop', value: 'B', metric })
  })

  test('have the size and the value of their group', () => {
    for (const { column, value, rows: size, estimate, overall } of slices) {
      if (column !== 'shop') continue
      const code = value === 'missing' ? -1 : ['A', 'B', 'C'].indexOf(value)
      const own = Array.from(rows).filter((i) => shop[i] === code)
      expect(size).toBe(own.length)
      const part = score(
        Float64Array.from(own, (i) => labels[i] as number),
        {
          nRows: own.length,
          nClasses: 2,
          values: Float64Array.from(own.flatMap((i) => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0])),
        },
      )
      expect(estimate.value).toBeCloseTo(metricFunctions[metric](part), 12)
      expect(overall).toBeCloseTo(metricFunctions[metric](scored), 12)
      expect(estimate.low).toBeLessThanOrEqual(estimate.high)
    }
  })
})

test('groups too small to judge are left out', () => {
  const rare: Column = {
    storage: 'codes',
    name: 'rare',
    type: 'category',
    codes: Int32Array.from(rows, (i) => (i < 20 ? 0 : 1)),
    levels: ['few', 'many'],
  }
  const slices = worstSlices({ scored, rows, columns: [rare], metric: 'accuracy', seed: 1 })
  expect(slices.map(({ value }) => value)).not.toContain('few')
  // Nearly all rows are not a group either.
  expect(slices).toEqual([])
})

describe('groups of rows', () => {
  const visit = Uint32Array.from(rows).reverse()

  test('are disjoint, and of a number all rows are in one', () => {
    const groups = groupsOf(columns[1] as Column, rows, visit)
    expect(groups.map(({ value }) => value).at(-1)).toBe('missing')
    const members = groups.flatMap((group) => Array.from(group.members))
    expect(members.sort((a, b) => a - b)).toEqual(Array.from(rows))
    for (const group of groups.slice(0, -1)) expect(group.members.length).toBeGreaterThan(nRows / 8)
  })

  test('have their members in the order of the visit', () => {
    for (const { members } of groupsOf(columns[0] as Column, rows, visit)) {
      expect(Array.from(members)).toEqual(Array.from(members).sort((a, b) => b - a))
    }
  })

  test('of a boolean are its two values, in its own spelling', () => {
    const boolean: Column = {
      storage: 'float64',
      name: 'paid',
      type: 'boolean',
      values: Float64Array.of(1, 0, 1, Number.NaN),
      spelling: ['no', 'yes'],
    }
    const groups = groupsOf(boolean, Int32Array.of(0, 1, 2, 3), Uint32Array.of(0, 1, 2, 3))
    expect(groups.map(({ value, members }) => [value, ...members])).toEqual([
      ['no', 1],
      ['yes', 0, 2],
      ['missing', 3],
    ])
  })

  test('of numbers that are all the same, or all missing, are one', () => {
    const same: Column = { storage: 'float64', name: 'x', type: 'number', values: new Float64Array(3).fill(7) }
    const none: Column = { ...same, values: new Float64Array(3).fill(Number.NaN) }
    const three = Int32Array.of(0, 1, 2)
    expect(groupsOf(same, three, Uint32Array.from(three)).map(({ value }) => value)).toEqual(['any value'])
    expect(groupsOf(none, three, Uint32Array.from(three)).map(({ value }) => value)).toEqual(['missing'])
  })
})

import { describe, expect, test } from 'vitest'
import { describeTarget } from '../../../../core/tables/target-relations.ts'
import type { Column, Frame } from '../../../../engine/frame/frame.ts'
import { randomStream } from '../../../../engine/random.ts'

const nRows = 600
const random = randomStream(5)
const noise = Float64Array.from({ length: nRows }, () => random.nextNormal())
const rare = Float64Array.from({ length: nRows }, (_, row) => (row % 60 === 0 ? 1 : 0))

const number = (name: string, values: ArrayLike<number>): Column => ({
  storage: 'float64',
  name,
  type: 'number',
  values: Float64Array.from(values),
})
const texts = (name: string, cells: readonly (string | null)[]): Column => {
  const levels = [...new Set(cells.filter((cell) => cell !== null))].sort()
  return {
    storage: 'codes',
    name,
    type: 'category',
    levels,
    codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell))),
  }
}
const table = (...columns: Column[]): Frame => ({ nRows, columns })
const leaks = (frame: Frame, target: string) =>
  describeTarget(frame, target).warnings.flatMap(({ code, column }) => (code === 'LEAKAGE' ? [column] : []))

test('relations of a hand-computed table', () => {
  const frame: Frame = {
    nRows: 4,
    columns: [
      texts('class', ['a', 'a', 'b', 'b']),
      number('x', [1, 2, 3, 4]),
      texts('same', ['u', 'u', 'v', 'v']),
      texts('other', ['u', 'v', 'u', 'v']),
    ],
  }
  const { task, classes, relations } = describeTarget(frame, 'class')
  expect({ task, classes }).toEqual({
    task: 'binary',
    classes: [
      { label: 'a', count: 2 },
      { label: 'b', count: 2 },
    ],
  })
  expect(relations.map(({ column }) => column)).toEqual(['same', 'x', 'other'])
  // Means 1.5 and 3.5 around 2.5: between 4, in all 5; two groups of four rows explain a third by chance.
  expect(relations[1]).toMatchObject({ measure: 'eta', strength: expect.closeTo(Math.sqrt(1 - (1 / 5) * (3 / 2)), 12) })
  expect(relations[0]).toMatchObject({ measure: 'cramers_v', strength: 1 })
  expect(relations[2]?.strength).toBe(0)
  const withNumber = describeTarget(
    { nRows: 4, columns: [number('y', [2.5, 4, 6, 8.5]), number('x', [1, 2, 3, 4])] },
    'y',
  )
  // Products of the distances from the means sum to 10, their squares to 5 and 20.25.
  expect(withNumber.relations[0]).toMatchObject({
    measure: 'pearson',
    strength: expect.closeTo(10 / Math.sqrt(5 * 20.25), 12),
  })
})

test('a category with a level for almost every row does not go with a target that it has nothing to do with', () => {
  const codes = texts(
    'code',
    Array.from(noise, (_, row) => `level ${(row * 7) % Math.floor(noise.length * 0.6)}`),
  )
  const classes = texts(
    'y',
    Array.from(noise, (value) => (value > 0 ? 'yes' : 'no')),
  )
  expect(describeTarget(table(codes, classes), 'y').relations[0]?.strength).toBeLessThan(0.2)
  expect(describeTarget(table(codes, number('y', noise)), 'y').relations[0]?.strength).toBeLessThan(0.2)
})

describe('leakage', () => {
  const label = texts(
    'y',
    Array.from(noise, (value) => (value > 0 ? 'yes' : 'no')),
  )
  test.each([
    [
      'a number in the target’s order',
      number(
        'x',
        noise.map((value) => -3 * value),
      ),
      true,
    ],
    [
      'a number that gives it away without order',
      number(
        'x',
        noise.map((value) => (value > 0 ? 1 : 0) + (Math.abs(value) < 0.5 ? 2 : 0)),
      ),
      true,
    ],
    [
      'being missing',
      number(
        'x',
        noise.map((value, row) => (value > 0 ? Number.NaN : row % 7)),
      ),
      true,
    ],
    [
      'a code',
      texts(
        'x',
        Array.from(noise, (value, row) => (value > 0 ? `in ${row % 5}` : `out ${row % 5}`)),
      ),
      true,
    ],
    ['noise', number('x', noise.toReversed()), false],
    [
      'a text that is different in each row',
      texts(
        'x',
        Array.from(noise, (_, row) => `row ${row}`),
      ),
      false,
    ],
    [
      'a mere correlation',
      number(
        'x',
        noise.map((value, row) => value + (noise[nRows - 1 - row] as number)),
      ),
      false,
    ],
  ])('%s: %s', (_, column, expected) => {
    expect(leaks(table(label, column), 'y')).toEqual(expected ? ['x'] : [])
  })

  test('of a rare class nothing is given away by naming the common one', () => {
    const group = texts(
      'group',
      Array.from(noise, (value) => (value > 0 ? 'a' : 'b')),
    )
    const y = texts(
      'y',
      Array.from(rare, (value, row) => (value ? 'rare' : row % 120 === 1 ? 'odd' : 'common')),
    )
    expect(leaks(table(y, group), 'y')).toEqual([])
    expect(leaks(table(number('y', rare), group), 'y')).toEqual([])
  })

  test('of a number: a curve through it, and the mean of a category', () => {
    const y = number('y', noise)
    expect(
      leaks(
        table(
          y,
          number(
            'x',
            noise.map((value) => Math.exp(3 * value)),
          ),
        ),
        'y',
      ),
    ).toEqual(['x'])
    expect(
      leaks(
        table(
          number(
            'y',
            noise.map((value) => Math.round(value)),
          ),
          texts(
            'x',
            Array.from(noise, (value) => `bin ${Math.round(value)}`),
          ),
        ),
        'y',
      ),
    ).toEqual(['x'])
    expect(
      leaks(
        table(
          y,
          texts(
            'x',
            Array.from(noise, (_, row) => `${row % 3}`),
          ),
        ),
        'y',
      ),
    ).toEqual([])
  })
})

test('missing targets and rare classes are told', () => {
  const values = rare.map((value, row) => (row < 10 ? Number.NaN : value))
  const { usableRows, warnings } = describeTarget(table(number('y', values), number('x', noise)), 'y')
  expect(usableRows).toBe(nRows - 10)
  expect(warnings.map(({ code }) => code)).toEqual(['TARGET_MISSING_VALUES', 'IMBALANCE'])
  expect(warnings[1]?.message).toBe('Only 9 of 590 rows are 1.')
})

test('a column that cannot be predicted is refused with the reason', () => {
  const constant = number('y', new Float64Array(nRows))
  expect(() => describeTarget(table(constant), 'y')).toThrow(expect.objectContaining({ code: 'TARGET_UNUSABLE' }))
  expect(() => describeTarget(table(constant), 'z')).toThrow(expect.objectContaining({ code: 'TARGET_MISSING' }))
})

test('a million different texts and a thousand classes do not exhaust the memory', () => {
  const n = 200_000
  const many: Frame = {
    nRows: n,
    columns: [
      {
        storage: 'codes',
        name: 'y',
        type: 'category',
        codes: Int32Array.from({ length: n }, (_, row) => row % 1_000),
        levels: Array.from({ length: 1_000 }, (_, at) => `class ${at}`),
      },
      {
        storage: 'codes',
        name: 'x',
        type: 'category',
        codes: Int32Array.from({ length: n }, (_, row) => row),
        levels: Array.from({ length: n }, (_, at) => `${at}`),
      },
    ],
  }
  expect(describeTarget(many, 'y').relations[0]).toMatchObject({ column: 'x', alone: null })
})

import { describe, expect, test } from 'vitest'
import type { ValueColumn } from '../../../../renderer/ui/table-rows.ts'
import {
  arrangeRows,
  cellsToText,
  isNumericColumn,
  nextSort,
  rowsToText,
  tabStop,
  withRange,
} from '../../../../renderer/ui/table-rows.ts'

interface Fruit {
  readonly name: string
  readonly weight: number | null
}

const fruits: readonly Fruit[] = [
  { name: 'Pear 10', weight: 150 },
  { name: 'pear 9', weight: null },
  { name: 'Apple', weight: 80 },
  { name: 'Melon', weight: Number.NaN },
  { name: 'Fig', weight: 1000 },
]
const columns: readonly ValueColumn<Fruit>[] = [
  { key: 'name', title: 'Name', value: ({ name }) => name },
  { key: 'weight', title: 'Weight, g', value: ({ weight }) => weight },
]
const names = (rows: readonly Fruit[]) => rows.map(({ name }) => name)

describe('order', () => {
  test('numbers by size, rows without one last in both directions', () => {
    const up = arrangeRows(fruits, columns, '', { key: 'weight', descending: false })
    const down = arrangeRows(fruits, columns, '', { key: 'weight', descending: true })
    expect(names(up).slice(0, 3)).toEqual(['Apple', 'Pear 10', 'Fig'])
    expect(names(down).slice(0, 3)).toEqual(['Fig', 'Pear 10', 'Apple'])
    expect(new Set(names(up).slice(3))).toEqual(new Set(['pear 9', 'Melon']))
    expect(new Set(names(down).slice(3))).toEqual(new Set(['pear 9', 'Melon']))
  })

  test('texts by their numbers, whatever their case', () => {
    expect(names(arrangeRows(fruits, columns, '', { key: 'name', descending: false }))).toEqual([
      'Apple',
      'Fig',
      'Melon',
      'pear 9',
      'Pear 10',
    ])
  })

  test('a column that has gone leaves the rows as they come', () => {
    expect(arrangeRows(fruits, columns, '', { key: 'colour', descending: false })).toEqual(fruits)
  })

  test('three clicks on a head: its direction, the other, none', () => {
    const first = nextSort(null, 'weight', true)
    const second = nextSort(first, 'weight', true)
    expect([first, second, nextSort(second, 'weight', true)]).toEqual([
      { key: 'weight', descending: true },
      { key: 'weight', descending: false },
      null,
    ])
    expect(nextSort(first, 'name', false)).toEqual({ key: 'name', descending: false })
  })
})

describe('filter', () => {
  test('finds text in any column, whatever its case', () => {
    expect(names(arrangeRows(fruits, columns, ' PEAR ', null))).toEqual(['Pear 10', 'pear 9'])
    expect(names(arrangeRows(fruits, columns, '1000', null))).toEqual(['Fig'])
    expect(arrangeRows(fruits, columns, 'cherry', null)).toEqual([])
  })
})

describe('the row that Tab reaches', () => {
  test('is the focused one, or the first in view when that is not drawn any more', () => {
    expect(tabStop(4, [3, 4, 5], 3)).toBe(4)
    expect(tabStop(9_999, [0, 1, 2], 0)).toBe(0)
    expect(tabStop(0, [88, 89, 90, 91], 90)).toBe(90)
  })

  test('is always one of those drawn, as long as there are any', () => {
    expect(tabStop(7, [2, 3], 0)).toBe(2)
    expect(tabStop(0, [], 0)).toBeNull()
  })
})

describe('ranges', () => {
  const keys = ['a', 'b', 'c', 'd', 'e']
  test('both ends are in, in either direction, and what was selected stays', () => {
    expect([...withRange(new Set(['a']), keys, 3, 2, true)]).toEqual(['a', 'c', 'd'])
    expect([...withRange(new Set(), keys, 0, 4, true)]).toEqual(keys)
  })

  test('a range can be taken away', () => {
    expect([...withRange(new Set(keys), keys, 1, 3, false)]).toEqual(['a', 'e'])
  })

  test('what was given is not changed', () => {
    const given = new Set(['a'])
    withRange(given, keys, 0, 4, true)
    expect([...given]).toEqual(['a'])
  })
})

describe('text', () => {
  test('tab-separated: full numbers, a comma needs no quotes, missing values are empty', () => {
    expect(rowsToText([fruits[0], fruits[1]] as Fruit[], columns, '\t')).toBe(
      'Name\tWeight, g\nPear 10\t150\npear 9\t\n',
    )
  })

  test('CSV quotes separators, quotes and line breaks', () => {
    expect(cellsToText([['a,b', 'say "hi"', 'two\nlines', 'one\r', 0.1234567, true, null]], ',')).toBe(
      '"a,b","say ""hi""","two\nlines","one\r",0.1234567,true,\n',
    )
  })
})

test('a column is one of numbers when an early row has a number there', () => {
  expect(columns.map((column) => isNumericColumn(fruits, column))).toEqual([false, true])
  expect(isNumericColumn([], columns[1] as ValueColumn<Fruit>)).toBe(false)
})

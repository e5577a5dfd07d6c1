import { expect, test } from 'vitest'
import type { Column } from '../../../../engine/frame/frame.ts'
import { chooseInputs } from '../../../../engine/preprocess/choose-inputs.ts'

const nRows = 60
const rows = Array.from({ length: nRows }, (_, row) => row)
const numbers = (name: string, of: (row: number) => number): Column => ({
  storage: 'float64',
  name,
  type: 'number',
  values: Float64Array.from(rows, of),
})
const texts = (name: string, type: 'category' | 'text' | 'id', of: (row: number) => number): Column => ({
  storage: 'codes',
  name,
  type,
  codes: Int32Array.from(rows, of),
  levels: rows.map((row) => `level ${String(row).padStart(2, '0')}`),
})
const flag: Column = { ...numbers('flag', (row) => row % 2), type: 'boolean', spelling: ['no', 'yes'] } as Column

const frame = {
  nRows,
  columns: [
    numbers('target', (row) => row % 2),
    numbers('amount', (row) => row % 9),
    numbers('same', () => 3),
    numbers('empty', () => Number.NaN),
    numbers('same or missing', (row) => (row % 2 === 0 ? 3 : Number.NaN)),
    texts('key', 'id', (row) => row),
    texts('comment', 'text', (row) => row),
    texts('colour', 'category', (row) => (row % 4) - 1),
    texts('one colour', 'category', () => 2),
    texts('no colour', 'category', () => -1),
    numbers('secret', (row) => row),
    flag,
  ],
}

test('columns that models may use are chosen in order; the others are named with a reason', () => {
  const { inputs, columns, left } = chooseInputs(frame, 'target', ['secret'])
  expect(inputs).toEqual([
    { name: 'amount', type: 'number' },
    { name: 'same or missing', type: 'number' },
    { name: 'colour', type: 'category' },
    { name: 'flag', type: 'boolean', spelling: ['no', 'yes'] },
  ])
  expect(columns.map(({ name }) => name)).toEqual(inputs.map(({ name }) => name))
  expect(left.map(({ name, code }) => [name, code])).toEqual([
    ['same', 'CONSTANT'],
    ['empty', 'ALL_MISSING'],
    ['key', 'IDENTIFIER'],
    ['comment', 'FREE_TEXT'],
    ['one colour', 'CONSTANT'],
    ['no colour', 'ALL_MISSING'],
    ['secret', 'EXCLUDED'],
  ])
  for (const { name, reason } of left) expect(reason).toContain(name)
})

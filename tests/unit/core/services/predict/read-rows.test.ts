import { describe, expect, test } from 'vitest'
import type { ModelSignature } from '../../../../../core/models/model-signature.ts'
import { readFrame, readRows } from '../../../../../core/services/predict/read-rows.ts'
import { createWarningCollector } from '../../../../../core/services/predict/warning-collector.ts'
import type { Column, Frame } from '../../../../../engine/frame/frame.ts'
import type { Cell } from '../../../../../shared/domain/values.ts'

const input = { min: null, max: null, levels: null, missingSeen: false, example: null }
const signature: ModelSignature = {
  task: 'binary',
  target: 'survived',
  classes: ['no', 'yes'],
  inputs: [
    { ...input, name: 'age', type: 'number', min: 0.5, max: 80, missingSeen: true },
    { ...input, name: 'sailed', type: 'datetime', min: 0, max: 86_400 },
    { ...input, name: 'alone', type: 'boolean', levels: ['nein', 'ja'] },
    { ...input, name: 'port', type: 'category', levels: ['S', 'C'] },
  ],
  outputs: [],
  spellings: new Map([['alone', ['nein', 'ja']]]),
}
const good = { age: 30, sailed: '1970-01-01', alone: 'ja', port: 'S' }

function read(row: Readonly<Record<string, Cell>>) {
  const collector = createWarningCollector()
  const frame = readRows(signature, [{ ...good, ...row }], collector)
  return { cells: frame.columns.map(firstCell), warnings: collector.warnings() }
}

function firstCell(column: Column): number | string | null {
  if (column.storage === 'float64') return column.values[0] as number
  return column.levels[column.codes[0] as number] ?? null
}

test('a row like those of the training data gives no warning', () => {
  expect(read({})).toEqual({ cells: [30, 0, 1, 'S'], warnings: [] })
})

describe('cells as people and programs write them', () => {
  test.each<[string, Cell, number]>([
    ['age', '12.5', 12.5],
    ['age', ' 1e1 ', 10],
    ['age', '.5', 0.5],
    ['age', true, 1],
    ['sailed', 3_600, 3_600],
    ['sailed', '3600', 3_600],
    ['sailed', '1970-01-01T01:00', 3_600],
    ['sailed', '1970-01-01 02:00:00.5+01:00', 3_600.5],
    ['sailed', '1970-01-01T01:00:00Z', 3_600],
    ['alone', 'nein', 0],
    ['alone', false, 0],
    ['alone', 'TRUE', 1],
    ['alone', 1, 1],
  ])('%s: %j is %d', (name, cell, expected) => {
    const { cells, warnings } = read({ [name]: cell })
    expect(cells[signature.inputs.findIndex((known) => known.name === name)]).toBe(expected)
    expect(warnings).toEqual([])
  })
  test('a category given as a number is its text', () => {
    const numbered = { ...signature, inputs: [{ ...input, name: 'class', type: 'category' as const, levels: ['3'] }] }
    const collector = createWarningCollector()
    expect(readRows(numbered, [{ class: 3 }], collector).columns.map(firstCell)).toEqual(['3'])
    expect(collector.warnings()).toEqual([])
  })
})

describe('warnings name the column and say what is so', () => {
  test.each<[string, Cell, string, number | string | null, RegExp]>([
    ['age', null, 'MISSING', Number.NaN, /as in some rows of the training data/],
    ['age', '', 'MISSING', Number.NaN, /age is missing/],
    ['alone', null, 'MISSING', Number.NaN, /no row of the training data/],
    ['age', 81, 'OUT_OF_RANGE', 81, /81; the training data has 0.5 to 80/],
    ['age', '-1', 'OUT_OF_RANGE', -1, /-1/],
    ['age', 'old', 'NOT_A_NUMBER', Number.NaN, /"old", which is not a number/],
    ['age', '0x10', 'NOT_A_NUMBER', Number.NaN, /0x10/],
    ['age', '1,5', 'NOT_A_NUMBER', Number.NaN, /1,5/],
    ['age', '-inf', 'INFINITE', -Infinity, /infinite/],
    ['sailed', '1912-04-10', 'OUT_OF_RANGE', -1_821_744_000, /1912-04-10T00:00:00Z/],
    ['sailed', '10/04/1912', 'NOT_A_NUMBER', Number.NaN, /a date such as/],
    ['sailed', '1912-13-41', 'NOT_A_NUMBER', Number.NaN, /1912-13-41/],
    ['alone', 'maybe', 'UNSEEN', Number.NaN, /neither nein nor ja/],
    ['port', 'Q', 'UNSEEN', 'Q', /"Q", which the training data did not have/],
    ['port', ' ', 'MISSING', null, /port is missing/],
  ])('%s: %j → %s', (column, cell, code, expected, message) => {
    const { cells, warnings } = read({ [column]: cell })
    expect(cells[signature.inputs.findIndex(({ name }) => name === column)]).toEqual(expected)
    expect(warnings).toEqual([{ row: 0, column, code, message: expect.stringMatching(message) }])
  })
  test('columns too few and too many, but the target is none too many', () => {
    const collector = createWarningCollector()
    readRows(
      signature,
      [
        { ...good, survived: 'yes' },
        { age: 3, sailed: 0, alone: true, cabin: 'B' },
      ],
      collector,
    )
    expect(collector.warnings()).toMatchObject([
      { row: 1, column: 'cabin', code: 'EXTRA_COLUMN' },
      { row: 1, column: 'port', code: 'MISSING_COLUMN' },
    ])
  })
  test('many of a kind are counted, some are named', () => {
    const collector = createWarningCollector()
    readRows(
      signature,
      Array.from({ length: 1_000 }, () => ({ ...good, age: null })),
      collector,
    )
    expect(collector.warnings()).toHaveLength(100)
    expect(collector.counts()).toEqual([{ column: 'age', code: 'MISSING', rows: 1_000 }])
  })
})

test('rows without any column of the model are refused, with the columns it takes', () => {
  expect(() => readRows(signature, [{ a: 1 }], createWarningCollector())).toThrow(
    expect.objectContaining({ code: 'SIGNATURE_MISMATCH', hint: expect.stringContaining('age, sailed, alone, port') }),
  )
})

test('a table is read by name whatever the types of its columns, rows counted on from where it starts', () => {
  const frame: Frame = {
    nRows: 3,
    columns: [
      {
        storage: 'float64',
        name: 'alone',
        type: 'boolean',
        values: Float64Array.of(1, 0, Number.NaN),
        spelling: ['nein', 'ja'],
      },
      { storage: 'codes', name: 'age', type: 'text', codes: Int32Array.of(0, 1, -1), levels: ['12.5', 'old'] },
      { storage: 'float64', name: 'port', type: 'number', values: Float64Array.of(1, 2, Number.NaN) },
    ],
  }
  const collector = createWarningCollector()
  const { columns } = readFrame(signature, frame, collector, 0)
  expect(columns.map(({ name }) => name)).toEqual(['age', 'sailed', 'alone', 'port'])
  expect(columns[0]).toMatchObject({ values: Float64Array.of(12.5, Number.NaN, Number.NaN) })
  expect(columns[2]).toMatchObject({ values: Float64Array.of(1, 0, Number.NaN) })
  expect(columns[3]).toMatchObject({ codes: Int32Array.of(0, 1, -1), levels: ['1', '2'] })
  expect(collector.warnings().map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
    '0 sailed MISSING_COLUMN',
    '0 port UNSEEN',
    '1 age NOT_A_NUMBER',
    '1 port UNSEEN',
    '2 age MISSING',
    '2 alone MISSING',
    '2 port MISSING',
  ])
  const later = createWarningCollector()
  readFrame(signature, frame, later, 100)
  expect(later.warnings()[0]).toMatchObject({ row: 100, column: 'port' })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeColumnFile } from '../../../core/tables/column-file.ts'
import { createTableAnswerer } from '../../../core/tables/table-answerer.ts'
import type { RowsQuestion } from '../../../core/tables/table-question.ts'
import type { Frame } from '../../../engine/frame/frame.ts'
import { randomStream } from '../../../engine/random.ts'
import { type RowsPage, rowsPage } from '../../../shared/domain/datasets.ts'
import { fc } from '../../fixtures/properties.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-rows-'))
const path = join(folder, 'small')
const longPath = join(folder, 'long')
const answerer = createTableAnswerer()
const small: Frame = {
  nRows: 5,
  columns: [
    {
      storage: 'float64',
      name: 'n',
      type: 'number',
      values: Float64Array.of(3, Number.NaN, 1, Number.POSITIVE_INFINITY, 1),
    },
    { storage: 'float64', name: 'when', type: 'datetime', values: Float64Array.of(0, 86_400, Number.NaN, -1, 3) },
    {
      storage: 'float64',
      name: 'ok',
      type: 'boolean',
      values: Float64Array.of(1, 0, 1, Number.NaN, 0),
      spelling: ['no', 'yes'],
    },
    {
      storage: 'codes',
      name: 'kind',
      type: 'category',
      codes: Int32Array.of(2, 0, -1, 1, 0),
      levels: ['Apple', 'banana', 'cherry'],
    },
  ],
}
const nLong = 1_000_000

beforeAll(() => {
  writeColumnFile(path, small)
  const random = randomStream(1)
  writeColumnFile(longPath, {
    nRows: nLong,
    columns: [
      ...Array.from({ length: 19 }, (_, at) => ({
        storage: 'float64' as const,
        name: `n${at}`,
        type: 'number' as const,
        values: Float64Array.from({ length: nLong }, () => random.nextFloat()),
      })),
      {
        storage: 'codes',
        name: 'name',
        type: 'text',
        codes: Int32Array.from({ length: nLong }, (_, row) => nLong - 1 - row),
        levels: Array.from({ length: nLong }, (_, at) => `name ${String(at).padStart(7, '0')}`),
      },
    ],
  })
}, 120_000)
afterAll(() => {
  answerer.close()
  rmSync(folder, { recursive: true })
})

function ask(question: Partial<RowsQuestion>): RowsPage {
  const whole = {
    kind: 'rows' as const,
    columnFilePath: path,
    offset: 0,
    limit: 100,
    sort: null,
    filters: [],
    ...question,
  }
  return answerer.answer(whole) as RowsPage
}
const rowsOf = (question: Partial<RowsQuestion>) => ask(question).rows.map(({ row }) => row)

test('cells travel as the contract has them', () => {
  const page = ask({})
  expect(rowsPage.parse(page)).toEqual(page)
  expect(page.rows.map(({ cells }) => cells)).toEqual([
    [3, '1970-01-01T00:00:00.000Z', 'yes', 'cherry'],
    [null, '1970-01-02T00:00:00.000Z', 'no', 'Apple'],
    [1, null, 'yes', null],
    ['Infinity', '1969-12-31T23:59:59.000Z', null, 'banana'],
    [1, '1970-01-01T00:00:03.000Z', 'no', 'Apple'],
  ])
})

describe('order', () => {
  test.each([
    ['n', false, [2, 4, 0, 3, 1]],
    ['n', true, [3, 0, 2, 4, 1]],
    ['kind', false, [1, 4, 3, 0, 2]],
    ['kind', true, [0, 3, 1, 4, 2]],
    ['when', true, [1, 4, 0, 3, 2]],
  ])('by %s, descending: %s; missing last, ties in their order', (column, descending, expected) => {
    expect(rowsOf({ sort: { column, descending } })).toEqual(expected)
  })
})

describe('filters', () => {
  test.each([
    ['n', '=', 1, [2, 4]],
    ['n', '!=', 1, [0, 3]],
    ['n', '>=', 3, [0, 3]],
    ['n', '<', '3', [2, 4]],
    ['n', 'missing', null, [1]],
    ['n', 'present', null, [0, 2, 3, 4]],
    ['when', '>', '1970-01-01T00:00:01Z', [1, 4]],
    ['ok', '=', 'yes', [0, 2]],
    ['ok', '=', true, [0, 2]],
    ['kind', 'contains', 'AN', [3]],
    ['kind', '=', 'Apple', [1, 4]],
    ['kind', '!=', 'Apple', [0, 3]],
    ['kind', 'missing', null, [2]],
  ] as const)('%s %s %s', (column, operator, value, expected) => {
    const page = ask({ filters: [{ column, operator, value }] })
    expect(page.rows.map(({ row }) => row)).toEqual(expected)
    expect(page.total).toBe(expected.length)
  })
  test('all must hold, and the page is cut from what is left', () => {
    const filters = [
      { column: 'n', operator: 'present' as const, value: null },
      { column: 'kind', operator: 'present' as const, value: null },
    ]
    expect(ask({ filters, offset: 1, limit: 1 })).toMatchObject({ total: 3, rows: [{ row: 3 }] })
  })
  test('a column that is not there and a value that cannot be compared are refused', () => {
    expect(() => ask({ sort: { column: 'x', descending: false } })).toThrow(
      expect.objectContaining({ code: 'COLUMN_UNKNOWN' }),
    )
    expect(() => ask({ filters: [{ column: 'n', operator: '=', value: 'abc' }] })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    )
  })
})

test('an offset behind the end is an empty page', () => {
  expect(ask({ offset: 10 })).toMatchObject({ total: 5, rows: [] })
})

describe('a million rows', () => {
  test('cells read from the file are those kept in memory', () => {
    const fresh = createTableAnswerer()
    const question = { kind: 'rows' as const, columnFilePath: longPath, limit: 20, filters: [] }
    fc.assert(
      fc.property(fc.nat(nLong - 1), fc.boolean(), (offset, sorted) => {
        const sort = sorted ? { column: 'n0', descending: false } : null
        const page = fresh.answer({ ...question, offset, sort }) as RowsPage
        for (const { row, cells } of page.rows)
          expect(cells[19]).toBe(`name ${String(nLong - 1 - row).padStart(7, '0')}`)
      }),
      { numRuns: 30 },
    )
    fresh.close()
  })

  test('a page anywhere takes a fraction of a tenth of a second once the table is open', () => {
    const sort = { column: 'n3', descending: true }
    const filters = [{ column: 'n4', operator: '>' as const, value: 0.25 }]
    const questions: Partial<RowsQuestion>[] = [
      {},
      { sort },
      { filters },
      { sort, filters },
      { sort: { column: 'name', descending: false } },
    ]
    for (const question of questions) {
      const times = [0, 1, 2, 3, 4].map((turn) => {
        const started = performance.now()
        ask({ columnFilePath: longPath, offset: turn * 150_000, ...question })
        return performance.now() - started
      })
      // The first may sort; the machine that runs this may be busy, so the quickest of the others counts.
      expect(Math.min(...times.slice(1))).toBeLessThan(100)
    }
    const sorted = ask({ columnFilePath: longPath, sort, limit: 5_000 }).rows.map(({ cells }) => cells[3] as number)
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
  })
})

test('a damaged file is said to be', () => {
  writeFileSync(join(folder, 'damaged'), 'MAESTROC and nothing behind it')
  expect(() => ask({ columnFilePath: join(folder, 'damaged') })).toThrow(
    expect.objectContaining({ code: 'WORKSPACE_DAMAGED' }),
  )
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ColumnThreads } from '../../../core/tables/column-threads.ts'
import { startColumnThreads, withoutThreads } from '../../../core/tables/column-threads.ts'
import { finishColumn, readColumn } from '../../../core/tables/finish-column.ts'
import { readDelimited } from '../../../core/tables/read-delimited.ts'
import { readTable } from '../../../core/tables/read-table.ts'
import { writeCsv } from '../../../core/tables/write-csv.ts'
import type { Column, Frame } from '../../../engine/frame/frame.ts'
import { fc } from '../../fixtures/properties.ts'
import type { TableFolder } from '../../fixtures/write-table-file.ts'
import { cellsOf, createTableFolder } from '../../fixtures/write-table-file.ts'

let tables: TableFolder
let threads: ColumnThreads
beforeAll(() => {
  tables = createTableFolder()
  threads = startColumnThreads()
})
afterAll(async () => {
  await threads.close()
  tables.remove()
})

async function readCells(path: string, by: ColumnThreads, partBytes?: number) {
  const raw = await readDelimited({ path, types: {}, reading: {}, threads: by, ...(partBytes ? { partBytes } : {}) })
  const columns = raw.columns.map((each) =>
    readColumn(finishColumn({ raw: each, nRows: raw.nRows, wanted: null, decimalComma: false, strict: true }).column),
  )
  return {
    nRows: raw.nRows,
    columns: columns.map((each) => [each.name, each.type, ...cellsOf(each)]),
    warnings: raw.warnings,
  }
}

/** Cells of every kind: numbers, texts late among them, quotes, delimiters and line ends within quotes. */
const cell = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -99, max: 99 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('', 'NA', '1.50', 'abc', '2024-01-02', '-0', '007') },
  { weight: 1, arbitrary: fc.constantFrom('"a,b"', '"say ""hi"""', '"two\nlines"', '"\n\n"', '"1"', 'ä€😀') },
)

describe('a file read in parts is the same as read whole', () => {
  const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 60 })
  test('wherever the parts are cut, quoted line ends included', async () => {
    const path = join(tables.folder, 'parts.csv')
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (rows, partBytes, end) => {
          writeFileSync(path, ['x,y,z', ...rows.map((row) => row.join(','))].join(end))
          const whole = await readCells(path, withoutThreads())
          expect(await readCells(path, withoutThreads(), partBytes)).toEqual(whole)
          expect(whole.nRows).toBe(rows.length)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('by several threads', async () => {
    const path = join(tables.folder, 'threads.csv')
    const rows = Array.from({ length: 20_000 }, (_, at) => `${at % 50},city ${at % 300},"note, ${at % 7}\n"`)
    rows[19_000] = 'late,city 1,x'
    writeFileSync(path, `n,city,note\n${rows.join('\n')}\n`)
    expect(await readCells(path, threads, 10_000)).toEqual(await readCells(path, withoutThreads()))
  })

  test('errors name the same line', async () => {
    const path = join(tables.folder, 'faulty.csv')
    const rows = Array.from({ length: 200 }, (_, at) => (at === 150 ? '1,2,3' : `${at},"a\n${at}"`))
    writeFileSync(path, `a,b\n${rows.join('\n')}\n`)
    for (const partBytes of [7, 100, 1_000_000])
      await expect(readCells(path, withoutThreads(), partBytes)).rejects.toMatchObject({
        details: { row: 151, line: 302 },
      })
  })
})

describe('a table written as CSV and read again is the same table', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((each) => each.trim().replaceAll('\0', ''))
    .filter((each) => each !== '')
  const column = (nRows: number) =>
    fc.oneof(
      fc
        .array(fc.option(fc.double({ noNaN: true }), { nil: Number.NaN }), { minLength: nRows, maxLength: nRows })
        // A minus before nothing is lost on the way, as in every CSV.
        .map(
          (values): Column => ({
            name: '',
            storage: 'float64',
            type: 'number',
            values: Float64Array.from(values, (value) => value + 0),
          }),
        ),
      fc
        .array(fc.option(fc.integer({ min: -62_000_000_000, max: 250_000_000_000 }), { nil: Number.NaN }), {
          minLength: nRows,
          maxLength: nRows,
        })
        .map(
          (values): Column => ({
            name: '',
            storage: 'float64',
            type: 'datetime',
            values: Float64Array.from(values, (value) => value + 0),
          }),
        ),
      fc
        .tuple(
          fc.uniqueArray(text, { minLength: 1, maxLength: 8 }),
          fc.array(fc.nat(), { minLength: nRows, maxLength: nRows }),
        )
        .map(
          // Without the last word a column of few numbers would be one of numbers again.
          ([drawn, draws]): Column => {
            const levels = [...new Set([...drawn.map((each) => `${each} x`), 'word'])].sort()
            const codes = Int32Array.from(draws, (draw) => (draw % (levels.length + 1)) - 1)
            return { name: '', storage: 'codes', type: 'category', codes, levels }
          },
        ),
    )
  const frame = fc.integer({ min: 1, max: 30 }).chain((nRows) =>
    fc.array(column(nRows), { minLength: 1, maxLength: 5 }).map(
      (columns): Frame => ({
        nRows,
        columns: columns.map((each, at) => ({ ...each, name: `column ${at}` })),
      }),
    ),
  )

  test('whatever the cells hold', async () => {
    const path = join(tables.folder, 'round.csv')
    await fc.assert(
      fc.asyncProperty(frame, async (original) => {
        writeCsv(original, path)
        const types = Object.fromEntries(original.columns.map(({ name, type }) => [name, type]))
        const { frame: read } = await readTable({ path, scratch: tables.folder, types, reading: { delimiter: ',' } })
        expect(read.nRows).toBe(original.nRows)
        for (const [at, each] of original.columns.entries()) expect(cellsOf(read.columns[at])).toEqual(cellsOf(each))
      }),
      { numRuns: 150 },
    )
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentDigest } from '../../../core/tables/import-main.ts'
import type { TableFolder } from '../../fixtures/write-table-file.ts'
import { cellsOf, createTableFolder } from '../../fixtures/write-table-file.ts'

let tables: TableFolder
beforeAll(() => {
  tables = createTableFolder()
})
afterAll(() => tables.remove())

async function writeParquet(name: string, query: string): Promise<Buffer> {
  const path = join(tables.folder, name)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  return readFileSync(path)
}

const query = `SELECT * FROM (VALUES
  ('007', 1.5, 10, true, DATE '2024-01-02', TIMESTAMP '2024-01-02 03:04:05.25'),
  (' b ', NULL, NULL, NULL, NULL, NULL),
  ('NA', 2, 30, false, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59')) AS t(code, number, whole, flag, day, moment)`

const expected = [
  ['code', 'category', '007', 'b', null],
  ['number', 'number', 1.5, null, 2],
  ['whole', 'number', 10, null, 30],
  ['flag', 'boolean', 1, null, 0],
  ['day', 'datetime', Date.UTC(2024, 0, 2) / 1000, null, -86_400],
  ['moment', 'datetime', Date.UTC(2024, 0, 2, 3, 4, 5, 250) / 1000, null, -1],
]

describe('Parquet', () => {
  test('every kind of column, gzipped too', async () => {
    const bytes = await writeParquet('kinds.parquet', query)
    for (const content of [bytes, gzipSync(bytes)]) {
      const { frame, reading } = await tables.read(content, { as: 'read.parquet' })
      expect(frame.columns.map((each) => [each.name, each.type, ...cellsOf(each)])).toEqual(expected)
      expect(reading.format).toMatch(/^Parquet/)
    }
  })

  test('says where spellings with and without spaces became one', async () => {
    const bytes = await writeParquet(
      'spaces.parquet',
      "SELECT * FROM (VALUES (' a', ' x'), ('a', 'y'), ('b', 'y')) AS t(merged, single)",
    )
    const { frame, warnings } = await tables.read(bytes, { as: 'spaces.parquet' })
    expect(cellsOf(frame.columns[0])).toEqual(['a', 'a', 'b'])
    expect(warnings).toMatchObject([
      { code: 'MERGED_SPELLINGS', column: 'merged', message: expect.stringContaining('1 value that is') },
    ])
  })

  test('the same table as CSV has the same digest', async () => {
    const bytes = await writeParquet(
      'same.parquet',
      "SELECT * FROM (VALUES ('x', 1.5, 3), ('y', NULL, 4)) AS t(a, b, c)",
    )
    const fromParquet = await tables.read(bytes, { as: 'same.parquet' })
    const fromCsv = await tables.read('a,b,c\nx,1.50,3\ny,NA,4\n')
    expect(contentDigest(fromParquet.frame)).toBe(contentDigest(fromCsv.frame))
    expect(fromParquet.frame).toEqual(fromCsv.frame)
  })

  test('whole numbers beyond 2^53 stay texts, decimals and nested values are read', async () => {
    const bytes = await writeParquet(
      'odd.parquet',
      `SELECT * FROM (VALUES (9007199254740993::BIGINT, 1.25::DECIMAL(9,2), [1,2], {'k': 'v'}, TIME '01:02:03', 'a'::BLOB),
       (1, NULL, NULL, NULL, NULL, NULL)) AS t(big, money, list, record, clock, bytes)`,
    )
    const { frame } = await tables.read(bytes, { as: 'odd.parquet' })
    const [big, money, list, record, clock] = frame.columns.map(cellsOf)
    expect(big).toEqual(['9007199254740993', '1'])
    expect(money).toEqual([1.25, null])
    expect(list?.[0]).toMatch(/^\[1, ?2\]$/)
    expect(record?.[0]).toContain('v')
    expect(clock?.[0]).toBe('01:02:03')
  })

  test('an empty table is refused, a preview is short', async () => {
    const empty = await writeParquet('empty.parquet', 'SELECT 1 AS a WHERE false')
    await expect(tables.read(empty, { as: 'empty.parquet' })).rejects.toMatchObject({ code: 'DATASET_EMPTY' })
    const long = await writeParquet('long.parquet', 'SELECT range AS n FROM range(100000)')
    expect((await tables.read(long, { as: 'long.parquet', limit: 10 })).frame.nRows).toBe(10)
  })

  test('names with quotes are names', async () => {
    const bytes = await writeParquet('names.parquet', `SELECT 1 AS "a ""b"" 'c'", 'x' AS "levels; DROP"`)
    const { frame } = await tables.read(bytes, { as: "it's.parquet" })
    expect(frame.columns.map(({ name }) => name)).toEqual(['a "b" \'c\'', 'levels; DROP'])
  })
})

describe('Arrow', () => {
  const utf8 = new arrow.Utf8()
  const table = new arrow.Table({
    code: arrow.vectorFromArray(['007', ' b ', 'NA'], utf8),
    number: arrow.vectorFromArray([1.5, null, 2], new arrow.Float64()),
    whole: arrow.vectorFromArray([10n, null, 30n], new arrow.Int64()),
    flag: arrow.vectorFromArray([true, null, false], new arrow.Bool()),
    day: arrow.vectorFromArray([new Date('2024-01-02'), null, new Date('1969-12-31')], new arrow.DateDay()),
    moment: arrow.vectorFromArray([Date.UTC(2024, 0, 2, 3, 4, 5, 250), null, -1000], new arrow.TimestampMillisecond()),
    kind: arrow.vectorFromArray(['u', 'v', 'u'], new arrow.Dictionary(utf8, new arrow.Int32())),
    big: arrow.vectorFromArray([9007199254740993n, 1n, null], new arrow.Int64()),
  })

  test.each(['file', 'stream'] as const)('every kind of column of a %s', async (format) => {
    const { frame } = await tables.read(arrow.tableToIPC(table, format), { as: 'table.arrow' })
    expect(frame.columns.map((each) => [each.name, each.type, ...cellsOf(each)])).toEqual([
      ...expected,
      ['kind', 'category', 'u', 'v', 'u'],
      ['big', 'category', '9007199254740993', '1', null],
    ])
  })

  test('decimals are whole numbers with a scale, negative ones too', async () => {
    const words = (value: bigint) =>
      Uint32Array.from({ length: 4 }, (_, at) => Number((BigInt.asUintN(128, value) >> BigInt(32 * at)) & 0xffffffffn))
    const decimals = arrow.makeData({
      type: new arrow.Decimal(2, 10, 128),
      length: 2,
      data: Uint32Array.from([...words(12345n), ...words(-5n)]),
    })
    const content = arrow.tableToIPC(new arrow.Table({ money: arrow.makeVector(decimals) }), 'file')
    expect(cellsOf((await tables.read(content, { as: 'money.arrow' })).frame.columns[0])).toEqual([123.45, -0.05])
  })

  test.each([
    ['zstd', arrow.CompressionType.ZSTD, (bytes: Uint8Array) => zstdCompressSync(bytes)],
    ['LZ4', arrow.CompressionType.LZ4_FRAME, storedLz4Frame],
  ])('compressed by %s', async (_, compressionType, encode) => {
    const { decode } = arrow.compressionRegistry.get(compressionType) ?? {}
    arrow.compressionRegistry.set(compressionType, { encode, ...(decode ? { decode } : {}) })
    const numbers = Float64Array.from({ length: 2_000 }, (_each, at) => at % 10)
    const writer = arrow.RecordBatchFileWriter.writeAll(arrow.tableFromArrays({ numbers }), { compressionType })
    const content = await writer.toUint8Array()
    const { frame } = await tables.read(content, { as: 'compressed.arrow' })
    expect(frame.columns[0]).toMatchObject({ values: numbers })
  })
})

/** A frame that holds the bytes as they are. */
function storedLz4Frame(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(11 + bytes.length + 4)
  const view = new DataView(frame.buffer)
  view.setUint32(0, 0x184d2204, true)
  frame.set([0x60, 0x70, 0], 4)
  view.setUint32(7, (bytes.length | 0x80000000) >>> 0, true)
  frame.set(bytes, 11)
  return frame
}

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTable } from '../../../core/tables/read-table.ts'
import type { TableFolder } from '../../fixtures/write-table-file.ts'
import { cellsOf, createTableFolder } from '../../fixtures/write-table-file.ts'

let tables: TableFolder
beforeAll(() => {
  tables = createTableFolder()
})
afterAll(() => tables.remove())

const column = async (text: string, options = {}) => (await tables.read(`x,other\n${text}`, options)).frame.columns[0]
const codes = async (...args: Parameters<TableFolder['read']>) =>
  (await tables.read(...args)).warnings.map(({ code }) => code)

describe('types', () => {
  test('a file with everything that trips readers', async () => {
    const { frame, warnings, reading } = await tables.read(
      '\ufeffzip;when;at;ok;answer;share;price;many;amount;big;name;name;note\r\n' +
        '00007;31/12/2024;2024-01-01T00:00:00Z;TRUE;yes;5%;$1.50;1.013,5;1e3;9223372036854775808;a;b;"line\r\nbreak; ""quoted"""\r\n' +
        ' 00123 ;01/02/2024;2024-01-01 10:00:00;FALSE;no;12.5%;$2;2,5; "2" ;1;c;d;NA\r\n' +
        '00001;?;null;TRUE;;7%;$1,000.25;3;;2;;?;x\r\n',
    )
    expect(reading).toMatchObject({ delimiter: ';', quote: '"', header: 'yes', encoding: 'utf-8' })
    const found = Object.fromEntries(frame.columns.map((each) => [each.name, [each.type, ...cellsOf(each)]]))
    expect(found).toEqual({
      zip: ['category', '00007', '00123', '00001'],
      when: ['datetime', Date.UTC(2024, 11, 31) / 1000, Date.UTC(2024, 1, 1) / 1000, null],
      at: ['datetime', Date.UTC(2024, 0, 1) / 1000, Date.UTC(2024, 0, 1, 10) / 1000, null],
      ok: ['boolean', 1, 0, 1],
      answer: ['boolean', 1, 0, null],
      share: ['number', 5, 12.5, 7],
      price: ['number', 1.5, 2, 1000.25],
      many: ['number', 1013.5, 2.5, 3],
      amount: ['number', 1000, 2, null],
      big: ['category', '9223372036854775808', '1', '2'],
      name: ['category', 'a', 'c', null],
      name_2: ['category', 'b', 'd', null],
      note: ['category', 'line\r\nbreak; "quoted"', null, 'x'],
    })
    const said = warnings.map(({ code, column: name }) => `${code} ${name ?? ''}`)
    expect(said).toContain('RENAMED_COLUMN name_2')
    expect(said).toContain('DECIMAL_COMMA many')
    expect(frame.columns[3]).toMatchObject({ spelling: ['FALSE', 'TRUE'] })
  })

  test('what looks like a number but is a code stays a text', async () => {
    expect(await column('007,1\n008,1\n')).toMatchObject({ type: 'category', levels: ['007', '008'] })
    expect(await column('9007199254740993,1\n9007199254740992,1\n')).toMatchObject({ storage: 'codes' })
  })

  test('leading zeros that come late make codes of all', async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => `${at + 100},1`)
    const read = await column(`${rows.join('\n')}\n0042,1\n`)
    expect(read?.type).not.toBe('number')
    expect(cellsOf(read).at(0)).toBe('100')
    expect(cellsOf(read).at(-1)).toBe('0042')
  })

  test('rows numbered one by one are identifiers, whole numbers otherwise are not', async () => {
    const numbered = Array.from({ length: 30 }, (_, at) => `${at + 1},${at % 7}`).join('\n')
    const { frame } = await tables.read(`no,count\n${numbered}\n`)
    expect(frame.columns.map(({ type }) => type)).toEqual(['id', 'number'])
  })

  test('sentences are text, names of things are categories', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => `"the ${at}th long sentence of them",${at % 3 ? 'red' : 'blue'}`)
    const { frame } = await tables.read(`note,colour\n${rows.join('\n')}\n`)
    expect(frame.columns.map(({ type }) => type)).toEqual(['text', 'category'])
  })

  test('the user’s choice wins, and texts stay as written', async () => {
    const text = '1.50,1\n2,1\n'
    expect(await column(text, { types: { x: 'category' } })).toMatchObject({ levels: ['1.50', '2'] })
    expect(await column('a,1\n7,1\n', { types: { x: 'number' } })).toMatchObject({
      values: Float64Array.of(Number.NaN, 7),
    })
    expect(await column('u,1\nv,1\n', { types: { x: 'boolean' } })).toMatchObject({ spelling: ['u', 'v'] })
    expect(cellsOf(await column('1/2/2024,1\nnever,1\n', { types: { x: 'datetime' } }))).toEqual([
      Date.UTC(2024, 0, 2) / 1000,
      null,
    ])
    await expect(column('1,1\n2,1\n', { types: { y: 'number' } })).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
    await expect(column('1,1\n2,1\n3,1\n', { types: { x: 'boolean' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })

  test('numbers that the user makes of texts name what they lose', async () => {
    const { warnings } = await tables.read('x\n1\ntwo\n3\nfour\n', { types: { x: 'number' } })
    expect(warnings[0]).toMatchObject({ code: 'MIXED_TYPES', column: 'x' })
    expect(warnings[0]?.message).toContain('2 cells')
    expect(warnings[0]?.message).toContain('"two" in row 2')
  })

  test('dates whose order cannot be told are warned of by name', async () => {
    const { warnings } = await tables.read('when,x\n01/02/2024,1\n03/04/2024,2\n')
    expect(warnings).toMatchObject([{ code: 'AMBIGUOUS_DATES', column: 'when' }])
  })

  test('one text late among a million numbers is named with its row', { timeout: 120_000 }, async () => {
    const rows = Array.from({ length: 1_000_000 }, (_, at) => (at === 990_000 ? 'abc,0' : `${at % 100},${at}`))
    const { frame, warnings } = await tables.read(`late,n\n${rows.join('\n')}\n`)
    const [late, n] = frame.columns
    expect(late?.storage === 'codes' && late.levels).toHaveLength(101)
    expect(n?.type).toBe('number')
    expect(cellsOf(late).slice(989_999, 990_002)).toEqual(['99', 'abc', '1'])
    expect(warnings).toMatchObject([{ code: 'MIXED_TYPES', column: 'late' }])
    expect(warnings[0]?.message).toContain('"abc" in row 990001')
  })
})

describe('layout and encoding', () => {
  const plain = 'name,size\nÄgypten,1\n"Île, là",2\n'
  const expected = [
    ['Ägypten', 'Île, là'],
    [1, 2],
  ]
  const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  test.each([
    ['UTF-8', Buffer.from(plain), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${plain}`), 'utf-8'],
    ['UTF-16, low byte first', Buffer.from(`\ufeff${plain}`, 'utf16le'), 'utf-16le'],
    ['UTF-16, high byte first', utf16be(plain), 'utf-16be'],
    ['UTF-16 without a mark', Buffer.from(plain, 'utf16le'), 'utf-16le'],
    ['Latin-1', Buffer.from(plain, 'latin1'), 'latin-1'],
    ['gzip', gzipSync(plain), 'utf-8'],
    ['gzip of UTF-16', gzipSync(Buffer.from(`\ufeff${plain}`, 'utf16le')), 'utf-16le'],
    ['lines ended by CR LF', Buffer.from(plain.replaceAll('\n', '\r\n')), 'utf-8'],
    ['lines ended by CR', Buffer.from(plain.replaceAll('\n', '\r')), 'utf-8'],
    ['no line end at the end', Buffer.from(plain.trimEnd()), 'utf-8'],
    ['blank lines', Buffer.from(plain.replaceAll('\n', '\n\n')), 'utf-8'],
    ['blanks around cells', Buffer.from(plain.replaceAll(',1', ' , 1 ').replace('"Î', ' "Î')), 'utf-8'],
  ])('%s', async (_, content, encoding) => {
    const { frame, reading } = await tables.read(content)
    expect(frame.columns.map(cellsOf)).toEqual(expected)
    expect(reading.encoding).toBe(encoding)
  })

  test('a byte that is not UTF-8 after the first megabytes makes it Latin-1', async () => {
    const rows = Array.from({ length: 200_000 }, (_, at) => `row ${at},1\n`).join('')
    const { frame, warnings } = await tables.read(
      Buffer.concat([Buffer.from(`a,b\n${rows}`), Buffer.from('caf\xe9,2\n', 'latin1')]),
    )
    expect(cellsOf(frame.columns[0]).at(-1)).toBe('café')
    expect(warnings).toMatchObject([{ code: 'ENCODING' }])
    await expect(
      tables.read(Buffer.from('a,b\ncaf\xe9,2\n', 'latin1'), { reading: { encoding: 'utf-8' } }),
    ).rejects.toMatchObject({ code: 'DATASET_PARSE' })
  })

  test('the user’s delimiter, quote, header and decimal comma', async () => {
    const { frame } = await tables.read('1,5::$a::b$\n2,5::c\n', {
      reading: { delimiter: '::', quote: '$', header: false, decimalComma: true },
    })
    expect(frame.columns.map(({ name }) => name)).toEqual(['column_1', 'column_2'])
    expect(frame.columns.map(cellsOf)).toEqual([
      [1.5, 2.5],
      ['a::b', 'c'],
    ])
  })

  test('TSV, also with commas in it', async () => {
    const { frame, reading } = await tables.read('a\tb\nx, y\t1\n', { as: 'table.tsv' })
    expect(frame.columns.map(cellsOf)).toEqual([['x, y'], [1]])
    expect(reading.format).toBe('TSV')
  })

  test('a preview reads the first rows of a long file, gzipped too', async () => {
    const long = `n,t\n${Array.from({ length: 2_000_000 }, (_, at) => `${at},x`).join('\n')}\n`
    for (const content of [long, gzipSync(long)]) {
      const { frame } = await tables.read(content, { limit: 100 })
      expect(cellsOf(frame.columns[0])).toEqual(Array.from({ length: 100 }, (_, at) => String(at)))
    }
  })
})

describe('bad files are refused with what, where and what to do', () => {
  test.each([
    ['empty', '', 'DATASET_EMPTY', 'empty'],
    ['blank', '\n \n', 'DATASET_EMPTY', 'no text'],
    ['a header and no rows', 'a,b\n', 'DATASET_EMPTY', 'no rows'],
    ['too many cells', 'a,b\n1,2\n3,4,5\n', 'DATASET_PARSE', 'Line 3 (row 2) has 3 cells where 2'],
    ['an open quote', 'a,b\n1,2\n3,"4\n', 'DATASET_PARSE', 'line 3 (row 2, column b)'],
    ['text after a quote', 'a,b\n1,2\n"3"x,4\n', 'DATASET_PARSE', 'line 3 (row 2, column a)'],
    ['lines within quotes count', 'a,b\n"1\n\n",2\n3,4,5\n', 'DATASET_PARSE', 'Line 5 (row 2)'],
    ['a cut gzip file', gzipSync('a,b\n1,2\n'.repeat(100)).subarray(0, 30), 'DATASET_PARSE', 'gzip'],
    [
      'a picture',
      Buffer.from('89504e470d0a1a0a0000000d49484452000001f4000001f40806', 'hex'),
      'DATASET_PARSE',
      'binary',
    ],
    ['a cut Parquet file', Buffer.from('PAR1xxxxxxxxxx'), 'DATASET_PARSE', 'Parquet'],
    ['a cut Arrow file', Buffer.from('ARROW1\0\0xxxxxxxx'), 'DATASET_PARSE', 'Arrow'],
  ])('%s', async (_, content, code, message) => {
    await expect(tables.read(content)).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    await expect(tables.read(content)).rejects.toMatchObject({ hint: expect.stringMatching(/\w/) })
  })

  test('a line of 200 MB', { timeout: 120_000 }, async () => {
    const content = Buffer.alloc(200 << 20, 'x')
    content.write('a,b\n1,2\n')
    await expect(tables.read(content)).rejects.toMatchObject({
      code: 'DATASET_PARSE',
      message: 'Line 3 (row 2) is longer than 64 MB.',
      details: { line: 3, row: 2 },
    })
  })

  test('a first line of 200 MB', { timeout: 120_000 }, async () => {
    await expect(tables.read(Buffer.alloc(200 << 20, 'x'))).rejects.toMatchObject({ code: 'DATASET_PARSE' })
  })

  test('more columns than anybody can look at', async () => {
    const line = Array.from({ length: 10_001 }, (_, at) => `c${at}`).join(',')
    await expect(tables.read(`${line}\n${line}\n`)).rejects.toMatchObject({ code: 'DATASET_TOO_LARGE' })
  })
})

describe('odd files are read with a warning', () => {
  test('5,000 columns', async () => {
    const names = Array.from({ length: 5_000 }, (_, at) => `c${at}`).join(',')
    const cells = Array.from({ length: 5_000 }, (_, at) => at).join(',')
    const { frame } = await tables.read(`${names}\n${cells}\n${cells}\n`)
    expect(frame.columns).toHaveLength(5_000)
    expect(cellsOf(frame.columns[4_999])).toEqual([4_999, 4_999])
  })
  test('rows that lack cells count them as missing', async () => {
    const { frame, warnings } = await tables.read('a,b,c\n1,2,3\n4\n5,6\n7,8,9\n')
    expect(frame.columns.map(cellsOf)).toEqual([
      [1, 4, 5, 7],
      [2, null, 6, 8],
      [3, null, null, 9],
    ])
    expect(warnings[0]).toMatchObject({ code: 'RAGGED_ROWS', message: expect.stringContaining('2 rows') })
    expect(warnings[0]?.message).toContain('line 3 (row 2) with 1')
  })
  test('empty cells too many are passed over', async () => {
    expect((await tables.read('a,b\n1,2,\n3,4,,\n')).frame.columns.map(cellsOf)).toEqual([
      [1, 3],
      [2, 4],
    ])
  })
  test('NUL bytes', async () => {
    const { frame, warnings } = await tables.read('a,b\nx\0y,1\nz,2\n')
    expect(cellsOf(frame.columns[0])).toEqual(['xy', 'z'])
    expect(warnings).toMatchObject([{ code: 'NUL_BYTES', column: 'a' }])
  })
  test('names that are there twice or not at all', async () => {
    const { frame } = await tables.read('a,a,,a_2\n1,2,3,4\n')
    expect(frame.columns.map(({ name }) => name)).toEqual(['a', 'a_3', 'column_3', 'a_2'])
    expect(await codes('a,a,,a_2\n1,2,3,4\n')).toEqual(['RENAMED_COLUMN', 'RENAMED_COLUMN'])
  })
  test('a column without any values', async () => {
    const { frame } = await tables.read('a,b\n,1\nNA,2\n')
    expect(cellsOf(frame.columns[0])).toEqual([null, null])
  })
})

const shared = resolve('../shared/data')
describe.skipIf(!existsSync(shared))('the development tables (skipped where ../shared is not there)', () => {
  const expected: Readonly<Record<string, string>> = {
    abalone: 'category number number number number number number number number',
    'adult-income':
      'number category number category number category category category category category number number number category category',
    'boston-housing': Array(14).fill('number').join(' '),
    diamonds: 'number category category category number number number number number number',
    'german-credit':
      'category number category category number category category number category category number category number category category number category number category category number',
    iris: 'number number number number category',
    mammography: [...Array(6).fill('number'), 'category'].join(' '),
    penguins: 'category category number number number number category',
    'pima-diabetes': Array(9).fill('number').join(' '),
    pollution: 'id number number number number number number number number category number number number',
    titanic: 'number number text category number number number category number category category',
    'winequality-red': Array(12).fill('number').join(' '),
  }
  interface Listed {
    readonly name: string
    readonly file: string
    readonly rows: number
  }
  const listed = existsSync(shared) ? (JSON.parse(readFileSync(join(shared, 'datasets.json'), 'utf8')) as Listed[]) : []
  test.each(listed)('$name', async ({ name, file, rows }) => {
    const { frame, warnings } = await readTable({
      path: join(shared, file),
      scratch: tables.folder,
      types: {},
      reading: {},
    })
    expect(frame.nRows).toBe(rows)
    expect(frame.columns.map(({ type }) => type).join(' ')).toBe(expected[name])
    expect(warnings).toEqual([])
  })
})

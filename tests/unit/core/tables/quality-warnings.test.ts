import { expect, test } from 'vitest'
import { finishColumn } from '../../../../core/tables/finish-column.ts'
import { mayRepeatRows, qualityWarnings } from '../../../../core/tables/quality-warnings.ts'
import { fillRowKeys } from '../../../../core/tables/row-keys.ts'

const nRows = 1_000
const finish = (name: string, cell: (row: number) => number) =>
  finishColumn({
    raw: {
      kind: 'numbers',
      name,
      type: 'number',
      pieces: [Float64Array.from({ length: nRows }, (_, row) => cell(row))],
    },
    nRows,
    wanted: null,
    decimalComma: false,
    strict: true,
  })

function warnings(...columns: ReturnType<typeof finish>[]): string[] {
  const keys = new Float64Array(nRows)
  for (const [from, to] of [
    [0, 400],
    [400, nRows],
  ] as const)
    fillRowKeys({ columns: columns.map(({ column }) => column), from, to, keys })
  return qualityWarnings(columns, mayRepeatRows(columns, nRows) ? keys : null).map(({ code, column }) =>
    `${code} ${column ?? ''}`.trim(),
  )
}

const plain = finish('plain', (row) => (row % 2 ? row * 0.5 : row * 0.25 + 1_000))

test('columns', () => {
  expect(
    warnings(
      plain,
      finish('same', () => 7),
    ),
  ).toContain('CONSTANT same')
  expect(
    warnings(
      plain,
      finish('nothing', () => Number.NaN),
    ),
  ).toContain('ALL_MISSING nothing')
  expect(
    warnings(
      plain,
      finish('gaps', (row) => (row % 3 ? Number.NaN : row / 7)),
    ),
  ).toContain('MANY_MISSING gaps')
  expect(
    warnings(
      plain,
      finish('no', (row) => row + 1),
    ),
  ).toContain('IDENTIFIER no')
  expect(
    warnings(
      plain,
      finish('high', (row) => (row === 5 ? Number.POSITIVE_INFINITY : row / 3)),
    ),
  ).toContain('INFINITE_VALUES high')
  expect(
    warnings(
      plain,
      finish('twin', (row) => (row % 2 ? row * 0.5 : row * 0.25 + 1_000)),
    ),
  ).toContain('DUPLICATE_COLUMN twin')
  expect(warnings(plain)).toEqual([])
})

test('rows are there twice only when all cells are the same', () => {
  const a = finish('a', (row) => (row % 500) / 7)
  expect(
    warnings(
      a,
      finish('b', (row) => (row % 500) / 3),
    ),
  ).toContain('DUPLICATE_ROWS')
  expect(
    warnings(
      a,
      finish('b', (row) => Math.floor(row / 500) / 3),
    ),
  ).not.toContain('DUPLICATE_ROWS')
})

test('the share of rows that are there twice is exact', () => {
  const columns = [finish('a', (row) => (row < 990 ? row / 3 : (row - 990) / 3))]
  const keys = new Float64Array(nRows)
  fillRowKeys({ columns: columns.map(({ column }) => column), from: 0, to: nRows, keys })
  expect(qualityWarnings(columns, keys)).toMatchObject([
    { code: 'DUPLICATE_ROWS', severity: 'info', message: '10 of 1000 rows repeat an earlier row (1%).' },
  ])
})

test('Boston housing is known by its columns', () => {
  const columns = ['crim', 'zn', 'indus', 'nox', 'rm', 'dis', 'lstat', 'b'].map((name, at) =>
    finish(name, (row) => (row * (at + 2)) / 7.3),
  )
  expect(qualityWarnings(columns, null)).toMatchObject([{ code: 'KNOWN_PROBLEM', column: 'b' }])
})

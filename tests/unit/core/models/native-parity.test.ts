import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AnsweredRows } from '../../../../core/models/native-parity.ts'
import { compareWithNative } from '../../../../core/models/native-parity.ts'

const numbers = (values: readonly number[], names: readonly string[] = ['y']): AnsweredRows['numbers'] => ({
  values: Float64Array.from(values),
  width: names.length,
  names,
})

describe('an export against its own tool', () => {
  test('agrees where labels are equal and numbers differ by rounding', () => {
    const native = { labels: ['a', 'b'], numbers: numbers([0.25, Number.NaN]) }
    const parity = compareWithNative('p.csv', 2, native, {
      labels: ['a', 'b'],
      numbers: numbers([0.25004, Number.NaN]),
    })
    expect(parity).toMatchObject({ passed: true, differing: 0, labels: { differing: 0 } })
    expect(parity.reading).toBe('This export does what the model did: all 2 rows agree.')
  })

  test('differs by a label, a number or a missing answer; rows count once', () => {
    const native = { labels: ['a', 'b', 'b', 'a'], numbers: numbers([1, 2, 3, 1e9]) }
    const onnx = { labels: ['a', 'a', 'b', 'a'], numbers: numbers([1, 2.5, Number.NaN, 1e9 + 1_000]) }
    const parity = compareWithNative('p.csv', 4, native, onnx)
    expect(parity).toMatchObject({
      passed: false,
      differing: 2,
      labels: { differing: 1, firstRows: [1] },
      numbers: { differing: 1, onlyOneFinite: 1, maxAbsDiff: 1_000, worstRow: 3 },
    })
    expect(parity.reading).toBe(
      'This export does not do what the model did: 2 of 4 rows differ, 1 of them in the class that is predicted.',
    )
  })

  test('leaves out rows that the tool refused, and proves nothing where nothing can be compared', () => {
    const native = { labels: null, numbers: numbers([1, 0]) }
    expect(compareWithNative('p', 2, native, { labels: null, numbers: numbers([1, 9]) }, new Set([1]))).toMatchObject({
      passed: true,
      rows: 1,
      unanswered: 1,
    })
    expect(compareWithNative('p', 2, native, { labels: ['a', 'b'], numbers: null }).passed).toBe(false)
  })
})

type Cell = number | string | boolean | null

interface Stored {
  readonly rows: number
  readonly onnxruntime: Readonly<Record<string, { readonly data: readonly (Cell | readonly Cell[])[] }>> | null
  readonly native: Readonly<Record<string, readonly (Cell | readonly Cell[])[]>>
  readonly native_refuses_rows?: readonly number[]
  readonly roles: Readonly<Record<string, string | readonly string[]>>
  readonly difference: Readonly<
    Record<
      string,
      {
        readonly mismatches?: number
        readonly row?: number
        readonly max_abs?: number
        readonly only_one_finite?: number
        readonly shapes?: unknown
        'rows_off_by_more_than_1e-4'?: number
      }
    >
  >
}

const spelled = new Map([
  ['False', '0'],
  ['True', '1'],
  ['false', '0'],
  ['true', '1'],
])

const folder = resolve('../shared/reference/onnx')
const present = existsSync(folder)
const cases = present ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json'))) : []

test.skipIf(!present)('the stored exports are there (skipped where ../shared is not there)', () => {
  expect(cases).toHaveLength(113)
})

test.each(cases)('%s differs from its tool in the rows that are stored', (name) => {
  const stored = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')) as Stored
  const { roles, difference, onnxruntime, native, rows } = stored
  for (const [role, expected] of Object.entries(difference)) {
    if (expected.shapes || !onnxruntime) continue
    const outputs = [roles[role] as string | string[]].flat().map((output) => onnxruntime[output]?.data ?? [])
    const theirs = (native[role] ?? []).map((row) => [row].flat())
    const onnx = Array.from({ length: rows }, (_, row) => outputs.flatMap((data) => [data[row] ?? null].flat()))
    const refused = new Set(stored.native_refuses_rows ?? [])
    const width = Math.max(...theirs.map(({ length }) => length))
    const ofLabels = (list: readonly (readonly Cell[])[]) => ({
      // Booleans become 0 and 1 in an export, which `readNativePredictions` knows.
      labels: list.map((row) => row.map((cell) => spelled.get(String(cell)) ?? String(cell)).join(' ')),
      numbers: null,
    })
    const ofNumbers = (list: readonly (readonly Cell[])[]): AnsweredRows => ({
      labels: null,
      numbers: numbers(
        Array.from({ length: rows }, (_, row) =>
          // A binary raw score stands against two columns of it.
          (list[row] ?? [])
            .slice(-width)
            .concat(Array(width).fill(null) as null[])
            .slice(0, width)
            .map((cell) => (cell === null ? Number.NaN : Number(cell))),
        ).flat(),
        Array.from({ length: width }, (_, at) => `c${at}`),
      ),
    })
    const parity =
      role === 'label'
        ? compareWithNative(name, rows, ofLabels(theirs), ofLabels(onnx), refused)
        : compareWithNative(name, rows, ofNumbers(theirs), ofNumbers(onnx), refused)
    if (role === 'label') expect(parity.labels?.differing).toBe(expected.mismatches)
    else {
      expect(parity.numbers?.differing).toBe(expected['rows_off_by_more_than_1e-4'])
      expect(parity.numbers?.onlyOneFinite).toBe(expected.only_one_finite)
      expect(parity.numbers?.maxAbsDiff).toBe(expected.max_abs)
      expect(parity.numbers?.worstRow).toBe(expected.row)
    }
  }
})

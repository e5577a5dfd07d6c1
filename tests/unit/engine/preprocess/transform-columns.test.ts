import { describe, expect, test } from 'vitest'
import type { CodedColumn, NumericColumn } from '../../../../engine/frame/frame.ts'
import type { Encoder } from '../../../../engine/preprocess/encoder.ts'
import { encodeColumn, transformColumns } from '../../../../engine/preprocess/transform-columns.ts'

const float32Max = 3.4028234663852886e38
const numbers = (...values: number[]): NumericColumn => ({
  storage: 'float64',
  name: 'x',
  type: 'number',
  values: Float64Array.from(values),
})
const texts = (levels: readonly string[], ...codes: number[]): CodedColumn => ({
  storage: 'codes',
  name: 'c',
  type: 'category',
  levels,
  codes: Int32Array.from(codes),
})
const encoded = (encoder: Encoder, column: NumericColumn | CodedColumn) => {
  const n = column.storage === 'codes' ? column.codes.length : column.values.length
  return encodeColumn(encoder, column, null, n).map((feature) => Array.from(feature))
}

describe('numbers', () => {
  const plain = { kind: 'numeric', input: 0, offset: 0, impute: null, mean: 0, inverseScale: 1 } as const

  test('are rounded to float32 after the offset, infinities become its largest', () => {
    const column = numbers(16_777_217, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, Number.NaN)
    expect(encoded(plain, column)).toEqual([[16_777_216, float32Max, -float32Max, float32Max, Number.NaN]])
    expect(encoded({ ...plain, offset: 16_777_200 }, numbers(16_777_217))).toEqual([[17]])
  })

  test('are bounded, then imputed, then scaled', () => {
    const encoder = { ...plain, impute: 2, mean: 1, inverseScale: 0.5, bounds: [-3, 5] as const }
    expect(encoded(encoder, numbers(3, 100, -100, Number.POSITIVE_INFINITY, Number.NaN))).toEqual([[1, 2, -2, 2, 0.5]])
  })

  test('stay finite where the scaling would overflow', () => {
    expect(encoded({ ...plain, inverseScale: 1e10 }, numbers(1e38, -1e38))).toEqual([[float32Max, -float32Max]])
  })
})

describe('levels', () => {
  const known = ['b', 'a']

  test('are matched by their text, whatever their codes are here', () => {
    const column = texts(['a', 'b', 'z'], 0, 1, 2, -1)
    expect(encoded({ kind: 'ordinal', input: 0, levels: known }, column)).toEqual([[1, 0, Number.NaN, Number.NaN]])
    expect(encoded({ kind: 'one-hot', input: 0, levels: known, missingFeature: true }, column)).toEqual([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ])
    const lookup = { kind: 'lookup', input: 0, of: 'target', label: '', levels: known } as const
    expect(encoded({ ...lookup, values: [0.5, 0.25], unseen: 2, missing: 3 }, column)).toEqual([[0.25, 0.5, 2, 3]])
  })

  test('that are remembered from one table are not taken for those of another', () => {
    const encoder: Encoder = { kind: 'ordinal', input: 0, levels: known }
    expect(encoded(encoder, texts(['a', 'b'], 0, 1))).toEqual([[1, 0]])
    expect(encoded(encoder, texts(['b', 'a'], 0, 1))).toEqual([[0, 1]])
    expect(encoded({ ...encoder, levels: ['a', 'b'] }, texts(['a', 'b'], 0, 1))).toEqual([[0, 1]])
  })
})

test('a date’s part is scaled and imputed like a number', () => {
  const scaling = { impute: 3, mean: 3, inverseScale: 2, bounds: [0, 5] as const }
  const encoder: Encoder = { kind: 'date-part', input: 0, part: 'elapsed', origin: 86_400, scaling }
  const when: NumericColumn = { ...numbers(86_400, 5 * 86_400, 1e12, Number.NaN), type: 'datetime' }
  expect(encoded(encoder, when)).toEqual([[-6, 2, 4, 0]])
})

test('rows are taken in the order asked for, and as often', () => {
  const encoder: Encoder = { kind: 'missing-indicator', input: 1 }
  const features = [{ name: 'c is missing', input: 1, kind: 'numeric' as const, cardinality: 0 }]
  const columns = [numbers(1, 2, 3), texts(['a'], 0, -1, 0)]
  const matrix = transformColumns(columns, [encoder], features, Int32Array.of(1, 1, 0))
  expect(matrix).toEqual({ nRows: 3, features, columns: [Float32Array.of(1, 1, 0)] })
})

test('a column of the wrong storage is refused by name', () => {
  expect(() => encoded({ kind: 'ordinal', input: 0, levels: [] }, numbers(1))).toThrow('Column x holds numbers')
  const numeric: Encoder = { kind: 'numeric', input: 0, offset: 0, impute: null, mean: 0, inverseScale: 1 }
  expect(() => encoded(numeric, texts(['a'], 0))).toThrow('Column c holds texts')
})

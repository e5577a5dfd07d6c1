import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Column, Target } from '../../../../engine/frame/frame.ts'
import type { Encoding } from '../../../../engine/preprocess/fit-encoders.ts'
import { fitEncoders } from '../../../../engine/preprocess/fit-encoders.ts'
import { transformColumns } from '../../../../engine/preprocess/transform-columns.ts'

const nRows = 60
const inputs = [
  { name: 'amount', type: 'number' as const },
  { name: 'colour', type: 'category' as const },
  { name: 'code', type: 'category' as const },
  { name: 'when', type: 'datetime' as const },
]

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
)
const table = fc.record({
  amount: fc.array(value, { minLength: nRows, maxLength: nRows }),
  colour: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: nRows, maxLength: nRows }),
  code: fc.array(fc.integer({ min: -1, max: 199 }), { minLength: nRows, maxLength: nRows }),
  when: fc.array(fc.integer({ min: 0, max: 1_700_000_000 }), { minLength: nRows, maxLength: nRows }),
  label: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: nRows, maxLength: nRows }),
})

function columnsOf(drawn: { amount: number[]; colour: number[]; code: number[]; when: number[] }): Column[] {
  const levels = (count: number) => Array.from({ length: count }, (_, code) => `level ${String(code).padStart(3, '0')}`)
  return [
    { storage: 'float64', name: 'amount', type: 'number', values: Float64Array.from(drawn.amount) },
    { storage: 'codes', name: 'colour', type: 'category', codes: Int32Array.from(drawn.colour), levels: levels(4) },
    { storage: 'codes', name: 'code', type: 'category', codes: Int32Array.from(drawn.code), levels: levels(200) },
    { storage: 'float64', name: 'when', type: 'datetime', values: Float64Array.from(drawn.when) },
  ]
}

function targetOf(labels: readonly number[]): Target {
  return { task: 'binary', name: 'y', classes: ['no', 'yes'], values: Float64Array.from(labels) }
}

const trainRows = Int32Array.from({ length: 40 }, (_, i) => i)

describe.each(['tree', 'tree-ordinal', 'scaled'] as const)('the %s encoding', (encoding: Encoding) => {
  test('never looks at rows outside the training rows', () => {
    fc.assert(
      fc.property(table, table, (one, other) => {
        // The first 40 rows of one, the rest of the other: the fit may not notice.
        const mixed = { ...one }
        for (const key of ['amount', 'colour', 'code', 'when', 'label'] as const)
          mixed[key] = [...one[key].slice(0, 40), ...other[key].slice(40)]
        const fitted = (drawn: typeof one) =>
          fitEncoders({
            columns: columnsOf(drawn),
            inputs,
            target: targetOf(drawn.label),
            rows: trainRows,
            encoding,
            seed: 1,
          })
        expect(fitted(mixed).encoders).toEqual(fitted(one).encoders)
      }),
      { numRuns: 40 },
    )
  })

  test('transforms the training rows to the training matrix, but for target rates, which are out of fold', () => {
    fc.assert(
      fc.property(table, (drawn) => {
        const columns = columnsOf(drawn)
        const made = fitEncoders({
          columns,
          inputs,
          target: targetOf(drawn.label),
          rows: trainRows,
          encoding,
          seed: 1,
        })
        const again = transformColumns(columns, made.encoders, made.features, trainRows)
        const rates = new Set(
          made.encoders.flatMap((encoder) =>
            encoder.kind === 'lookup' && encoder.of === 'target' ? [encoder.input] : [],
          ),
        )
        for (const [at, { input, name }] of made.features.entries()) {
          if (rates.has(input) && name.includes('rate')) continue
          expect(again.columns[at]).toEqual(made.trainMatrix.columns[at])
        }
      }),
      { numRuns: 40 },
    )
  })

  test('gives learners finite features, or NaN for missing where the encoding allows it', () => {
    fc.assert(
      fc.property(table, (drawn) => {
        const columns = columnsOf(drawn)
        const { encoders, features } = fitEncoders({
          columns,
          inputs,
          target: targetOf(drawn.label),
          rows: trainRows,
          encoding,
          seed: 1,
        })
        for (const [at, column] of transformColumns(columns, encoders, features, null).columns.entries()) {
          for (const feature of column) {
            if (Number.isNaN(feature)) expect([encoding, features[at]?.name]).not.toContain('scaled')
            else expect(Number.isFinite(feature)).toBe(true)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})

test('a row’s own label never reaches its target rate', () => {
  const labels = Array.from({ length: nRows }, (_, row) => row % 2)
  const drawn = {
    amount: labels.map(() => 0),
    colour: labels.map(() => 0),
    code: labels.map((_, row) => row),
    when: labels.map(() => 0),
  }
  const fitted = (values: number[]) =>
    fitEncoders({
      columns: columnsOf(drawn),
      inputs,
      target: targetOf(values),
      rows: trainRows,
      encoding: 'tree',
      seed: 1,
    })
  const at = fitted(labels).features.findIndex(({ name }) => name === 'code (target rate)')
  const before = fitted(labels).trainMatrix.columns[at]?.[7]
  const flipped = labels.map((label, row) => (row === 7 ? 1 - label : label))
  expect(at).toBeGreaterThanOrEqual(0)
  expect(fitted(flipped).trainMatrix.columns[at]?.[7]).toBe(before)
})

test('unseen levels and missing values have their own, stated numbers', () => {
  const columns = columnsOf({
    amount: Array.from({ length: nRows }, (_, row) => row),
    colour: Array.from({ length: nRows }, (_, row) => (row < 40 ? row % 2 : 3)),
    code: Array.from({ length: nRows }, () => -1),
    when: Array.from({ length: nRows }, (_, row) => row * 86_400),
  })
  const { encoders, features } = fitEncoders({
    columns,
    inputs,
    target: targetOf(Array.from({ length: nRows }, (_, row) => row % 2)),
    rows: trainRows,
    encoding: 'scaled',
    seed: 1,
  })
  const oneHot = features.flatMap(({ name }, at) => (name.startsWith('colour =') ? [at] : []))
  const unseen = transformColumns(columns, encoders, features, Int32Array.of(50))
  expect(oneHot).toHaveLength(2)
  for (const at of oneHot) expect(unseen.columns[at]?.[0]).toBe(0)
})

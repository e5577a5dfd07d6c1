import { describe, expect, test } from 'vitest'
import type { Column, Target } from '../../../../engine/frame/frame.ts'
import type { Encoding } from '../../../../engine/preprocess/fit-encoders.ts'
import { fitEncoders } from '../../../../engine/preprocess/fit-encoders.ts'
import { transformColumns } from '../../../../engine/preprocess/transform-columns.ts'
import { fc } from '../../../fixtures/properties.ts'

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
  when: fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 1_700_000_000 }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    ),
    { minLength: nRows, maxLength: nRows },
  ),
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

describe.each(['tree', 'tree-ordinal', 'scaled', 'scaled-robust'] as const)('the %s encoding', (encoding: Encoding) => {
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

function fitOn(columns: readonly Column[], labels: readonly number[], encoding: Encoding, target = targetOf(labels)) {
  return fitEncoders({
    columns,
    inputs: columns.map(({ name, type }) => ({ name, type })),
    target,
    rows: Int32Array.from(labels.keys()),
    encoding,
    seed: 1,
  })
}

function numbers(name: string, values: readonly number[], type: 'number' | 'datetime' = 'number'): Column {
  return { storage: 'float64', name, type, values: Float64Array.from(values) }
}

function texts(name: string, values: readonly (string | null)[]): Column {
  const levels = [...new Set(values.filter((text) => text !== null))].sort()
  const codes = Int32Array.from(values, (text) => (text === null ? -1 : levels.indexOf(text)))
  return { storage: 'codes', name, type: 'category', codes, levels }
}

describe('scaled features', () => {
  const labels = Array.from({ length: 300 }, (_, row) => ((row * 7) % 5 === 0 ? 1 : 0))
  const columns = [
    numbers(
      'amount',
      labels.map((_, row) => 1e5 + (row % 17 === 0 ? Number.NaN : row * 3)),
    ),
    numbers(
      'when',
      labels.map((_, row) => (row % 29 === 0 ? Number.NaN : 1.6e9 + row * 9e4)),
      'datetime',
    ),
    texts(
      'code',
      labels.map((_, row) => (row % 31 === 0 ? null : `code ${row % 97}`)),
    ),
  ]
  const { features, trainMatrix } = fitOn(columns, labels, 'scaled')

  test('have mean 0 and standard deviation 1 on the training rows, whatever they were made of', () => {
    const names = features.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['amount', 'when (days)', 'when (month)', 'code (target rate)', 'code (frequency)']),
    )
    for (const [at, { name }] of features.entries()) {
      if (name.endsWith('is missing')) continue
      const column = trainMatrix.columns[at] as Float32Array
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length
      // Rounding of 300 float32 values.
      expect(Math.abs(mean), name).toBeLessThan(1e-6)
      expect(Math.abs(variance - 1), name).toBeLessThan(1e-5)
    }
  })

  test('say where a number or a date was missing', () => {
    const at = features.findIndex(({ name }) => name === 'when is missing')
    expect(Array.from(trainMatrix.columns[at] as Float32Array)).toEqual(labels.map((_, row) => Number(row % 29 === 0)))
  })

  test('keep an infinite or absurd value within reach of the others', () => {
    const wild = numbers(
      'x',
      labels.map((_, row) => (row === 0 ? Number.POSITIVE_INFINITY : row === 1 ? -1e30 : row % 10)),
    )
    const tame = fitOn([wild], labels, 'scaled')
    const [feature] = tame.trainMatrix.columns
    expect(Math.max(...(feature as Float32Array).map(Math.abs))).toBeLessThan(labels.length)
    const infinite = fitOn(
      [
        numbers(
          'x',
          labels.map((_, row) => (row === 0 ? Number.NEGATIVE_INFINITY : row % 10)),
        ),
      ],
      labels,
      'scaled',
    )
    const [values] = infinite.trainMatrix.columns
    // Deviation of 0..9 is about 3, and the bound lies one range (9) below the least.
    expect((values as Float32Array)[0]).toBeGreaterThan(-6)
    expect((values as Float32Array)[0]).toBeLessThan(-4)
  })
})

describe('numbers that float32 cannot tell apart', () => {
  test.each([
    ['ids', 3_000_000_000],
    ['milliseconds', 1_600_000_000_000],
    ['readings far from zero', 1_234_567.125],
  ])('keep all their values: %s', (_name, start) => {
    const step = start === 1_234_567.125 ? 0.001 : 1
    const values = Array.from({ length: 200 }, (_, row) => start + row * step)
    const { trainMatrix } = fitOn(
      [numbers('x', values)],
      values.map((_, row) => row % 2),
      'tree',
    )
    expect(new Set(trainMatrix.columns[0]).size).toBe(200)
    expect(new Set(Float32Array.from(values)).size).toBeLessThan(200)
  })

  test('have no offset where it would not help', () => {
    const { encoders } = fitOn([numbers('x', [-3e9, 1, 2, 3e9])], [0, 1, 0, 1], 'tree')
    expect(encoders[0]).toMatchObject({ offset: 0 })
  })
})

describe('categories', () => {
  const labels = Array.from({ length: 400 }, (_, row) => row % 2)
  const few = texts(
    'few',
    labels.map((_, row) => (row < 2 ? 'rare' : row % 7 === 0 ? null : ('abc'[row % 3] ?? ''))),
  )
  const many = texts(
    'many',
    labels.map((_, row) => `level ${row % 150}`),
  )

  test('of few levels are native codes for trees, one feature a level for the others; rare ones are pooled', () => {
    expect(fitOn([few], labels, 'tree').encoders).toEqual([{ kind: 'ordinal', input: 0, levels: ['a', 'b', 'c'] }])
    for (const encoding of ['tree-ordinal', 'scaled'] as const) {
      expect(fitOn([few], labels, encoding).encoders).toEqual([
        { kind: 'one-hot', input: 0, levels: ['a', 'b', 'c'], missingFeature: true },
      ])
    }
  })

  test.each(['tree', 'tree-ordinal', 'scaled'] as const)(
    'of many levels are rates and frequencies (%s)',
    (encoding) => {
      const { encoders } = fitOn([many], labels, encoding)
      expect(encoders.map((encoder) => encoder.kind === 'lookup' && encoder.of)).toEqual(['target', 'frequency'])
    },
  )

  test('are drawn towards the overall rate by ten rows’ worth', () => {
    const all = Array.from({ length: 300 }, (_, row) => (row < 150 ? 1 : 0))
    const names = texts(
      'many',
      all.map((_, row) => `level ${String(row % 150).padStart(3, '0')}`),
    )
    const [encoder] = fitOn(
      [names],
      all.map((label, row) => (row % 150 === 7 ? 1 : label)),
      'tree',
    ).encoders
    if (encoder?.kind !== 'lookup') throw new Error('not looked up')
    // 151 of 300 are 1; level 7 has two rows, both 1.
    expect(encoder.values[7]).toBe(Math.fround((2 + 10 * (151 / 300)) / 12))
    expect(encoder.unseen).toBe(Math.fround(151 / 300))
  })

  test('have one rate a class, of the ten most frequent classes', () => {
    const classes = Array.from({ length: 400 }, (_, row) => (row < 20 ? 11 : row % 11))
    const target: Target = {
      task: 'multiclass',
      name: 'y',
      classes: Array.from({ length: 12 }, (_, k) => `class ${k}`),
      values: Float64Array.from(classes),
    }
    const { features } = fitOn([many], classes, 'tree', target)
    const rates = features.filter(({ name }) => name.includes('rate of')).map(({ name }) => name)
    expect(rates).toHaveLength(10)
    const counts = Array.from({ length: 12 }, (_, k) => classes.filter((each) => each === k).length)
    const least = Math.min(
      ...Array.from({ length: 12 }, (_, k) => k)
        .filter((k) => rates.includes(`many (rate of class ${k})`))
        .map((k) => counts[k] as number),
    )
    for (const [k, count] of counts.entries()) {
      if (!rates.includes(`many (rate of class ${k})`)) expect(count).toBeLessThanOrEqual(least)
    }
  })
})

test('columns that say nothing on the training rows make no features', () => {
  const labels = [0, 1, 0, 1, 0, 1]
  const columns = [
    numbers(
      'same',
      labels.map(() => 4),
    ),
    numbers(
      'none',
      labels.map(() => Number.NaN),
    ),
    numbers(
      'never',
      labels.map(() => Number.NaN),
      'datetime',
    ),
    texts(
      'empty',
      labels.map(() => null),
    ),
  ]
  for (const encoding of ['tree', 'tree-ordinal', 'scaled'] as const) {
    expect(fitOn(columns, labels, encoding).features).toEqual([])
  }
})

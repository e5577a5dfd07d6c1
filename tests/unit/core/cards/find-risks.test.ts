import { describe, expect, test } from 'vitest'
import type { CardSources } from '../../../../core/cards/card-sources.ts'
import { findRisks } from '../../../../core/cards/find-risks.ts'
import { qualityWarnings } from '../../../../core/tables/quality-warnings.ts'
import type { Performance } from '../../../../shared/domain/training.ts'
import { categoryColumn, goodPerformance, goodSources } from '../../../fixtures/card-sources.ts'

const codes = (sources: CardSources) => findRisks(sources).map(({ code }) => code)
const judged = (change: Partial<Performance>): CardSources => ({
  ...goodSources,
  version: { ...goodSources.version, performance: { ...goodPerformance, ...change } },
})
const withData = (change: Partial<NonNullable<CardSources['dataset']>>): CardSources => ({
  ...goodSources,
  dataset: { ...(goodSources.dataset as NonNullable<CardSources['dataset']>), ...change },
})

test('a good model has none', () => {
  expect(findRisks(goodSources)).toEqual([])
})

describe('the data', () => {
  test('carries its warnings over, but not what only informs', () => {
    const warning = { code: 'MANY_MISSING', column: 'cabin', message: 'cabin is missing.', hint: 'Ask why.' } as const
    const sources = withData({
      warnings: [
        { ...warning, severity: 'warning' },
        { ...warning, code: 'IDENTIFIER', severity: 'info' },
      ],
    })
    expect(findRisks(sources)).toEqual([
      { code: 'DATA_WARNING', severity: 'warning', message: 'cabin is missing.', hint: 'Ask why.', source: null },
    ])
  })

  test('Boston housing is known by its columns, whatever the file is called, and its source is named', () => {
    const names = [
      'CRIM',
      'ZN',
      'INDUS',
      'CHAS',
      'NOX',
      'RM',
      'AGE',
      'DIS',
      'RAD',
      'TAX',
      'PTRATIO',
      'B',
      'LSTAT',
      'MEDV',
    ]
    const columns = names.map((name) => ({
      column: { name: name.toLowerCase(), type: 'number' as const, values: Float64Array.of(1, 2) },
      profile: { ...categoryColumn(name.toLowerCase(), { 1: 1, 2: 1 }, 2), type: 'number' as const },
      valuesDigest: name,
    }))
    const warnings = qualityWarnings(columns as unknown as Parameters<typeof qualityWarnings>[0], null)
    const [risk] = findRisks(withData({ name: 'houses', source: 'houses.csv', warnings }))
    expect(risk).toMatchObject({ code: 'DATA_WARNING', severity: 'warning' })
    expect(risk?.message).toContain('Boston housing')
    expect(risk?.message).toContain('Black residents')
    expect(risk?.source).toMatch(/^https:\/\/scikit-learn\.org\//)
  })

  test('a model from elsewhere is known by the columns that it takes', () => {
    const [input] = goodSources.version.signature.inputs
    const inputs = ['crim', 'zn', 'indus', 'nox', 'rm', 'dis', 'lstat', 'b'].map((name) => ({ ...input, name }))
    const signature = { ...goodSources.version.signature, inputs } as typeof goodSources.version.signature
    const foreign: CardSources = { ...goodSources, dataset: null, version: { ...goodSources.version, signature } }
    expect(findRisks(foreign)[0]?.message).toContain('Boston housing')
    expect(codes({ ...foreign, version: goodSources.version })).toEqual([])
  })

  test('few rows, few of a class, and imbalance', () => {
    expect(codes(judged({ rows: 499 }))).toEqual(['FEW_ROWS'])
    const columns = (yes: number) => [categoryColumn('survived', { no: 1000 - yes, yes })]
    expect(codes(withData({ columns: columns(49) }))).toEqual(['FEW_OF_A_CLASS', 'IMBALANCE'])
    expect(codes(withData({ columns: columns(99) }))).toEqual(['IMBALANCE'])
    expect(codes(withData({ columns: columns(100) }))).toEqual([])
    // With classes beyond the most frequent values nothing is known of their shares.
    expect(codes(withData({ columns: [categoryColumn('survived', { no: 1000 })] }))).toEqual([])
  })
})

describe('the score', () => {
  const auc = (low: number, high: number) =>
    judged({ metrics: [{ name: 'roc_auc', estimate: { value: (low + high) / 2, low, high } }] })

  test('a wide interval, and one that holds guessing', () => {
    expect(codes(auc(0.8, 0.9))).toEqual([])
    expect(codes(auc(0.8, 0.91))).toEqual(['WIDE_INTERVAL'])
    expect(codes(auc(0.5, 0.58))).toEqual(['NO_BETTER_THAN_GUESSING'])
    expect(codes(auc(0.501, 0.58))).toEqual([])
  })

  test('balanced accuracy is held against one over the number of classes', () => {
    const metrics = [{ name: 'balanced_accuracy' as const, estimate: { value: 0.38, low: 0.34, high: 0.42 } }]
    expect(codes(judged({ metrics, classes: ['a', 'b', 'c'] }))).toEqual([])
    expect(codes(judged({ metrics, classes: ['a', 'b'] }))).toEqual(['NO_BETTER_THAN_GUESSING'])
  })

  test('a slice is weak only where its whole interval is worse', () => {
    const slice = (low: number, high: number) =>
      judged({
        slices: [
          {
            column: 'sex',
            value: 'f',
            rows: 40,
            metric: 'roc_auc',
            estimate: { value: low, low, high },
            overall: 0.87,
          },
        ],
      })
    expect(codes(slice(0.6, 0.86))).toEqual(['WEAK_SLICE'])
    expect(codes(slice(0.6, 0.88))).toEqual([])
  })

  test('probabilities that are off', () => {
    const bins = (observed: number) =>
      judged({ calibration: [{ label: 'yes', bins: [{ predicted: 0.3, observed, count: 5 }] }] })
    expect(findRisks(bins(0.4))).toMatchObject([{ code: 'CALIBRATION', message: expect.stringContaining('10%') }])
    expect(codes(bins(0.34))).toEqual([])
    expect(codes(judged({ calibration: [{ label: 'yes', bins: [] }] }))).toEqual([])
  })
})

test('a column that decides alone, and inputs that were never missing', () => {
  const { explanation, version } = goodSources
  const features = (explanation?.features ?? []).map((each, at) => ({ ...each, share: at === 0 ? 0.6 : 0.4 }))
  expect(codes({ ...goodSources, explanation: explanation && { ...explanation, features } })).toEqual([
    'ONE_COLUMN_DECIDES',
  ])
  const inputs = version.signature.inputs.map((input) => ({ ...input, missingSeen: input.name === 'age' }))
  const whole = { ...goodSources, version: { ...version, signature: { ...version.signature, inputs } } }
  expect(findRisks(whole)).toMatchObject([{ code: 'MISSING_NOT_SEEN', message: expect.stringContaining(': sex.') }])
})

test('the gravest come first', () => {
  const sources: CardSources = {
    ...judged({ rows: 10, metrics: [{ name: 'roc_auc', estimate: { value: 0.5, low: 0.4, high: 0.6 } }] }),
  }
  expect(codes(sources)[0]).toBe('NO_BETTER_THAN_GUESSING')
  expect(codes(sources)).toContain('FEW_ROWS')
})

import { describe, expect, test } from 'vitest'
import type { Column } from '../../../../engine/frame/frame.ts'
import { computeMetric } from '../../../../engine/metrics/metrics.ts'
import { describePerformance, metricsOfTask } from '../../../../engine/metrics/performance.ts'
import { randomStream } from '../../../../engine/random.ts'
import { performance } from '../../../../shared/domain/training.ts'
import { randomPredictions } from '../../../fixtures/random-predictions.ts'

const nRows = 400
const random = randomStream(77)
const columns: Column[] = [
  {
    storage: 'float64',
    name: 'x',
    type: 'number',
    values: Float64Array.from({ length: 2 * nRows }, () => random.nextNormal()),
  },
  {
    storage: 'codes',
    name: 'c',
    type: 'category',
    codes: Int32Array.from({ length: 2 * nRows }, () => random.nextBelow(4) - 1),
    levels: ['a', 'b', 'c'],
  },
]
/** Every other row of a table twice as long was predicted. */
const rows = Int32Array.from({ length: nRows }, (_, i) => 2 * i)

function described(nClasses: number, seed = 1) {
  const { target, predictions } = randomPredictions(randomStream(nClasses), { nRows, nClasses })
  const values = new Float64Array(2 * nRows).fill(Number.NaN)
  for (const [i, row] of rows.entries()) values[row] = target.values[i] as number
  const performanceOf = describePerformance({
    target: { ...target, values },
    predictions,
    rows,
    columns,
    threshold: 0.5,
    basis: 'a test',
    seed,
  })
  return { target, predictions, performance: performanceOf }
}

describe.each([0, 2, 4])('a performance with %i classes', (nClasses) => {
  const { target, predictions, performance: made } = described(nClasses)

  test('has the shape that the contract promises', () => {
    expect(performance.parse(made)).toEqual(made)
  })

  test('states the metrics of its task with intervals', () => {
    expect(made.metrics.map(({ name }) => name)).toEqual(metricsOfTask[target.task])
    for (const { name, estimate } of made.metrics) {
      expect(estimate.value).toBeCloseTo(computeMetric(name, target.values, predictions), 12)
      expect(estimate.low).toBeLessThan(estimate.high)
    }
  })

  test('counts every row once', () => {
    const confused = made.confusion?.flat().reduce((sum, count) => sum + count, 0)
    expect(confused ?? made.residuals?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(nRows)
    expect(made.rows).toBe(nRows)
  })

  test('is the same for the same seed', () => {
    expect(described(nClasses).performance).toEqual(made)
  })
})

test('residuals name rows of the table, and their histogram spans them', () => {
  const { target, predictions, performance: made } = described(0)
  const { points, histogram } = made.residuals ?? { points: [], histogram: { edges: [], counts: [] } }
  for (const [i, point] of points.entries()) {
    expect(point).toEqual({ row: 2 * i, actual: target.values[i], predicted: predictions.values[i] })
  }
  const residuals = points.map(({ actual, predicted }) => actual - predicted)
  expect(histogram.edges[0]).toBe(Math.min(...residuals))
  expect(histogram.edges.at(-1)).toBe(Math.max(...residuals))
  expect(histogram.edges).toHaveLength(histogram.counts.length + 1)
})

test('predictions that are all right, and a target that hardly varies, are described too', () => {
  const target = { task: 'regression' as const, name: 'y', classes: [], values: new Float64Array(5).fill(3) }
  const made = describePerformance({
    target,
    predictions: { nRows: 5, nClasses: 0, values: new Float64Array(5).fill(3) },
    rows: Int32Array.of(0, 1, 2, 3, 4),
    columns: [],
    threshold: 0.5,
    basis: 'a test',
    seed: 1,
  })
  expect(performance.parse(made)).toEqual(made)
  expect(made.metrics.find(({ name }) => name === 'r2')?.estimate.value).toBe(1)
})

test('a class without rows has no curves, and the metric asked for is among those stated', () => {
  const { target, predictions } = randomPredictions(randomStream(4), { nRows, nClasses: 3 })
  const labels = target.values.map((label) => (label === 2 ? 0 : label))
  const made = describePerformance({
    target: { ...target, values: labels },
    predictions,
    rows: Int32Array.from(labels.keys()),
    columns: [],
    threshold: 0.5,
    basis: 'a test',
    seed: 1,
    metric: 'average_precision',
  })
  expect(made.roc.map(({ label }) => label)).toEqual(['class 0', 'class 1'])
  expect(made.metrics.at(-1)).toMatchObject({ name: 'average_precision' })
})

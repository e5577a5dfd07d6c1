import { expect, test } from 'vitest'
import { permutationImportance } from '../../../../engine/explain/permutation-importance.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import type { Pipeline, Predictions } from '../../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { allRows, linearModel, numericColumns, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'

const random = randomStream(61)
const nRows = 400
const table = Array.from({ length: nRows }, () => [random.nextNormal(), random.nextNormal(), random.nextNormal()])
const columns = numericColumns(table)
const weights = [3, 1, 0]
const pipeline = numericPipeline(linearModel(weights))
const labels = table.map((row) => row.reduce((sum, value, f) => sum + value * (weights[f] as number), 0))
const rows = allRows(nRows)

const meanSquaredError = ({ values }: Predictions) =>
  values.reduce((sum, value, i) => sum + (value - (labels[i] as number)) ** 2, 0) / values.length

const request = { pipeline, columns, rows, metric: meanSquaredError, lessIsBetter: true, repeats: 8, seed: 1 }

test('a shuffled column costs a linear model twice its variance times its squared weight', () => {
  const { baseline, features } = permutationImportance(request)
  // Float32 columns against float64 labels.
  expect(baseline).toBeLessThan(1e-10)
  expect(features.map(({ name }) => name)).toEqual(['f0', 'f1', 'f2'])
  for (const [f, { mean, low, high }] of features.entries()) {
    const values = table.map((row) => row[f] as number)
    const centre = values.reduce((sum, value) => sum + value, 0) / nRows
    const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / nRows
    const wanted = 2 * variance * (weights[f] as number) ** 2
    // 8 shuffles of 400 rows: the mean's deviation is some 2% of it.
    expect(Math.abs(mean - wanted)).toBeLessThanOrEqual(0.08 * wanted + 1e-10)
    expect(low).toBeLessThanOrEqual(mean)
    expect(high).toBeGreaterThanOrEqual(mean)
  }
})

test('what is better when greater is a loss when it sinks', () => {
  const greater = permutationImportance({
    ...request,
    lessIsBetter: false,
    metric: (predictions) => -meanSquaredError(predictions),
  })
  expect(greater.features).toEqual(permutationImportance(request).features)
})

test('the interval is the mean and 2.365 standard errors, for eight repeats', () => {
  const losses: number[] = []
  const { features } = permutationImportance({
    ...request,
    metric: (predictions) => {
      const loss = meanSquaredError(predictions)
      losses.push(loss)
      return loss
    },
  })
  const own = losses.slice(1, 9)
  const mean = own.reduce((sum, loss) => sum + loss, 0) / 8
  const std = Math.sqrt(own.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 7)
  expect(features[0]?.std).toBeCloseTo(std, 8)
  expect(features[0]?.high).toBeCloseTo(mean + (2.365 * std) / Math.sqrt(8), 8)
  expect(features[0]?.low).toBeCloseTo(mean - (2.365 * std) / Math.sqrt(8), 8)
})

test('orders that are given are taken, and the seed decides where none are', () => {
  const identity = Array.from({ length: nRows }, (_, row) => row)
  const untouched = permutationImportance({ ...request, orders: [[identity], [identity], [identity]], repeats: 1 })
  for (const { mean, std } of untouched.features) expect([mean, std]).toEqual([0, 0])
  expect(permutationImportance({ ...request, seed: 2 })).not.toEqual(permutationImportance(request))
  expect(permutationImportance(request)).toEqual(permutationImportance(request))
})

test('only the rows asked for are shuffled, and among themselves', () => {
  const seen: Predictions[] = []
  const some = Int32Array.of(5, 7, 9)
  permutationImportance({
    ...request,
    rows: some,
    repeats: 1,
    orders: [[[2, 0, 1]], [[0, 1, 2]], [[0, 1, 2]]],
    metric: (predictions) => {
      seen.push(predictions)
      return 0
    },
  })
  const score = (first: number, others: number) =>
    3 * Math.fround(table[first]?.[0] as number) + Math.fround(table[others]?.[1] as number)
  expect(Array.from(seen[1]?.values ?? [])).toEqual([score(9, 5), score(5, 7), score(7, 9)])
})

test('all that encoders make of a text column is shuffled together', () => {
  const levels = ['a', 'b']
  const colour: Column = {
    storage: 'codes',
    name: 'colour',
    type: 'category',
    levels,
    codes: Int32Array.from({ length: 100 }, (_, row) => row % 2),
  }
  const [member] = numericPipeline(linearModel([1, -1])).members
  const coded: Pipeline = {
    ...numericPipeline(linearModel([1])),
    inputs: [{ name: 'colour', type: 'category' }],
    members: [
      {
        ...(member as Pipeline['members'][number]),
        encoders: [{ kind: 'one-hot', input: 0, levels, missingFeature: false }],
        features: levels.map((name) => ({ name, input: 0, kind: 'numeric', cardinality: 0 })),
      },
    ],
  }
  const seen = new Set<number>()
  permutationImportance({
    pipeline: coded,
    columns: [colour],
    rows: allRows(100),
    metric: ({ values }) => {
      for (const value of values) seen.add(value)
      return 0
    },
    lessIsBetter: true,
    repeats: 3,
    seed: 4,
  })
  // Shuffled apart, both or neither would be on: 0.
  expect([...seen].sort()).toEqual([-1, 1])
})

test('no repeats, or a wish to stop, leave nothing', () => {
  const stopped = permutationImportance({ ...request, shouldStop: () => true })
  expect(stopped.features[0]).toEqual({ name: 'f0', inputs: [0], mean: 0, std: 0, low: 0, high: 0 })
  const fractions: number[] = []
  permutationImportance({ ...request, repeats: 1, onProgress: (fraction) => fractions.push(fraction) })
  expect(fractions).toEqual([1 / 3, 2 / 3, 1])
})

test('columns that say the same stand in for each other alone, and not together', () => {
  // Half of the first column's work is done by a copy of it.
  const copies = numericColumns(table.map(([first = 0, second = 0]) => [first, second, first]))
  const shared = { ...request, pipeline: numericPipeline(linearModel([1.5, 1, 1.5])), columns: copies }
  const alone = permutationImportance(shared).features
  const together = permutationImportance({ ...shared, groups: [[2, 0]] }).features
  expect(together.map(({ name }) => name)).toEqual(['f0 + f2', 'f1'])
  // The square of a weight that is twice as large.
  const ratio = (together[0]?.mean as number) / (alone[0]?.mean as number)
  expect(ratio).toBeGreaterThan(3.9)
  expect(ratio).toBeLessThan(4.1)
  // Who is shuffled alone is shuffled as before.
  expect(together[1]?.mean).toBe(alone[1]?.mean)
})

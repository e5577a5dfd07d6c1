import { describe, expect, test } from 'vitest'
import { partialDependence } from '../../../../engine/explain/partial-dependence.ts'
import { partialDependenceOfPair } from '../../../../engine/explain/partial-dependence-of-pair.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { predictPipelineColumns } from '../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { allRows, linearModel, numericColumns, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'
import { randomTrees } from '../../../fixtures/random-trees.ts'

const random = randomStream(71)
const table = Array.from({ length: 120 }, (_, row) => [
  row === 3 ? null : Math.fround(random.nextNormal()),
  Math.fround(random.nextNormal()),
  random.nextBelow(4),
])
const columns = numericColumns(table)
const rows = allRows(120)
const trees = (nOutputs: number, link: 'identity' | 'logistic' | 'softmax') =>
  randomTrees(random, { nFeatures: 3, nTrees: 8, depth: 4, nOutputs, link })

/** Prediction of the class or value shown for one row with some cells replaced. */
function predictOne(pipeline: Pipeline, row: number, replaced: ReadonlyMap<number, number>, k: number): number {
  const cells = (table[row] as (number | null)[]).map((value, f) => replaced.get(f) ?? value)
  const { values } = predictPipelineColumns(pipeline, numericColumns([cells]), Int32Array.of(0))
  return values[pipeline.task === 'binary' ? 1 : k] as number
}

describe.each([
  ['regression', 1, 'identity'],
  ['binary', 1, 'logistic'],
  ['multiclass', 3, 'softmax'],
] as const)('%s', (task, nOutputs, link) => {
  const pipeline = numericPipeline(trees(nOutputs, link), task)
  const some = Int32Array.of(0, 3, 17, 90)

  test('is the mean of one prediction a row and value', () => {
    const { grid, mean, curves } = partialDependence({ pipeline, columns, rows: some, input: 1, ice: true })
    expect(grid).toHaveLength(4)
    expect(mean).toHaveLength(nOutputs)
    for (const [at, value] of grid.entries()) {
      for (const [k, means] of mean.entries()) {
        const each = Array.from(some, (row) => predictOne(pipeline, row, new Map([[1, value as number]]), k))
        // Four doubles below 10, summed in the same order.
        expect(means[at]).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / 4, 12)
        if (k === 0) expect(curves?.map((curve) => curve[at])).toEqual(each)
      }
    }
  })

  test('of a pair is the mean of one prediction a row and pair of values', () => {
    const { grids, mean, counts } = partialDependenceOfPair({ pipeline, columns, rows: some, inputs: [2, 0] })
    const [first, second] = grids as [number[], number[]]
    for (const [k, means] of mean.entries()) {
      for (const [a, one] of first.entries()) {
        for (const [b, other] of second.entries()) {
          const replaced = new Map([
            [2, one],
            [0, other],
          ])
          const each = Array.from(some, (row) => predictOne(pipeline, row, replaced, k))
          expect(means[a]?.[b]).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / 4, 12)
        }
      }
    }
    // Row 3 has no value of column 0.
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(3)
  })
})

test('numbers are tried at quantiles, and each row is counted at the nearest', () => {
  const pipeline = numericPipeline(linearModel([1, 2, 3]))
  const { kind, grid, counts, curves } = partialDependence({ pipeline, columns, rows, input: 0, ice: false, points: 5 })
  const present = table.flatMap(([value]) => (value == null ? [] : [value])).sort((a, b) => a - b)
  const quantile = (share: number) => present[Math.round(share * (present.length - 1))]
  expect(kind).toBe('numeric')
  expect(curves).toBeNull()
  expect(grid).toEqual([0, 0.25, 0.5, 0.75, 1].map(quantile))
  const wanted = grid.map(() => 0)
  for (const value of present) {
    const distances = (grid as number[]).map((point) => Math.abs(point - value))
    const nearest = distances.indexOf(Math.min(...distances))
    wanted[nearest] = (wanted[nearest] as number) + 1
  }
  expect(counts).toEqual(wanted)
})

test('few different numbers are tried once each', () => {
  const pipeline = numericPipeline(linearModel([0, 0, 1]))
  const { grid, mean, counts } = partialDependence({ pipeline, columns, rows, input: 2, ice: false })
  expect(grid).toEqual([0, 1, 2, 3])
  expect(mean).toEqual([[0, 1, 2, 3]])
  expect(counts).toEqual([0, 1, 2, 3].map((value) => table.filter((row) => row[2] === value).length))
})

test('values that are given are tried, and only those', () => {
  const pipeline = numericPipeline(linearModel([0, 2, 0], 1))
  const { grid, mean } = partialDependence({ pipeline, columns, rows, input: 1, ice: false, values: [-8, 0.5] })
  expect([grid, mean]).toEqual([[-8, 0.5], [[-15, 2]]])
  const pair = { pipeline, columns, rows, inputs: [1, 2], values: [[-1, 1], null] } as const
  expect(partialDependenceOfPair(pair)).toMatchObject({
    grids: [
      [-1, 1],
      [0, 1, 2, 3],
    ],
    mean: [
      [
        [-1, -1, -1, -1],
        [3, 3, 3, 3],
      ],
    ],
  })
})

test('levels are tried by frequency, missing among them', () => {
  const levels = ['a', 'b', 'c']
  const codes = Int32Array.of(2, 2, 2, -1, -1, 0)
  const colour: Column = { storage: 'codes', name: 'colour', type: 'category', levels, codes }
  const plain = numericPipeline(linearModel([1]))
  const pipeline: Pipeline = {
    ...plain,
    inputs: [{ name: 'colour', type: 'category' }],
    members: plain.members.map((member) => ({
      ...member,
      encoders: [
        { kind: 'lookup', input: 0, of: 'target', label: '', levels, values: [1, 2, 4], unseen: 8, missing: 16 },
      ],
    })),
  }
  const request = { pipeline, columns: [colour], rows: allRows(6), input: 0, ice: false }
  expect(partialDependence(request)).toMatchObject({
    kind: 'category',
    grid: ['c', null, 'a'],
    mean: [[4, 16, 1]],
    counts: [3, 2, 1],
  })
  expect(partialDependence({ ...request, levels: 1 })).toMatchObject({ grid: ['c'], counts: [3] })
})

test('a column without a number has no grid', () => {
  const pipeline = numericPipeline(linearModel([1, 1]))
  const empty = numericColumns([
    [null, 1],
    [null, 2],
  ])
  const request = { pipeline, columns: empty, rows: allRows(2), ice: true }
  expect(partialDependence({ ...request, input: 0 })).toMatchObject({
    grid: [],
    mean: [[]],
    counts: [],
    curves: [[], []],
  })
  expect(partialDependenceOfPair({ ...request, inputs: [1, 0] }).mean).toEqual([[[], []]])
})

import { describe, expect, test } from 'vitest'
import { accumulatedLocalEffects } from '../../../../engine/explain/accumulated-local-effects.ts'
import { partialDependence } from '../../../../engine/explain/partial-dependence.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { predictPipelineColumns } from '../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { allRows, linearModel, numericColumns, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'
import { randomTrees } from '../../../fixtures/random-trees.ts'

const random = randomStream(81)
const table = Array.from({ length: 90 }, (_, row): (number | null)[] => {
  const first = Math.fround(random.nextNormal())
  return [row % 9 === 4 ? null : first, Math.fround(first + random.nextNormal() / 10), random.nextBelow(3)]
})
const columns = numericColumns(table)
const rows = allRows(90)

test.each([
  ['regression', 1, 'identity'],
  ['binary', 1, 'logistic'],
  ['multiclass', 3, 'softmax'],
] as const)('%s: equals the definition, row by row', (task, nOutputs, link) => {
  const pipeline = numericPipeline(randomTrees(random, { nFeatures: 3, nTrees: 8, depth: 4, nOutputs, link }), task)
  const { edges, effects, counts, leftOut } = accumulatedLocalEffects({
    pipeline,
    columns,
    rows,
    input: 0,
    intervals: 7,
  })
  expect(leftOut).toBe(10)
  expect(effects).toHaveLength(nOutputs)
  const present = table.filter(([value]) => value !== null) as number[][]
  const inside = (interval: number) =>
    present.filter(([value]) => {
      const x = value as number
      return (
        (interval === 0 ? x >= (edges[0] as number) : x > (edges[interval] as number)) &&
        x <= (edges[interval + 1] as number)
      )
    })
  expect(edges).toHaveLength(8)
  expect(counts).toEqual(counts.map((_, interval) => inside(interval).length))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(80)
  for (const [k, effect] of effects.entries()) {
    let mean = 0
    const sums = [0]
    for (const [interval, count] of counts.entries()) {
      const change = inside(interval).map((row) => {
        const at = (edge: number) => predictOne(pipeline, [edges[edge] as number, ...row.slice(1)], k)
        return at(interval + 1) - at(interval)
      })
      const before = sums[interval] as number
      sums.push(before + change.reduce((sum, one) => sum + one, 0) / count)
      mean += ((before + (sums[interval + 1] as number)) / 2) * (count / 80)
    }
    // Sums of a hundred doubles below 10.
    for (const [edge, value] of effect.entries()) expect(value).toBeCloseTo((sums[edge] as number) - mean, 11)
  }
})

function predictOne(pipeline: Pipeline, cells: readonly number[], k: number): number {
  const { values } = predictPipelineColumns(pipeline, numericColumns([cells]), Int32Array.of(0))
  return values[pipeline.task === 'binary' ? 1 : k] as number
}

describe('of a linear model', () => {
  const pipeline = numericPipeline(linearModel([3, -2, 0.5], 7))
  // Linear scores need every value.
  const complete = numericColumns(table.map((row) => row.map((value) => value ?? 0)))
  const { edges, effects } = accumulatedLocalEffects({ pipeline, columns: complete, rows, input: 1 })

  test('the line has its weight as slope, whatever goes along with the column', () => {
    const [effect] = effects as [number[]]
    for (let edge = 1; edge < edges.length; edge++) {
      const slope =
        ((effect[edge] as number) - (effect[0] as number)) / ((edges[edge] as number) - (edges[0] as number))
      expect(slope).toBeCloseTo(-2, 10)
    }
  })
})

test('rows are never moved further than their interval, unlike for partial dependence', () => {
  // A step where the columns contradict each other, which no row does.
  const model = randomTrees(random, { nFeatures: 2, nTrees: 1, depth: 0 })
  const contradiction = {
    ...model,
    feature: Int32Array.of(0, -1, 1, -1, -1),
    threshold: Float64Array.of(0.5, 0, 0.5, 0, 0),
    categorySet: new Int32Array(5).fill(-1),
    missingLeft: new Uint8Array(5),
    left: Int32Array.of(1, -1, 3, -1, -1),
    right: Int32Array.of(2, -1, 4, -1, -1),
    cover: Float64Array.of(4, 2, 2, 0, 2),
    leafAt: Int32Array.of(-1, 0, -1, 1, 0),
    leafValues: Float64Array.of(0, 100),
  }
  const alike = Array.from({ length: 20 }, (_, row) => [row / 10, row / 10])
  const request = {
    pipeline: numericPipeline(contradiction),
    columns: numericColumns(alike),
    rows: allRows(20),
    input: 0,
  }
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  const dependence = partialDependence({ ...request, ice: false })
  expect(spread(dependence.mean[0] ?? [])).toBeGreaterThan(25)
  // Only the interval around the step asks for the contradiction.
  const effects = accumulatedLocalEffects(request).effects[0] ?? []
  const changes = effects.slice(1).map((effect, at) => effect - (effects[at] as number))
  expect(changes.filter((change) => Math.abs(change) > 1e-9).length).toBeLessThanOrEqual(1)
})

test('a column with one value has no effect, and texts are refused', () => {
  const constant = numericColumns([[1], [1], [null]])
  const pipeline = numericPipeline(linearModel([3]))
  expect(accumulatedLocalEffects({ pipeline, columns: constant, rows: allRows(3), input: 0 })).toEqual({
    edges: [1],
    effects: [[0]],
    counts: [],
    leftOut: 1,
  })
  const colour: Column = { storage: 'codes', name: 'colour', type: 'category', levels: ['a'], codes: new Int32Array(3) }
  expect(() => accumulatedLocalEffects({ pipeline, columns: [colour], rows: allRows(3), input: 0 })).toThrow(RangeError)
})

import { describe, expect, test } from 'vitest'
import {
  AdditivityError,
  explainPipeline,
  MethodUnavailableError,
  strongestMethod,
} from '../../../../engine/explain/explain-pipeline.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { mergeMembers } from '../../../../engine/pipeline/merge-members.ts'
import type { FittedModel, Pipeline, PipelineMember } from '../../../../engine/pipeline/pipeline.ts'
import { predictPipelineColumns } from '../../../../engine/pipeline/predict-pipeline.ts'
import type { Encoder } from '../../../../engine/preprocess/encoder.ts'
import type { RandomStream } from '../../../../engine/random.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomTrees } from '../../../fixtures/random-trees.ts'
import { shapleyByEnumeration } from '../../../fixtures/shapley-by-enumeration.ts'

// 2^4 coalitions of sums of some hundred doubles.
const tolerance = 1e-12
const levels = ['blue', 'green', 'red']

/** Three numbers and a category; the category is seen as one-hot features and as a target rate, so it has several features. */
const encoders: readonly Encoder[] = [
  { kind: 'numeric', input: 0, offset: 0, impute: null, mean: 0, inverseScale: 1 },
  { kind: 'numeric', input: 1, offset: 0, impute: 0.25, mean: 0.5, inverseScale: 2 },
  { kind: 'missing-indicator', input: 1 },
  { kind: 'one-hot', input: 2, levels, missingFeature: true },
  { kind: 'lookup', input: 2, of: 'target', label: '', levels, values: [0.5, -1, 2], unseen: 0, missing: 0.25 },
  { kind: 'numeric', input: 3, offset: 0, impute: 0, mean: 0, inverseScale: 1 },
]
const features = [0, 1, 1, 2, 2, 2, 2, 2, 3].map((input, place) => ({
  name: `f${place}`,
  input,
  kind: 'numeric' as const,
  cardinality: 0,
}))

function randomColumns(random: RandomStream, nRows: number): Column[] {
  const number = (name: string): Column => ({
    storage: 'float64',
    name,
    type: 'number',
    values: Float64Array.from({ length: nRows }, () => (random.nextFloat() < 0.15 ? Number.NaN : random.nextNormal())),
  })
  const category: Column = {
    storage: 'codes',
    name: 'colour',
    type: 'category',
    levels,
    codes: Int32Array.from({ length: nRows }, () => random.nextBelow(4) - 1),
  }
  return [number('a'), number('b'), category, number('d')]
}

function member(model: FittedModel, weight = 1): PipelineMember {
  return { weight, learner: 'test', encoders, features, model, targetTransform: 'none' }
}

function pipeline(task: Pipeline['task'], members: readonly PipelineMember[]): Pipeline {
  const inputs = ['a', 'b', 'colour', 'd'].map((name, at) => ({
    name,
    type: at === 2 ? ('category' as const) : ('number' as const),
  }))
  const classes = { binary: ['no', 'yes'], multiclass: ['x', 'y', 'z'], regression: [] }[task]
  return { task, target: 'y', classes, inputs, members, threshold: 0.5 }
}

function linear(random: RandomStream, nOutputs: number, link: 'identity' | 'logistic' | 'softmax'): FittedModel {
  return {
    kind: 'linear',
    nFeatures: features.length,
    nOutputs,
    link,
    weights: Float64Array.from({ length: nOutputs * features.length }, () => random.nextNormal()),
    intercept: Float64Array.from({ length: nOutputs }, () => random.nextNormal()),
  }
}

const random = randomStream(41)
const trees = (link: 'identity' | 'logistic' | 'softmax' | 'probability', nOutputs = 1) =>
  randomTrees(random, { nFeatures: features.length, nTrees: 6, depth: 4, nOutputs, link })

const columns = randomColumns(random, 6)
const complete = columns.map(
  (column): Column =>
    column.storage === 'float64'
      ? { ...column, values: column.values.map((value) => (Number.isNaN(value) ? 0 : value)) }
      : column,
)
const background = randomColumns(random, 15)
const completeBackground = background.map(
  (column): Column =>
    column.storage === 'float64'
      ? { ...column, values: column.values.map((value) => (Number.isNaN(value) ? 0 : value)) }
      : column,
)
const all = (n: number) => Int32Array.from({ length: n }, (_, row) => row)

describe('interventional explanations of whole pipelines equal the enumeration over raw columns', () => {
  const cases: readonly (readonly [string, Pipeline, 'raw' | 'probability', boolean])[] = [
    ['trees, raw', pipeline('regression', [member(trees('identity'))]), 'raw', false],
    ['multiclass forest', pipeline('multiclass', [member(trees('probability', 3))]), 'probability', false],
    ['linear', pipeline('regression', [member(linear(random, 1, 'identity'))]), 'raw', true],
    [
      'mean of trees and a linear model',
      pipeline('regression', [member(trees('identity'), 0.3), member(linear(random, 1, 'identity'), 0.7)]),
      'raw',
      true,
    ],
  ]
  test.each(cases)('%s', (_name, model, output, needsComplete) => {
    const rows = needsComplete ? complete : columns
    const against = needsComplete ? completeBackground : background
    const method = model.members.every((each) => each.model.kind === 'linear') ? 'linear' : 'interventional'
    const explained = explainPipeline({
      pipeline: model,
      columns: rows,
      rows: all(6),
      background: { columns: against, rows: all(15) },
      method,
      output,
      seed: 0,
    })
    const width = model.task === 'regression' ? 1 : model.classes.length
    for (let row = 0; row < 6; row++) {
      const expected = shapleyByEnumeration(4, (mask) => meanPrediction(model, rows, row, against, mask, width)).flat()
      const actual = explained.values.subarray(row * width * 4, (row + 1) * width * 4)
      for (const [at, value] of expected.entries())
        expect(Math.abs((actual[at] as number) - value)).toBeLessThan(tolerance)
    }
  })
})

test('an ensemble of probabilities is enumerated, and the enumeration is that of its probability', () => {
  const model = pipeline('binary', [member(trees('logistic'), 0.4), member(trees('probability'), 0.6)])
  expect(strongestMethod({ pipeline: model, output: 'raw' })).toBe('exact')
  const explained = explainPipeline({
    pipeline: model,
    columns,
    rows: all(6),
    background: { columns: background, rows: all(15) },
    method: 'auto',
    output: 'raw',
    seed: 0,
  })
  expect(explained).toMatchObject({ method: 'exact', exact: true, output: 'probability', nOutputs: 1 })
  for (let row = 0; row < 6; row++) {
    const [expected = []] = shapleyByEnumeration(4, (mask) => [
      meanPrediction(model, columns, row, background, mask, 2)[1] as number,
    ])
    for (let player = 0; player < 4; player++) {
      expect(Math.abs((explained.values[row * 4 + player] as number) - (expected[player] as number))).toBeLessThan(
        tolerance,
      )
    }
  }
})

test('one member is explained by its own family’s method, and merged bags stay one member', () => {
  const bag = mergeMembers([member(trees('logistic'), 0.5), member(trees('logistic'), 0.5)])
  expect(bag).not.toBeNull()
  const model = pipeline('binary', [bag as PipelineMember])
  expect(strongestMethod({ pipeline: model, output: 'raw' })).toBe('tree')
  const explained = explainPipeline({
    pipeline: model,
    columns,
    rows: all(6),
    background: { columns: background, rows: all(15) },
    method: 'auto',
    output: 'raw',
    seed: 0,
  })
  expect(explained).toMatchObject({ method: 'tree', exact: true, output: 'raw' })
  expect(explained.maxAbsError).toBeLessThan(tolerance)
})

test('LIME says how stable it is, and repeats itself', () => {
  const model = pipeline('regression', [member(trees('identity'))])
  const request = {
    pipeline: model,
    columns,
    rows: all(2),
    background: { columns: background, rows: all(15) },
    method: 'lime' as const,
    output: 'raw' as const,
    seed: 3,
  }
  const first = explainPipeline(request)
  expect(explainPipeline(request).values).toEqual(first.values)
  expect(first.exact).toBe(false)
  for (const stability of first.stability ?? []) expect(stability).toBeLessThanOrEqual(1)
  // It does not add up, and says by how much.
  expect(first.maxAbsError).toBeGreaterThan(0)
})

test('a method that cannot hold is refused', () => {
  const ensemble = pipeline('binary', [member(trees('logistic'), 0.5), member(trees('logistic'), 0.5)])
  const request = {
    pipeline: ensemble,
    columns,
    rows: all(1),
    background: { columns: background, rows: all(15) },
    output: 'raw' as const,
    seed: 0,
  }
  expect(() => explainPipeline({ ...request, method: 'tree' })).toThrow(MethodUnavailableError)
  const single = pipeline('binary', [member(trees('logistic'))])
  expect(() => explainPipeline({ ...request, pipeline: single, method: 'tree', output: 'probability' })).toThrow(
    MethodUnavailableError,
  )
})

test('attributions that do not add up are an error', () => {
  const model = trees('identity')
  // NaN must not pass for a small difference.
  const broken = { ...model, leafValues: model.leafValues.map(() => Number.NaN) }
  const request = {
    columns,
    rows: all(6),
    background: { columns: background, rows: all(15) },
    method: 'tree' as const,
    output: 'raw' as const,
    seed: 0,
  }
  expect(() => explainPipeline({ ...request, pipeline: pipeline('regression', [member(broken)]) })).toThrow(
    AdditivityError,
  )
})

function meanPrediction(
  model: Pipeline,
  rows: readonly Column[],
  row: number,
  against: readonly Column[],
  mask: number,
  width: number,
): number[] {
  const mixed = rows.map((column, at): Column => {
    const other = against[at] as Column
    const known = ((mask >>> at) & 1) === 1
    if (column.storage === 'codes')
      return {
        ...column,
        codes: Int32Array.from(
          { length: 15 },
          (_, b) => (known ? column.codes[row] : (other as typeof column).codes[b]) as number,
        ),
      }
    return {
      ...column,
      values: Float64Array.from(
        { length: 15 },
        (_, b) => (known ? column.values[row] : (other as typeof column).values[b]) as number,
      ),
    }
  })
  const { values } = predictPipelineColumns(model, mixed, all(15))
  return Array.from({ length: width }, (_, k) => {
    let sum = 0
    for (let b = 0; b < 15; b++) sum += (values[b * width + k] as number) / 15
    return sum
  })
}

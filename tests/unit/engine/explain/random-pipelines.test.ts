import { expect, test } from 'vitest'
import { explainPipeline, MethodUnavailableError } from '../../../../engine/explain/explain-pipeline.ts'
import type { Attributions, ExplainRequest, ExplanationMethod } from '../../../../engine/explain/explanation.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import type { TreeEnsemble } from '../../../../engine/learners/tree/tree-ensemble.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import type { Pipeline, PipelineMember } from '../../../../engine/pipeline/pipeline.ts'
import { predictPipelineColumns, scoreModel } from '../../../../engine/pipeline/predict-pipeline.ts'
import { transformColumns } from '../../../../engine/preprocess/transform-columns.ts'
import { randomStream } from '../../../../engine/random.ts'
import { finiteColumn } from '../../../fixtures/finite-column.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'
import { pathDependentWorth, shapleyByEnumeration } from '../../../fixtures/shapley-by-enumeration.ts'

/** The seed is fixed, so that a failure comes again. */
const runs = { numRuns: 200, seed: 2026 }
const nBackground = 4

const drawn = fc.record({
  seed: fc.nat({ max: 1e6 }),
  task: fc.constantFrom('binary', 'multiclass', 'regression'),
  family: fc.constantFrom('trees', 'forest', 'linear'),
  nMembers: fc.integer({ min: 1, max: 3 }),
  stacked: fc.boolean(),
})

/**
 * Pipelines of 8 raw columns with every kind of encoder, missing and unseen values, one to three members: each method
 * that does not refuse gives the Shapley values by definition, the mixed rows being made of *raw* cells and encoded anew.
 */
test('every method that holds for a random pipeline or ensemble equals the enumeration over its raw columns', {
  timeout: 120_000,
}, () => {
  const held = new Map<ExplanationMethod, number>()
  fc.assert(
    fc.property(drawn, ({ seed, ...options }) => {
      const random = randomStream(seed)
      const pipeline = randomPipeline(random, options)
      const columns = alignColumns(pipeline.inputs, randomFrame(random, nBackground + 1, pipeline)).map(finiteColumn)
      const request = {
        pipeline,
        columns,
        rows: Int32Array.of(0),
        background: { columns, rows: Int32Array.from({ length: nBackground }, (_, row) => row + 1) },
        output: 'raw' as const,
        seed: 0,
      }
      const methods = ['tree', 'interventional', 'linear', 'exact'] as const
      const methodsHeld = methods.filter((method) => equalsEnumeration({ ...request, method }))
      for (const method of methodsHeld) held.set(method, (held.get(method) ?? 0) + 1)
      // Whatever the pipeline is, enumeration holds.
      expect(methodsHeld).toContain('exact')
    }),
    runs,
  )
  // None of the methods is left out by the luck of the draw.
  expect(
    Math.min(...['tree', 'interventional', 'linear', 'exact'].map((each) => held.get(each as 'tree') ?? 0)),
  ).toBeGreaterThan(5)
})

/** False where the method refuses the pipeline. */
function equalsEnumeration(request: ExplainRequest): boolean {
  const actual = attributionsOf(request)
  if (actual === null) return false
  const expected = shapleyByEnumeration(request.pipeline.inputs.length, worthOf(request, actual.method)).flat()
  expect(actual.values).toHaveLength(expected.length)
  const size = expected.reduce((sum, value) => sum + Math.abs(value), Math.abs(actual.baseValues[0] as number))
  for (const [at, value] of expected.entries()) {
    // Scores of size 1 up to exp(30): rounding is relative to what was summed.
    expect(Math.abs((actual.values[at] as number) - value) / Math.max(1, size)).toBeLessThan(1e-12)
  }
  return true
}

function attributionsOf(request: ExplainRequest): Attributions | null {
  try {
    return explainPipeline(request)
  } catch (error) {
    if (error instanceof MethodUnavailableError) return null
    throw error
  }
}

/** The game by its definition: what is predicted, or the only member's score, on average over rows mixed of raw cells. */
function worthOf(request: ExplainRequest, method: ExplanationMethod): (mask: number) => readonly number[] {
  const { pipeline, columns } = request
  const [only] = pipeline.members as [PipelineMember]
  if (method === 'tree') return walkedWorth(request)
  const ofScore = method !== 'exact' && pipeline.members.length === 1
  return (mask) => {
    const mixed = columns.map((column, at) => mixColumn(column, ((mask >>> at) & 1) === 1))
    const outputs = ofScore
      ? scoreModel(only.model, transformColumns(mixed, only.encoders, only.features, request.background.rows))
      : shownPredictions(pipeline, mixed, request.background.rows)
    const nOutputs = outputs.length / nBackground
    return Array.from({ length: nOutputs }, (_, k) => {
      let sum = 0
      for (let b = 0; b < nBackground; b++) sum += outputs[b * nOutputs + k] as number
      return sum / nBackground
    })
  }
}

/** Path-dependent: of several members the weighted sum of their walks, which is refused where that is not the prediction. */
function walkedWorth({ pipeline: { members }, columns, rows }: ExplainRequest): (mask: number) => readonly number[] {
  const walks = members.map((member) => {
    const matrix = transformColumns(columns, member.encoders, member.features, rows)
    const valueAt = (feature: number) => matrix.columns[feature]?.[0] as number
    const playerOf = (feature: number) => member.features[feature]?.input as number
    return (mask: number) => pathDependentWorth(member.model as TreeEnsemble, valueAt, playerOf, mask)
  })
  return (mask) => {
    const worths = walks.map((walk) => walk(mask))
    return Array.from(worths[0] as Float64Array, (_, k) =>
      members.reduce((sum, { weight }, at) => sum + weight * (worths[at]?.[k] as number), 0),
    )
  }
}

function shownPredictions(pipeline: Pipeline, columns: readonly Column[], rows: Int32Array): Float64Array {
  const { values } = predictPipelineColumns(pipeline, columns, rows)
  return pipeline.task === 'binary' ? values.filter((_, at) => at % 2 === 1) : values
}

/** All rows get the cell of row 0 where it is known. */
function mixColumn(column: Column, known: boolean): Column {
  if (!known) return column
  return column.storage === 'codes'
    ? { ...column, codes: column.codes.map(() => column.codes[0] as number) }
    : { ...column, values: column.values.map(() => column.values[0] as number) }
}

import { describe, expect, test } from 'vitest'
import type { Frame } from '../../../../engine/frame/frame.ts'
import { exportPipeline, operatorSetsOf } from '../../../../engine/onnx/export-pipeline.ts'
import type { Dialect } from '../../../../engine/onnx/graph-builder.ts'
import { readOnnx } from '../../../../engine/onnx/reader/read-onnx.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import type { RandomPipelineOptions } from '../../../fixtures/random-pipelines.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'
import { referencePredictions } from '../../../fixtures/reference-predictions.ts'
import { runOnnx } from '../../../fixtures/run-onnx.ts'

const options = { producer: 'maestro', version: '0.0.0', metadata: {} }

/** Sums of up to a dozen doubles in another order, and another library's exp: a few units in the last place. */
const tolerance = 1e-12

const anyOptions = fc.record({
  task: fc.constantFrom('binary', 'multiclass', 'regression'),
  family: fc.constantFrom('trees', 'forest', 'linear', 'additive', 'neighbours', 'network'),
  nMembers: fc.integer({ min: 1, max: 3 }),
  stacked: fc.boolean(),
}) satisfies fc.Arbitrary<RandomPipelineOptions>

describe('an exported pipeline predicts what the pipeline predicts', () => {
  for (const nRows of [1, 257]) {
    test(`for ${nRows} rows of any kind of value`, { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(anyOptions, fc.nat(), async (choice, seed) => {
          const random = randomStream(seed)
          const pipeline = randomPipeline(random, choice)
          await expectParity(pipeline, randomFrame(random, nRows, pipeline))
        }),
        { numRuns: 90 },
      )
    })
  }
})

test('the portable form predicts the same, with operators of opset 13 and ai.onnx.ml 2 only', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyOptions, fc.nat(), async (choice, seed) => {
      const random = randomStream(seed)
      const pipeline = randomPipeline(random, { ...choice, wordless: true })
      await expectParity(pipeline, randomFrame(random, 60, pipeline), 'portable')
      const { operatorSets, graph } = readOnnx(exportPipeline(pipeline, { ...options, dialect: 'portable' }))
      expect(operatorSets).toEqual(operatorSetsOf('portable'))
      expect(graph?.nodes.filter(({ operator }) => operator === 'TreeEnsemble' || operator === 'StringSplit')).toEqual(
        [],
      )
    }),
    { numRuns: 60 },
  )
})

async function expectParity(pipeline: Pipeline, frame: Frame, dialect: Dialect = 'current'): Promise<void> {
  const expected = referencePredictions(pipeline, frame)
  const outputs = await runOnnx(exportPipeline(pipeline, { ...options, dialect }), frame)
  const [first, second] = Object.values(outputs)
  const values = (pipeline.task === 'regression' ? first : second)?.data as Float64Array
  const width = values.length / frame.nRows
  const own = predictPipeline(pipeline, frame).values
  expected.forEach((row, i) => {
    const differences = row.map((value, k) => difference(values[i * width + k] as number, value))
    expect(Math.max(...differences)).toBeLessThan(tolerance)
    const ownDifferences = row.map((value, k) => difference(own[i * width + k] as number, value))
    expect(Math.max(...ownDifferences)).toBeLessThan(tolerance)
    if (pipeline.task !== 'regression') expect(first?.data[i]).toBe(expectedLabel(pipeline, row))
  })
}

/** Absolute below 1, relative above; overflow on both sides is agreement. */
function difference(actual: number, expected: number): number {
  return Object.is(actual, expected) ? 0 : Math.abs(actual - expected) / Math.max(1, Math.abs(expected))
}

function expectedLabel({ task, classes, threshold }: Pipeline, row: readonly number[]): string {
  const best = task === 'binary' ? Number((row[1] as number) > threshold) : row.indexOf(Math.max(...row))
  return classes[best] as string
}

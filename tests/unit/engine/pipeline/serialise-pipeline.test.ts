import { expect, test } from 'vitest'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { parsePipeline, serialisePipeline } from '../../../../engine/pipeline/serialise-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomTrees } from '../../../fixtures/random-trees.ts'

function pipelineOf(seed: number, offset: number): Pipeline {
  const random = randomStream(seed)
  return {
    task: 'regression',
    target: 'größe "q"',
    classes: [],
    inputs: [{ name: 'a', type: 'number' }],
    threshold: 0.5,
    members: [
      {
        weight: 1,
        learner: 'test',
        encoders: [{ kind: 'numeric', input: 0, offset, impute: null, mean: 0, inverseScale: 1 }],
        features: [{ name: 'a', input: 0, kind: 'numeric', cardinality: 0 }],
        model: randomTrees(random, { nFeatures: 1, nTrees: 3, depth: 4, categorical: new Set(seed % 2 ? [0] : []) }),
        targetTransform: 'none',
      },
    ],
  }
}

test('what is read back has the same bits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double(), (seed, offset) => {
      const pipeline = pipelineOf(seed, offset)
      expect(parsePipeline(serialisePipeline(pipeline))).toEqual(pipeline)
    }),
    { numRuns: 60 },
  )
})

test('infinite, missing and negative zero numbers survive, in arrays and beside them', () => {
  const pipeline = pipelineOf(1, Number.NEGATIVE_INFINITY)
  const { members } = parsePipeline(serialisePipeline(pipeline))
  expect(members[0]?.encoders[0]).toMatchObject({ offset: Number.NEGATIVE_INFINITY })
  const zero = parsePipeline(serialisePipeline(pipelineOf(1, -0)))
  expect(zero.members[0]?.encoders[0]).toMatchObject({ offset: -0 })
})

test('anything else is refused', () => {
  expect(() => parsePipeline('{}')).toThrow('not a pipeline')
  expect(() => parsePipeline('{"format":"maestro-pipeline","formatVersion":99,"pipeline":{}}')).toThrow('format 99')
})

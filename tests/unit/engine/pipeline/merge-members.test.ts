import { expect, test } from 'vitest'
import { mergeMembers } from '../../../../engine/pipeline/merge-members.ts'
import type { FittedModel, PipelineMember } from '../../../../engine/pipeline/pipeline.ts'
import { scoreModel } from '../../../../engine/pipeline/predict-pipeline.ts'
import type { Encoder } from '../../../../engine/preprocess/encoder.ts'
import { transformColumns } from '../../../../engine/preprocess/transform-columns.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomTrees } from '../../../fixtures/random-trees.ts'

const random = randomStream(5)
const columns = [0, 1].map((at) => ({
  storage: 'float64' as const,
  name: `x${at}`,
  type: 'number' as const,
  values: Float64Array.from({ length: 50 }, () => (random.nextFloat() < 0.1 ? Number.NaN : random.nextNormal())),
}))
const plain: Encoder = { kind: 'numeric', input: 0, offset: 0, impute: null, mean: 0, inverseScale: 1 }
const scaled = (mean: number): Encoder => ({ kind: 'numeric', input: 1, offset: 0, impute: 0, mean, inverseScale: 2 })

function member(model: FittedModel, mean: number, weight: number): PipelineMember {
  const features = [0, 1].map((input) => ({ name: `x${input}`, input, kind: 'numeric' as const, cardinality: 0 }))
  return { weight, learner: 'test', encoders: [plain, scaled(mean)], features, model, targetTransform: 'none' }
}

test('the merged score is the weighted mean of the scores, and equal encoders are shared', () => {
  const trees = () => randomTrees(random, { nFeatures: 2, nTrees: 4, depth: 4, nOutputs: 2, link: 'softmax' })
  const members = [member(trees(), 0.1, 1), member(trees(), 0.2, 3)]
  const merged = mergeMembers(members) as PipelineMember
  // The plain encoder is in both; the scaled ones differ.
  expect(merged.encoders).toHaveLength(3)
  const scores = (each: PipelineMember) =>
    scoreModel(each.model, transformColumns(columns, each.encoders, each.features, null))
  const [first, second] = members.map(scores) as [Float64Array, Float64Array]
  for (const [at, score] of scores(merged).entries()) {
    expect(Math.abs(score - (0.25 * (first[at] as number) + 0.75 * (second[at] as number)))).toBeLessThan(1e-12)
  }
  expect(merged.weight).toBe(4)
})

test('members of different families, links or target transforms are not merged', () => {
  const trees = randomTrees(random, { nFeatures: 2, nTrees: 1, depth: 2 })
  const linear: FittedModel = {
    kind: 'linear',
    nFeatures: 2,
    nOutputs: 1,
    link: 'identity',
    weights: Float64Array.of(1, 2),
    intercept: Float64Array.of(0),
  }
  expect(mergeMembers([member(trees, 0, 1), member(linear, 0, 1)])).toBeNull()
  expect(mergeMembers([member(trees, 0, 1), member({ ...trees, link: 'logistic' }, 0, 1)])).toBeNull()
  expect(mergeMembers([member(trees, 0, 1), { ...member(trees, 0, 1), targetTransform: 'log1p' }])).toBeNull()
})

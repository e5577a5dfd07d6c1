import { expect, test } from 'vitest'
import type { Frame } from '../../../../../engine/frame/frame.ts'
import type { TreeEnsemble } from '../../../../../engine/learners/tree/tree-ensemble.ts'
import { exportPipeline } from '../../../../../engine/onnx/export-pipeline.ts'
import type { Pipeline } from '../../../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../../../engine/random.ts'
import { fc } from '../../../../fixtures/properties.ts'
import { randomTrees } from '../../../../fixtures/random-trees.ts'
import { referencePredictions } from '../../../../fixtures/reference-predictions.ts'
import { runOnnx } from '../../../../fixtures/run-onnx.ts'

const levels = ['a', 'b', 'c', 'd', 'e']

/** Two columns of categories, each once as codes and once as ordinal numbers, and one of numbers. */
function pipelineOf(model: TreeEnsemble): Pipeline {
  const ordinal = (input: number) => ({ kind: 'ordinal' as const, input, levels })
  return {
    task: 'regression',
    target: 'y',
    classes: [],
    inputs: [
      { name: 'first', type: 'category' },
      { name: 'second', type: 'category' },
      { name: 'number', type: 'number' },
    ],
    members: [
      {
        weight: 1,
        learner: 'trees',
        encoders: [
          ordinal(0),
          ordinal(1),
          { kind: 'numeric', input: 2, offset: 0, impute: null, mean: 0, inverseScale: 1 },
        ],
        features: [],
        model,
        targetTransform: 'none',
      },
    ],
    threshold: 0.5,
  }
}

/** Every combination of known, unseen and missing categories with a few numbers. */
const everyRow: Frame = (() => {
  const codes = [-1, 0, 1, 2, 3, 4, 5]
  const numbers = [Number.NaN, -1, 0, 0.5, 1]
  const rows = codes.flatMap((first) => codes.flatMap((second) => numbers.map((number) => [first, second, number])))
  const column = (position: number) => rows.map((row) => row[position] as number)
  const coded = { storage: 'codes' as const, type: 'category' as const, levels: [...levels, 'unseen'] }
  return {
    nRows: rows.length,
    columns: [
      { ...coded, name: 'first', codes: Int32Array.from(column(0)) },
      { ...coded, name: 'second', codes: Int32Array.from(column(1)) },
      { storage: 'float64', name: 'number', type: 'number', values: Float64Array.from(column(2)) },
    ],
  }
})()

async function expectSame(model: TreeEnsemble): Promise<void> {
  const pipeline = pipelineOf(model)
  const bytes = exportPipeline(pipeline, { producer: 'maestro', version: '0', metadata: {} })
  const { prediction } = await runOnnx(bytes, everyRow)
  const expected = referencePredictions(pipeline, everyRow).map(([value]) => value)
  // Leaves are whole numbers, so sums are exact.
  expect(Array.from(prediction?.data as Float64Array)).toEqual(expected)
}

const setPairs = [
  [[1], [2]],
  [[1, 3], [2]],
  [[1], [1, 2]],
  [
    [0, 4],
    [2, 3],
  ],
  [[], [1]],
  [[0, 1, 2, 3, 4], [2]],
  [[2], []],
] as const
const leafTriples = [
  [1, 1, 0],
  [1, 0, 1],
  [0, 1, 1],
  [1, 2, 3],
] as const

/** One tree: the first set leads to a leaf, the second split on the same feature to two more. */
function chain(
  sets: readonly (readonly number[])[],
  missingLeft: readonly number[],
  leaves: readonly number[],
): TreeEnsemble {
  const bits = (set: readonly number[]) => Uint32Array.of(set.reduce((word, code) => word | (1 << code), 0))
  return {
    kind: 'trees',
    nFeatures: 3,
    nOutputs: 1,
    base: Float64Array.of(0),
    link: 'identity',
    roots: Int32Array.of(0),
    treeOutput: Int32Array.of(0),
    feature: Int32Array.of(0, -1, 0, -1, -1),
    threshold: new Float64Array(5),
    categorySet: Int32Array.of(0, -1, 1, -1, -1),
    categorySets: sets.map(bits),
    missingLeft: Uint8Array.of(missingLeft[0] as number, 0, missingLeft[1] as number, 0, 0),
    left: Int32Array.of(1, -1, 3, -1, -1),
    right: Int32Array.of(2, -1, 4, -1, -1),
    cover: new Float64Array(5),
    leafAt: Int32Array.of(-1, 0, -1, 1, 2),
    leafValues: Float64Array.from(leaves),
  }
}

// ONNX Runtime joins two such splits when their leaves are equal, and then forgets where missing values go in the second.
test('two splits of categories after one another, missing values to either side, leaves equal or not', async () => {
  for (const sets of setPairs) {
    for (const leaves of leafTriples) {
      for (const flags of [0, 1, 2, 3]) await expectSame(chain(sets, [flags & 1, flags >> 1], leaves))
    }
  }
})

test('splits on few features, again and again, with leaves that are often equal', { timeout: 30_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 5 }), async (seed, depth) => {
      const random = randomStream(seed)
      const grown = randomTrees(random, {
        nFeatures: 1 + random.nextBelow(3),
        nTrees: 1 + random.nextBelow(3),
        depth,
        categorical: new Set([0, 1]),
        cardinality: levels.length,
      })
      const leafValues = grown.leafValues.map((value) => (value > 0.5 ? 1 : 0))
      // Only levels that exist: runtimes treat small sets in ways of their own.
      const categorySets = grown.categorySets.map((words) => words.map((word) => word & 31))
      await expectSame({ ...grown, nFeatures: 3, base: Float64Array.of(0), leafValues, categorySets })
    }),
    { numRuns: 150 },
  )
})

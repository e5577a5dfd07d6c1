import { expect, test } from 'vitest'
import { countLeaves, countNodes, ensembleBytes } from '../../../../../engine/learners/tree/ensemble-size.ts'
import { predictLeaves, predictTrees } from '../../../../../engine/learners/tree/predict-trees.ts'
import { randomStream } from '../../../../../engine/random.ts'
import { randomMatrix, randomTrees, scoreByDescent } from '../../../../fixtures/random-trees.ts'

const categorical = new Set([1, 3])
const shapes = [
  { nOutputs: 1, vectorLeaves: false },
  { nOutputs: 3, vectorLeaves: false },
  { nOutputs: 3, vectorLeaves: true },
]

test.each(shapes)('scores are those of plain descent, bit for bit: %o', (shape) => {
  const random = randomStream(4)
  const model = randomTrees(random, { nFeatures: 5, nTrees: 20, depth: 6, categorical, cardinality: 40, ...shape })
  const matrix = randomMatrix(random, 700, 5, categorical, 40)
  const expected = Array.from({ length: 700 }, (_, row) => {
    return Array.from(scoreByDescent(model, (feature) => matrix.columns[feature]?.[row] as number))
  })
  expect(Array.from(predictTrees(model, matrix))).toEqual(expected.flat())
  const rows = Int32Array.of(699, 0, 5, 5)
  expect(Array.from(predictTrees(model, matrix, rows))).toEqual(Array.from(rows, (row) => expected[row]).flat())
})

test.each(shapes)('kernels, their twins and plain descent give the same bits, in several chunks: %o', (shape) => {
  const random = randomStream(6)
  const model = randomTrees(random, { nFeatures: 5, nTrees: 24, depth: 13, categorical, cardinality: 70, ...shape })
  const matrix = randomMatrix(random, 1_500, 5, categorical, 70)
  for (const feature of [0, 2, 4]) {
    const column = matrix.columns[feature] as Float32Array
    column.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0], 60)
    column.set(model.threshold.filter((threshold) => threshold !== 0).slice(0, 30), 90)
  }
  const rows = Int32Array.from({ length: 4_003 }, () => random.nextBelow(1_500))
  // A chunk has 32,768 nodes; fewer rows would not be worth laying the trees out.
  expect(model.feature.length).toBeGreaterThan(33_000)
  expect(model.feature.length).toBeLessThan(rows.length * 24)
  const scores = predictTrees(model, matrix, rows, 'wasm')
  expect(predictTrees(model, matrix, rows, 'plain')).toEqual(scores)
  const expected = Array.from({ length: 1_500 }, (_, row) => {
    return Array.from(scoreByDescent(model, (feature) => matrix.columns[feature]?.[row] as number))
  })
  expect(Array.from(scores)).toEqual(Array.from(rows, (row) => expected[row]).flat())
})

test('doubles of other tools are compared as doubles', () => {
  const random = randomStream(7)
  const trees = randomTrees(random, { nFeatures: 2, nTrees: 3, depth: 3 })
  const model = { ...trees, threshold: trees.threshold.map((threshold) => threshold + 1e-12) }
  const matrix = randomMatrix(random, 500, 2)
  const columns = matrix.columns.map((column) => Float64Array.from(column, (value) => value + 1e-12))
  for (const [row, score] of predictTrees(model, { ...matrix, columns }).entries()) {
    expect([score]).toEqual(Array.from(scoreByDescent(model, (feature) => columns[feature]?.[row] as number)))
  }
})

test('leaves are those whose values make the score', () => {
  const random = randomStream(5)
  const model = randomTrees(random, { nFeatures: 4, nTrees: 7, depth: 5 })
  const matrix = randomMatrix(random, 50, 4)
  const leaves = predictLeaves(model, matrix)
  const scores = predictTrees(model, matrix)
  for (let row = 0; row < 50; row++) {
    let score = model.base[0] as number
    for (const leaf of leaves.subarray(7 * row, 7 * row + 7))
      score += model.leafValues[model.leafAt[leaf] as number] as number
    expect(score).toBe(scores[row])
  }
})

test('a matrix of another width is refused', () => {
  const model = randomTrees(randomStream(1), { nFeatures: 4, nTrees: 1, depth: 2 })
  expect(() => predictTrees(model, randomMatrix(randomStream(1), 3, 5))).toThrow('take 4 features and were given 5')
})

test('sizes', () => {
  const model = randomTrees(randomStream(2), { nFeatures: 4, nTrees: 3, depth: 4 })
  const leaves = model.leafAt.filter((at) => at >= 0).length
  expect(countLeaves(model)).toBe(leaves)
  // Binary trees have one inner node less than leaves.
  expect(countNodes(model)).toBe(2 * leaves - 3)
  expect(ensembleBytes(model)).toBeGreaterThan(countNodes(model) * 8)
})

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

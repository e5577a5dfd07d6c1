import { describe, expect, test } from 'vitest'
import { treeInteractions } from '../../../../engine/explain/tree-interactions.ts'
import { treeShap } from '../../../../engine/explain/tree-shap.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomMatrix, randomTrees } from '../../../fixtures/random-trees.ts'
import { interactionsByEnumeration, pathDependentWorth } from '../../../fixtures/shapley-by-enumeration.ts'

// Sums of some hundred doubles of size 1: rounding stays well below this.
const tolerance = 1e-12

const shapes = [
  { name: 'one output', nFeatures: 5, nTrees: 6, depth: 4 },
  { name: 'one feature', nFeatures: 1, nTrees: 3, depth: 3 },
  { name: 'vector leaves', nFeatures: 4, nTrees: 4, depth: 4, nOutputs: 3, vectorLeaves: true },
  { name: 'categories', nFeatures: 5, nTrees: 6, depth: 4, categorical: new Set([0, 3]), cardinality: 40 },
  { name: 'features repeated on a path', nFeatures: 2, nTrees: 5, depth: 6 },
] as const

describe.each(shapes)('interactions of trees with $name', (shape) => {
  const random = randomStream(17, shape.nFeatures, shape.nTrees, shape.depth)
  const model = randomTrees(random, shape)
  const matrix = randomMatrix(random, 8, shape.nFeatures, 'categorical' in shape ? shape.categorical : new Set(), 40)

  test.each([1, 2])('equal the enumeration; a player for every %i features', (together) => {
    const playerOf = Int32Array.from({ length: shape.nFeatures }, (_, feature) => Math.floor(feature / together))
    const nPlayers = Math.max(...playerOf) + 1
    const values = treeInteractions(model, matrix, { playerOf })
    for (let row = 0; row < matrix.nRows; row++) {
      const expected = interactionsByEnumeration(nPlayers, (mask) =>
        pathDependentWorth(
          model,
          (feature) => matrix.columns[feature]?.[row] as number,
          (feature) => playerOf[feature] as number,
          mask,
        ),
      ).flat(2)
      const size = model.nOutputs * nPlayers * nPlayers
      for (const [at, value] of expected.entries()) {
        expect(Math.abs((values[row * size + at] as number) - value)).toBeLessThan(tolerance)
      }
    }
  })

  test('are symmetric, and their rows add up to the attributions', () => {
    const values = treeInteractions(model, matrix, { from: 2, to: 7 })
    const attributions = treeShap(model, matrix, { from: 2, to: 7 })
    const size = shape.nFeatures
    for (const [at, attribution] of attributions.entries()) {
      const start = at * size
      const row = values.subarray(start, start + size)
      expect(Math.abs(row.reduce((sum, value) => sum + value, 0) - attribution)).toBeLessThan(tolerance)
      const matrixStart = Math.floor(at / size) * size * size
      for (const [q, value] of row.entries()) {
        expect(values[matrixStart + q * size + (at % size)]).toBe(value)
      }
    }
  })
})

test('stay finite and add up where a path has more players than a table', () => {
  const random = randomStream(23)
  // Deep trees of 40 features: most paths have more than 13 players.
  const model = randomTrees(random, { nFeatures: 40, nTrees: 1, depth: 16 })
  const matrix = randomMatrix(random, 3, 40)
  const values = treeInteractions(model, matrix)
  const attributions = treeShap(model, matrix)
  for (const [at, attribution] of attributions.entries()) {
    const sum = values.subarray(at * 40, at * 40 + 40).reduce((all, value) => all + value, 0)
    // Unwinding long paths loses digits.
    expect(Math.abs(sum - attribution)).toBeLessThan(1e-9)
  }
})

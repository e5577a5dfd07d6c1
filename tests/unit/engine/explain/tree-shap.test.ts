import { describe, expect, test } from 'vitest'
import { interventionalTreeShap } from '../../../../engine/explain/interventional-tree-shap.ts'
import { expectedScores } from '../../../../engine/explain/leaf-paths.ts'
import { treeShap } from '../../../../engine/explain/tree-shap.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomMatrix, randomTrees, scoreByDescent } from '../../../fixtures/random-trees.ts'
import {
  interventionalWorth,
  pathDependentWorth,
  shapleyByEnumeration,
} from '../../../fixtures/shapley-by-enumeration.ts'

// Sums of some hundred doubles of size 1: rounding stays well below this.
const tolerance = 1e-12

const shapes = [
  { name: 'one output', nFeatures: 5, nTrees: 6, depth: 4 },
  { name: 'three outputs, a tree each', nFeatures: 4, nTrees: 6, depth: 3, nOutputs: 3 },
  { name: 'vector leaves', nFeatures: 4, nTrees: 4, depth: 4, nOutputs: 3, vectorLeaves: true },
  { name: 'categories', nFeatures: 5, nTrees: 6, depth: 4, categorical: new Set([0, 3]), cardinality: 40 },
  { name: 'features repeated on a path', nFeatures: 2, nTrees: 5, depth: 6 },
] as const

describe.each(shapes)('exact Shapley values of trees with $name', (shape) => {
  const random = randomStream(7, shape.nFeatures, shape.nTrees, shape.depth)
  const model = randomTrees(random, shape)
  const categorical: ReadonlySet<number> = 'categorical' in shape ? shape.categorical : new Set()
  const matrix = randomMatrix(random, 12, shape.nFeatures, categorical, 40)
  const background = randomMatrix(random, 9, shape.nFeatures, categorical, 40)

  test.each(['each feature', 'two features together'])(
    'path-dependent values equal the enumeration; players: %s',
    (players) => {
      const playerOf = playersOf(shape.nFeatures, players)
      const nPlayers = Math.max(...playerOf) + 1
      const values = treeShap(model, matrix, { playerOf })
      for (let row = 0; row < matrix.nRows; row++) {
        const valueAt = (feature: number) => matrix.columns[feature]?.[row] as number
        const expected = shapleyByEnumeration(nPlayers, (mask) =>
          pathDependentWorth(model, valueAt, (feature) => playerOf[feature] as number, mask),
        )
        expectClose(
          values.subarray(row * model.nOutputs * nPlayers, (row + 1) * model.nOutputs * nPlayers),
          expected.flat(),
        )
      }
    },
  )

  test.each(['each feature', 'two features together'])(
    'interventional values equal the enumeration; players: %s',
    (players) => {
      const playerOf = playersOf(shape.nFeatures, players)
      const nPlayers = Math.max(...playerOf) + 1
      const values = interventionalTreeShap(model, matrix, background, { playerOf })
      for (let row = 0; row < matrix.nRows; row++) {
        const expected = shapleyByEnumeration(nPlayers, (mask) =>
          interventionalWorth(model, matrix, row, background, (feature) => playerOf[feature] as number, mask),
        )
        expectClose(
          values.subarray(row * model.nOutputs * nPlayers, (row + 1) * model.nOutputs * nPlayers),
          expected.flat(),
        )
      }
    },
  )

  test('values add up to score minus expected score', () => {
    const values = treeShap(model, matrix)
    const expected = expectedScores(model)
    for (let row = 0; row < matrix.nRows; row++) {
      const scores = scoreByDescent(model, (feature) => matrix.columns[feature]?.[row] as number)
      for (let k = 0; k < model.nOutputs; k++) {
        const at = (row * model.nOutputs + k) * shape.nFeatures
        const sum = values.subarray(at, at + shape.nFeatures).reduce((total, value) => total + value, 0)
        expect(Math.abs((expected[k] as number) + sum - (scores[k] as number))).toBeLessThan(tolerance)
      }
    }
  })
})

describe('long paths', () => {
  // A comb of 40 different features: too many for a mask of one word, and for a table.
  test.each([14, 40])(
    '%i players on a path give values that add up, alike in both methods of keeping masks',
    (length) => {
      const model = comb(length)
      const random = randomStream(3, length)
      const matrix = randomMatrix(random, 50, length)
      const expected = expectedScores(model)
      const values = treeShap(model, matrix)
      const background = randomMatrix(random, 5, length)
      const against = interventionalTreeShap(model, matrix, background)
      for (let row = 0; row < matrix.nRows; row++) {
        const score = scoreByDescent(model, (feature) => matrix.columns[feature]?.[row] as number)[0] as number
        const sum = values.subarray(row * length, (row + 1) * length).reduce((total, value) => total + value, 0)
        expect(Math.abs((expected[0] as number) + sum - score)).toBeLessThan(1e-9)
        let mean = 0
        for (let b = 0; b < background.nRows; b++) {
          mean +=
            (scoreByDescent(model, (feature) => background.columns[feature]?.[b] as number)[0] as number) /
            background.nRows
        }
        const total = against.subarray(row * length, (row + 1) * length).reduce((all, value) => all + value, 0)
        expect(Math.abs(mean + total - score)).toBeLessThan(1e-9)
      }
    },
  )
})

test('blocks and row ranges do not change a bit', () => {
  const random = randomStream(11)
  const model = randomTrees(random, { nFeatures: 6, nTrees: 8, depth: 5 })
  // More rows than a block holds.
  const matrix = randomMatrix(random, 16_450, 6)
  const all = treeShap(model, matrix)
  const part = treeShap(model, matrix, { from: 16_340, to: 16_450 })
  expect(part).toEqual(all.subarray(16_340 * 6))
})

function playersOf(nFeatures: number, players: string): Int32Array {
  return players === 'each feature'
    ? Int32Array.from({ length: nFeatures }, (_, feature) => feature)
    : Int32Array.from({ length: nFeatures }, (_, feature) => Math.max(0, feature - 1))
}

function expectClose(actual: Float64Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries())
    expect(Math.abs((actual[index] as number) - value)).toBeLessThan(tolerance)
}

/** A tree that asks one feature after another, each no leading to a leaf. */
function comb(length: number) {
  const random = randomStream(5, length)
  const nodes = 2 * length + 1
  const model = randomTrees(random, { nFeatures: length, nTrees: 1, depth: 1 })
  const feature = new Int32Array(nodes).fill(-1)
  const threshold = new Float64Array(nodes)
  const left = new Int32Array(nodes).fill(-1)
  const right = new Int32Array(nodes).fill(-1)
  const cover = new Float64Array(nodes)
  const leafAt = new Int32Array(nodes).fill(-1)
  const leafValues: number[] = []
  cover[0] = 1 << 20
  for (let level = 0; level < length; level++) {
    const node = 2 * level
    feature[node] = level
    threshold[node] = 1
    left[node] = node + 2
    right[node] = node + 1
    cover[node + 1] = (cover[node] as number) * 0.2
    cover[node + 2] = (cover[node] as number) * 0.8
    leafAt[node + 1] = leafValues.push(random.nextNormal()) - 1
  }
  leafAt[nodes - 1] = leafValues.push(1) - 1
  return {
    ...model,
    roots: Int32Array.of(0),
    feature,
    threshold,
    categorySet: new Int32Array(nodes).fill(-1),
    categorySets: [],
    missingLeft: new Uint8Array(nodes),
    left,
    right,
    cover,
    leafAt,
    leafValues: Float64Array.from(leafValues),
  }
}

import { describe, expect, test } from 'vitest'
import { gradientBoosting } from '../../../../../engine/learners/gbdt/gradient-boosting.ts'
import { predictTrees } from '../../../../../engine/learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../../../../../engine/learners/tree/tree-ensemble.ts'
import { naiveTree } from '../../../../fixtures/naive-boosting.ts'
import { fc } from '../../../../fixtures/properties.ts'
import { type RandomFitOptions, randomFit } from '../../../../fixtures/random-fit.ts'

/** Gradients are rounded to float32, so leaves differ by some 2^-24 of the targets' range. */
const digits = 5

function expectNaive(
  options: Pick<RandomFitOptions, 'features' | 'missing' | 'seed'>,
  lambda: number,
  maxLeaves: number,
) {
  const input = randomFit({ task: 'regression', nRows: 60, ...options })
  // With more, rare categories are cut in groups, which trying all subsets is not told.
  const minRows = options.features.some((cardinality) => cardinality > 0) ? 1 : 3
  const { model } = gradientBoosting.fit(input, {
    nTrees: 1,
    learningRate: 1,
    maxLeaves,
    minRowsInLeaf: minRows,
    lambda,
    categorySmoothing: 0,
    categoryLambda: 0,
    oneVersusRestLevels: 0,
    minRowsInBin: 1,
  })
  const scores = predictTrees(model as TreeEnsemble, input.matrix)
  const expected = naiveTree(input, maxLeaves, { lambda, minRows })
  for (const [row, value] of expected) expect(scores[row]).toBeCloseTo(value, digits)
}

describe('a tree is the one that trying every cut on the rows themselves gives', () => {
  const shapes = {
    seed: fc.integer({ min: 1, max: 1e6 }),
    lambda: fc.constantFrom(0, 1.5),
    maxLeaves: fc.integer({ min: 2, max: 6 }),
  }

  test('numbers', () => {
    fc.assert(
      fc.property(shapes.seed, shapes.lambda, shapes.maxLeaves, (seed, lambda, maxLeaves) => {
        expectNaive({ features: [0, 0, 0], seed }, lambda, maxLeaves)
      }),
      { numRuns: 25 },
    )
  })

  test('numbers with missing values, on the better side or alone', () => {
    fc.assert(
      fc.property(shapes.seed, shapes.lambda, shapes.maxLeaves, (seed, lambda, maxLeaves) => {
        expectNaive({ features: [0, 0, 0], missing: 0.3, seed }, lambda, maxLeaves)
      }),
      { numRuns: 25 },
    )
  })

  test('categories without smoothing: the best of all their subsets, missing among them', () => {
    fc.assert(
      fc.property(shapes.seed, shapes.maxLeaves, (seed, maxLeaves) => {
        expectNaive({ features: [5, 0, 4], missing: 0.2, seed }, 0, maxLeaves)
      }),
      { numRuns: 25 },
    )
  })
})

test.each([3, 7, 12, 15])('few categories are split into the best one and the rest (seed %i)', (seed) => {
  const input = randomFit({ task: 'regression', nRows: 300, features: [4], seed })
  const { model } = gradientBoosting.fit(input, { nTrees: 1, learningRate: 1, maxLeaves: 2, minRowsInLeaf: 1 })
  const scores = predictTrees(model as TreeEnsemble, input.matrix)
  const column = input.matrix.columns[0] as Float32Array
  const errorOf = (predicted: (row: number) => number) =>
    input.labels.reduce((sum, label, row) => sum + (label - predicted(row)) ** 2, 0)
  const meanWhere = (isIn: (row: number) => boolean) => {
    const own = input.labels.filter((_, row) => isIn(row))
    return own.reduce((sum, label) => sum + label, 0) / own.length
  }
  const best = [0, 1, 2, 3].map((code) => {
    const [alone, rest] = [meanWhere((row) => column[row] === code), meanWhere((row) => column[row] !== code)]
    return errorOf((row) => (column[row] === code ? alone : rest))
  })
  expect(errorOf((row) => scores[row] as number)).toBeCloseTo(Math.min(...best), 3)
})

test('few categories are split one against the rest', () => {
  const input = randomFit({ task: 'regression', nRows: 400, features: [4], seed: 3 })
  const { model } = gradientBoosting.fit(input, { nTrees: 1, maxLeaves: 2, minRowsInLeaf: 1 })
  const [set] = model.kind === 'trees' ? model.categorySets : []
  const codes = [0, 1, 2, 3].filter((code) => (((set as Uint32Array)[0] as number) >>> code) & 1)
  expect([1, 3]).toContain(codes.length)
})

test('rare categories share a bin when there are more than 254, and all of its codes go the same way', () => {
  const input = randomFit({ task: 'regression', nRows: 3000, features: [400], seed: 5 })
  const { model } = gradientBoosting.fit(input, { nTrees: 3, minRowsInLeaf: 5 })
  const scores = predictTrees(model as TreeEnsemble, input.matrix)
  const column = input.matrix.columns[0] as Float32Array
  const counts = new Map<number, number>()
  for (const code of column) counts.set(code, (counts.get(code) ?? 0) + 1)
  const rarest = [...counts].sort((a, b) => a[1] - b[1] || b[0] - a[0]).slice(0, counts.size - 253)
  const ofRare = new Set(rarest.map(([code]) => scores[column.indexOf(code)]))
  expect(ofRare.size).toBe(1)
})

test('a value that was never missing while training goes with the larger child when it is', () => {
  const input = randomFit({ task: 'regression', nRows: 300, features: [0], seed: 8 })
  const { model } = gradientBoosting.fit(input, { nTrees: 1, maxLeaves: 2 })
  if (model.kind !== 'trees') throw new Error('Boosting makes trees')
  const [left, right] = [model.left[0] as number, model.right[0] as number]
  expect(model.missingLeft[0]).toBe((model.cover[left] as number) >= (model.cover[right] as number) ? 1 : 0)
})

test('a category that no training row of the node had goes with the larger child', () => {
  const input = randomFit({ task: 'regression', nRows: 300, features: [6], seed: 9 })
  const unseen = { ...input.matrix, features: input.matrix.features.map((feature) => ({ ...feature, cardinality: 9 })) }
  const { model } = gradientBoosting.fit({ ...input, matrix: unseen }, { nTrees: 1, maxLeaves: 2, minRowsInLeaf: 1 })
  if (model.kind !== 'trees') throw new Error('Boosting makes trees')
  const [left, right] = [model.left[0] as number, model.right[0] as number]
  const goesLeft = (((model.categorySets[0] as Uint32Array)[0] as number) >>> 8) & 1
  expect(goesLeft).toBe((model.cover[left] as number) >= (model.cover[right] as number) ? 1 : 0)
})

import { expect, test } from 'vitest'
import { interventionalTreeShap } from '../../../../engine/explain/interventional-tree-shap.ts'
import { linearShap } from '../../../../engine/explain/linear-shap.ts'
import { treeInteractions } from '../../../../engine/explain/tree-interactions.ts'
import { treeShap } from '../../../../engine/explain/tree-shap.ts'
import type { LinearModel } from '../../../../engine/learners/linear/linear-model.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomMatrix, randomTrees } from '../../../fixtures/random-trees.ts'
import {
  interactionsByEnumeration,
  interventionalWorth,
  pathDependentWorth,
  shapleyByEnumeration,
} from '../../../fixtures/shapley-by-enumeration.ts'

/** 160 ensembles and 40 linear models: 200 in all. The seed is fixed, so that a failure comes again. */
const treeRuns = { numRuns: 160, seed: 2026 }
const linearRuns = { numRuns: 40, seed: 2026 }

const shape = fc.record({
  seed: fc.nat(),
  nFeatures: fc.integer({ min: 1, max: 10 }),
  nTrees: fc.integer({ min: 1, max: 4 }),
  // Deeper than there are features to ask: they are repeated on paths.
  depth: fc.integer({ min: 1, max: 6 }),
  nOutputs: fc.integer({ min: 1, max: 3 }),
  vectorLeaves: fc.boolean(),
  categories: fc.nat({ max: 1023 }),
  nPlayers: fc.integer({ min: 1, max: 10 }),
})

test('values and interactions of random ensembles equal the enumeration', () => {
  fc.assert(
    fc.property(shape, ({ seed, categories, ...options }) => {
      const { nFeatures } = options
      const random = randomStream(31, seed)
      const all = Array.from({ length: nFeatures }, (_, feature) => feature)
      const categorical = new Set(all.filter((feature) => (categories >>> feature) & 1))
      const model = randomTrees(random, { ...options, categorical, cardinality: 40 })
      // A tenth of the cells is missing.
      const matrix = randomMatrix(random, 2, nFeatures, categorical, 40)
      const background = randomMatrix(random, 3, nFeatures, categorical, 40)
      const playerOf = Int32Array.from(all, (feature) => feature % options.nPlayers)
      const nPlayers = Math.max(...playerOf) + 1
      const playerAt = (feature: number) => playerOf[feature] as number

      const row = 1
      const walk = remembered((mask) =>
        pathDependentWorth(model, (feature) => matrix.columns[feature]?.[row] as number, playerAt, mask),
      )
      const range = { playerOf, from: row, to: row + 1 }
      expectClose(treeShap(model, matrix, range), shapleyByEnumeration(nPlayers, walk).flat())
      expectClose(treeInteractions(model, matrix, range), interactionsByEnumeration(nPlayers, walk).flat(2))
      const mixed = (mask: number) => interventionalWorth(model, matrix, row, background, playerAt, mask)
      expectClose(
        interventionalTreeShap(model, matrix, background, range),
        shapleyByEnumeration(nPlayers, mixed).flat(),
      )
    }),
    treeRuns,
  )
})

test('values of random linear models equal the enumeration', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 10 }),
      (seed, nFeatures, nOutputs, most) => {
        const random = randomStream(32, seed)
        const model: LinearModel = {
          kind: 'linear',
          nFeatures,
          nOutputs,
          link: 'identity',
          weights: Float64Array.from({ length: nFeatures * nOutputs }, () => random.nextNormal()),
          intercept: Float64Array.from({ length: nOutputs }, () => random.nextNormal()),
        }
        // Linear learners never see missing values: their encoders fill them.
        const complete = (nRows: number) => ({
          nRows,
          features: [],
          columns: Array.from({ length: nFeatures }, () => Float32Array.from({ length: nRows }, random.nextNormal)),
        })
        const matrix = complete(1)
        const background = complete(5)
        const playerOf = Int32Array.from({ length: nFeatures }, (_, feature) => feature % most)
        const nPlayers = Math.max(...playerOf) + 1
        const worth = (mask: number) =>
          Array.from({ length: nOutputs }, (_, k) => {
            let sum = 0
            for (let b = 0; b < background.nRows; b++) {
              sum += model.intercept[k] as number
              for (let feature = 0; feature < nFeatures; feature++) {
                const known = (mask >>> (playerOf[feature] as number)) & 1
                const value = (known ? matrix.columns[feature]?.[0] : background.columns[feature]?.[b]) as number
                sum += (model.weights[k * nFeatures + feature] as number) * value
              }
            }
            return sum / background.nRows
          })
        expectClose(
          linearShap(model, matrix, background, playerOf, nPlayers),
          shapleyByEnumeration(nPlayers, worth).flat(),
        )
      },
    ),
    linearRuns,
  )
})

function remembered(worth: (mask: number) => Float64Array): (mask: number) => Float64Array {
  const known = new Map<number, Float64Array>()
  return (mask) => {
    const worths = known.get(mask) ?? worth(mask)
    known.set(mask, worths)
    return worths
  }
}

function expectClose(actual: Float64Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [at, value] of expected.entries()) {
    // Doubles of size 1, some hundred of them: rounding stays well below this.
    expect(Math.abs((actual[at] as number) - value)).toBeLessThan(1e-12)
  }
}

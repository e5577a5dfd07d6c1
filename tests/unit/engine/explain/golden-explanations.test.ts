import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { interventionalTreeShap } from '../../../../engine/explain/interventional-tree-shap.ts'
import { expectedScores } from '../../../../engine/explain/leaf-paths.ts'
import { linearShap } from '../../../../engine/explain/linear-shap.ts'
import { treeInteractions } from '../../../../engine/explain/tree-interactions.ts'
import { treeShap } from '../../../../engine/explain/tree-shap.ts'
import { matrixOf } from '../../../fixtures/plain-matrix.ts'
import { ensembleOf, type PlainTrees } from '../../../fixtures/plain-trees.ts'

type Rows = readonly (readonly (number | null)[])[]

interface Golden {
  readonly trees: readonly {
    readonly name: string
    readonly trees: PlainTrees
    readonly x: Rows
    readonly background: Rows
    readonly expected: readonly number[]
    /** [row][output][feature]. */
    readonly path_dependent: readonly (readonly (readonly number[])[])[]
    readonly interventional: readonly (readonly (readonly number[])[])[]
    /** [row][output][feature][feature]. */
    readonly interactions?: readonly (readonly (readonly (readonly number[])[])[])[]
  }[]
  readonly linear: {
    readonly weights: readonly (readonly number[])[]
    readonly intercept: readonly number[]
    readonly x: Rows
    readonly background: Rows
    readonly values: readonly (readonly (readonly number[])[])[]
  }
}

const golden = JSON.parse(readFileSync(new URL('../../../golden/shap/shap.json', import.meta.url), 'utf8')) as Golden

// Both sides sum some dozen doubles of size 1, in different orders.
const tolerance = 1e-9

describe.each(golden.trees)('python shap on $name', (stored) => {
  const model = ensembleOf(stored.trees)
  const matrix = matrixOf(stored.x)

  test('path-dependent values and their base', () => {
    expectClose(treeShap(model, matrix), stored.path_dependent.flat(2))
    expectClose(expectedScores(model), stored.expected)
  })

  test('interventional values', () => {
    expectClose(interventionalTreeShap(model, matrix, matrixOf(stored.background)), stored.interventional.flat(2))
  })

  // shap has no interactions for LightGBM's categories and classes.
  test.skipIf(!stored.interactions)('interactions', () => {
    expectClose(treeInteractions(model, matrix), stored.interactions?.flat(3) ?? [])
  })
})

test('python shap on a linear model', () => {
  const { weights, intercept, x, background, values } = golden.linear
  const nFeatures = weights[0]?.length ?? 0
  const model = {
    kind: 'linear' as const,
    nFeatures,
    nOutputs: weights.length,
    link: 'softmax' as const,
    weights: Float64Array.from(weights.flat()),
    intercept: Float64Array.from(intercept),
  }
  const players = Int32Array.from({ length: nFeatures }, (_, feature) => feature)
  expectClose(linearShap(model, matrixOf(x), matrixOf(background), players, nFeatures), values.flat(2))
})

function expectClose(actual: Float64Array, wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length)
  expect(wanted.some((value) => Math.abs(value) > 0.1)).toBe(true)
  for (const [at, value] of wanted.entries()) {
    expect(Math.abs((actual[at] as number) - value)).toBeLessThanOrEqual(tolerance)
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { interventionalTreeShap } from '../../../../engine/explain/interventional-tree-shap.ts'
import { expectedScores } from '../../../../engine/explain/leaf-paths.ts'
import { linearShap } from '../../../../engine/explain/linear-shap.ts'
import { treeInteractions } from '../../../../engine/explain/tree-interactions.ts'
import { treeShap } from '../../../../engine/explain/tree-shap.ts'
import type { LinearModel } from '../../../../engine/learners/linear/linear-model.ts'
import { matrixOf } from '../../../fixtures/plain-matrix.ts'
import { ensembleOf, type PlainTrees } from '../../../fixtures/plain-trees.ts'
import { scoreByDescent } from '../../../fixtures/random-trees.ts'

type Nested = readonly (number | Nested)[]

interface Values {
  readonly values: Nested
  readonly expected_value: number | readonly number[]
  /** Rows of `x` that are listed; all where absent. */
  readonly rows_of_x?: readonly number[]
}

interface ReferenceCase {
  readonly name: string
  readonly kind?: 'tree' | 'linear'
  readonly features: readonly string[]
  readonly x: readonly (readonly (number | string | null)[])[]
  readonly background: readonly (readonly (number | string | null)[])[]
  readonly native_raw: Nested
  readonly checks: Readonly<Record<string, number>>
  readonly trees?: string
  readonly path_dependent?: Values
  readonly path_dependent_exact?: Values
  readonly interventional_raw?: Values
  readonly interventional_raw_exact?: Values
  readonly interactions?: Omit<Values, 'expected_value'>
  readonly interactions_exact?: Omit<Values, 'expected_value'>
  readonly coefficients?: { readonly coef: Nested; readonly intercept: number | readonly number[] }
}

const folder = resolve('../shared/reference/shap')
const present = existsSync(folder)
const cases = present
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReferenceCase)
      .filter(({ kind }) => kind !== undefined)
  : []
/** `lightgbm-categorical` is there as an ONNX file only, which the engine does not read. */
const treeCases = cases.filter(({ kind, trees }) => kind === 'tree' && trees)
const linearCases = cases.filter(({ kind }) => kind === 'linear')

test.skipIf(!present)('every case that can be read is read (skipped where ../shared is not there)', () => {
  expect(treeCases).toHaveLength(23)
  expect(linearCases).toHaveLength(4)
  expect(cases).toHaveLength(28)
})

describe.each(treeCases)('stored explanations of $name', (reference) => {
  const plain = JSON.parse(readFileSync(join(folder, reference.trees as string), 'utf8')) as PlainTrees & {
    readonly cover_note?: string
  }
  const model = ensembleOf(plain)
  const matrix = matrixOf(reference.x)
  const background = matrixOf(reference.background)
  const raw = reference.native_raw.flat(2) as number[]
  const xgboost = reference.name.startsWith('xgboost')
  const scores = (of: typeof matrix) =>
    Array.from({ length: of.nRows }, (_, row) => [
      ...scoreByDescent(model, (feature) => of.columns[feature]?.[row] as number),
    ])
  // 1e-12 of the score, as the collection's README asks: doubles summed in different orders. XGBoost sums in float32.
  const scale = Math.max(1, ...raw.map(Math.abs))
  const exact = 1e-12 * scale

  test('the trees give the native scores', () => {
    for (const [at, score] of scores(matrix).flat().entries()) {
      expect(Math.abs(score - (raw[at] as number))).toBeLessThanOrEqual((xgboost ? 2e-6 : 1e-12) * scale)
    }
  })

  test('path-dependent values', () => {
    const values = treeShap(model, matrix)
    expectAdditive(values, expectedScores(model), scores(matrix), exact)
    if (reference.path_dependent_exact) expectValues(values, reference.path_dependent_exact, exact)
    // Where branches saw no training row the weights are not defined, and each library has its own rule.
    if (plain.cover_note) return
    expectValues(values, reference.path_dependent as Values, xgboost ? 2e-5 * scale : exact)
  })

  test('interventional values', () => {
    const values = interventionalTreeShap(model, matrix, background)
    const base = Float64Array.from({ length: model.nOutputs }, (_, k) => {
      return scores(background).reduce((sum, score) => sum + (score[k] as number), 0) / background.nRows
    })
    expectAdditive(values, base, scores(matrix), exact)
    expectValues(values, reference.interventional_raw_exact as Values, xgboost ? 2e-6 * scale : exact)
    // shap holds thresholds in float32 there: where that made a difference, it is wrong.
    const known = reference.checks.shap_against_exact_interventional_raw as number
    if (known <= 1e-6 * scale) expectValues(values, reference.interventional_raw as Values, 1e-6 * scale)
  })

  test.skipIf(!reference.interactions)('interaction values', () => {
    const values = treeInteractions(model, matrix)
    expectValues(values, reference.interactions_exact as Values, exact)
    expectValues(values, reference.interactions as Values, xgboost ? 2e-5 * scale : exact)
  })

  test('features that are constant get exactly nothing', () => {
    const values = treeShap(model, matrix)
    const used = new Set(model.feature)
    for (let at = 0; at < values.length; at++) if (!used.has(at % model.nFeatures)) expect(values[at]).toBe(0)
  })

  function expectValues(
    values: Float64Array,
    { values: wanted, rows_of_x }: Omit<Values, 'expected_value'>,
    most: number,
  ) {
    const listed = rows_of_x ?? reference.x.map((_, row) => row)
    expect(wanted).toHaveLength(listed.length)
    const size = values.length / matrix.nRows
    for (const [at, row] of listed.entries()) {
      const ours = values.subarray(row * size, (row + 1) * size)
      const theirs = flatten(wanted[at] as Nested)
      expect(theirs).toHaveLength(size)
      const inner = size / model.nOutputs
      // Outputs come first here and last there.
      for (let k = 0; k < model.nOutputs; k++) {
        for (let p = 0; p < inner; p++) {
          const other = theirs[p * model.nOutputs + k] as number
          expect(Math.abs((ours[k * inner + p] as number) - other)).toBeLessThanOrEqual(most)
        }
      }
    }
  }
})

describe.each(linearCases)('stored explanations of $name', (reference) => {
  test('linear values', () => {
    const weights = flatten(reference.coefficients?.coef as Nested)
    const nFeatures = reference.features.length
    const nOutputs = weights.length / nFeatures
    const model: LinearModel = {
      kind: 'linear',
      nFeatures,
      nOutputs,
      link: 'identity',
      weights: Float64Array.from(weights),
      intercept: Float64Array.from([reference.coefficients?.intercept as number | number[]].flat()),
    }
    const players = Int32Array.from({ length: nFeatures }, (_, feature) => feature)
    const values = linearShap(model, matrixOf(reference.x), matrixOf(reference.background), players, nFeatures)
    const wanted = reference.interventional_raw_exact as Values
    const scale = Math.max(1, ...flatten(reference.native_raw).map(Math.abs))
    for (const [at, row] of (wanted.rows_of_x ?? []).entries()) {
      const theirs = flatten(wanted.values[at] as Nested)
      for (let k = 0; k < nOutputs; k++) {
        for (let p = 0; p < nFeatures; p++) {
          const ours = values[(row * nOutputs + k) * nFeatures + p] as number
          expect(Math.abs(ours - (theirs[p * nOutputs + k] as number))).toBeLessThanOrEqual(1e-12 * scale)
        }
      }
    }
    expect(wanted.rows_of_x?.length).toBeGreaterThan(0)
  })
})

function expectAdditive(
  values: Float64Array,
  base: Float64Array,
  scores: readonly (readonly number[])[],
  most: number,
): void {
  const nPlayers = values.length / scores.length / base.length
  for (const [at, score] of scores.flat().entries()) {
    const sum = values.subarray(at * nPlayers, (at + 1) * nPlayers).reduce((all, value) => all + value, 0)
    expect(Math.abs((base[at % base.length] as number) + sum - score)).toBeLessThanOrEqual(most)
  }
}

function flatten(values: Nested): number[] {
  return values.flatMap((value) => (typeof value === 'number' ? [value] : flatten(value)))
}

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { covariancesOf } from '../../../../../engine/learners/linear/descend.ts'
import { shiftsOf, sumRows } from '../../../../../engine/learners/linear/gram.ts'
import {
  choosePenalty,
  penaltiesOf,
  regularisationPath,
} from '../../../../../engine/learners/linear/regularisation-path.ts'
import { learnerByName } from '../../../../../engine/learners/registry.ts'
import { scoreModel } from '../../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream, shuffledIndices } from '../../../../../engine/random.ts'

interface Golden {
  readonly paths: readonly { readonly l1Ratio: number; readonly alphas: number[]; readonly coefficients: number[][] }[]
  readonly rows: number[][]
  readonly weights: number[]
  readonly binary: number[]
  readonly multiclass: number[]
  readonly regression: number[]
  readonly cases: readonly {
    readonly learner: string
    readonly task: 'binary' | 'multiclass' | 'regression'
    readonly parameters: Record<string, number>
    readonly weighted: boolean
    readonly coefficients: number[][]
    readonly intercept: number[]
  }[]
}

const golden = JSON.parse(readFileSync('tests/golden/linear/linear.json', 'utf8')) as Golden
const nRows = golden.rows.length
const nFeatures = golden.rows[0]?.length ?? 0
const matrix = {
  nRows,
  features: Array.from({ length: nFeatures }, (_, j) => ({
    name: `x${j}`,
    input: j,
    kind: 'numeric' as const,
    cardinality: 0,
  })),
  columns: Array.from({ length: nFeatures }, (_, j) => Float32Array.from(golden.rows, (row) => row[j] as number)),
}

describe('coefficients equal scikit-learn’s', () => {
  test.each(
    golden.cases.map(
      (each) =>
        [
          `${each.learner} ${each.task} ${JSON.stringify(each.parameters)}${each.weighted ? ' weighted' : ''}`,
          each,
        ] as const,
    ),
  )('%s', (_name, each) => {
    const { model } = learnerByName(each.learner).fit(
      {
        task: each.task,
        nClasses: each.task === 'regression' ? 0 : each.task === 'binary' ? 2 : 3,
        matrix,
        labels: Float64Array.from(golden[each.task]),
        weights: each.weighted ? Float64Array.from(golden.weights) : null,
        rows: Int32Array.from({ length: nRows }, (_, row) => row),
        validationRows: null,
        seed: 0,
        shouldStop: () => false,
      },
      each.parameters,
    )
    if (model.kind !== 'linear') throw new Error('not linear')
    // L-BFGS stops at a gradient of 1e-5; coordinate descent goes to 1e-9. Multinomial intercepts are free up to a constant.
    const tolerance = each.learner === 'elastic-net' ? 1e-6 : 2e-3
    const centre = (values: readonly number[]) => {
      const mean = each.task === 'multiclass' ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
      return values.map((value) => value - mean)
    }
    for (const [k, row] of each.coefficients.entries()) {
      for (const [j, value] of row.entries()) {
        expect(Math.abs((model.weights[k * nFeatures + j] as number) - value)).toBeLessThan(tolerance)
      }
    }
    const intercept = centre(Array.from(model.intercept))
    for (const [k, value] of centre(each.intercept).entries()) {
      expect(Math.abs((intercept[k] as number) - value)).toBeLessThan(tolerance)
    }
  })
})

const regression = {
  task: 'regression' as const,
  nClasses: 0,
  matrix,
  labels: Float64Array.from(golden.regression),
  weights: null,
  rows: Int32Array.from({ length: nRows }, (_, row) => row),
  validationRows: null,
  seed: 3,
  shouldStop: () => false,
}

describe('the elastic-net path', () => {
  test.each(golden.paths.map((path) => [path.l1Ratio, path] as const))(
    'l1Ratio %d equals scikit-learn’s',
    (l1Ratio, { alphas, coefficients }) => {
      const covariances = covariancesOf(sumRows(regression, regression.rows, shiftsOf(regression, regression.rows)))
      const penalties = penaltiesOf(covariances, l1Ratio)
      const path = regularisationPath(covariances, penalties, l1Ratio, () => false)
      for (const [at, alpha] of alphas.entries()) {
        expect((penalties[at] as number) / alpha).toBeCloseTo(1, 9)
        for (const [j, weight] of (coefficients[at] as number[]).entries()) {
          expect(Math.abs((path[at]?.[j] as number) - weight)).toBeLessThan(1e-6)
        }
      }
    },
  )

  test('the penalty chosen is the one whose fits of four fifths of the rows miss the others least', () => {
    const shifts = shiftsOf(regression, regression.rows)
    const sums = sumRows(regression, regression.rows, shifts)
    const penalties = penaltiesOf(covariancesOf(sums), 0.5)
    const order = shuffledIndices(nRows, randomStream(regression.seed, 0xe1a))
    const errors = Array.from(penalties, (alpha) => {
      let error = 0
      for (let fold = 0; fold < 5; fold++) {
        const rows = order.filter((_, at) => at % 5 !== fold)
        const { model } = learnerByName('elastic-net').fit({ ...regression, rows }, { alpha, l1Ratio: 0.5 })
        const scores = scoreModel(model, matrix)
        for (const row of order.filter((_, at) => at % 5 === fold)) {
          error += ((scores[row] as number) - (regression.labels[row] as number)) ** 2
        }
      }
      return error
    })
    const best = penalties[errors.indexOf(Math.min(...errors))]
    expect(choosePenalty(regression, shifts, sums, 0.5)).toBe(best)
    const chosen = learnerByName('elastic-net').fit(regression, { penalty: 'cross-validated', l1Ratio: 0.5 })
    expect(chosen.model).toEqual(
      learnerByName('elastic-net').fit(regression, { alpha: best as number, l1Ratio: 0.5 }).model,
    )
  })
})

test('an L1 penalty makes weights exactly zero', () => {
  const input = { ...regression, task: 'binary' as const, nClasses: 2, labels: Float64Array.from(golden.binary) }
  const { model } = learnerByName('logistic-regression').fit(input, { c: 0.05, l1Ratio: 1 })
  if (model.kind !== 'linear') throw new Error('not linear')
  expect(model.weights.filter((weight) => weight === 0).length).toBeGreaterThan(0)
  expect(model.weights.some((weight) => weight !== 0)).toBe(true)
})

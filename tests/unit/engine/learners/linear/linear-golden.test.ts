import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { learnerByName } from '../../../../../engine/learners/registry.ts'

interface Golden {
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

import { expect, test } from 'vitest'
import { correlatedLinearShap } from '../../../../engine/explain/correlated-linear-shap.ts'
import { linearShap } from '../../../../engine/explain/linear-shap.ts'
import type { LinearModel } from '../../../../engine/learners/linear/linear-model.ts'
import type { FeatureMatrix } from '../../../../engine/preprocess/feature-matrix.ts'
import { randomStream } from '../../../../engine/random.ts'
import { shapleyByEnumeration } from '../../../fixtures/shapley-by-enumeration.ts'

const random = randomStream(77)

function matrixOf(rows: readonly (readonly number[])[]): FeatureMatrix {
  const nFeatures = rows[0]?.length ?? 0
  return {
    nRows: rows.length,
    features: [],
    columns: Array.from({ length: nFeatures }, (_, f) => Float32Array.from(rows, (row) => row[f] as number)),
  }
}

function modelOf(weights: readonly number[], nOutputs = 1): LinearModel {
  return {
    kind: 'linear',
    nFeatures: weights.length / nOutputs,
    nOutputs,
    link: 'identity',
    weights: Float64Array.from(weights),
    intercept: new Float64Array(nOutputs),
  }
}

/** Solves A x = b by elimination with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number])
  const n = rows.length
  for (let c = 0; c < n; c++) {
    let best = c
    for (let r = c; r < n; r++) if (Math.abs(rows[r]?.[c] as number) > Math.abs(rows[best]?.[c] as number)) best = r
    ;[rows[c], rows[best]] = [rows[best] as number[], rows[c] as number[]]
    for (let r = 0; r < n; r++) {
      if (r === c) continue
      const factor = (rows[r]?.[c] as number) / (rows[c]?.[c] as number)
      for (let k = c; k <= n; k++)
        (rows[r] as number[])[k] = (rows[r]?.[k] as number) - factor * (rows[c]?.[k] as number)
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] as number))
}

/** E[score | features of the coalition] of a normal distribution with the background's moments, by solving anew each time. */
function conditionalWorth(
  model: LinearModel,
  row: readonly number[],
  background: FeatureMatrix,
  known: readonly boolean[],
) {
  const n = model.nFeatures
  const mean = background.columns.map((column) => column.reduce((sum, value) => sum + value / column.length, 0))
  const covariance = (a: number, b: number) => {
    const [x, y] = [background.columns[a] as Float32Array, background.columns[b] as Float32Array]
    return x.reduce(
      (sum, v, i) => sum + ((v - (mean[a] as number)) * ((y[i] as number) - (mean[b] as number))) / x.length,
      0,
    )
  }
  const given = Array.from({ length: n }, (_, f) => f).filter((f) => known[f])
  const away = given.map((f) => (row[f] as number) - (mean[f] as number))
  const weights =
    given.length === 0
      ? []
      : solve(
          given.map((a) => given.map((b) => covariance(a, b))),
          away,
        )
  const expected = mean.map((value, f) =>
    known[f]
      ? (row[f] as number)
      : value + given.reduce((sum, g, at) => sum + covariance(f, g) * (weights[at] as number), 0),
  )
  return Array.from({ length: model.nOutputs }, (_, k) =>
    expected.reduce((sum, value, f) => sum + (model.weights[k * n + f] as number) * value, 0),
  )
}

const mixed = (n: number, size: number) => {
  const mix = Array.from({ length: size * size }, () => random.nextNormal())
  return Array.from({ length: n }, () => {
    const own = Array.from({ length: size }, () => random.nextNormal())
    return own.map((_, f) => own.reduce((sum, value, g) => sum + value * (mix[f * size + g] as number), 0))
  })
}

test('equals the enumeration of conditional means, players of several features too', () => {
  const background = matrixOf(mixed(60, 6))
  const model = modelOf(
    Array.from({ length: 12 }, () => random.nextNormal()),
    2,
  )
  const rows = mixed(2, 6)
  const playerOf = Int32Array.of(0, 1, 1, 2, 3, 3)
  const actual = correlatedLinearShap(model, matrixOf(rows), background, playerOf, 4)
  for (const [i, row] of rows.entries()) {
    // What the model sees is float32.
    const seen = row.map(Math.fround)
    const expected = shapleyByEnumeration(4, (mask) =>
      conditionalWorth(
        model,
        seen,
        background,
        Array.from(playerOf, (player) => ((mask >>> player) & 1) === 1),
      ),
    ).flat()
    // Elimination of a 6 × 6 covariance with a condition of some hundreds.
    for (const [at, value] of expected.entries())
      expect(Math.abs((actual[i * 8 + at] as number) - value)).toBeLessThan(1e-9)
  }
})

test('without correlation it is the closed form, and a copy without weight takes half of the credit', () => {
  const corners = [-1, 1].flatMap((a) => [-1, 1].map((b) => [a, b]))
  const model = modelOf([2, -3])
  const playerOf = Int32Array.of(0, 1)
  const [matrix, background] = [matrixOf([[0.5, 2]]), matrixOf(corners)]
  const independent = linearShap(model, matrix, background, playerOf, 2)
  for (const [at, value] of correlatedLinearShap(model, matrix, background, playerOf, 2).entries())
    expect(value).toBeCloseTo(independent[at] as number, 12)
  const twins = matrixOf(corners.map(([a]) => [a as number, a as number]))
  const shared = correlatedLinearShap(modelOf([2, 0]), matrixOf([[0.5, 0.5]]), twins, playerOf, 2)
  expect(Array.from(shared)).toEqual([0.5, 0.5])
})

test('adds up for many players, and for rows that break what the background always holds', () => {
  const size = 14
  const background = mixed(40, size).map((row) => [...row.slice(0, size - 2), row[0] as number, 7])
  const model = modelOf(Array.from({ length: size }, () => random.nextNormal()))
  const playerOf = Int32Array.from({ length: size }, (_, f) => f)
  const row = Array.from({ length: size }, () => random.nextNormal())
  const matrix = matrixOf([row])
  const against = matrixOf(background)
  const values = correlatedLinearShap(model, matrix, against, playerOf, size)
  const expected = linearShap(model, matrix, against, playerOf, size).reduce((sum, value) => sum + value, 0)
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(expected, 9)
})

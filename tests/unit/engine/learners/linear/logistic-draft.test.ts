import { describe, expect, test } from 'vitest'
import type { FitInput } from '../../../../../engine/learners/learner.ts'
import type { LinearModel } from '../../../../../engine/learners/linear/linear-model.ts'
import { logisticProblem } from '../../../../../engine/learners/linear/logistic-loss.ts'
import { logisticRegression } from '../../../../../engine/learners/linear/logistic-regression.ts'
import { randomStream } from '../../../../../engine/random.ts'

const nRows = 10_000
const nFeatures = 3
const columns = Array.from({ length: nFeatures }, () => new Float32Array(nRows))
const scores = new Float64Array(nRows)
const everyRow = Int32Array.from({ length: nRows }, (_, row) => row)
const random = randomStream(5)
for (let row = 0; row < nRows; row++) {
  for (const [j, column] of columns.entries()) {
    column[row] = random.nextNormal()
    scores[row] = (scores[row] as number) + (j - 0.5) * (column[row] as number)
  }
  scores[row] = (scores[row] as number) + random.nextNormal()
}

function inputOf(given: Partial<FitInput> = {}): FitInput {
  return {
    task: 'binary',
    nClasses: 2,
    matrix: { nRows, features: [], columns },
    labels: scores.map((score) => Number(score > 0)),
    weights: null,
    rows: everyRow,
    validationRows: null,
    seed: 1,
    shouldStop: () => false,
    ...given,
  }
}

/** The largest entry of the gradient where the fit ended, and how many full passes it took. */
function fitted(input: FitInput) {
  const { model, iterations } = logisticRegression.fit(input, { c: 1 })
  const { weights, intercept, nOutputs } = model as LinearModel
  const point = new Float64Array(nOutputs * (nFeatures + 1))
  for (let k = 0; k < nOutputs; k++) {
    point.set(weights.subarray(k * nFeatures, (k + 1) * nFeatures), k * (nFeatures + 1))
    point[k * (nFeatures + 1) + nFeatures] = intercept[k] as number
  }
  const gradient = new Float64Array(point.length)
  logisticProblem(input, nOutputs, (totalWeight) => 1 / totalWeight).objective(point, gradient)
  return { slope: Math.max(...gradient.map(Math.abs)), iterations, point }
}

describe('logistic regression that starts from a part of the rows', () => {
  test.each([
    ['as they come', inputOf()],
    ['sorted by class', inputOf({ rows: everyRow.toSorted((a, b) => (scores[a] as number) - (scores[b] as number)) })],
    [
      'of several classes',
      inputOf({ task: 'multiclass', nClasses: 3, labels: scores.map((s) => +(s > -1) + +(s > 1)) }),
    ],
    ['with weights', inputOf({ weights: scores.map((score) => Math.abs(score)) })],
  ])('ends where the gradient of all rows does: %s', (_, input) => {
    expect(fitted(input).slope).toBeLessThan(1e-5)
  })

  test('takes fewer passes over all rows than it does from nothing', () => {
    const tooFew = everyRow.subarray(0, 1_500)
    expect(fitted(inputOf()).iterations).toBeLessThan(fitted(inputOf({ rows: tooFew })).iterations)
  })

  test('leaves the part out where it has next to no weight', () => {
    const weights = Float64Array.from({ length: nRows }, (_, row) => (row % 2_048 < 256 ? 0 : 1))
    const { slope, point } = fitted(inputOf({ weights }))
    expect(slope).toBeLessThan(1e-5)
    expect(point.every(Number.isFinite)).toBe(true)
  })
})

import { describe, expect, test } from 'vitest'
import type { FitInput } from '../../../../../engine/learners/learner.ts'
import { minimise } from '../../../../../engine/learners/linear/lbfgs.ts'
import { logisticProblem } from '../../../../../engine/learners/linear/logistic-loss.ts'
import { logisticRegression } from '../../../../../engine/learners/linear/logistic-regression.ts'
import { preconditionBy, sampleRows, startNearby } from '../../../../../engine/learners/linear/nearby-start.ts'
import { randomStream } from '../../../../../engine/random.ts'

/** Features of very different scales, related to each other, and a category so rare that a sample may lack it. */
function tableOf(nRows: number, shareOfOnes = 0.5): FitInput {
  const random = randomStream(5)
  const columns = Array.from({ length: 8 }, () => new Float32Array(nRows))
  const labels = new Float64Array(nRows)
  for (let row = 0; row < nRows; row++) {
    const common = random.nextNormal()
    let score = 0
    for (const [j, column] of columns.entries()) {
      const value =
        j === 7 ? Number(random.nextBelow(3_000) === 0) : (common + 0.3 * random.nextNormal()) * 2 ** (j - 3)
      column[row] = value
      score += value * 2 ** (3 - j) * (j % 2 === 0 ? 1 : -0.7)
    }
    labels[row] = Number(random.nextFloat() < 2 * shareOfOnes * (1 / (1 + Math.exp(-score))))
  }
  return {
    task: 'binary',
    nClasses: 2,
    matrix: {
      nRows,
      features: columns.map((_, input) => ({ name: `x${input}`, input, kind: 'numeric', cardinality: 0 })),
      columns,
    },
    labels,
    weights: null,
    rows: Int32Array.from({ length: nRows }, (_, row) => nRows - 1 - row),
    validationRows: null,
    seed: 3,
    shouldStop: () => false,
  }
}

describe('the sample', () => {
  test('has one row of each stretch', () => {
    const input = tableOf(12_000)
    const rows = sampleRows(input) as Int32Array
    // Of 8 features 1,024 rows, the fewest: one of each stretch of 11.7, in the order of the rows.
    expect(rows.length).toBe(1_024)
    for (const [stretch, row] of rows.entries()) {
      const at = input.rows.indexOf(row)
      expect(Math.floor((at * 1_024 + 1_023) / 12_000)).toBe(stretch)
    }
  })

  test('is not taken from a small table, nor where one class is rare', () => {
    expect(sampleRows(tableOf(4_000))).toBeNull()
    expect(sampleRows(tableOf(12_000, 0.005))).toBeNull()
  })
})

test.each([false, true])('the second derivatives are those of the gradient, weighted: %s', (weighted) => {
  const input = tableOf(501)
  const weights = weighted ? Float64Array.from({ length: 501 }, (_, row) => 0.5 + (row % 3)) : null
  const problem = logisticProblem({ ...input, weights }, input.rows, 1, 0.01)
  const point = Float64Array.from({ length: 9 }, (_, j) => 0.1 * (j - 4))
  const curvature = problem.curvature(point)
  const step = 1e-5
  for (let j = 0; j < 9; j++) {
    const [above, below] = [step, -step].map((change) => {
      const gradient = new Float64Array(9)
      problem.objective(
        point.map((value, at) => value + (at === j ? change : 0)),
        gradient,
      )
      return gradient
    })
    for (let l = 0; l < 9; l++) {
      const slope = ((above?.[l] as number) - (below?.[l] as number)) / (2 * step)
      // A central difference: its error is of the third derivative, here up to 100, times the step squared.
      expect(curvature[j * 9 + l]).toBeCloseTo(slope, 6)
    }
  }
})

test('from there few passes over all rows are left, and they end at the same place', () => {
  const input = tableOf(12_000)
  const near = new Float64Array(9)
  const ridge = 1 / 12_000
  const sampled = sampleRows(input) as Int32Array
  const view = startNearby(logisticProblem(input, sampled, 1, ridge), near, () => false)
  const problem = logisticProblem(input, input.rows, 1, ridge)
  let passes = 0
  const counted: typeof problem.objective = (point, gradient) => {
    passes++
    return problem.objective(point, gradient)
  }
  const precondition = preconditionBy(view, problem.meanSquares()) as () => void
  minimise(counted, near, { tolerance: 1e-7, iterations: 2_000, precondition })
  const passesFromNear = passes
  const far = new Float64Array(9)
  minimise(counted, far, { tolerance: 1e-7, iterations: 2_000 })
  expect(passesFromNear).toBeLessThan((passes - passesFromNear) / 3)
  expect(passesFromNear).toBeLessThan(20)
  for (const [j, value] of near.entries()) expect(Math.abs(value - (far[j] as number))).toBeLessThan(2e-3)
})

test('a fit that starts there is the same with the kernels and their twins, weighted or not', () => {
  const input = tableOf(9_000)
  for (const weights of [null, Float64Array.from({ length: 9_000 }, (_, row) => 0.5 + (row % 3))]) {
    const [wasm, plain] = (['wasm', 'plain'] as const).map((kernels) =>
      logisticRegression.fit({ ...input, weights, kernels }, {}),
    )
    expect(plain).toEqual(wasm)
  }
})

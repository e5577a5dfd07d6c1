import { describe, expect, test } from 'vitest'
import type { FitInput } from '../../../../../engine/learners/learner.ts'
import { fitNetwork } from '../../../../../engine/learners/network/fit-network.ts'
import { neuralNetwork } from '../../../../../engine/learners/network/neural-network.ts'
import { applyLink } from '../../../../../engine/pipeline/apply-link.ts'
import { scoreModel } from '../../../../../engine/pipeline/predict-pipeline.ts'
import { randomFit } from '../../../../fixtures/random-fit.ts'

const shape = { nRows: 600, features: [0, 6, 0, 0] }
const quick = { width: 16, depth: 2, epochs: 4, batchRows: 64 }

describe.each(['binary', 'multiclass', 'regression'] as const)('%s', (task) => {
  test('kernels and their twins, and every run, give the same bits', () => {
    const input = randomFit({ ...shape, task, weighted: true })
    const fitted = fitNetwork(input, quick, 'wasm')
    expect(fitNetwork(input, quick, 'plain')).toEqual(fitted)
    expect(fitNetwork(input, quick, 'wasm')).toEqual(fitted)
    expect(fitNetwork({ ...input, seed: 8 }, quick, 'wasm').model).not.toEqual(fitted.model)
    // Wide enough for products in whole numbers.
    const wide = { ...quick, width: 64, epochs: 2 }
    expect(fitNetwork(input, wide, 'plain')).toEqual(fitNetwork(input, wide, 'wasm'))
  })

  test('it learns what no linear model can', () => {
    const input = randomFit({ ...shape, task, nRows: 3_000, validation: 0.3 })
    const { model, learningCurve } = neuralNetwork.fit(input, {
      width: 64,
      epochs: 40,
      batchRows: 64,
      learningRate: 5e-3,
    })
    const outputs = applyLink(scoreModel(model, input.matrix), model.nOutputs, model.link)
    const rows = input.validationRows as Int32Array
    if (task === 'regression') {
      // Half the noise of 0.5; labels vary by about 1.
      expect(meanOf(rows, (row) => ((outputs[row] as number) - (input.labels[row] as number)) ** 2)).toBeLessThan(0.36)
    } else {
      const width = task === 'binary' ? 2 : 3
      const isRight = (row: number) => {
        const own = outputs.subarray(row * width, (row + 1) * width)
        return Number(own.indexOf(Math.max(...own)) === input.labels[row])
      }
      expect(meanOf(rows, isRight)).toBeGreaterThan(task === 'binary' ? 0.78 : 0.66)
    }
    expect(Math.min(...learningCurve)).toBeLessThan(0.9 * (learningCurve[0] as number))
  })
})

function meanOf(rows: Int32Array, of: (row: number) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0) / rows.length
}

test('the weights of the best epoch are kept', () => {
  const input = randomFit({ ...shape, task: 'binary', nRows: 300, validation: 0.3 })
  const { learningCurve, iterations } = neuralNetwork.fit(input, { epochs: 30, learningRate: 1e-2, batchRows: 16 })
  expect(learningCurve[iterations - 1]).toBe(Math.min(...learningCurve))
  expect(learningCurve.length).toBeLessThan(30)
})

test('a missing code has a learned point of its own, and predictions are finite', () => {
  const input = randomFit({ ...shape, task: 'binary' })
  const { model } = neuralNetwork.fit(input, quick)
  if (model.kind !== 'network') throw new Error('not a network')
  const columns = input.matrix.columns.map((column, f) => (f === 1 ? column.map(() => Number.NaN) : column))
  const scores = scoreModel(model, { ...input.matrix, columns })
  expect(scores.every(Number.isFinite)).toBe(true)
  expect(scores).not.toEqual(scoreModel(model, input.matrix))
})

test('weights are as good as rows that are there several times', () => {
  const input = randomFit({ task: 'regression', nRows: 200, features: [0, 0] })
  const constant: FitInput = { ...input, weights: new Float64Array(200).fill(3) }
  const { model } = fitNetwork(constant, quick, 'wasm')
  const plain = fitNetwork(input, quick, 'wasm').model
  const scores = scoreModel(model, input.matrix)
  for (const [row, score] of scoreModel(plain, input.matrix).entries()) expect(scores[row]).toBeCloseTo(score, 4)
})

test('it stops when told, with what it has', () => {
  const input = randomFit({ ...shape, task: 'binary', nRows: 5_000 })
  let epochs = 0
  const fitted = neuralNetwork.fit(
    { ...input, shouldStop: () => epochs >= 2, onProgress: () => epochs++ },
    { ...quick, epochs: 10_000 },
  )
  expect(fitted.learningCurve.length).toBeLessThanOrEqual(3)
  expect(() => neuralNetwork.fit(input, { widht: 3 })).toThrow('widht')
})

import { describe, expect, test } from 'vitest'
import { fitBoosting, gradientBoosting } from '../../../../../engine/learners/gbdt/gradient-boosting.ts'
import { quantileOf } from '../../../../../engine/learners/gbdt/weighted-quantile.ts'
import type { FitInput } from '../../../../../engine/learners/learner.ts'
import { scoreModel } from '../../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../../engine/random.ts'
import { randomFit } from '../../../../fixtures/random-fit.ts'

const objectives = ['absolute', 'quantile', 'huber', 'poisson'] as const

/** Targets that are not negative, as Poisson wants them. */
function counts(input: FitInput): FitInput {
  return { ...input, labels: input.labels.map((label) => Math.round(Math.exp(Math.min(4, label)))) }
}

describe.each(objectives)('%s', (objective) => {
  const input = counts(
    randomFit({
      task: 'regression',
      nRows: 1_500,
      features: [0, 6, 0],
      weighted: true,
      missing: 0.05,
      validation: 0.2,
    }),
  )
  test.each([{ nTrees: 8 }, { nTrees: 8, rowFraction: 0.6, featureFraction: 0.7 }])(
    'kernels and their twins give the same bits: %o',
    (parameters) => {
      const given = { ...parameters, objective, quantile: 0.7, maxLeaves: 7 }
      expect(fitBoosting(input, given, 'wasm')).toEqual(fitBoosting(input, given, 'plain'))
    },
  )

  test('its own validation loss falls, and is measured in the target’s unit', () => {
    const { learningCurve, model } = gradientBoosting.fit(input, { objective, nTrees: 40, quantile: 0.8 })
    expect(Math.min(...learningCurve)).toBeLessThan(
      0.9 * (learningCurve[0] as number) + (objective === 'poisson' ? 1 : 0),
    )
    const last = gradientBoosting.fit({ ...input, keep: 'all' }, { objective, nTrees: 3, quantile: 0.8 })
    const scores = scoreModel(last.model, input.matrix)
    const rows = input.validationRows as Int32Array
    const mean = (of: (score: number, label: number) => number) => {
      let sum = 0
      let total = 0
      for (const row of rows) {
        const weight = input.weights?.[row] as number
        sum += weight * of(scores[row] as number, input.labels[row] as number)
        total += weight
      }
      return sum / total
    }
    if (objective === 'absolute')
      expect(last.learningCurve[2]).toBeCloseTo(
        mean((s, y) => Math.abs(s - y)),
        4,
      )
    if (objective === 'quantile')
      expect(last.learningCurve[2]).toBeCloseTo(
        mean((s, y) => (s >= y ? 0.2 * (s - y) : 0.8 * (y - s))),
        4,
      )
    expect(model.link).toBe(objective === 'poisson' ? 'exp' : 'identity')
  })
})

test('a quantile has its share of rows below it', () => {
  const input = randomFit({ task: 'regression', nRows: 4_000, features: [0, 0] })
  const { model } = gradientBoosting.fit(input, { objective: 'quantile', quantile: 0.9, nTrees: 60, maxLeaves: 6 })
  const scores = scoreModel(model, input.matrix)
  const below = input.labels.filter((label, row) => label <= (scores[row] as number)).length / input.labels.length
  expect(Math.abs(below - 0.9)).toBeLessThan(0.02)
})

describe('monotone columns', () => {
  const base = randomFit({ task: 'regression', nRows: 2_000, features: [0, 0, 5], missing: 0.03 })
  test.each(['regression', 'binary'] as const)('%s: predictions never go against the direction', (task) => {
    const labels = task === 'binary' ? base.labels.map((label) => Number(label > 0)) : base.labels
    const input = { ...base, task, labels, nClasses: 2 }
    const parameters = { nTrees: 40, maxLeaves: 24, minRowsInLeaf: 3, monotone: '{"f0":1,"f1":-1}' }
    const { model } = gradientBoosting.fit(input, parameters)
    const random = randomStream(5)
    for (const [feature, direction] of [
      [0, 1],
      [1, -1],
    ] as const) {
      const others = [random.nextNormal(), random.nextNormal(), random.nextBelow(5)]
      const columns = others.map((value, f) =>
        Float32Array.from({ length: 400 }, (_, i) => (f === feature ? (i - 200) / 60 : value)),
      )
      const scores = scoreModel(model, { ...input.matrix, nRows: 400, columns })
      for (let i = 1; i < 400; i++) {
        expect(direction * ((scores[i] as number) - (scores[i - 1] as number))).toBeGreaterThanOrEqual(-1e-12)
      }
      // The sine that the target follows goes against it somewhere, so the bound is what keeps it.
      expect(new Set(scores).size).toBeGreaterThan(1)
    }
    const free = gradientBoosting.fit(input, { ...parameters, monotone: '' })
    const breaks = (code: number) =>
      scoreModel(free.model, { ...input.matrix, nRows: 400, columns: sweepFirst(code) }).some(
        (score, i, all) => i > 0 && score < (all[i - 1] as number) - 1e-6,
      )
    expect([0, 1, 2, 3, 4].some(breaks)).toBe(true)
  })

  test('a column that the target goes against is not split on at all', () => {
    const column = base.matrix.columns[0] as Float32Array
    const input = { ...base, labels: Float64Array.from(column, (value) => (Number.isNaN(value) ? 0 : -value)) }
    const { model } = gradientBoosting.fit(input, { nTrees: 3, maxLeaves: 8, monotone: '{"f0":1}' })
    if (model.kind !== 'trees') throw new Error('Boosting makes trees')
    // But for missing values, which may go to either side of all others.
    const cuts = model.threshold.filter((_, node) => model.feature[node] === 0)
    const largest = Math.max(...column.filter((value) => !Number.isNaN(value)))
    expect(cuts.every((cut) => cut >= largest)).toBe(true)
  })

  test('what cannot be kept is refused by name', () => {
    const attempt = (parameters: Record<string, string>, input: FitInput = base) =>
      gradientBoosting.fit(input, parameters)
    expect(() => attempt({ monotone: '{"nobody":1}' })).toThrow('nobody')
    expect(() => attempt({ monotone: '{"f2":1}' })).toThrow('f2')
    expect(() => attempt({ monotone: '{"f0":2}' })).toThrow('1 or -1')
    expect(() => attempt({ monotone: 'f0' })).toThrow('JSON')
    expect(() => attempt({ monotone: '{"f0":1}', objective: 'absolute' })).toThrow('absolute')
  })
})

function sweepFirst(code: number): Float32Array[] {
  const values = [(i: number) => (i - 200) / 60, () => 0, () => code]
  return values.map((of) => Float32Array.from({ length: 400 }, (_, i) => of(i)))
}

test('balanced class weights are the same as weights that balance', () => {
  const input = randomFit({ task: 'binary', nRows: 800, features: [0, 0, 0] })
  const labels = input.labels.map((label, row) => (label === 1 && row % 5 === 0 ? 1 : 0))
  const positives = labels.filter((label) => label === 1).length
  const weights = labels.map((label) => 400 / (label === 1 ? positives : 800 - positives))
  const balanced = gradientBoosting.fit({ ...input, labels }, { nTrees: 10, classWeights: 'balanced' })
  expect(balanced.model).toEqual(gradientBoosting.fit({ ...input, labels, weights }, { nTrees: 10 }).model)
})

test('targets that a loss cannot have, and unknown objectives, are refused', () => {
  const input = randomFit({ task: 'regression', nRows: 100, features: [0] })
  expect(() => gradientBoosting.fit(input, { objective: 'poisson' })).toThrow('negative')
  expect(() => gradientBoosting.fit(input, { objective: 'cubic' })).toThrow('objective')
})

test('quantiles by hand', () => {
  const values = Float64Array.of(5, 1, 3, 2)
  expect(quantileOf(values, null, 0.5)).toBe(2.5)
  expect(quantileOf(values, null, 0.25)).toBe(1.75)
  // Weights 1, 4, 1, 1 of the values 1, 2, 3, 5: the half of 7 lies within the 2.
  expect(quantileOf(values, Float64Array.of(1, 1, 1, 4), 0.5)).toBe(2)
})

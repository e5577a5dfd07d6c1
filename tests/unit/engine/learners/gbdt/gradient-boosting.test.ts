import { describe, expect, test } from 'vitest'
import { planBoosting } from '../../../../../engine/learners/gbdt/boosting-plan.ts'
import {
  describeBoosting,
  fitBoosting,
  gradientBoosting,
} from '../../../../../engine/learners/gbdt/gradient-boosting.ts'
import type { FitInput, FitResult, Parameters } from '../../../../../engine/learners/learner.ts'
import { predictTrees } from '../../../../../engine/learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../../../../../engine/learners/tree/tree-ensemble.ts'
import { type RandomFitOptions, randomFit } from '../../../../fixtures/random-fit.ts'

const mixed: Pick<RandomFitOptions, 'nRows' | 'features' | 'missing'> = {
  nRows: 1500,
  features: [0, 6, 0, 0, 3, 300],
  missing: 0.08,
}

function treesOf({ model }: FitResult): TreeEnsemble {
  if (model.kind !== 'trees') throw new Error('Boosting makes trees')
  return model
}

/** The mean loss that `learningCurve` reports, from the raw scores. */
function meanLoss(input: FitInput, model: TreeEnsemble, rows: Int32Array): number {
  const scores = predictTrees(model, input.matrix, rows)
  const losses = Array.from(rows, (row, i) => {
    const label = input.labels[row] as number
    const own = scores.subarray(i * model.nOutputs, (i + 1) * model.nOutputs)
    if (model.link === 'identity') return ((own[0] as number) - label) ** 2
    if (model.link === 'logistic') return Math.log1p(Math.exp(label === 1 ? -(own[0] as number) : (own[0] as number)))
    return Math.log(own.reduce((sum, score) => sum + Math.exp(score), 0)) - (own[label] as number)
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / rows.length
}

const tasks = ['binary', 'multiclass', 'regression'] as const
const variants: Parameters[] = [
  {},
  { rowFraction: 0.6, featureFraction: 0.5 },
  { featureFraction: 0.7, lambda: 1, maxDepth: 3 },
  { rowFraction: 0.5, maxBins: 16, oneVersusRestLevels: 0 },
]

describe.each(tasks)('%s', (task) => {
  test.each(variants)('WebAssembly and TypeScript give the same model, bit for bit: %o', (variant) => {
    for (const weighted of [false, true]) {
      const input = randomFit({ ...mixed, task, validation: 0.2, weighted })
      const fits = (['wasm', 'plain'] as const).map((kind) => fitBoosting(input, { nTrees: 8, ...variant }, kind))
      expect(fits[0]).toEqual(fits[1])
      expect(treesOf(fits[0] as FitResult).roots.length).toBeGreaterThan(0)
    }
  })

  test('the flat form predicts what the growing form did: the learning curve is the loss of its predictions', () => {
    for (const rowFraction of [1, 0.7]) {
      const input = randomFit({ ...mixed, task, validation: 0.3 })
      const fit = gradientBoosting.fit(input, { nTrees: 20, patience: 0, rowFraction })
      const loss = meanLoss(input, treesOf(fit), input.validationRows as Int32Array)
      // The same scores; only the order of the sum over the rows differs.
      expect(fit.learningCurve[fit.iterations - 1]).toBeCloseTo(loss, 12)
    }
  })

  test('the training loss falls with every tree when nothing holds it back', () => {
    const input = randomFit({ ...mixed, task })
    const losses = [1, 5, 20, 60].map((nTrees) => {
      const fit = gradientBoosting.fit(input, { nTrees, minRowsInLeaf: 5, learningRate: 0.2 })
      return meanLoss(input, treesOf(fit), input.rows)
    })
    expect(losses).toEqual(losses.toSorted((a, b) => b - a))
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 2)
  })

  test('covers are the rows that reach each node, and add up exactly', () => {
    for (const weighted of [false, true]) {
      const input = randomFit({ ...mixed, task, weighted })
      const model = treesOf(gradientBoosting.fit(input, { nTrees: 5 }))
      const total = input.weights ? input.weights.reduce((sum, weight) => sum + weight, 0) : input.rows.length
      for (let node = 0; node < model.feature.length; node++) {
        if ((model.feature[node] as number) < 0) continue
        const [left, right] = [model.left[node] as number, model.right[node] as number]
        expect(model.cover[node]).toBe((model.cover[left] as number) + (model.cover[right] as number))
      }
      // Weights are float32 while training.
      for (const root of model.roots) expect((model.cover[root] as number) / total).toBeCloseTo(1, 6)
    }
  })

  test('the same seed gives the same model, another seed another one, where something is drawn', () => {
    const input = randomFit({ ...mixed, task })
    const fitted = (seed: number) => gradientBoosting.fit({ ...input, seed }, { nTrees: 4, rowFraction: 0.5 })
    expect(fitted(1)).toEqual(fitted(1))
    expect(fitted(2)).not.toEqual(fitted(1))
  })
})

describe('early stopping', () => {
  const input = randomFit({ ...mixed, task: 'binary', validation: 0.3 })

  test('ends `patience` iterations after the lowest loss and keeps the trees up to it', () => {
    const fit = gradientBoosting.fit(input, { nTrees: 500, learningRate: 0.5, patience: 7 })
    const lowest = fit.learningCurve.indexOf(Math.min(...fit.learningCurve))
    expect(fit.iterations).toBe(lowest + 1)
    expect(fit.learningCurve.length).toBe(lowest + 1 + 7)
    expect(treesOf(fit).roots.length).toBe(lowest + 1)
  })

  test('keeps all trees when asked to', () => {
    const fit = gradientBoosting.fit({ ...input, keep: 'all' }, { nTrees: 500, learningRate: 0.5, patience: 7 })
    expect(treesOf(fit).roots.length).toBe(fit.learningCurve.length)
  })

  test('without validation rows all iterations run', () => {
    const fit = gradientBoosting.fit({ ...input, validationRows: null }, { nTrees: 30, patience: 1 })
    expect([fit.iterations, fit.learningCurve.length]).toEqual([30, 0])
  })
})

describe('weights', () => {
  test.each(tasks)('%s: a weight is worth as much as that many equal rows', (task) => {
    const input = randomFit({ task, nRows: 240, features: [0, 0, 4], distinct: 30 })
    // Powers of two with mean two, so that dividing by the mean and rounding to float32 change nothing.
    const weights = Float64Array.from({ length: 240 }, (_, row) => [1, 2, 4, 1][row % 4] as number)
    const copies = Array.from(input.rows).flatMap((row) => new Array<number>(weights[row] as number).fill(row))
    expect(copies.length).toBe(2 * 240)
    // Limits count rows of mean weight: twice as many where rows are copies.
    const options = { nTrees: 10, categorySmoothing: 0, categoryLambda: 0, oneVersusRestLevels: 0 }
    const weighted = gradientBoosting.fit({ ...input, weights }, { ...options, minRowsInLeaf: 4, lambda: 1 })
    const copied = gradientBoosting.fit(
      { ...input, rows: Int32Array.from(copies) },
      { ...options, minRowsInLeaf: 8, lambda: 2 },
    )
    const [first, second] = [weighted, copied].map((fit) => predictTrees(treesOf(fit), input.matrix))
    for (const [i, score] of (first as Float64Array).entries())
      expect(score).toBeCloseTo((second as Float64Array)[i] as number, 9)
  })

  test('their scale does not matter', () => {
    const input = randomFit({ ...mixed, task: 'binary', weighted: true })
    const larger = { ...input, weights: (input.weights as Float64Array).map((weight) => weight * 1024) }
    const [one, other] = [input, larger].map((given) =>
      predictTrees(treesOf(gradientBoosting.fit(given, { nTrees: 5 })), input.matrix),
    )
    expect(one).toEqual(other)
  })
})

test('the scale of a regression target does not matter, from 1e-150 to 1e150', () => {
  const input = randomFit({ ...mixed, task: 'regression' })
  const scoresAt = (factor: number) => {
    const model = treesOf(
      gradientBoosting.fit({ ...input, labels: input.labels.map((label) => label * factor) }, { nTrees: 5 }),
    )
    return predictTrees(model, input.matrix).map((score) => score / factor)
  }
  const plain = scoresAt(1)
  expect(scoresAt(2 ** 500)).toEqual(plain)
  expect(scoresAt(2 ** -500)).toEqual(plain)
})

test('stops when told, with the trees it has', () => {
  const input = randomFit({ ...mixed, task: 'multiclass' })
  let asked = 0
  const fit = gradientBoosting.fit({ ...input, shouldStop: () => ++asked === 3 }, { nTrees: 100 })
  expect([fit.iterations, treesOf(fit).roots.length]).toEqual([3, 9])
})

test('tells how far it is', () => {
  const told: number[] = []
  const input = randomFit({ ...mixed, task: 'binary', validation: 0.2 })
  gradientBoosting.fit({ ...input, onProgress: ({ fraction }) => told.push(fraction) }, { nTrees: 4 })
  expect(told).toEqual([0.25, 0.5, 0.75, 1])
})

test('very wide tables get fewer leaves rather than more memory than there is', () => {
  const input = randomFit({ task: 'binary', nRows: 50, features: new Array<number>(9000).fill(0) })
  const { layout } = planBoosting(describeBoosting(input, { maxLeaves: 4096 }, 1))
  expect(layout.maxLeaves).toBe(27)
  expect(layout.size).toBeLessThan(1.2 * 2 ** 30)
})

describe('odd tables', () => {
  const train = (options: RandomFitOptions, parameters: Parameters = {}) => {
    const input = randomFit(options)
    return { input, result: gradientBoosting.fit(input, { nTrees: 3, ...parameters }) }
  }

  test('one row, one class, constant columns: the prior', () => {
    const { input, result } = train({ task: 'regression', nRows: 1, features: [0] })
    expect(predictTrees(treesOf(result), input.matrix)[0]).toBeCloseTo(input.labels[0] as number, 12)
    const constant = randomFit({ task: 'binary', nRows: 50, features: [0], distinct: 1 })
    const model = treesOf(gradientBoosting.fit(constant, { nTrees: 3 }))
    const rate = constant.labels.reduce((sum, label) => sum + label, 0) / 50
    expect(predictTrees(model, constant.matrix)[0]).toBeCloseTo(Math.log(rate / (1 - rate)), 6)
    const single = { ...constant, labels: new Float64Array(50) }
    expect(predictTrees(treesOf(gradientBoosting.fit(single, { nTrees: 3 })), constant.matrix)[0]).toBeLessThan(-20)
  })

  test('no features at all', () => {
    const { input, result } = train({ task: 'regression', nRows: 30, features: [] })
    expect(predictTrees(treesOf(result), input.matrix)[29]).toBeCloseTo(
      input.labels.reduce((sum, label) => sum + label, 0) / 30,
      12,
    )
  })

  test('a column of nothing but missing values, and infinities', () => {
    const { input } = train({ task: 'regression', nRows: 200, features: [0, 0] })
    const columns = [
      new Float32Array(200).fill(Number.NaN),
      (input.matrix.columns[1] as Float32Array).map((value, row) =>
        row % 9 === 0 ? Infinity : row % 7 === 0 ? -Infinity : value,
      ),
    ]
    const matrix = { ...input.matrix, columns }
    const model = treesOf(gradientBoosting.fit({ ...input, matrix }, { nTrees: 20, minRowsInLeaf: 2 }))
    expect(predictTrees(model, matrix).every(Number.isFinite)).toBe(true)
    expect(model.feature).not.toContain(0)
  })

  test('more features than a record has room for in a word, and one feature', () => {
    for (const nFeatures of [1, 2, 3, 5, 70]) {
      const features = new Array<number>(nFeatures).fill(0)
      const input = randomFit({ task: 'binary', nRows: 300, features })
      expect(fitBoosting(input, { nTrees: 3 }, 'wasm')).toEqual(fitBoosting(input, { nTrees: 3 }, 'plain'))
    }
  })

  test('what cannot be trained is refused in words', () => {
    const input = randomFit({ ...mixed, task: 'binary' })
    expect(() => gradientBoosting.fit({ ...input, rows: new Int32Array(0) }, {})).toThrow('no rows')
    expect(() => gradientBoosting.fit({ ...input, weights: new Float64Array(1500) }, {})).toThrow('not all zero')
    expect(() => gradientBoosting.fit(input, { maxLeaves: 1 })).toThrow('maxLeaves must be a whole number from 2')
    expect(() => gradientBoosting.fit(input, { trees: 1 })).toThrow('no hyperparameter "trees"')
  })
})

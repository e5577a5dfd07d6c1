import { describe, expect, test } from 'vitest'
import { extraTrees } from '../../../../../engine/learners/forest/extra-trees.ts'
import { fitForestOutOfBag } from '../../../../../engine/learners/forest/fit-forest.ts'
import { randomForest } from '../../../../../engine/learners/forest/random-forest.ts'
import type { FitInput, FitResult, Parameters } from '../../../../../engine/learners/learner.ts'
import { predictTrees } from '../../../../../engine/learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../../../../../engine/learners/tree/tree-ensemble.ts'
import { naiveTree } from '../../../../fixtures/naive-boosting.ts'
import { type RandomFitOptions, randomFit } from '../../../../fixtures/random-fit.ts'

const mixed: Pick<RandomFitOptions, 'nRows' | 'features' | 'missing'> = {
  nRows: 1200,
  features: [0, 6, 0, 0, 3],
  missing: 0.08,
}
const tasks = ['binary', 'multiclass', 'regression'] as const
const families = [randomForest, extraTrees]

function treesOf({ model }: FitResult): TreeEnsemble {
  if (model.kind !== 'trees') throw new Error('Forests make trees')
  return model
}

function errorOf(input: FitInput, model: TreeEnsemble, rows: Int32Array): number {
  const scores = predictTrees(model, input.matrix, rows)
  const errors = Array.from(rows, (row, i): number => {
    const label = input.labels[row] as number
    const own = scores.subarray(i * model.nOutputs, (i + 1) * model.nOutputs)
    if (input.task === 'regression') return ((own[0] as number) - label) ** 2
    const predicted = own.length === 1 ? Number((own[0] as number) > 0.5) : own.indexOf(Math.max(...own))
    return Number(predicted !== label)
  })
  return errors.reduce((sum, error) => sum + error, 0) / rows.length
}

describe.each(families)('$name', (family) => {
  test.each(tasks)('%s: learns, and answers probabilities or means', (task) => {
    const input = randomFit({ ...mixed, task, validation: 0.3 })
    const validation = input.validationRows as Int32Array
    const model = treesOf(family.fit(input, { nTrees: 40, minRowsInLeaf: 2, featuresPerSplit: 0.5 }))
    const prior = treesOf(family.fit(input, { nTrees: 1, maxDepth: 1, bootstrap: false, minRowsInLeaf: 1e9 }))
    expect(errorOf(input, model, validation)).toBeLessThan(0.75 * errorOf(input, prior, validation))
    if (task === 'regression') return
    const scores = predictTrees(model, input.matrix)
    expect(scores.every((score) => score >= 0 && score <= 1 + 1e-12)).toBe(true)
    if (task === 'binary') return
    // Each of 40 leaves adds three shares of a fortieth.
    for (let row = 0; row < 50; row++) {
      expect(scores.subarray(3 * row, 3 * row + 3).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 12)
    }
  })

  test.each(tasks)('%s: the same seed gives the same forest, and a tree does not depend on how many follow', (task) => {
    const input = randomFit({ ...mixed, task })
    const [five, again, three] = [5, 5, 3].map((nTrees) => treesOf(family.fit(input, { nTrees })))
    expect(again).toEqual(five)
    const nodes = three?.feature.length as number
    expect(three?.feature).toEqual(five?.feature.slice(0, nodes))
    expect(three?.threshold).toEqual(five?.threshold.slice(0, nodes))
    expect(treesOf(family.fit({ ...input, seed: 8 }, { nTrees: 5 }))).not.toEqual(five)
  })

  test.each(tasks)('%s: the same bits with the kernels and their twins', (task) => {
    for (const minRowsInLeaf of [1, 4]) {
      const input = randomFit({ ...mixed, nRows: 500, task, weighted: minRowsInLeaf > 1 })
      const [wasm, plain] = (['wasm', 'plain'] as const).map((kernels) =>
        treesOf(family.fit({ ...input, kernels }, { nTrees: 3, minRowsInLeaf })),
      )
      expect(plain).toEqual(wasm)
    }
  })

  test.each(tasks)('%s: grown out, every training row gets its own label back', (task) => {
    const input = randomFit({ task, nRows: 300, features: [0, 0, 0] })
    const model = treesOf(family.fit(input, { nTrees: 3, bootstrap: false, minRowsInLeaf: 1 }))
    expect(errorOf(input, model, input.rows)).toBeLessThan(1e-20)
  })

  test.each(tasks)('%s: among rare words too, every row gets its own label back', (task) => {
    // Each row has its own three of 40 columns, so that most are constant in most nodes, others in one branch only.
    const given = randomFit({ task, nRows: 300, features: new Array<number>(40).fill(0) })
    for (const [j, column] of given.matrix.columns.entries()) {
      for (let row = 0; row < 300; row++) {
        column[row] = row % 40 === j ? 1 : (7 * row + 3) % 37 === j ? 2 : Math.floor(row / 8) === j ? 3 : 0
      }
    }
    const model = treesOf(family.fit(given, { nTrees: 3, bootstrap: false, minRowsInLeaf: 1, featuresPerSplit: 0.05 }))
    expect(errorOf(given, model, given.rows)).toBeLessThan(1e-20)
  })

  test('limits hold: depth, and rows in a leaf', () => {
    const input = randomFit({ ...mixed, task: 'multiclass' })
    const shallow = treesOf(family.fit(input, { nTrees: 3, maxDepth: 2 }))
    expect(shallow.feature.length).toBeLessThanOrEqual(3 * 7)
    const model = treesOf(family.fit(input, { nTrees: 5, minRowsInLeaf: 30 }))
    for (let node = 0; node < model.feature.length; node++) {
      if ((model.feature[node] as number) < 0) expect(model.cover[node]).toBeGreaterThanOrEqual(30)
    }
  })

  test('covers add up exactly, with weights too', () => {
    const model = treesOf(family.fit(randomFit({ ...mixed, task: 'regression', weighted: true }), { nTrees: 3 }))
    for (let node = 0; node < model.feature.length; node++) {
      if ((model.feature[node] as number) < 0) continue
      const [left, right] = [model.left[node] as number, model.right[node] as number]
      expect(model.cover[node]).toBe((model.cover[left] as number) + (model.cover[right] as number))
    }
  })

  test('stops when told, with the trees it has; what is unknown is refused', () => {
    const input = randomFit({ ...mixed, task: 'binary' })
    let asked = 0
    const fit = family.fit({ ...input, shouldStop: () => ++asked === 3 }, { nTrees: 100 })
    expect([fit.iterations, treesOf(fit).roots.length]).toEqual([3, 3])
    expect(() => family.fit(input, { depth: 3 })).toThrow('no hyperparameter "depth"')
    expect(() => family.fit(input, { featuresPerSplit: 2 })).toThrow('featuresPerSplit')
    expect(() => family.fit({ ...input, rows: new Int32Array(0) }, {})).toThrow('no rows')
  })
})

describe('a single tree on all rows and features is the one that trying every cut gives', () => {
  const exact: Parameters = { nTrees: 1, bootstrap: false, featuresPerSplit: 1, maxDepth: 1 }

  test.each([
    ['more rows than a word has bits', 60],
    ['few rows', 30],
  ])('of %s', (_, nRows) => {
    for (let seed = 1; seed <= 15; seed++) {
      const options = { nRows, features: [0, 5, 0], missing: 0.2, seed }
      const input = randomFit({ task: 'regression', ...options })
      const scores = predictTrees(treesOf(randomForest.fit(input, { ...exact, minRowsInLeaf: 3 })), input.matrix)
      const expected = naiveTree(input, 2, { lambda: 0, minRows: 3 })
      for (const [row, value] of expected) expect(scores[row]).toBeCloseTo(value, 12)
      // Gini impurity of two classes is twice their variance, so it is the tree of the labels as numbers, or as good.
      const classes = randomFit({ task: 'binary', ...options })
      const errors = [classes, { ...classes, task: 'regression' as const }].map((given) => {
        const shares = predictTrees(treesOf(randomForest.fit(given, { ...exact, minRowsInLeaf: 3 })), given.matrix)
        return shares.reduce((sum, share, row) => sum + ((given.labels[row] as number) - share) ** 2, 0)
      })
      expect(errors[0]).toBeCloseTo(errors[1] as number, 10)
    }
  })
})

describe('out-of-bag scores', () => {
  const bagged = { cuts: 'best', bootstrap: true } as const

  test.each(tasks)('%s: come from the trees that did not see the row, and foretell the error on new rows', (task) => {
    const input = randomFit({ ...mixed, nRows: 2000, task, validation: 0.5 })
    const fit = fitForestOutOfBag(input, { nTrees: 60, minRowsInLeaf: 3 }, bagged)
    const model = treesOf(fit)
    expect(model).toEqual(treesOf(randomForest.fit(input, { nTrees: 60, minRowsInLeaf: 3 })))
    expect(fit.outOfBag.every(Number.isFinite)).toBe(true)
    const errors = Array.from(input.rows, (row, i): number => {
      const own = fit.outOfBag.subarray(i * model.nOutputs, (i + 1) * model.nOutputs)
      const label = input.labels[row] as number
      if (task === 'regression') return ((own[0] as number) - label) ** 2
      return Number((own.length === 1 ? Number((own[0] as number) > 0.5) : own.indexOf(Math.max(...own))) !== label)
    })
    const outOfBag = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const onNewRows = errorOf(input, model, input.validationRows as Int32Array)
    // Two samples of 1,000 rows: some 4% of deviation each at error rates around a quarter.
    expect(outOfBag / onNewRows).toBeGreaterThan(0.75)
    expect(outOfBag / onNewRows).toBeLessThan(1.33)
    expect(outOfBag).toBeGreaterThan(1.2 * errorOf(input, model, input.rows))
  })

  test('are missing for rows that every tree saw, and refused where all do', () => {
    const input = randomFit({ ...mixed, task: 'regression' })
    const { outOfBag } = fitForestOutOfBag(input, { nTrees: 1 }, bagged)
    // A bootstrap sample leaves out a share of 1/e.
    expect(outOfBag.filter(Number.isNaN).length / outOfBag.length).toBeCloseTo(1 - 1 / Math.E, 1)
    expect(() => fitForestOutOfBag(input, { bootstrap: false }, bagged)).toThrow('bootstrap')
  })
})

describe('weights', () => {
  test.each(tasks)('%s: a weight is worth as much as that many equal rows', (task) => {
    const input = randomFit({ task, nRows: 200, features: [0, 0, 4], distinct: 30 })
    const weights = Float64Array.from({ length: 200 }, (_, row) => [1, 2, 4, 1][row % 4] as number)
    const copies = Array.from(input.rows).flatMap((row) => new Array<number>(weights[row] as number).fill(row))
    const options = { nTrees: 1, bootstrap: false, featuresPerSplit: 1 }
    const weighted = randomForest.fit({ ...input, weights }, options)
    const copied = randomForest.fit({ ...input, rows: Int32Array.from(copies) }, options)
    const [one, other] = [weighted, copied].map((fit) => predictTrees(treesOf(fit), input.matrix))
    for (const [i, score] of (one as Float64Array).entries())
      expect(score).toBeCloseTo((other as Float64Array)[i] as number, 9)
  })

  test('balanced classes weigh the same in the root', () => {
    const input = randomFit({ ...mixed, task: 'multiclass' })
    const parameters = { nTrees: 1, bootstrap: false, minRowsInLeaf: 1e9, classWeights: 'balanced' }
    const scores = predictTrees(treesOf(randomForest.fit(input, parameters)), input.matrix)
    for (const share of scores.subarray(0, 3)) expect(share).toBeCloseTo(1 / 3, 12)
  })
})

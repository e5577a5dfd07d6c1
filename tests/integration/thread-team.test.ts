import { afterAll, describe, expect, test } from 'vitest'
import { createThreadTeam } from '../../core/workers/thread-team.ts'
import { extraTrees } from '../../engine/learners/forest/extra-trees.ts'
import { randomForest } from '../../engine/learners/forest/random-forest.ts'
import { gradientBoosting } from '../../engine/learners/gbdt/gradient-boosting.ts'
import { randomFit } from '../fixtures/random-fit.ts'

const teams = [1, 2, 3, 4].map((size) => createThreadTeam(size))
const [, pair] = teams as [unknown, ReturnType<typeof createThreadTeam>]

afterAll(async () => {
  await Promise.all(teams.map(async (team) => team.close()))
})

const shape = { nRows: 3000, features: [0, 6, 0, 0, 3, 300, 0], missing: 0.05 }

describe.each(['binary', 'multiclass', 'regression'] as const)(
  '%s: bits do not depend on the number of threads',
  (task) => {
    test.each([
      { weighted: false, parameters: { nTrees: 6 } },
      { weighted: true, parameters: { nTrees: 6, rowFraction: 0.7, featureFraction: 0.6 } },
    ])('gradient boosting %o', async ({ weighted, parameters }) => {
      // More than one chunk of validation rows.
      const input = randomFit({ ...shape, nRows: 9000, task, weighted, validation: 0.6 })
      const alone = gradientBoosting.fit(input, parameters)
      for (const team of teams) expect(await team.fitGradientBoosting(input, parameters)).toEqual(alone)
    })

    test('forests', async () => {
      const input = randomFit({ ...shape, task })
      const alone = [randomForest.fit(input, { nTrees: 7 }), extraTrees.fit(input, { nTrees: 7 })]
      for (const team of teams) {
        expect(await team.fitForest(input, { nTrees: 7 }, { cuts: 'best', bootstrap: true })).toEqual(alone[0])
        expect(await team.fitForest(input, { nTrees: 7 }, { cuts: 'random', bootstrap: false })).toEqual(alone[1])
      }
    })
  },
)

test.each(['absolute', 'huber'])('gradient boosting for %s errors too', async (objective) => {
  const input = randomFit({ ...shape, nRows: 9000, task: 'regression', weighted: true, validation: 0.3 })
  const parameters = {
    nTrees: 5,
    objective,
    rowFraction: 0.8,
    ...(objective === 'huber' ? { monotone: '{"f0":1}' } : {}),
  }
  const alone = gradientBoosting.fit(input, parameters)
  for (const team of teams) expect(await team.fitGradientBoosting(input, parameters)).toEqual(alone)
})

test('fits asked for at once take their turns', async () => {
  const input = randomFit({ ...shape, task: 'binary' })
  const alone = gradientBoosting.fit(input, { nTrees: 5 })
  const fits = await Promise.all([1, 2, 3].map(async () => pair.fitGradientBoosting(input, { nTrees: 5 })))
  for (const fit of fits) expect(fit).toEqual(alone)
})

test('a fit stops when it is told to, with the trees it has', async () => {
  const input = randomFit({ task: 'binary', nRows: 100_000, features: new Array<number>(20).fill(0) })
  let told = false
  let iterations = 0
  const fit = await pair.fitGradientBoosting(
    {
      ...input,
      shouldStop: () => told,
      onProgress: ({ iteration }) => {
        iterations = iteration
        if (iteration === 3) told = true
      },
    },
    { nTrees: 100_000 },
  )
  expect(fit.iterations).toBe(iterations)
  expect(fit.iterations).toBeLessThan(1000)
})

test('a forest stops with the trees that were grown', async () => {
  const input = randomFit({ ...shape, task: 'regression' })
  let grown = 0
  const stopped = { ...input, shouldStop: () => grown >= 4, onProgress: () => grown++ }
  const fit = await pair.fitForest(stopped, { nTrees: 100_000 }, { cuts: 'best', bootstrap: true })
  expect(fit.iterations).toBe(grown)
  expect(randomForest.fit(input, { nTrees: grown }).model).toEqual(fit.model)
})

test('a failure in a thread is the fit failing, and the team goes on', async () => {
  const input = randomFit({ ...shape, task: 'binary' })
  const broken = { ...input, matrix: { ...input.matrix, columns: input.matrix.columns.map(() => new Float32Array(0)) } }
  const wrong = { ...broken, matrix: { ...broken.matrix, features: broken.matrix.features.slice(0, 2) } }
  await expect(pair.fitGradientBoosting(wrong, { nTrees: 2 })).rejects.toThrow('no feature')
  expect(await pair.fitGradientBoosting(input, { nTrees: 2 })).toEqual(gradientBoosting.fit(input, { nTrees: 2 }))
  await expect(pair.fitGradientBoosting(input, { nTrees: 0 })).rejects.toThrow('nTrees')
})

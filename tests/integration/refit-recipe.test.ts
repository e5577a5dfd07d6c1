import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel } from '../../core/automl/build-models.ts'
import { planSearch } from '../../core/automl/plan-search.ts'
import type { TrainingData } from '../../core/automl/prepare-training.ts'
import { prepareTraining } from '../../core/automl/prepare-training.ts'
import { repeatFinalists } from '../../core/automl/run-repeats.ts'
import { runSearch } from '../../core/automl/run-search.ts'
import { createTrialPool } from '../../core/automl/trial-pool.ts'
import type { TrialRecord } from '../../core/automl/trial-record.ts'
import { writeRecipe } from '../../core/automl/write-recipe.ts'
import { exportModel, provenanceOf } from '../../core/models/export-model.ts'
import { refitRecipe } from '../../core/rebuild/refit-recipe.ts'
import { readTable } from '../../core/tables/read-table.ts'
import type { Frame } from '../../engine/frame/frame.ts'
import type { Learner } from '../../engine/learners/learner.ts'
import { learnerByName } from '../../engine/learners/registry.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Recipe } from '../../shared/domain/recipes.ts'
import { recipe as recipeSchema } from '../../shared/domain/recipes.ts'
import { automlSpecification } from '../../shared/domain/training.ts'

const path = resolve(import.meta.dirname, '../../resources/samples/titanic.csv')
const specification = automlSpecification.parse({
  dataset: 'titanic',
  target: 'survived',
  folds: 3,
  trials: 4,
  seed: 7,
})
const digestOfTable = `sha256:${'0'.repeat(64)}`
const learners: readonly Learner[] = ['logistic-regression', 'gradient-boosting', 'random-forest'].map(learnerByName)
let frame: Frame
let data: TrainingData
let trials: readonly TrialRecord[]
let recorded: { readonly recipe: Recipe; readonly digest: string }

function digestOf(pipeline: Pipeline, recipe: Recipe): string {
  const { onnx } = exportModel(pipeline, frame, provenanceOf(recipe))
  return createHash('sha256').update(onnx).digest('hex')
}

beforeAll(async () => {
  frame = (await readTable({ path, types: {}, reading: {}, scratch: tmpdir() })).frame
  data = prepareTraining(frame, specification)
  const started = performance.now()
  const now = () => (performance.now() - started) / 1000
  const pool = createTrialPool(2, { ...data, folds: data.allFolds, metric: 'roc_auc' })
  const { search, fractions } = planSearch(data, learners, specification, 2)
  const signal = new AbortController().signal
  const run = { data, pool, metric: 'roc_auc' as const, now, signal }
  const nothing = () => Promise.resolve()
  ;({ trials } = await runSearch({
    ...run,
    search,
    fractions,
    deadline: () => 60,
    secondsPerFit: 60,
    finished: [],
    onStarted: () => undefined,
    onEnded: nothing,
  }))
  await repeatFinalists({ ...run, deadline: 120, mostJudgements: Number.POSITIVE_INFINITY }, trials)
  const ended = trials.filter(({ state }) => state === 'succeeded')
  // One of each family, with shares that binary fractions cannot hold.
  const chosen = learners.flatMap(({ name }) => ended.find(({ learner }) => learner === name) ?? [])
  const members = chosen.map((trial, at) => ({ trial, weight: [0.1, 0.2, 0.7][at] as number }))
  const built = await buildModel({ members }, { data, pool, prefersOne: false, secondsLeft: () => 60 })
  await pool.close()
  const job = { specification, dataset: { name: 'titanic', versionId: '', digest: digestOfTable, rows: frame.nRows } }
  // As it is stored: numbers come back from JSON as they were.
  const recipe = recipeSchema.parse(
    JSON.parse(JSON.stringify(writeRecipe(built, { job, data, metric: 'roc_auc', trials }))),
  )
  recorded = { recipe, digest: digestOf(built.pipeline, recipe) }
}, 120_000)

function refit(threads: number, kernels: 'wasm' | 'plain', recipe = recorded.recipe): Promise<Pipeline> {
  return refitRecipe(recipe, prepareTraining(frame, recipe.specification), {
    threads,
    kernels,
    cancelled: new AbortController().signal,
    onFit: () => undefined,
  })
}

describe('a recipe', () => {
  it('tells of every fit in the ensemble: folds of all repeats, shares, iterations', () => {
    const { members, validation, schedule } = recorded.recipe
    expect(members).toHaveLength(3)
    expect(members.map(({ weight }) => weight)).toEqual([0.1, 0.2, 0.7])
    expect(validation.repeats).toBeGreaterThan(1)
    for (const { rule, fits } of members) {
      expect(rule).toBe('bag')
      expect(fits.map(({ fold }) => fold)).toEqual([...data.allFolds.keys()].slice(0, fits.length))
    }
    expect(members[1]?.fits.every(({ iterations }) => (iterations ?? 0) > 0)).toBe(true)
    expect(members[0]?.fits.every(({ iterations }) => iterations === null)).toBe(true)
    expect(schedule.map(({ trialId }) => trialId)).toEqual(trials.map(({ trialId }) => trialId))
  })

  it('holds nothing that a clock says', () => {
    const { specification: asked, ...run } = recorded.recipe
    expect(asked.budgetSeconds).toBe(60)
    expect(JSON.stringify(run)).not.toMatch(/seconds|micros|startedAt|createdAt|time/i)
  })

  it.each([
    [1, 'wasm'],
    [2, 'wasm'],
    [4, 'wasm'],
    [2, 'plain'],
  ] as const)('makes the same file with %i threads and %s kernels', async (threads, kernels) => {
    expect(digestOf(await refit(threads, kernels), recorded.recipe)).toBe(recorded.digest)
  })

  it.each([
    ['a seed', (member: Recipe['members'][number]) => ({ ...member, seed: member.seed + 1 })],
    ['a fold', (member: Recipe['members'][number]) => ({ ...member, fits: member.fits.slice(1) })],
    ['a share', (member: Recipe['members'][number]) => ({ ...member, weight: member.weight + Number.EPSILON })],
    ['a tree', (member: Recipe['members'][number]) => ({ ...member, keptTrees: member.keptTrees - 1 })],
  ])('makes another file when %s is not as it was', async (_what, change) => {
    const members = recorded.recipe.members.map((member) =>
      member.learner === 'random-forest' ? change(member) : member,
    )
    const other = { ...recorded.recipe, members }
    expect(digestOf(await refit(2, 'wasm', other), recorded.recipe)).not.toBe(recorded.digest)
  })

  it('makes another file when an iteration is missing', async () => {
    const members = recorded.recipe.members.map((member) => ({
      ...member,
      fits: member.fits.map((fit) => ({ ...fit, iterations: fit.iterations === null ? null : fit.iterations - 1 })),
    }))
    const pipeline = await refit(2, 'wasm', { ...recorded.recipe, members })
    expect(digestOf(pipeline, recorded.recipe)).not.toBe(recorded.digest)
  })

  it('is given up at once when it is cancelled', async () => {
    const cancelled = AbortSignal.abort(new Error('cancelled'))
    const options = { threads: 1, kernels: 'wasm' as const, cancelled, onFit: () => undefined }
    await expect(refitRecipe(recorded.recipe, data, options)).rejects.toThrow('cancelled')
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import type { ChildProcess } from '../../core/processes/processes.ts'
import { nodeProcesses } from '../../core/processes/processes.ts'
import { predictPipeline } from '../../engine/pipeline/predict-pipeline.ts'
import { parsePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import type { AutomlSpecification, AutomlState } from '../../shared/domain/training.ts'
import { automlSpecification, automlState } from '../../shared/domain/training.ts'

const samples = resolve(import.meta.dirname, '../../resources/samples')
let folder = ''
let app: App
/** The processes that jobs and models run in, the newest last. */
const children: ChildProcess[] = []

async function importSample(name: string): Promise<string> {
  const { job } = app.datasets.import({
    source: { path: join(samples, `${name}.csv`) },
    name,
    types: {},
    reading: {},
  })
  const ended = await app.jobs.wait(job.id)
  expect(ended.error).toBeNull()
  return name
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-automl-'))
  app = await openApp(join(folder, 'workspace'), {
    processes: {
      start(entry) {
        const child = nodeProcesses.start(entry)
        children.push(child)
        return child
      },
    },
  })
  for (const name of ['iris', 'titanic', 'boston-housing']) await importSample(name)
}, 120_000)

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

function specify(dataset: string, target: string, changes: Partial<AutomlSpecification> = {}): AutomlSpecification {
  return automlSpecification.parse({ dataset, target, threads: 2, budgetSeconds: 60, trials: 6, ...changes })
}

/** Starts a long search and waits until some of its trials have finished. */
async function startAndWait(changes: Partial<AutomlSpecification>, finished: number) {
  const { job, experimentId } = await app.automl.start(
    specify('titanic', 'survived', { trials: null, budgetSeconds: 300, ...changes }),
  )
  for await (const state of app.automl.watch(job.id)) {
    if (state.trials.filter((trial) => trial.state === 'succeeded').length >= finished) break
    if (state.phase === 'done') throw new Error(`The search ended before: ${state.endReason ?? ''}`)
  }
  return { job, experimentId }
}

function finishedRuns(experimentId: string) {
  const query = { filter: '', order: '', limit: 1_000, page: null, deleted: false }
  return app.runs.list({ ...query, experimentIds: [experimentId] }).runs.filter(({ status }) => status === 'FINISHED')
}

describe('an AutoML job', () => {
  it.each([
    ['iris', 'species', 'multiclass', 'log_loss'],
    ['titanic', 'survived', 'binary', 'roc_auc'],
    ['boston-housing', 'MEDV', 'regression', 'rmse'],
  ])(
    'finds, exports and certifies a model for %s',
    async (dataset, target, task, metric) => {
      const { job, experimentId } = await app.automl.start(specify(dataset, target))
      const ended = await app.jobs.wait(job.id)
      expect(ended.error).toBeNull()
      expect(ended.state).toBe('succeeded')
      const state = app.automl.state(job.id)
      expect(() => automlState.parse(state)).not.toThrow()
      expect(state).toMatchObject({ task, metric, phase: 'done', experimentId })
      expect(state.trials).toHaveLength(6)
      expect(state.parity).toMatchObject({ passed: true, labelFlips: 0 })
      expect(state.endReason).toBe('The 6 trials that were asked for were run.')
      expect(state.baseline).not.toBeNull()
      expect(state.leaderboard.map(({ rank }) => rank)).toEqual(state.leaderboard.map((_, at) => at + 1))
      expect(app.automl.state(experimentId)).toEqual(state)
      checkWinner(state)
      checkTrialRun(state, metric)
    },
    120_000,
  )

  /** The winner's pipeline, its file and its description are with its run, and it predicts. */
  function checkWinner(state: AutomlState): void {
    const run = app.runs.detail(state.best?.runId ?? '')
    const digestOf = (path: string) => run.artifacts.find((artifact) => artifact.path === path)?.digest ?? ''
    expect(run.performance?.rows).toBe(app.datasets.readFrame(state.dataset.versionId).nRows)
    expect(run.parity?.modelDigest).toBe(digestOf('model.onnx'))
    const pipeline = parsePipeline(readFileSync(app.context.blobs.path(digestOf('pipeline.json')), 'utf8'))
    const predictions = predictPipeline(pipeline, app.datasets.readFrame(state.dataset.versionId))
    expect(predictions.values.every(Number.isFinite)).toBe(true)
  }

  function checkTrialRun(state: AutomlState, metric: string): void {
    const row = state.leaderboard.find(({ members }) => members === 1)
    const run = app.runs.get(row?.runId ?? '')
    expect(run.status).toBe('FINISHED')
    expect(run.params.learner).toBe(row?.learner)
    expect(run.metrics[metric]).toBeCloseTo(row?.score ?? Number.NaN, 10)
    expect(run.metrics.fit_seconds).toBeGreaterThan(0)
    expect(run.tags['maestro.origin']).toBe('portfolio')
    const folds = app.runs.metricHistory(run.id, `${metric}_fold`).points
    expect(folds.map(({ value }) => value)).toEqual(row?.foldScores)
    const boosted = state.leaderboard.find(({ learner }) => learner === 'gradient-boosting')
    if (!boosted) return
    expect(app.runs.get(boosted.runId).params.nTrees).toBe(String(boosted.params.nTrees))
    expect(app.runs.metricHistory(boosted.runId, 'validation_loss').points.length).toBeGreaterThan(5)
  }

  it('gives the same trials with the same seed, however many threads run them', async () => {
    const scores = []
    for (const threads of [1, 2]) {
      // The portfolio alone: what follows depends on the order in which trials end.
      const changes = { threads, trials: 3, learners: ['logistic-regression', 'extra-trees', 'gradient-boosting'] }
      const { job } = await app.automl.start(specify('iris', 'species', changes))
      await app.jobs.wait(job.id)
      const { trials } = app.automl.state(job.id)
      scores.push(trials.map(({ learner, params, score }) => ({ learner, params, score })))
    }
    expect(scores[0]).toEqual(scores[1])
  }, 120_000)

  it('is cancelled soon, and keeps the trials it had finished', async () => {
    const { job, experimentId } = await startAndWait({}, 2)
    const started = performance.now()
    const cancelled = await app.jobs.cancel(job.id)
    // The process is killed after a second; a busy machine needs longer to tell.
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(cancelled.state).toBe('cancelled')
    const runs = finishedRuns(experimentId)
    expect(runs.length).toBeGreaterThanOrEqual(2)
    expect(runs.every(({ metrics }) => Number.isFinite(metrics.roc_auc))).toBe(true)
    // The best of the first trials has left its model behind.
    expect(runs.some(({ id }) => app.runs.detail(id).canRegister)).toBe(true)
    expect(app.automl.state(job.id)).toMatchObject({ phase: 'done', endReason: 'cancelled' })
  }, 120_000)

  it('ends the search and keeps what it has when it is asked to stop', async () => {
    const { job } = await startAndWait({}, 2)
    app.automl.stop(job.id)
    const ended = await app.jobs.wait(job.id)
    expect(ended.state).toBe('succeeded')
    expect(app.automl.state(job.id)).toMatchObject({ endReason: 'Stopped by the user.', parity: { passed: true } })
  }, 120_000)

  it('fails with a reason when its process is killed, keeps its trials, and goes on from them', async () => {
    const { job, experimentId } = await startAndWait({}, 3)
    for (const child of children.slice(-1)) child.kill()
    const failed = await app.jobs.wait(job.id)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'JOB_CRASHED' }, resumable: true })
    const before = finishedRuns(experimentId).map(({ id }) => id)
    expect(before.length).toBeGreaterThanOrEqual(3)
    app.jobs.resume(job.id)
    for await (const state of app.automl.watch(job.id)) {
      if (state.trials.some(({ trialId, state: each }) => each === 'succeeded' && trialId > before.length + 2)) break
    }
    app.automl.stop(job.id)
    const ended = await app.jobs.wait(job.id)
    expect(ended.error).toBeNull()
    const { trials, leaderboard } = app.automl.state(job.id)
    // Nothing was trained twice: the old runs are there, and no two trials share a number.
    for (const id of before) expect(trials.map(({ runId }) => runId)).toContain(id)
    expect(new Set(trials.map(({ trialId }) => trialId)).size).toBe(trials.length)
    expect(leaderboard.length).toBeGreaterThanOrEqual(before.length)
  }, 180_000)

  it('stays within its budget but for the export', async () => {
    const { job } = await app.automl.start(specify('titanic', 'survived', { trials: null, budgetSeconds: 6 }))
    const ended = await app.jobs.wait(job.id)
    const { endReason } = app.automl.state(job.id)
    expect(endReason).toMatch(/time is used up|Nothing is left/)
    // The certificate and the intervals come after the budget; a busy machine takes several times as long for them.
    expect(Number(ended.result?.seconds)).toBeLessThan(18)
  }, 120_000)

  it('prefers one small model when a simple one is wanted', async () => {
    const { job } = await app.automl.start(specify('titanic', 'survived', { preference: 'simple' }))
    await app.jobs.wait(job.id)
    const { best, leaderboard } = app.automl.state(job.id)
    expect(best?.learner).not.toBe('ensemble')
    expect(leaderboard.every(({ members }) => members === 1)).toBe(true)
  }, 180_000)
})

describe('starting an AutoML job', () => {
  it.each([
    [{ target: 'Survived' }, 'TARGET_MISSING', 'Did you mean survived?'],
    [{ target: 'survivd' }, 'TARGET_MISSING', 'Did you mean survived?'],
    [{ target: 'survived', exclude: ['nothing like it'] }, 'COLUMN_UNKNOWN', 'Its columns are'],
    [{ target: 'survived', metric: 'rmse' as const }, 'TASK_MISMATCH', 'roc_auc'],
    [{ target: 'embarked', task: 'regression' as const }, 'TASK_MISMATCH', 'Leave the task out'],
    [{ target: 'survived', learners: ['no-such'] }, 'INPUT_INVALID', 'gradient-boosting'],
  ])('refuses %o with %s', async (changes, code, hint) => {
    await expect(app.automl.start(specify('titanic', '', changes))).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint) as unknown,
    })
  })

  it('refuses a dataset that is not there', async () => {
    await expect(app.automl.start(specify('nowhere', 'y'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('tells which learners and metrics there are, in plain words', () => {
    expect(app.automl.learners().every(({ title, description }) => title !== '' && description !== '')).toBe(true)
    expect(app.automl.metrics().find(({ name }) => name === 'rmse')).toMatchObject({ lessIsBetter: true })
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import type { Frame } from '../../engine/frame/frame.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../../engine/pipeline/predict-pipeline.ts'
import { parsePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import type { AutomlState } from '../../shared/domain/training.ts'
import { automlSpecification } from '../../shared/domain/training.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-demands-'))
let app: App

beforeAll(async () => {
  app = await openApp(join(folder, 'workspace'))
  for (const name of ['boston-housing', 'titanic']) {
    const path = resolve(import.meta.dirname, `../../resources/samples/${name}.csv`)
    const { job } = app.datasets.import({ source: { path }, name, types: {}, reading: {} })
    expect((await app.jobs.wait(job.id)).error).toBeNull()
  }
}, 60_000)

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function train(
  changes: Record<string, unknown>,
): Promise<{ state: AutomlState; pipeline: Pipeline; frame: Frame }> {
  const asked = { dataset: 'boston-housing', target: 'MEDV', threads: 2, trials: 1, folds: 3, ...changes }
  const { job } = await app.automl.start(automlSpecification.parse(asked))
  expect((await app.jobs.wait(job.id)).error).toBeNull()
  const state = app.automl.state(job.id)
  const stored = app.runs.detail(state.best?.runId ?? '').artifacts.find(({ path }) => path === 'pipeline.json')
  const pipeline = parsePipeline(readFileSync(app.context.blobs.path(stored?.digest ?? ''), 'utf8'))
  return { state, pipeline, frame: app.datasets.readFrame(state.dataset.versionId) }
}

describe('what is asked of a search', () => {
  it('is kept: predictions only rise and fall with monotone columns', async () => {
    const { state, pipeline, frame } = await train({ monotone: { RM: 'rising', LSTAT: 'falling' } })
    expect(new Set(state.trials.map(({ learner }) => learner))).toEqual(new Set(['gradient-boosting']))
    expect(state.parity).toMatchObject({ passed: true })
    for (const [name, sign] of [
      ['RM', 1],
      ['LSTAT', -1],
    ] as const) {
      for (let row = 0; row < 60; row += 6) {
        const sweep = predictPipeline(pipeline, swept(frame, name, row)).values
        expect(sweep.every((value, at) => at === 0 || sign * (value - (sweep[at - 1] as number)) >= -1e-9)).toBe(true)
        expect(sweep.at(-1)).not.toBe(sweep[0])
      }
    }
  }, 60_000)

  it('is kept: of a quantile, so many of the rows that were not learned from stay below', async () => {
    const { state } = await train({ objective: { quantile: 0.9 } })
    expect(state.metric).toBe('pinball_90')
    const points = app.runs.detail(state.best?.runId ?? '').performance?.residuals?.points ?? []
    const below = points.filter(({ actual, predicted }) => actual <= predicted).length / points.length
    // Small leaves learn their rows' own quantiles, so unseen rows exceed them somewhat more often.
    expect(below).toBeGreaterThan(0.75)
    expect(below).toBeLessThan(0.95)
  }, 60_000)

  it('lets classes count alike, also for learners without such a choice of their own', async () => {
    const asked = { dataset: 'titanic', target: 'survived', learners: ['logistic-regression'], calibrate: false }
    const predictedPositive = async (classWeights: string) => {
      const { state } = await train({ ...asked, classWeights })
      const matrix = app.runs.detail(state.best?.runId ?? '').performance?.confusion ?? []
      return matrix.reduce((sum, row) => sum + (row[1] ?? 0), 0)
    }
    // 342 of 891 are of the rarer class, so it is predicted more often when it weighs as much as the other.
    expect(await predictedPositive('balanced')).toBeGreaterThan((await predictedPositive('none')) + 20)
  }, 60_000)

  it('is refused at once where no model can keep it', async () => {
    await expect(train({ monotone: { RM: 'rising' }, objective: 'absolute' })).rejects.toMatchObject({
      code: 'TASK_MISMATCH',
    })
    await expect(train({ monotone: { NONE: 'rising' } })).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
    await expect(train({ objective: 'huber', learners: ['elastic-net'] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })
})

/** A row over and over, with one column going from its least to its greatest value. */
function swept(frame: Frame, name: string, row: number): Frame {
  const steps = 40
  const columns = frame.columns.map((column) => {
    if (column.storage === 'codes') return { ...column, codes: new Int32Array(steps).fill(column.codes[row] as number) }
    if (column.name !== name) return { ...column, values: new Float64Array(steps).fill(column.values[row] as number) }
    const low = Math.min(...column.values)
    const high = Math.max(...column.values)
    return {
      ...column,
      values: Float64Array.from({ length: steps }, (_, at) => low + ((high - low) * at) / (steps - 1)),
    }
  })
  return { nRows: steps, columns }
}

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import { exportModel } from '../../core/models/export-model.ts'
import { createPredictService } from '../../core/services/predict/predict-service.ts'
import type { PredictResult } from '../../core/services/predict/predict-specification.ts'
import { randomStream } from '../../engine/random.ts'
import { MaestroError } from '../../shared/errors.ts'
import { endlessModel } from '../fixtures/onnx-files.ts'
import { randomFrame, randomPipeline } from '../fixtures/random-pipelines.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-predict-job-'))
const model = join(folder, 'model.onnx')
const out = join(folder, 'out.csv')
let app: App

beforeAll(async () => {
  const random = randomStream(2)
  const pipeline = randomPipeline(random, { task: 'regression', family: 'trees', nMembers: 1, depth: 3 })
  writeFileSync(model, exportModel(pipeline, randomFrame(random, 100, pipeline), {}).onnx)
  app = await openApp(join(folder, 'workspace'))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

test('a path of one of our files and a path of a table are enough to score it, in a job', async () => {
  const table = join(folder, 'rows.csv')
  writeFileSync(table, 'age,kind,unknown\n1,a,x\n,b,y\n2,zz,z\n')
  const { id } = await app.predict.file({ model, data: table, out })
  const job = await app.jobs.wait(id)
  expect(job).toMatchObject({ state: 'succeeded', kind: 'predict', progress: { fraction: 1 } })
  expect(job.result).toMatchObject({ rows: 3, out, href: null, rejected: 0 })
  const { warnings: given } = job.result as unknown as PredictResult
  const warnings = given.map(({ row, column, code }) => `${row} ${column} ${code}`)
  expect(warnings).toContain('0 unknown EXTRA_COLUMN')
  expect(warnings).toContain('1 age MISSING')
  expect(warnings).toContain('2 kind UNSEEN')
  expect(readFileSync(out, 'utf8')).toMatch(/^row,prediction\n0,\S+\n1,\S+\n2,\S+\n$/)
})

test('rows and signature need no registration either', async () => {
  expect((await app.predict.signature(model)).target).toBe('outcome')
  const { rows } = await app.predict.rows(model, [{ age: 1, kind: 'a' }])
  expect(rows).toHaveLength(1)
})

test('a file of another program is refused before a job starts', async () => {
  const foreign = join(folder, 'foreign.onnx')
  writeFileSync(foreign, endlessModel)
  await expect(app.predict.file({ model: foreign, data: join(folder, 'rows.csv'), out })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
  })
})

test('a job that is cancelled leaves no file', async () => {
  const table = join(folder, 'long.csv')
  const target = join(folder, 'cancelled.csv')
  writeFileSync(table, `age,kind\n${'1,a\n'.repeat(1_500_000)}`)
  const { id } = await app.predict.file({ model, data: table, out: target })
  await expect.poll(() => app.jobs.get(id).progress.title, { timeout: 120_000 }).toBe('Predicting')
  const cancelled = await app.jobs.cancel(id)
  expect(cancelled.state).toBe('cancelled')
  expect(existsSync(target)).toBe(false)
  expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
})

test('what a slot’s name stands for is looked at again when the job starts', async () => {
  const meant = app.models.resolve(model)
  const revoked = new MaestroError('POLICY_REFUSED', 'Its approval was taken back.')
  const moved = { ...meant, label: 'other / 2', onnxPath: join(folder, 'other.onnx') }
  const answers = [meant, meant, meant, revoked, meant, moved]
  const models = {
    resolve() {
      const answer = answers.shift()
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often')
      return answer
    },
  }
  const predict = createPredictService(app.context, models, app.datasets)
  const ended = async (target: string) => {
    const { id } = await predict.file({ model: 'flowers@production', data: join(folder, 'rows.csv'), out: target })
    return app.jobs.wait(id)
  }
  expect(await ended(out)).toMatchObject({ state: 'succeeded' })
  const refusedFile = join(folder, 'refused.csv')
  expect(await ended(refusedFile)).toMatchObject({ state: 'failed', error: { code: 'POLICY_REFUSED' } })
  const { error } = await ended(refusedFile)
  expect(error).toMatchObject({ code: 'STATE_REFUSED', message: expect.stringContaining('leads to other / 2 now') })
  expect(existsSync(refusedFile)).toBe(false)
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import type { Job } from '../../shared/domain/jobs.ts'
import { scanReport } from '../../shared/domain/quarantine.ts'
import { foreignModel, stumpModel } from '../fixtures/foreign-models.ts'
import { owner } from '../fixtures/test-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-foreign-'))
let app: App
beforeAll(async () => {
  app = await openApp(join(folder, 'workspace'))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 })
})

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function register(name: string, path: string, columns: readonly string[] = []): Promise<Job> {
  const { job } = app.explain.register({ name, description: '', source: { path }, columns }, owner)
  return app.jobs.wait(job.id)
}

/** One split on the first column at 0.5: 1, else 2. */
const stump = stumpModel()

describe('a model of another tool', () => {
  test('becomes a version with its bytes, its signature and the verdict that let it in', async () => {
    const path = fileOf('stump.onnx', stump)
    expect((await register('stump', path, ['age', 'fare'])).state).toBe('succeeded')
    // What happens to the file afterwards changes nothing.
    rmSync(path)
    const version = app.models.version('stump/1')
    expect(version).toMatchObject({
      task: 'regression',
      source: { kind: 'file', file: 'stump.onnx', runId: null },
      signature: {
        target: 'y',
        classes: [],
        inputs: [
          { name: 'age', type: 'number' },
          { name: 'fare', type: 'number' },
        ],
      },
      dataset: null,
    })
    const { onnxPath } = app.models.resolve('stump')
    expect(Buffer.compare(readFileSync(onnxPath), stump)).toBe(0)
    const verdict = scanReport.parse(app.models.evidence(version.id, 'quarantine'))
    expect(verdict).toMatchObject({ verdict: 'accepted', sandbox: { outcome: 'ran' } })
  })

  test('predicts rows by the names that its columns were given', async () => {
    const { rows } = await app.predict.rows('stump', [
      { fare: 9, age: 0.25 },
      { fare: 0, age: 0.75 },
    ])
    expect(rows.map(({ prediction }) => prediction)).toEqual([1, 2])
    expect((await app.predict.signature('stump')).inputs.map(({ name }) => name)).toEqual(['age', 'fare'])
  })

  test('predicts a table', async () => {
    const table = fileOf('table.csv', new TextEncoder().encode('fare,age\n1,0.25\n2,0.75\n3,0.5\n'))
    const out = join(folder, 'out.csv')
    const job = await app.predict.file({ model: 'stump', data: table, out })
    await app.jobs.wait(job.id)
    expect(readFileSync(out, 'utf8')).toBe('row,prediction\n0,1\n1,2\n2,1\n')
  })

  test('that quarantine rejects is not registered, and the reason is told', async () => {
    const classifier = foreignModel({
      nodes: [
        {
          operator: 'LinearClassifier',
          domain: 'ai.onnx.ml',
          inputs: ['x'],
          outputs: ['label', 'scores'],
          attributes: { classlabels_strings: { texts: ['no', 'yes'] } },
        },
      ],
      outputs: [
        ['label', 'string', ['n']],
        ['scores', 'float', ['n', 2]],
      ],
    })
    const job = await register('classifier', fileOf('classifier.onnx', classifier))
    expect(job).toMatchObject({ state: 'failed', error: { code: 'MODEL_REJECTED' } })
    expect(job.error?.message).toContain('It lacks coefficients.')
    expect(() => app.models.get('classifier')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  test('needs as many names as it has columns', async () => {
    const job = await register('misnamed', fileOf('again.onnx', stump), ['age'])
    expect(job).toMatchObject({ state: 'failed', error: { code: 'INPUT_INVALID' } })
    expect(job.error?.message).toContain('takes 2 columns, and 1 names were given')
  })

  test('that is not registered does not predict', async () => {
    await expect(app.predict.rows(fileOf('loose.onnx', stump), [{ x_0: 1 }])).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      hint: expect.stringContaining('maestro models register') as string,
    })
  })
})

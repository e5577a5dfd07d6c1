import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApp } from '../../../core/app.ts'
import { goodPerformance, goodSources } from '../../fixtures/card-sources.ts'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'
import { addDatasetVersion, fillDatasets } from '../../fixtures/storage-samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-cli-models-'))
const workspace = join(folder, 'workspace')
const run = (...args: string[]) => maestro(workspace, ...args)
const json = (...args: string[]) => maestroJson(workspace, ...args)
const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string
let datasetVersionId: string

/** Two versions with their cards, as registration leaves them. */
beforeAll(async () => {
  const app = await openApp(workspace)
  const { blobs, database } = app.context
  fillDatasets(database, 1)
  datasetVersionId = addDatasetVersion(database, blobs.put(JSON.stringify({ columns: [], warnings: [] })).digest)
  const { version, explanation } = goodSources
  for (const name of ['compared', 'compared']) {
    const stored = app.models.createVersion({
      name,
      description: '',
      onnx: blobs.put('onnx'),
      pipelineDigest: null,
      task: 'binary',
      learner: 'forest',
      signature: version.signature,
      params: {},
      metric: 'roc_auc',
      score: version.score,
      source: { kind: 'file', file: 'x.onnx' },
      datasetVersionId,
      evidence: [
        { kind: 'performance', ...blobs.put(JSON.stringify(goodPerformance)) },
        { kind: 'explanation', ...blobs.put(JSON.stringify(explanation)) },
      ],
      actor: 'ada',
    })
    app.cards.generate(stored.id)
  }
  await app.close()
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

describe('models card', () => {
  test.each([
    ['html', '<!doctype html>'],
    ['pdf', '%PDF-'],
    ['json', '{'],
  ])('writes %s', async (format, start) => {
    const out = join(folder, `card.${format}`)
    const { exitCode, json: answer } = await json('models', 'card', 'compared/1', '--format', format, '--out', out)
    expect([exitCode, answer]).toEqual([0, { card: { path: out, bytes: statSync(out).size, digest, href: null } }])
    expect(readFileSync(out, 'latin1').startsWith(start)).toBe(true)
  })

  test('tells wrong usage (2) from what is not there (3)', async () => {
    const out = join(folder, 'none.html')
    expect((await run('models', 'card', 'compared/1')).exitCode).toBe(2)
    expect((await run('models', 'card', 'compared/9', '--out', out)).exitCode).toBe(3)
    expect((await run('models', 'card', 'compared/1', '--revision', '7', '--out', out)).exitCode).toBe(3)
  })
})

test('lineage is walked from a version and from its data', async () => {
  const { json: ofVersion } = await json('models', 'lineage', 'compared/1')
  expect(ofVersion).toMatchObject({ nodes: expect.any(Array), edges: expect.any(Array), complete: true })
  const { json: ofData } = await json('data', 'lineage', datasetVersionId)
  const labels = (ofData as { nodes: { label: string }[] }).nodes.map(({ label }) => label)
  expect(labels).toEqual(expect.arrayContaining(['compared / 1', 'compared / 2']))
  expect((await run('data', 'lineage', 'nothing')).exitCode).toBe(3)
})

test('a note is written on a model, and on a version of it', async () => {
  const { json: ofModel } = await json('models', 'note', 'compared', 'for **teaching**')
  expect(ofModel).toMatchObject({ model: { name: 'compared', description: 'for **teaching**' }, versions: [{}, {}] })
  await run('models', 'note', 'compared/1', 'the first one')
  expect((await run('models', 'show', 'compared/1')).stdout).toContain('the first one')
})

test('versions are filtered, and kept by a rule that says first what it would do', async () => {
  const list = async (filter: string) => {
    const { exitCode, json: answer } = await json('models', 'list', '--filter', filter, '--order', 'version')
    return [exitCode, (answer as { versions?: { version: number }[] }).versions?.map(({ version }) => version)]
  }
  expect(await list("name = 'compared' and version > 1")).toEqual([0, [2]])
  expect(await list('score >')).toEqual([2, undefined])
  const retain = ['models', 'retain', '--keep', '1', '--model', 'compared']
  expect((await json(...retain)).json).toMatchObject({ trash: [{ version: 1 }], applied: false })
  expect(await list("name = 'compared'")).toEqual([0, [1, 2]])
  expect((await json(...retain, '--apply')).json).toMatchObject({ trash: [{ version: 1 }], applied: true })
  expect(await list("name = 'compared'")).toEqual([0, [2]])
  expect((await run('models', 'restore', 'compared/1')).exitCode).toBe(0)
  expect((await run('models', 'retain', '--keep', '0')).exitCode).toBe(2)
}, 120_000)

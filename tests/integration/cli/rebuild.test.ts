import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../../core/app.ts'
import { readOnnxMetadata } from '../../../engine/onnx/metadata.ts'
import { portableExport } from '../../../shared/domain/portable-export.ts'
import { recipe } from '../../../shared/domain/recipes.ts'
import { automlSpecification } from '../../../shared/domain/training.ts'
import { maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-cli-rebuild-'))
const workspace = join(folder, 'workspace')
const iris = resolve(import.meta.dirname, '../../../resources/samples/iris.csv')

/** One version with the recipe that made it, and one whose recipe has another seed. */
beforeAll(async () => {
  const app = await openApp(workspace)
  const ended = async ({ job }: { readonly job: { readonly id: string } }) => {
    const { error, result } = await app.jobs.wait(job.id)
    expect(error).toBeNull()
    return result
  }
  await ended(app.datasets.import({ source: { path: iris }, name: 'iris', types: {}, reading: {} }))
  const asked = { dataset: 'iris', target: 'species', threads: 2, trials: 1, folds: 3, learners: ['extra-trees'] }
  const trained = await ended(await app.automl.start(automlSpecification.parse(asked)))
  const source = { runId: String(trained?.runId) }
  for (const name of ['genuine', 'tampered']) {
    await ended(
      app.explain.register({ name, description: '', source, columns: [] }, { name: 'owner', role: 'superadmin' }),
    )
  }
  const { id, evidence } = app.models.version('tampered/1')
  const stored = evidence.find(({ kind }) => kind === 'recipe')?.digest ?? ''
  const genuine = recipe.parse(JSON.parse(readFileSync(app.context.blobs.path(stored), 'utf8')))
  const changed = { ...genuine, members: genuine.members.map((member) => ({ ...member, seed: member.seed + 1 })) }
  app.models.putEvidence(id, { kind: 'recipe', ...app.context.blobs.put(JSON.stringify(changed)) })
  await app.close()
}, 90_000)

afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

test('models export --portable writes a file for older runtimes, and how it compares', async () => {
  const out = join(folder, 'portable')
  const { exitCode, json } = await maestroJson(workspace, 'models', 'export', 'genuine/1', '--portable', '--out', out)
  expect(exitCode).toBe(0)
  const answer = portableExport.parse(json)
  expect(answer.operatorSets).toEqual([
    { domain: '', version: 13 },
    { domain: 'ai.onnx.ml', version: 2 },
  ])
  expect(answer.parity).toMatchObject({ passed: true, labelFlips: 0 })
  expect(answer.parity.rows).toBeGreaterThanOrEqual(10_000)
  const onnx = readFileSync(join(out, 'genuine-portable.onnx'))
  expect(answer.parity.modelDigest).toBe(`sha256:${createHash('sha256').update(onnx).digest('hex')}`)
  // It says of itself what the registered file says.
  expect(readOnnxMetadata(onnx).properties['maestro.target']).toBe('species')
  const report: unknown = JSON.parse(readFileSync(join(out, 'genuine-portable-parity.json'), 'utf8'))
  expect(report).toMatchObject({ form: 'portable', parity: { passed: true } })
}, 60_000)

test('models rebuild tells the same bytes (0) from others (6)', async () => {
  const rebuild = (model: string) => maestroJson(workspace, 'models', 'rebuild', model, '--kernels', 'plain')
  expect(await rebuild('genuine/1')).toMatchObject({ exitCode: 0, json: { identical: true, differences: [] } })
  const { exitCode, json } = await rebuild('tampered/1')
  expect([exitCode, json]).toMatchObject([6, { identical: false }])
  expect((json as { differences: { what: string }[] }).differences.map(({ what }) => what)).toContain('predictions')
}, 60_000)

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../../core/app.ts'
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

test('models rebuild tells the same bytes (0) from others (6)', async () => {
  const rebuild = (model: string) => maestroJson(workspace, 'models', 'rebuild', model, '--kernels', 'plain')
  expect(await rebuild('genuine/1')).toMatchObject({ exitCode: 0, json: { identical: true, differences: [] } })
  const { exitCode, json } = await rebuild('tampered/1')
  expect([exitCode, json]).toMatchObject([6, { identical: false }])
  expect((json as { differences: { what: string }[] }).differences.map(({ what }) => what)).toContain('predictions')
}, 60_000)

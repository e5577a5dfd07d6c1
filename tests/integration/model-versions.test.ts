import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import type { NewVersion } from '../../core/services/models/model-rows.ts'
import { newId } from '../../core/storage/ids.ts'
import { addDatasetVersion, fillDatasets } from '../fixtures/storage-samples.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

let opened: TestApp
let app: App
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
})
afterAll(() => opened.close())

const refused = (code: string): unknown => expect.objectContaining({ code })

function register(name: string, changes: Partial<NewVersion> = {}) {
  return app.models.createVersion({
    name,
    description: '',
    onnx: app.context.blobs.put(`onnx ${newId()}`),
    pipelineDigest: null,
    task: 'binary',
    learner: 'gradient-boosting',
    signature: { task: 'binary', target: 'y', classes: ['no', 'yes'], inputs: [], outputs: [] },
    params: {},
    metric: 'roc_auc',
    score: null,
    source: { kind: 'file', file: 'model.onnx' },
    datasetVersionId: null,
    evidence: [],
    actor: 'ada',
    ...changes,
  })
}

describe('versions are found by a filter', () => {
  beforeAll(() => {
    const { database } = app.context
    fillDatasets(database, 1)
    const datasetVersionId = addDatasetVersion(database, app.context.blobs.put('table').digest)
    const experimentId = app.experiments.createExperiment('filtered').id
    const runId = app.runs.createRun({ experimentId, name: 'trial', params: {} })
    app.runs.logMetrics(runId, [{ key: 'recall', value: 0.7, step: 0 }])
    const of = (value: number) => ({ value, low: value, high: value })
    register('f one', { score: of(0.7), params: { depth: '3' }, source: { kind: 'run', runId } })
    register('f one', { score: of(0.9), params: { depth: '4' }, datasetVersionId })
    register('f two', { score: of(0.8), learner: "o'brien" })
    register('f two', { learner: 'forest', description: 'the big one' })
    app.models.setAlias('f one/2', 'production', 'ada')
    app.models.setAlias('f one/2', 'best', 'ada')
    app.models.setAlias('f two/1', 'staging', 'ada')
    app.models.tag('f two/2', 'team name', 'risk')
  })

  const find = (filter: string, order = 'name, version') =>
    app.models
      .versions({
        filter: filter === '' ? "name LIKE 'f %'" : `name LIKE 'f %' AND ${filter}`,
        order,
        limit: 100,
        page: null,
        deleted: false,
      })
      .versions.map(({ name, version }) => `${name.slice(2)}/${version}`)

  test.each<[string, string[]]>([
    ['', ['one/1', 'one/2', 'two/1', 'two/2']],
    ["name = 'f one'", ['one/1', 'one/2']],
    ['version >= 2', ['one/2', 'two/2']],
    ['score > 0.75', ['one/2', 'two/1']],
    ["score > 0.75 AND learner != 'gradient-boosting'", ['two/1']],
    ["learner = 'o\\'brien'", ['two/1']],
    ["params.depth IN ('4', '5')", ['one/2']],
    ["tags.`team name` = 'risk'", ['two/2']],
    ['tags.`team name` IS NULL', ['one/1', 'one/2', 'two/1']],
    ['metrics.recall < 0.8', ['one/1']],
    ["alias = 'production'", ['one/2']],
    ["alias = 'best'", ['one/2']],
    ["alias != 'production'", ['one/1', 'two/1', 'two/2']],
    ["alias LIKE 's%'", ['two/1']],
    ["alias IN ('staging', 'best')", ['one/2', 'two/1']],
    ["alias NOT IN ('staging', 'best')", ['one/1', 'two/2']],
    ['alias IS NULL', ['one/1', 'two/2']],
    ['alias IS NOT NULL', ['one/2', 'two/1']],
    ["description ILIKE '%BIG%'", ['two/2']],
    ["dataset LIKE 'table %'", ['one/2']],
    ["source = 'run'", ['one/1']],
    ['created_at > 0', ['one/1', 'one/2', 'two/1', 'two/2']],
    ["created_at < '2020-01-01'", []],
  ])('%s', (filter, found) => {
    expect(find(filter)).toEqual(found)
  })

  test('and what cannot be asked is refused, not tried', () => {
    expect(() => find("created_at > 'banana'")).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    expect(() => find('', 'alias')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })

  test('in any order; those without a value come last', () => {
    expect(find('', 'score DESC')).toEqual(['one/2', 'two/1', 'one/1', 'two/2'])
    expect(find('', 'score')).toEqual(['one/1', 'two/1', 'one/2', 'two/2'])
  })

  test.each([
    'score = high',
    'depth > 3',
    "version = 'x'",
    'alias > 3',
    "name = 'x' or name = 'y'",
    'metrics.a LIKE 2',
  ])('%s is refused with what to write', (filter) => {
    expect(() => find(filter)).toThrow(refused('INPUT_INVALID'))
  })

  test('a page at a time', () => {
    const page = (token: string | null) =>
      app.models.versions({ filter: "name LIKE 'f %'", order: 'name, version', limit: 3, page: token, deleted: false })
    const first = page(null)
    expect([first.versions.length, first.total, first.nextPage]).toEqual([3, 4, '3'])
    const second = page(first.nextPage)
    expect(second.versions.map(({ name, version }) => `${name}/${version}`)).toEqual(['f two/2'])
    expect(second).toMatchObject({ total: 4, nextPage: null })
    expect(second.versions[0]?.tags).toEqual({ 'team name': 'risk' })
    expect(() => page('x')).toThrow(refused('INPUT_INVALID'))
  })
})

test('a brief list has the newest version of each model and those with an alias, and counts all', () => {
  for (let n = 0; n < 4; n++) register('brief')
  app.models.setAlias('brief/2', 'production', 'ada')
  app.models.delete('brief/4', 'ada')
  const [model] = app.models.list({ deleted: false, search: 'brief', brief: true }).models
  expect(model).toMatchObject({ latestVersion: 3, versionCount: 3 })
  expect(model?.versions.map(({ version }) => version)).toEqual([3, 2])
})

describe('a change of many versions', () => {
  test('tags, trashes and restores them together', () => {
    const ids = [register('many'), register('many'), register('many')].map(({ id }) => id)
    expect(app.models.change(ids, { tag: { key: '__proto__', value: 'x' } }, 'ada')).toEqual({ changed: 3 })
    expect(Object.entries(app.models.version('many/2').tags)).toEqual([['__proto__', 'x']])
    expect(app.models.change(ids.slice(0, 2), { deleted: true }, 'ada')).toEqual({ changed: 2 })
    expect(app.models.change(ids, { deleted: true }, 'ada')).toEqual({ changed: 1 })
    const inTrash = app.models.versions({ filter: "name = 'many'", order: '', limit: 10, page: null, deleted: true })
    expect(inTrash.total).toBe(3)
    expect(app.models.change([...ids, ...ids], { deleted: false }, 'ada')).toEqual({ changed: 3 })
    expect(app.models.version('many/1').activity.map(({ what }) => what)).toEqual([
      'was restored',
      'was moved to the trash',
      'registered version 1',
    ])
  })

  test('leaves what is deployed where it is, and then all of it', () => {
    const [first, second] = [register('deployed'), register('deployed')]
    const { sqlite } = app.context.database
    sqlite
      .prepare(
        `INSERT INTO deployment (model_id, slot, version_id, kind, actor, started_at)
         SELECT model_id, 'production', id, 'deploy', 'ada', '2026-01-02' FROM model_version WHERE id = ?`,
      )
      .run(second.id)
    expect(() => app.models.change([first.id, second.id], { deleted: true }, 'ada')).toThrow(refused('STATE_REFUSED'))
    expect(app.models.get('deployed').versionCount).toBe(2)
    register('deployed')
    const plan = app.models.retain({ keep: 1, model: 'deployed', apply: true }, 'ada')
    expect(plan.protected).toMatchObject([{ version: 2, reason: 'is deployed' }])
    expect(app.models.get('deployed').versions.map(({ version }) => version)).toEqual([3, 2])
  })

  test('does nothing at all where one of them is not there', () => {
    const { id } = register('whole')
    expect(() => app.models.change([id, newId()], { deleted: true }, 'ada')).toThrow(refused('NOT_FOUND'))
    expect(app.models.version('whole/1').deletedAt).toBeNull()
  })
})

describe('retention', () => {
  const trash = (plan: { readonly trash: readonly { readonly name: string; readonly version: number }[] }) =>
    plan.trash.map(({ name, version }) => `${name}/${version}`)
  const protect = (plan: { readonly protected: readonly { readonly version: number; readonly reason: string }[] }) =>
    plan.protected.map(({ version, reason }) => `${version} ${reason}`)

  test('keeps the newest, and whatever somebody relies on; it says so before it does anything', () => {
    for (let n = 0; n < 9; n++) register('kept')
    register('other')
    app.models.setAlias('kept/1', 'production', 'ada')
    const state = app.context.database.sqlite.prepare('UPDATE model_version SET state = ? WHERE id = ?')
    for (const [number, to] of [
      [2, 'approved'],
      [3, 'deployed'],
      [4, 'review'],
      [5, 'rejected'],
    ] as const)
      state.run(to, app.models.versionId(`kept/${number}`))
    const rule = { keep: 2, model: 'kept', apply: false }
    const plan = app.models.retain(rule, 'ada')
    expect(trash(plan)).toEqual(['kept/7', 'kept/6', 'kept/5'])
    expect(protect(plan)).toEqual(['4 waits for a decision', '3 is deployed', '2 is approved', '1 is @production'])
    expect(plan).toMatchObject({ newest: 2, applied: false })
    expect(app.models.get('kept').versionCount).toBe(9)
    const done = app.models.retain({ ...rule, apply: true }, 'ada')
    expect([trash(done), done.applied]).toEqual([trash(plan), true])
    expect(app.models.get('kept').versions.map(({ version }) => version)).toEqual([9, 8, 4, 3, 2, 1])
    expect(app.models.version('kept/7').activity[0]?.what).toContain('keep the newest 2')
    expect(trash(app.models.retain(rule, 'ada'))).toEqual([])
    app.models.restore('kept/7', 'ada')
    expect(app.models.get('kept').versionCount).toBe(7)
  })

  test('of all models counts each by itself; of none there is says so', () => {
    const plan = app.models.retain({ keep: 1, model: null, apply: false }, 'ada')
    expect(trash(plan)).not.toContain('other/1')
    expect(trash(plan)).toContain('many/1')
    expect(() => app.models.retain({ keep: 1, model: 'nobody', apply: false }, 'ada')).toThrow(refused('NOT_FOUND'))
  })
})

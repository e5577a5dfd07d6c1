import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import type { NewVersion } from '../../core/services/models/model-rows.ts'
import { newId } from '../../core/storage/ids.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

let opened: TestApp
let app: App
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
})
afterAll(() => opened.close())

let name: string
let number = 0
beforeEach(() => {
  name = `model ${++number}`
})

const refused = (code: string): unknown => expect.objectContaining({ code })

/** Registers the next version of `name`; its ONNX file says what is given. */
function register(content = newId(), changes: Partial<NewVersion> = {}) {
  const { blobs } = app.context
  return app.models.createVersion({
    name,
    description: 'first',
    onnx: blobs.put(`onnx ${content}`),
    pipelineDigest: blobs.put(`pipeline ${content}`).digest,
    task: 'binary',
    learner: 'gradient-boosting',
    signature: { task: 'binary', target: 'y', classes: ['no', 'yes'], inputs: [], outputs: [] },
    params: { depth: '3' },
    metric: 'roc_auc',
    score: { value: 0.8, low: 0.7, high: 0.9 },
    source: { kind: 'file', file: 'model.onnx' },
    datasetVersionId: null,
    evidence: [{ kind: 'parity', ...blobs.put(JSON.stringify({ about: content })) }],
    actor: 'ada',
    ...changes,
  })
}

describe('versions', () => {
  test('are numbered by model, with everything that came with them', () => {
    expect([register().version, register().version]).toEqual([1, 2])
    const detail = app.models.version(`${name}/1`)
    expect(detail).toMatchObject({
      name,
      version: 1,
      description: 'first',
      params: { depth: '3' },
      score: { value: 0.8, low: 0.7, high: 0.9 },
      state: 'none',
      aliases: [],
      evidence: [{ kind: 'parity' }],
      activity: [{ actor: 'ada', what: 'registered version 1' }],
    })
    expect(detail.files.map(({ path }) => path)).toEqual([`${name}.onnx`, 'parity.json'])
    expect(app.models.get(name)).toMatchObject({ latestVersion: 2, versionCount: 2 })
  })

  test('are stored whole or not at all', () => {
    expect(() => register('x', { source: { kind: 'run', runId: newId() } })).toThrow(/FOREIGN KEY/)
    expect(() => app.models.get(name)).toThrow(refused('NOT_FOUND'))
    expect(register().version).toBe(1)
  })

  test('never get a number that another one had, even when that was given up for good', () => {
    register()
    register()
    app.models.delete(`${name}/2`, 'ada')
    app.models.purge(`${name}/2`)
    expect(register().version).toBe(3)
  })
})

describe('references', () => {
  test('name, number, alias and id lead to the version that is meant', () => {
    const [first, second] = [register(), register()]
    app.models.setAlias(`${name}/1`, 'production', 'ada')
    const idOf = (reference: string) => app.models.resolve(reference).versionId
    expect(idOf(name)).toBe(second.id)
    expect(idOf(`${name}/1`)).toBe(first.id)
    expect(idOf(`${name}@production`)).toBe(first.id)
    expect(idOf(second.id)).toBe(second.id)
    expect(readFileSync(app.models.resolve(first.id).onnxPath, 'utf8')).toMatch(/^onnx /)
  })

  test.each(['nobody', 'nobody/1', 'nobody@production', `${'0'.repeat(32)}`])('%s is not found', (reference) => {
    expect(() => app.models.resolve(reference)).toThrow(refused('NOT_FOUND'))
  })

  test.each(['', 'a/b', 'a@b@c', 'a/1/2', '@x'])('"%s" is no reference', (reference) => {
    expect(() => app.models.resolve(reference)).toThrow(refused('INPUT_INVALID'))
  })

  test('a run leads to its model, and says so where it has none; a file is taken as it is', () => {
    const runId = app.runs.createRun({
      experimentId: app.experiments.createExperiment('for models').id,
      name: 'a trial',
      params: {},
    })
    expect(() => app.models.resolve(`run:${runId}`)).toThrow(refused('STATE_REFUSED'))
    const { digest, bytes } = app.context.blobs.put('{}')
    app.runs.addArtifact(runId, 'pipeline.json', digest, bytes)
    expect(app.models.resolve(`run:${runId}`)).toMatchObject({
      kind: 'run',
      runId,
      onnxPath: '',
      pipelineDigest: digest,
    })
    expect(() => app.models.resolve('nowhere/x.onnx')).toThrow(refused('FILE_NOT_FOUND'))
  })
})

describe('aliases and tags', () => {
  test('an alias is at one version at a time, and both remember', () => {
    register()
    register()
    app.models.setAlias(`${name}/1`, 'production', 'ada')
    app.models.setAlias(`${name}/2`, 'production', 'bob')
    expect(app.models.version(`${name}/1`).aliases).toEqual([])
    expect(app.models.version(`${name}/2`)).toMatchObject({ aliases: ['production'] })
    app.models.removeAlias(name, 'production', 'ada')
    expect(() => app.models.removeAlias(name, 'production', 'ada')).toThrow(refused('NOT_FOUND'))
    expect(app.models.version(`${name}/2`).activity.map(({ what }) => what)).toEqual([
      'is no longer @production',
      'became @production',
      'registered version 2',
    ])
    expect(() => app.models.setAlias(name, '3', 'ada')).toThrow(refused('INPUT_INVALID'))
  })

  test('tags and descriptions are set, changed and taken away', () => {
    register()
    expect(app.models.tag(name, 'team', 'risk').tags).toEqual({ team: 'risk' })
    expect(app.models.tag(`${name}/1`, 'team', null).tags).toEqual({})
    app.models.update(`${name}/1`, 'of the version')
    expect(app.models.update(name, 'of the model').description).toBe('of the model')
    expect(app.models.version(name).description).toBe('of the version')
  })
})

describe('the trash', () => {
  test('takes a version with its aliases, and gives both back', () => {
    register()
    const { id } = register()
    app.models.setAlias(`${name}/2`, 'production', 'ada')
    app.models.delete(`${name}/2`, 'ada')
    expect(app.models.resolve(name).version).toBe(1)
    expect(() => app.models.resolve(`${name}@production`)).toThrow(refused('NOT_FOUND'))
    expect(app.models.version(id)).toMatchObject({ aliases: [], deletedAt: expect.any(String) })
    expect(() => app.models.setAlias(id, 'staging', 'ada')).toThrow(refused('STATE_REFUSED'))
    app.models.restore(`${name}/2`, 'ada')
    expect(app.models.resolve(`${name}@production`).version).toBe(2)
    expect(
      app.models
        .version(id)
        .activity.map(({ what }) => what)
        .slice(0, 2),
    ).toEqual(['was restored', 'was moved to the trash'])
  })

  test('does not take an alias back that was given to another version meanwhile', () => {
    register()
    register()
    app.models.setAlias(`${name}/2`, 'production', 'ada')
    app.models.delete(`${name}/2`, 'ada')
    app.models.setAlias(`${name}/1`, 'production', 'ada')
    app.models.restore(`${name}/2`, 'ada')
    expect(app.models.resolve(`${name}@production`).version).toBe(1)
  })

  test('takes a model with all versions; its name is free, and it comes back when it is free again', () => {
    register()
    app.models.delete(name, 'ada')
    expect(() => app.models.resolve(name)).toThrow(refused('NOT_FOUND'))
    expect(app.models.list({ deleted: true, search: name }).models).toMatchObject([{ name, versionCount: 1 }])
    expect(register().version).toBe(1)
    expect(() => app.models.restore(name, 'ada')).toThrow(refused('NAME_TAKEN'))
    app.models.delete(name, 'ada')
    expect(app.models.restore(name, 'ada')).toMatchObject({ name, deletedAt: null })
    expect(() => app.models.delete('nobody', 'ada')).toThrow(refused('NOT_FOUND'))
  })

  test('is the only place from which something is given up, and then with its files', () => {
    const shared = app.context.blobs.put('onnx shared')
    const own = register('own')
    register('shared')
    expect(() => app.models.purge(name)).toThrow(refused('STATE_REFUSED'))
    expect(() => app.models.purge(`${name}/1`)).toThrow(refused('STATE_REFUSED'))
    const other = name
    name = `${name} other`
    register('shared')
    app.models.delete(other, 'ada')
    const { freedBytes } = app.models.purge(other)
    expect(freedBytes).toBe('onnx own'.length + 'pipeline own'.length + JSON.stringify({ about: 'own' }).length)
    expect(app.context.blobs.has(own.digest)).toBe(false)
    expect(app.context.blobs.has(shared.digest)).toBe(true)
    expect(app.models.version(name).parity).toEqual({ about: 'shared' })
  })
})

test('a version whose file was changed on disk is neither used nor exported', () => {
  const { digest } = register('changed on disk')
  const { blobs } = app.context
  expect(app.models.resolve(`${name}/1`).onnxDigest).toBe(digest)
  const path = blobs.path(digest)
  chmodSync(path, 0o600)
  writeFileSync(path, 'onnx CHANGED on disk')
  expect(() => app.models.resolve(`${name}/1`)).toThrow(refused('WORKSPACE_DAMAGED'))
  expect(() => app.models.export(`${name}/1`)).toThrow(refused('WORKSPACE_DAMAGED'))
  expect(app.models.version(`${name}/1`).digest).toBe(digest)
})

test('export copies every file of a version, under names that every system takes', () => {
  name = `a:b?${number}`
  register('exported')
  const folder = join(mkdtempSync(join(opened.folder, 'export-')), 'new', 'folder')
  const { files } = app.models.export(name, folder)
  expect(readdirSync(folder).sort()).toEqual([`a-b-${number}.onnx`, 'parity.json'])
  expect(files.every(({ path, href }) => existsSync(path) && href === null)).toBe(true)
  expect(readFileSync(join(folder, `a-b-${number}.onnx`), 'utf8')).toBe('onnx exported')
  for (const { href } of app.models.export(name).files) expect(href).toMatch(/^\/files\/[0-9a-f]{64}\/[^/]+$/)
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import { newId } from '../../core/storage/ids.ts'
import { fillDatasets, fillRuns } from '../fixtures/storage-samples.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp, owner } from '../fixtures/test-app.ts'

const refused = (code: string): unknown => expect.objectContaining({ code })

describe('finding', () => {
  let opened: TestApp
  let app: App
  beforeAll(async () => {
    opened = await openTestApp()
    app = opened.app
    const experiment = app.experiments.createExperiment('Größen von Äpfeln')
    app.runs.createRun({ experimentId: experiment.id, name: 'Gradient boosting 7', params: {} })
    const insert = app.context.database.sqlite.prepare(
      "INSERT INTO registered_model (id, name, created_at, updated_at) VALUES (?, ?, '2026-01-01', '2026-01-01')",
    )
    for (const name of ['C# churn 100%', 'churn', 'the churn of old']) insert.run(newId(), name)
    app.models.createVersion({
      name: 'churn',
      description: '',
      onnx: app.context.blobs.put('onnx'),
      pipelineDigest: null,
      task: 'regression',
      learner: 'ridge',
      signature: { task: 'regression', target: 'y', classes: [], inputs: [], outputs: [] },
      params: {},
      metric: null,
      score: null,
      source: { kind: 'file', file: 'x.onnx' },
      datasetVersionId: null,
      evidence: [],
      actor: 'ada',
    })
    app.models.setAlias('churn/1', 'production', 'ada')
  })
  afterAll(() => opened.close())
  const titles = (text: string) => app.workspace.search(text, 20).map(({ title }) => title)

  test('takes what is named so before what starts so before what contains it', () => {
    expect(titles('churn')).toEqual(['churn', 'churn / 1', 'C# churn 100%', 'the churn of old'])
  })

  test.each([
    ['CHURN old', ['the churn of old']],
    ['churn/1', ['churn / 1']],
    ['@production', ['churn / 1']],
    ['ÄPFEL grösse', []],
    ['ÄPFEL größe', ['Größen von Äpfeln', 'Gradient boosting 7']],
    ['boosting äpfeln', ['Gradient boosting 7']],
    ['%', ['C# churn 100%']],
    ['_', []],
    ["'", []],
    ['   ', []],
  ])('"%s"', (text, expected) => {
    expect(titles(text)).toEqual(expected)
  })

  test('knows ids, and its routes hold for any name', () => {
    const { id } = app.experiments.list(false)[0] as { id: string }
    expect(app.workspace.search(id, 5)).toMatchObject([{ kind: 'experiment', href: `/experiments/${id}` }])
    const [hit] = app.workspace.search('C#', 1)
    expect(hit?.href).toBe('/models/C%23%20churn%20100%25')
    expect(app.workspace.recent(10).map(({ href }) => href)).toContain('/models/churn/1')
  })

  test('leaves out what is in the trash', () => {
    app.models.delete('churn', 'ada')
    expect(titles('churn')).toEqual(['C# churn 100%', 'the churn of old'])
    app.models.restore('churn', 'ada')
  })
})

describe('a workspace', () => {
  const root = mkdtempSync(join(tmpdir(), 'maestro-workspace-'))
  afterAll(() => rmSync(root, { recursive: true }))
  let folder: string
  let app: App
  afterEach(() => app.close())

  async function openNew(): Promise<void> {
    folder = mkdtempSync(join(root, 'each-'))
    app = await openApp(folder)
  }
  const status = () => app.workspace.status(owner)

  test('says how it is, and that its file was found sound', async () => {
    await openNew()
    fillDatasets(app.context.database, 3)
    fillRuns(app.context.database, 5)
    app.context.blobs.put('x'.repeat(1_000))
    await expect.poll(() => status().integrity, { timeout: 20_000 }).toBe('ok')
    expect(status()).toMatchObject({
      readOnly: false,
      problem: null,
      counts: { datasets: 3, experiments: 1, runs: 5, models: 0 },
      bytes: { blobs: 1_000 },
    })
    expect(status().bytes.free).toBeGreaterThan(0)
  })

  test('whose file is lost opens for reading, makes no new one, and is whole again after a restore', async () => {
    await openNew()
    fillDatasets(app.context.database, 3)
    app.context.blobs.put('a table')
    const { backup } = app.backups.create()
    await app.close()
    for (const name of readdirSync(folder).filter((each) => each.startsWith('workspace.db'))) rmSync(join(folder, name))
    app = await openApp(folder)
    expect(status()).toMatchObject({ readOnly: true, integrity: 'damaged', bytes: { database: 0 } })
    expect(status().problem).toMatch(/missing or empty.*Restore a backup/)
    expect(() => app.backups.create()).toThrow(refused('READ_ONLY'))
    expect(readdirSync(folder)).not.toContain('workspace.db')
    app.backups.restore(backup.name)
    await app.close()
    app = await openApp(folder)
    expect(status()).toMatchObject({ readOnly: false, counts: { datasets: 3 } })
  })

  test('that is damaged inside is found out, writes nothing more, and gives up what can be read', async () => {
    await openNew()
    fillDatasets(app.context.database, 400)
    await app.close()
    const path = join(folder, 'workspace.db')
    const bytes = readFileSync(path)
    bytes.fill(0xff, bytes.length - 8_192, bytes.length - 4_096)
    writeFileSync(path, bytes)
    app = await openApp(folder)
    await expect.poll(() => status().integrity, { timeout: 20_000 }).toBe('damaged')
    expect(() => app.experiments.rename(newId(), 'x')).toThrow(refused('READ_ONLY'))
    const saved = await app.workspace.salvage(join(folder, 'saved'))
    expect(saved.tables.dataset).toBeGreaterThan(100)
    expect(readdirSync(join(folder, 'saved'))).toEqual(['blobs', 'salvage.json', 'tables'])
    await expect(app.workspace.salvage(path)).rejects.toThrow(refused('INPUT_INVALID'))
  })

  test('takes a backup back that was asked for, and refuses one that does not verify', async () => {
    await openNew()
    fillDatasets(app.context.database, 3)
    const { backup } = app.backups.create()
    fillDatasets(app.context.database, 2)
    expect(app.backups.list().backups).toMatchObject([{ name: backup.name, kind: 'manual', verified: true }])
    app.backups.restore(backup.name)
    expect(status().counts.datasets).toBe(5)
    await app.close()
    app = await openApp(folder)
    expect(status().counts.datasets).toBe(3)
    rmSync(join(backup.path, 'workspace.db'))
    expect(() => app.backups.restore(backup.name)).toThrow(refused('BACKUP_INVALID'))
    expect(() => app.backups.restore('no such backup')).toThrow(refused('NOT_FOUND'))
  })

  test('that was asked for a restore that cannot be done says so once, and opens as it was', async () => {
    await openNew()
    fillDatasets(app.context.database, 3)
    const { backup } = app.backups.create()
    app.backups.restore(backup.name)
    await app.close()
    rmSync(backup.path, { recursive: true })
    await expect(openApp(folder)).rejects.toThrow(refused('BACKUP_INVALID'))
    app = await openApp(folder)
    expect(status().counts.datasets).toBe(3)
  })

  test('makes the backups that are due, and keeps as many as the settings say', async () => {
    await openNew()
    app.backups.runDue()
    app.backups.runDue()
    const kinds = () => app.backups.list().backups.map(({ kind }) => kind)
    expect(kinds().sort()).toEqual(['daily', 'weekly'])
    app.settings.set({ backups: { daily: 0, weekly: 1 } })
    app.backups.runDue()
    expect(kinds()).toEqual(['weekly'])
  })

  test('tells who listens what has changed, once for what changed twice, until it closes', async () => {
    await openNew()
    const wanted = new AbortController()
    const events: string[] = []
    const listening = (async () => {
      for await (const { topic, id } of app.workspace.changes(wanted.signal))
        events.push(`${topic} ${id ? 'one' : 'all'}`)
    })()
    await Promise.resolve()
    const { id } = app.experiments.createExperiment('a')
    app.experiments.rename(id, 'b')
    app.backups.create()
    await expect.poll(() => events, { timeout: 20_000 }).toEqual(['experiments one', 'backups one'])
    wanted.abort()
    await listening
  })
})

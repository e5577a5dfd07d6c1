import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import type { NewVersion } from '../../core/services/models/model-rows.ts'
import { newId } from '../../core/storage/ids.ts'
import type { Lineage } from '../../shared/domain/models.ts'
import { addDatasetVersion, fillDatasets } from '../fixtures/storage-samples.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

let opened: TestApp
let app: App
let experimentId: string
let datasetVersionId: string
let tableDigest: string
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
  fillDatasets(app.context.database, 1)
  tableDigest = app.context.blobs.put(JSON.stringify({ columns: [], warnings: [] })).digest
  datasetVersionId = addDatasetVersion(app.context.database, tableDigest)
  experimentId = app.experiments.createExperiment('search').id
})
afterAll(() => opened.close())

function newRun(name: string): string {
  return app.runs.createRun({ experimentId, name, params: {}, datasetVersionId })
}

function register(name: string, source: NewVersion['source'], dataset: string | null) {
  return app.models.createVersion({
    name,
    description: '',
    onnx: app.context.blobs.put(`onnx ${newId()}`),
    pipelineDigest: null,
    task: 'binary',
    learner: 'gradient-boosting',
    signature: { task: 'binary', target: 'y', classes: ['no', 'yes'], inputs: [], outputs: [] },
    params: {},
    metric: null,
    score: null,
    source,
    datasetVersionId: dataset,
    evidence: [],
    actor: 'ada',
  })
}

/** A finished prediction job, as the queue stores it. */
function addPrediction(onnxDigest: string, tablePath: string): string {
  const id = newId()
  const specification = JSON.stringify({
    onnxPath: app.context.blobs.path(onnxDigest),
    table: { kind: 'columns', path: tablePath, name: 'new rows' },
  })
  app.context.database.sqlite
    .prepare(
      `INSERT INTO job (id, kind, state, title, specification, progress, subject_type, subject_id, subject_name, resumable, created_at, ended_at)
       VALUES (?, 'predict', 'succeeded', 'Predict y for new rows', ?, '{}', 'model', '', '', 1, ?, ?)`,
    )
    .run(id, specification, new Date().toISOString(), new Date().toISOString())
  return id
}

const edgesOf = ({ edges }: Lineage) => edges.map(({ from, to, label }) => `${from} ${label} ${to}`)

function isWhole({ nodes, edges, focus }: Lineage): boolean {
  const known = new Set(nodes.map(({ id }) => id))
  return (
    known.size === nodes.length && known.has(focus) && edges.every(({ from, to }) => known.has(from) && known.has(to))
  )
}

describe('lineage', () => {
  test('of a version: what led to it and what came of it, and nothing beside', () => {
    const [runId, otherRun] = [newRun('trial 1'), newRun('trial 2')]
    const version = register('walked', { kind: 'run', runId }, datasetVersionId)
    const other = register('beside', { kind: 'run', runId: otherRun }, datasetVersionId)
    app.models.setAlias(version.id, 'production', 'ada')
    const prediction = addPrediction(version.digest, '/elsewhere.csv')
    const found = app.lineage.ofVersion('walked/1')
    expect(isWhole(found)).toBe(true)
    const alias = found.nodes.find(({ type }) => type === 'alias')?.id
    expect(edgesOf(found)).toEqual([
      `run:${runId} registered as version:${version.id}`,
      `dataset:${datasetVersionId} trained run:${runId}`,
      `version:${version.id} is ${alias}`,
      `version:${version.id} predicted prediction:${prediction}`,
    ])
    expect(found.nodes.some(({ id }) => id === `version:${other.id}`)).toBe(false)
    expect(found.focus).toBe(`version:${version.id}`)
  })

  test('of a dataset: everything that is affected if it is bad', () => {
    const runId = newRun('trial 3')
    newRun('never registered')
    const version = register('affected', { kind: 'run', runId }, datasetVersionId)
    const imported = register('imported', { kind: 'file', file: 'x.onnx' }, datasetVersionId)
    const gone = register('gone', { kind: 'file', file: 'x.onnx' }, datasetVersionId)
    app.models.delete('gone', 'ada')
    app.models.setAlias(version.id, 'production', 'ada')
    const scored = addPrediction(
      register('elsewhere', { kind: 'file', file: 'y.onnx' }, null).digest,
      app.context.blobs.path(tableDigest),
    )
    const found = app.lineage.ofDataset(datasetVersionId)
    expect(isWhole(found)).toBe(true)
    const edges = edgesOf(found)
    expect(edges).toContain(`dataset:${datasetVersionId} trained run:${runId}`)
    expect(edges).toContain(`run:${runId} registered as version:${version.id}`)
    expect(edges).toContain(`dataset:${datasetVersionId} sample for version:${imported.id}`)
    expect(edges).toContain(`dataset:${datasetVersionId} scored prediction:${scored}`)
    expect(found.nodes.find(({ label }) => label === '1 run not registered')).toMatchObject({ detail: 'search' })
    expect(found.nodes.some(({ id }) => id === `version:${gone.id}`)).toBe(false)
    expect(found.nodes.some(({ type, detail }) => type === 'alias' && detail === 'affected')).toBe(true)
  })

  test('of an imported file, and of a version in the trash', () => {
    const version = register('foreign', { kind: 'file', file: 'fraud.onnx' }, null)
    app.models.delete('foreign/1', 'ada')
    const found = app.lineage.ofVersion(version.id)
    expect(found.nodes.map(({ type, detail }) => [type, detail])).toEqual([
      ['version', 'in the trash'],
      ['file', 'imported'],
    ])
  })

  test('goes on from a version to its approval, and from there to where it is deployed', () => {
    const version = register('governed', { kind: 'file', file: 'x.onnx' }, null)
    const { sqlite } = app.context.database
    const { model_id } = sqlite.prepare('SELECT model_id FROM model_version WHERE id = ?').get(version.id) as {
      model_id: string
    }
    sqlite
      .prepare(
        `INSERT INTO approval (id, version_id, tier, state, submitter, manifest_digest, policy_digest, submitted_at, due_at, updated_at)
         VALUES ('a1', ?, 'high', 'deployed', 'ada', '', '', '2026-01-01', '', '')`,
      )
      .run(version.id)
    const deploy = sqlite.prepare(
      `INSERT INTO deployment (id, model_id, slot, version_id, approval_id, kind, actor, started_at, ended_at)
       VALUES (?, ?, ?, ?, ?, 'deploy', 'ada', '2026-01-02', ?)`,
    )
    deploy.run(1, model_id, 'production', version.id, 'a1', null)
    deploy.run(2, model_id, 'staging', version.id, null, '2026-01-03')
    const found = app.lineage.ofVersion(version.id)
    expect(isWhole(found)).toBe(true)
    expect(edgesOf(found)).toEqual([
      `file:${version.digest} imported as version:${version.id}`,
      `version:${version.id} submitted as approval:a1`,
      `version:${version.id} deployed to deployment:2`,
      'approval:a1 allowed deployment:1',
    ])
    expect(found.nodes.filter(({ type }) => type === 'deployment').map(({ label, detail }) => [label, detail])).toEqual(
      [
        ['staging', 'until 2026-01-03'],
        ['production', 'there now'],
      ],
    )
  })

  test('puts many predictions together', () => {
    const version = register('busy', { kind: 'file', file: 'busy.onnx' }, null)
    for (let n = 0; n < 25; n++) addPrediction(version.digest, '/rows.csv')
    const predictions = app.lineage.ofVersion(version.id).nodes.filter(({ type }) => type === 'prediction')
    expect(predictions).toHaveLength(21)
    expect(predictions.map(({ label }) => label).at(-1)).toBe('5 earlier predictions')
  })

  test('of nothing is refused', () => {
    expect(() => app.lineage.ofVersion('nobody/1')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(() => app.lineage.ofDataset('nothing')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })
})

import type BetterSqlite3 from 'better-sqlite3'
import type { Signature, VersionSummary } from '../../../shared/domain/models.ts'
import type { Estimate, MetricName, TaskName } from '../../../shared/domain/values.ts'
import type { Condition } from '../../filters/filter-language.ts'
import { newId } from '../../storage/ids.ts'

export interface ModelRow {
  id: string
  name: string
  description: string
  createdAt: string
  updatedAt: string
  deletedAt: string | null
}

export interface VersionRow {
  id: string
  modelId: string
  modelName: string
  version: number
  digest: string
  onnxBytes: number
  pipelineDigest: string | null
  task: TaskName
  learner: string
  signature: string
  params: string
  metric: MetricName | null
  score: number | null
  scoreLow: number | null
  scoreHigh: number | null
  sourceKind: 'run' | 'file'
  runId: string | null
  fileName: string | null
  datasetVersionId: string | null
  description: string
  state: VersionSummary['state']
  createdAt: string
  deletedAt: string | null
}

/** A file that belongs to a version, and what it was made from. */
export interface Evidence {
  readonly kind: string
  readonly digest: string
  readonly bytes: number
  readonly inputs?: Readonly<Record<string, unknown>>
}

export interface NewVersion {
  readonly name: string
  readonly description: string
  readonly onnx: { readonly digest: string; readonly bytes: number }
  readonly pipelineDigest: string | null
  readonly task: TaskName
  readonly learner: string
  readonly signature: Signature
  readonly params: Readonly<Record<string, string>>
  readonly metric: MetricName | null
  readonly score: Estimate | null
  readonly source: { readonly kind: 'run'; readonly runId: string } | { readonly kind: 'file'; readonly file: string }
  readonly datasetVersionId: string | null
  readonly evidence: readonly Evidence[]
  readonly actor: string
}

/** What a version is called, beside its number. */
export interface VersionNames {
  readonly aliases: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

interface VersionPage {
  readonly where: Condition
  readonly order: Condition
  readonly limit: number
  readonly offset: number
}

const modelColumns = 'id, name, description, created_at AS createdAt, updated_at AS updatedAt, deleted_at AS deletedAt'
const versionColumns = `v.id, v.model_id AS modelId, m.name AS modelName, v.version, v.digest, v.onnx_bytes AS onnxBytes,
  v.pipeline_digest AS pipelineDigest, v.task, v.learner, v.signature, v.params, v.metric, v.score, v.score_low AS scoreLow,
  v.score_high AS scoreHigh, v.source_kind AS sourceKind, v.run_id AS runId, v.file_name AS fileName,
  v.dataset_version_id AS datasetVersionId, v.description, v.state, v.created_at AS createdAt, v.deleted_at AS deletedAt`
const versionTables = 'model_version v JOIN registered_model m ON m.id = v.model_id'

/** The registry's statements. */
export function createModelRows(sqlite: BetterSqlite3.Database) {
  const model = (where: string) =>
    sqlite.prepare<string[], ModelRow>(`SELECT ${modelColumns} FROM registered_model WHERE ${where}`)
  const version = (where: string) =>
    sqlite.prepare<unknown[], VersionRow>(`SELECT ${versionColumns} FROM ${versionTables} WHERE ${where}`)
  const byName = model('name = ? AND deleted_at IS NULL')
  const byNameDeleted = model('name = ? AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 1')
  const byId = model('id = ?')
  const versionById = version('v.id = ?')
  const versionsById = version('v.id IN (SELECT value FROM json_each(?))')
  const versionByNumber = version('v.model_id = ? AND v.version = ?')
  const versionByAlias = version(
    'v.id = (SELECT version_id FROM model_alias WHERE model_id = ? AND alias = ?) AND v.deleted_at IS NULL',
  )
  const latest = version('v.model_id = ? AND v.deleted_at IS NULL ORDER BY v.version DESC LIMIT 1')
  const notable = version(
    `v.model_id = ? AND v.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM model_alias WHERE version_id = v.id)
     OR v.version = (SELECT max(version) FROM model_version WHERE model_id = v.model_id AND deleted_at IS NULL))
     ORDER BY v.version DESC`,
  )
  const countLiving = sqlite.prepare<[string], { count: number }>(
    'SELECT count(*) AS count FROM model_version WHERE model_id = ? AND deleted_at IS NULL',
  )
  const ofModel = version('v.model_id = ? ORDER BY v.version DESC')
  const selectModelTags = sqlite.prepare<[string], { key: string; value: string }>(
    'SELECT key, value FROM registered_model_tag WHERE model_id = ?',
  )
  const aliasesOfMany = sqlite.prepare<[string], { versionId: string; alias: string }>(
    'SELECT version_id AS versionId, alias FROM model_alias WHERE version_id IN (SELECT value FROM json_each(?)) ORDER BY alias',
  )
  const tagsOfMany = sqlite.prepare<[string], { versionId: string; key: string; value: string }>(
    'SELECT version_id AS versionId, key, value FROM model_version_tag WHERE version_id IN (SELECT value FROM json_each(?))',
  )
  const selectEvidence = sqlite.prepare<[string], { kind: string; digest: string; bytes: number; createdAt: string }>(
    'SELECT kind, digest, bytes, created_at AS createdAt FROM evidence WHERE version_id = ? ORDER BY kind',
  )
  const record = (entries: { key: string; value: string }[]) =>
    Object.fromEntries(entries.map(({ key, value }) => [key, value]))

  return {
    modelByName: (name: string) => byName.get(name),
    deletedModelByName: (name: string) => byNameDeleted.get(name),
    modelById: (id: string) => byId.get(id),
    models: (deleted: boolean, search: string) =>
      sqlite
        .prepare<[string], ModelRow>(
          `SELECT ${modelColumns} FROM registered_model WHERE deleted_at IS ${deleted ? 'NOT NULL' : 'NULL'} AND instr(lower(name), lower(?)) > 0 ORDER BY updated_at DESC, id DESC`,
        )
        .all(search),
    version: (id: string) => versionById.get(id),
    versionByNumber: (modelId: string, number: number) => versionByNumber.get(modelId, number),
    versionByAlias: (modelId: string, alias: string) => versionByAlias.get(modelId, alias),
    latestVersion: (modelId: string) => latest.get(modelId),
    versions: (modelId: string) => ofModel.all(modelId),
    /** The newest version and those with an alias, newest first. */
    notableVersions: (modelId: string) => notable.all(modelId),
    countVersions: (modelId: string) => countLiving.get(modelId)?.count ?? 0,
    /** Aliases and tags of many versions in two questions, by version. */
    namesOf(versionIds: readonly string[]): ReadonlyMap<string, VersionNames> {
      const names = new Map(versionIds.map((id) => [id, { aliases: [] as string[], tags: {} }]))
      const ids = JSON.stringify(versionIds)
      for (const { versionId, alias } of aliasesOfMany.iterate(ids)) names.get(versionId)?.aliases.push(alias)
      for (const { versionId, key, value } of tagsOfMany.iterate(ids)) {
        const own = names.get(versionId)
        // A tag may be called as what every object has.
        if (own) Object.defineProperty(own.tags, key, { value, enumerable: true, configurable: true, writable: true })
      }
      return names
    },
    /** One page of the versions that a condition over `v` and `m` holds for, and how many there are. */
    versionPage({ where, order, limit, offset }: VersionPage): { rows: VersionRow[]; total: number } {
      const total = sqlite
        .prepare<unknown[], { total: number }>(`SELECT count(*) AS total FROM ${versionTables} WHERE ${where.sql}`)
        .get(...where.values)
      // Whole rows are read for the page only: with their signatures they take ten times as long to sort.
      const ids = sqlite
        .prepare<unknown[], { id: string }>(
          `SELECT v.id FROM ${versionTables} WHERE ${where.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
        )
        .all(...where.values, ...order.values, limit, offset)
        .map(({ id }) => id)
      const byId = new Map(versionsById.all(JSON.stringify(ids)).map((row) => [row.id, row]))
      const found = ids.map((id) => byId.get(id) as VersionRow)
      return { rows: found, total: total?.total ?? 0 }
    },
    /** Where it is deployed now. */
    slots: (versionId: string) =>
      sqlite
        .prepare<[string], { slot: string }>('SELECT slot FROM deployment WHERE version_id = ? AND ended_at IS NULL')
        .all(versionId)
        .map(({ slot }) => slot),
    /** The approval of a version that waits or holds, else the last one; null where there was none. */
    lastApproval: (versionId: string): string | null =>
      sqlite
        .prepare<[string], { id: string }>(
          `SELECT id FROM approval WHERE version_id = ?
           ORDER BY closed IS NULL AND state <> 'rejected' DESC, submitted_at DESC, id DESC LIMIT 1`,
        )
        .get(versionId)?.id ?? null,
    /** How many decisions were signed about a version, and how many of its submissions wait for one. */
    approvalsOf: (versionId: string) =>
      sqlite
        .prepare<[string, string], { signed: number; waiting: number }>(
          `SELECT (SELECT count(*) FROM approval_decision d JOIN approval a ON a.id = d.approval_id WHERE a.version_id = ?) AS signed,
             (SELECT count(*) FROM approval WHERE version_id = ? AND closed IS NULL AND state <> 'rejected') AS waiting`,
        )
        .get(versionId, versionId) ?? { signed: 0, waiting: 0 },
    modelTags: (modelId: string) => record(selectModelTags.all(modelId)),
    evidence: (versionId: string) => selectEvidence.all(versionId),
    dataset: (versionId: string) =>
      sqlite
        .prepare<[string], { name: string; version: number; versionId: string; digest: string }>(
          `SELECT dataset.name, dataset_version.version, dataset_version.id AS versionId, dataset_version.digest
           FROM dataset_version JOIN dataset ON dataset.id = dataset_version.dataset_id WHERE dataset_version.id = ?`,
        )
        .get(versionId) ?? null,
    activity: (versionId: string) =>
      sqlite
        .prepare<[string], { time: string; actor: string; what: string }>(
          "SELECT created_at AS time, actor, what FROM activity WHERE subject_type = 'version' AND subject_id = ? ORDER BY id DESC",
        )
        .all(versionId),
    /** A number of its own for a new version; it is never given again, even after the version was given up for good. */
    nextNumber: (modelId: string, now: string) =>
      (
        sqlite
          .prepare<[string, string], { number: number }>(
            'UPDATE registered_model SET last_version = last_version + 1, updated_at = ? WHERE id = ? RETURNING last_version AS number',
          )
          .get(now, modelId) as { number: number }
      ).number,
    deleteModel: (id: string) => void sqlite.prepare('DELETE FROM registered_model WHERE id = ?').run(id),
    deleteVersion: (id: string) => void sqlite.prepare('DELETE FROM model_version WHERE id = ?').run(id),
    insertModel(name: string, now: string): string {
      const id = newId()
      sqlite
        .prepare('INSERT INTO registered_model (id, name, created_at, updated_at) VALUES (?, ?, ?, ?)')
        .run(id, name, now, now)
      return id
    },
    setVersionDeleted: (id: string, at: string | null) =>
      void sqlite.prepare('UPDATE model_version SET deleted_at = ? WHERE id = ?').run(at, id),
    touchModel: (id: string, now: string) =>
      void sqlite.prepare('UPDATE registered_model SET updated_at = ? WHERE id = ?').run(now, id),
    insertVersion({
      id,
      modelId,
      number,
      createdAt,
      input,
    }: {
      id: string
      modelId: string
      number: number
      createdAt: string
      input: NewVersion
    }) {
      sqlite
        .prepare(
          `INSERT INTO model_version (id, model_id, version, digest, onnx_bytes, pipeline_digest, task, learner, signature, params,
             metric, score, score_low, score_high, source_kind, run_id, file_name, dataset_version_id, description, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          modelId,
          number,
          input.onnx.digest,
          input.onnx.bytes,
          input.pipelineDigest,
          input.task,
          input.learner,
          JSON.stringify(input.signature),
          JSON.stringify(input.params),
          input.metric,
          input.score?.value ?? null,
          input.score?.low ?? null,
          input.score?.high ?? null,
          input.source.kind,
          input.source.kind === 'run' ? input.source.runId : null,
          input.source.kind === 'file' ? input.source.file : null,
          input.datasetVersionId,
          input.description,
          createdAt,
        )
    },
    putEvidence(versionId: string, { kind, digest, bytes, inputs }: Evidence, now: string): void {
      sqlite
        .prepare(
          `INSERT INTO evidence (version_id, kind, digest, bytes, inputs, created_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes, inputs = excluded.inputs, created_at = excluded.created_at`,
        )
        .run(versionId, kind, digest, bytes, JSON.stringify(inputs ?? {}), now)
    },
    setAlias: (modelId: string, alias: string, versionId: string) =>
      void sqlite
        .prepare(
          'INSERT INTO model_alias (model_id, alias, version_id) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version_id = excluded.version_id',
        )
        .run(modelId, alias, versionId),
    removeAlias: (modelId: string, alias: string) =>
      void sqlite.prepare('DELETE FROM model_alias WHERE model_id = ? AND alias = ?').run(modelId, alias),
    setTag(versionId: string, key: string, value: string | null): void {
      if (value === null)
        sqlite.prepare('DELETE FROM model_version_tag WHERE version_id = ? AND key = ?').run(versionId, key)
      else {
        sqlite
          .prepare(
            'INSERT INTO model_version_tag (version_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
          )
          .run(versionId, key, value)
      }
    },
  }
}

export type ModelRows = ReturnType<typeof createModelRows>

import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { basename, join, resolve as resolvePath } from 'node:path'
import type { ModelGraph } from '../../../shared/domain/model-graph.ts'
import type {
  ModelSummary,
  RetentionPlan,
  Signature,
  VersionDetail,
  VersionSummary,
} from '../../../shared/domain/models.ts'
import type { NativeParity } from '../../../shared/domain/native-parity.ts'
import type { RebuildResult } from '../../../shared/domain/recipes.ts'
import type { ParityCertificate, Performance } from '../../../shared/domain/training.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { downloadHref } from '../../blobs/download-href.ts'
import { createIntactCheck } from '../../blobs/intact-blobs.ts'
import { releaseBlobs } from '../../blobs/unused-blobs.ts'
import { pageOffset } from '../../filters/page-offset.ts'
import { onnxFileStem } from '../../models/onnx-file-stem.ts'
import { newId } from '../../storage/ids.ts'
import type { RunsService } from '../runs/runs-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { graphOfFile } from './model-graph.ts'
import { parseModelReference } from './model-reference.ts'
import type { Evidence, ModelRow, NewVersion, VersionNames, VersionRow } from './model-rows.ts'
import { createModelRows } from './model-rows.ts'
import { planRetention } from './retention.ts'
import { parseVersionFilter, parseVersionOrder } from './version-filter.ts'

/** What a reference stands for. */
export interface ResolvedModel {
  readonly kind: 'version' | 'run' | 'file'
  /** "titanic / 3", "run 3f2a…", or the file's name: for titles and messages. */
  readonly label: string
  readonly name: string | null
  readonly version: number | null
  readonly versionId: string | null
  readonly runId: string | null
  readonly onnxPath: string
  readonly onnxDigest: string | null
  /** `pipeline.json`, for what the engine does itself: explanations. Null for files. */
  readonly pipelinePath: string | null
  readonly pipelineDigest: string | null
  /** As it was registered; null for runs and files. */
  readonly signature: Signature | null
  /** The dataset version that it was trained on. */
  readonly datasetVersionId: string | null
}

/** The registry: models, their immutable versions, aliases, tags, and what each version rests on. */
export function createModelsService(context: ServiceContext, runs: RunsService) {
  const { sqlite } = context.database
  const rows = createModelRows(sqlite)
  const assertIntact = createIntactCheck(context.blobs)

  function model(name: string, deleted = false): ModelRow {
    const found = rows.modelByName(name) ?? (deleted ? rows.deletedModelByName(name) : undefined)
    if (!found)
      throw new MaestroError(
        'NOT_FOUND',
        `There is no model named ${name}.`,
        'maestro models list shows the models there are.',
        { name },
      )
    return found
  }

  function version(reference: string): VersionRow {
    const parsed = parseModelReference(reference)
    const found =
      parsed.kind === 'id'
        ? rows.version(parsed.id)
        : parsed.kind === 'version'
          ? rows.versionByNumber(model(parsed.name).id, parsed.version)
          : parsed.kind === 'alias'
            ? rows.versionByAlias(model(parsed.name).id, parsed.alias)
            : parsed.kind === 'name'
              ? rows.latestVersion(model(parsed.name).id)
              : undefined
    if (!found) {
      throw new MaestroError(
        'NOT_FOUND',
        `There is no model version ${reference}.`,
        'Write name, name/3 for a version, or name@alias.',
        { reference },
      )
    }
    return found
  }

  function changed(id: string | null): void {
    context.changed({ topic: 'models', id })
  }

  function remember(versionId: string, actor: string, what: string): void {
    sqlite
      .prepare(
        "INSERT INTO activity (subject_type, subject_id, actor, what, created_at) VALUES ('version', ?, ?, ?, ?)",
      )
      .run(versionId, actor, what, new Date().toISOString())
  }

  function summariesOf(found: readonly VersionRow[]): VersionSummary[] {
    const names = rows.namesOf(found.map(({ id }) => id))
    return found.map((row) => summaryWith(row, names.get(row.id) as VersionNames))
  }

  function summaryOf(row: VersionRow): VersionSummary {
    return summariesOf([row])[0] as VersionSummary
  }

  function summaryWith(row: VersionRow, { aliases, tags }: VersionNames): VersionSummary {
    return {
      name: row.modelName,
      version: row.version,
      id: row.id,
      digest: row.digest,
      task: row.task,
      learner: row.learner,
      metric: row.metric,
      score:
        row.score === null
          ? null
          : { value: row.score, low: row.scoreLow ?? row.score, high: row.scoreHigh ?? row.score },
      // Those of a version in the trash wait for it, unless they are given to another one meanwhile.
      aliases: row.deletedAt === null ? [...aliases] : [],
      tags,
      state: row.state,
      createdAt: row.createdAt,
      deletedAt: row.deletedAt,
    }
  }

  function modelSummary(row: ModelRow, brief = false): ModelSummary {
    const isBrief = brief && row.deletedAt === null
    const versions = isBrief
      ? rows.notableVersions(row.id)
      : rows.versions(row.id).filter((each) => row.deletedAt !== null || each.deletedAt === null)
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      tags: rows.modelTags(row.id),
      latestVersion: versions[0]?.version ?? 0,
      versionCount: isBrief ? rows.countVersions(row.id) : versions.length,
      versions: summariesOf(versions),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      deletedAt: row.deletedAt,
    }
  }

  function readEvidence(versionId: string, kind: string): unknown {
    const found = rows.evidence(versionId).find((each) => each.kind === kind)
    return found && context.blobs.has(found.digest)
      ? JSON.parse(context.blobs.read(found.digest).toString('utf8'))
      : null
  }

  function detail(reference: string): VersionDetail {
    const row = version(reference)
    const evidence = rows.evidence(row.id)
    return {
      ...summaryOf(row),
      description: row.description,
      onnxBytes: row.onnxBytes,
      signature: JSON.parse(row.signature) as Signature,
      parity: readEvidence(row.id, 'parity') as ParityCertificate | null,
      nativeParity: readEvidence(row.id, 'native-parity') as NativeParity | null,
      performance: readEvidence(row.id, 'performance') as Performance | null,
      approvalId: rows.lastApproval(row.id),
      rebuild: lastRebuild(row.id),
      params: JSON.parse(row.params) as Record<string, string>,
      source: {
        kind: row.sourceKind,
        runId: row.runId,
        experimentId: row.runId ? runs.get(row.runId).experimentId : null,
        file: row.fileName,
      },
      dataset: row.datasetVersionId ? rows.dataset(row.datasetVersionId) : null,
      files: filesOf(row).map(({ path, digest, bytes }) => ({ path, digest, bytes })),
      activity: rows.activity(row.id),
      evidence: evidence.map(({ kind, digest, createdAt }) => ({ kind, digest, createdAt })),
    }
  }

  /** Kept with its job rather than as evidence: looking again must not change what was submitted for approval. */
  function lastRebuild(versionId: string): RebuildResult | null {
    const found = sqlite
      .prepare<[string], { result: string }>(
        "SELECT result FROM job WHERE kind = 'rebuild' AND subject_id = ? AND state = 'succeeded' ORDER BY ended_at DESC LIMIT 1",
      )
      .get(versionId)
    return found ? (JSON.parse(found.result) as RebuildResult) : null
  }

  function filesOf(row: VersionRow): { path: string; digest: string; bytes: number }[] {
    return [
      { path: `${onnxFileStem(row.modelName)}.onnx`, digest: row.digest, bytes: row.onnxBytes },
      ...rows.evidence(row.id).map(({ kind, digest, bytes }) => ({ path: `${kind}.json`, digest, bytes })),
    ]
  }

  const service = {
    list(query: { readonly deleted: boolean; readonly search: string; readonly brief?: boolean }): {
      models: ModelSummary[]
    } {
      const found = rows.models(query.deleted, query.search)
      return { models: found.map((row) => modelSummary(row, query.brief)) }
    },
    /** Versions of all models that a filter holds for, a page at a time; see `parseVersionFilter`. */
    versions(query: {
      readonly filter: string
      readonly order: string
      readonly limit: number
      readonly page: string | null
      readonly deleted: boolean
    }): { versions: VersionSummary[]; total: number; nextPage: string | null } {
      const filter = parseVersionFilter(query.filter)
      const offset = pageOffset(query.page)
      const living = query.deleted
        ? 'm.deleted_at IS NULL AND v.deleted_at IS NOT NULL'
        : 'm.deleted_at IS NULL AND v.deleted_at IS NULL'
      const found = rows.versionPage({
        where: { sql: `${living} AND ${filter.sql}`, values: filter.values },
        order: parseVersionOrder(query.order),
        limit: query.limit,
        offset,
      })
      const next = offset + found.rows.length
      return {
        versions: summariesOf(found.rows),
        total: found.total,
        nextPage: found.rows.length > 0 && next < found.total ? String(next) : null,
      }
    },
    get: (name: string): ModelSummary => modelSummary(model(name, true)),
    version: detail,
    versionId: (reference: string): string => version(reference).id,
    /** Throws STATE_REFUSED for a version in the trash, by itself or with its model. */
    assertNotInTrash(reference: string): void {
      const row = version(reference)
      if (row.deletedAt === null && rows.modelById(row.modelId)?.deletedAt === null) return
      throw new MaestroError('STATE_REFUSED', `${row.modelName} / ${row.version} is in the trash.`, 'Restore it first.')
    },

    /**
     * Any reference to a model: name, name/3, name@alias, version id, run:<id>, or the path of an .onnx file. Throws
     * WORKSPACE_DAMAGED where a version's files are not as they were registered.
     */
    resolve(reference: string): ResolvedModel {
      const parsed = parseModelReference(reference)
      if (parsed.kind === 'file') return resolveFile(parsed.path)
      if (parsed.kind === 'run') return resolveRun(parsed.runId)
      const row = version(reference)
      // What is used must be what was registered, and perhaps approved: bytes, not rows, make a prediction.
      for (const digest of [row.digest, row.pipelineDigest]) if (digest !== null) assertIntact(digest)
      return {
        kind: 'version',
        label: `${row.modelName} / ${row.version}`,
        name: row.modelName,
        version: row.version,
        versionId: row.id,
        runId: row.runId,
        onnxPath: context.blobs.path(row.digest),
        onnxDigest: row.digest,
        pipelinePath: row.pipelineDigest ? context.blobs.path(row.pipelineDigest) : null,
        pipelineDigest: row.pipelineDigest,
        signature: JSON.parse(row.signature) as Signature,
        datasetVersionId: row.datasetVersionId,
      }
    },

    /** Stores a version, its model where it is new, its number and all its evidence: all of it or nothing. */
    createVersion(input: NewVersion): VersionSummary {
      context.assertWritable()
      const id = newId()
      context.database.transaction(() => {
        const now = new Date().toISOString()
        const modelId = rows.modelByName(input.name)?.id ?? rows.insertModel(input.name, now)
        const number = rows.nextNumber(modelId, now)
        rows.insertVersion({ id, modelId, number, createdAt: now, input })
        for (const evidence of input.evidence) rows.putEvidence(id, evidence, now)
        remember(id, input.actor, `registered version ${number}`)
        // The job that ends here was asked for by a call; what came of it is an event of its own.
        context.audit.record({
          action: 'models.versionCreated',
          actor: input.actor,
          role: 'job',
          outcome: 'done',
          details: { model: `${input.name}/${number}`, digest: input.onnx.digest },
          hidden: {},
        })
      })
      changed(id)
      return summaryOf(rows.version(id) as VersionRow)
    },

    evidence: readEvidence,
    /** Adds a line to what happened to a version. */
    remember(versionId: string, actor: string, what: string): void {
      remember(versionId, actor, what)
      changed(versionId)
    },
    putEvidence(versionId: string, evidence: Evidence): void {
      rows.putEvidence(versionId, evidence, new Date().toISOString())
      changed(versionId)
    },

    update(reference: string, description: string): ModelSummary {
      context.assertWritable()
      const parsed = parseModelReference(reference)
      const now = new Date().toISOString()
      if (parsed.kind === 'name') {
        sqlite
          .prepare('UPDATE registered_model SET description = ?, updated_at = ? WHERE id = ?')
          .run(description, now, model(parsed.name).id)
        changed(null)
        return service.get(parsed.name)
      }
      const row = version(reference)
      sqlite.prepare('UPDATE model_version SET description = ? WHERE id = ?').run(description, row.id)
      rows.touchModel(row.modelId, now)
      changed(row.id)
      return service.get(row.modelName)
    },

    /** Moves a name such as `production` to a version, in one step. */
    setAlias(reference: string, alias: string, actor: string): VersionDetail {
      context.assertWritable()
      const row = version(reference)
      if (row.deletedAt)
        throw new MaestroError(
          'STATE_REFUSED',
          `${row.modelName} / ${row.version} is in the trash.`,
          'Restore it first.',
        )
      if (/^\d+$/.test(alias))
        throw new MaestroError(
          'INPUT_INVALID',
          'An alias cannot be a number: it would look like a version.',
          'Choose a word, such as production.',
        )
      context.database.transaction(() => {
        rows.setAlias(row.modelId, alias, row.id)
        rows.touchModel(row.modelId, new Date().toISOString())
        remember(row.id, actor, `became @${alias}`)
      })
      changed(row.id)
      return detail(row.id)
    },

    removeAlias(name: string, alias: string, actor: string): ModelSummary {
      context.assertWritable()
      const found = model(name)
      const row = rows.versionByAlias(found.id, alias)
      if (!row)
        throw new MaestroError('NOT_FOUND', `${name} has no alias ${alias}.`, 'maestro models show lists the aliases.')
      context.database.transaction(() => {
        rows.removeAlias(found.id, alias)
        remember(row.id, actor, `is no longer @${alias}`)
      })
      changed(row.id)
      return service.get(name)
    },

    tag(reference: string, key: string, value: string | null): VersionDetail {
      context.assertWritable()
      const row = version(reference)
      rows.setTag(row.id, key, value)
      changed(row.id)
      return detail(row.id)
    },

    /** The same change of many versions: all of it or nothing. Throws NOT_FOUND. */
    change(
      ids: readonly string[],
      change: { readonly tag: { readonly key: string; readonly value: string | null } } | { readonly deleted: boolean },
      actor: string,
    ): { changed: number } {
      context.assertWritable()
      const changedRows = context.database.transaction(() => {
        let count = 0
        for (const id of new Set(ids)) {
          const row = version(id)
          if ('tag' in change) rows.setTag(row.id, change.tag.key, change.tag.value)
          else if ((row.deletedAt !== null) === change.deleted) continue
          else {
            if (change.deleted) assertNotInUse([row], false)
            moveVersion(row, change.deleted ? new Date().toISOString() : null, actor)
          }
          count += 1
        }
        return count
      })
      changed(null)
      return { changed: changedRows }
    },

    /** Applies a retention rule, or says what it would do; see `planRetention`. */
    retain(
      rule: { readonly keep: number; readonly model: string | null; readonly apply: boolean },
      actor: string,
    ): RetentionPlan & { applied: boolean } {
      if (rule.model !== null) model(rule.model)
      if (!rule.apply) return { ...planRetention(sqlite, rule), applied: false }
      context.assertWritable()
      const plan = context.database.transaction(() => {
        const found = planRetention(sqlite, rule)
        const now = new Date().toISOString()
        for (const { id } of found.trash) {
          rows.setVersionDeleted(id, now)
          remember(id, actor, `was moved to the trash by the rule to keep the newest ${rule.keep}`)
        }
        return found
      })
      changed(null)
      return { ...plan, applied: true }
    },

    delete: (reference: string, actor: string) => setDeleted(reference, new Date().toISOString(), actor),
    restore: (reference: string, actor: string) => setDeleted(reference, null, actor),

    /** Gives up what is in the trash, and the blobs that nothing else uses. */
    purge(reference: string): { freedBytes: number } {
      context.assertWritable()
      const parsed = parseModelReference(reference)
      const release =
        parsed.kind === 'name' ? releaseOfModel(parsed.name) : releaseOfVersion(version(reference), reference)
      const busy = context.jobs.runningCount() > 0
      const freedBytes = releaseBlobs({ sqlite, blobs: context.blobs, busy }, () =>
        context.database.transaction(release),
      )
      changed(null)
      return { freedBytes }
    },

    /** Throws STATE_REFUSED for a run whose model was not exported. */
    graph(reference: string, search: string): ModelGraph {
      const { onnxPath, label } = service.resolve(reference)
      if (onnxPath === '') {
        throw new MaestroError(
          'STATE_REFUSED',
          `${label} has no ONNX file yet.`,
          'Predict with it or register it; then it has one.',
        )
      }
      return graphOfFile(onnxPath, search)
    },

    /** Copies the model and all that was stored with it into a folder, or names downloads. */
    export(reference: string, out?: string) {
      const row = version(reference)
      const files = filesOf(row)
      for (const { digest } of files) assertIntact(digest)
      if (out !== undefined) {
        const folder = resolvePath(out)
        mkdirSync(folder, { recursive: true })
        return {
          files: files.map(({ path, digest, bytes }) => {
            const target = join(folder, path)
            copyFileSync(context.blobs.path(digest), target)
            return { path: target, digest, bytes, href: null }
          }),
        }
      }
      return { files: files.map((file) => ({ ...file, href: downloadHref(file.digest, file.path) })) }
    },
  }

  /** What is deployed stays where it is, and what waits for a decision or was decided on is not given up: signatures name it. */
  function assertNotInUse(versions: readonly VersionRow[], isForGood: boolean): void {
    for (const row of versions) {
      const label = `${row.modelName} / ${row.version}`
      const [slot] = rows.slots(row.id)
      if (slot !== undefined)
        throw new MaestroError(
          'STATE_REFUSED',
          `${label} is deployed to ${slot}.`,
          'Deploy another version in its place first.',
        )
      if (!isForGood) continue
      const { signed, waiting } = rows.approvalsOf(row.id)
      if (signed > 0)
        throw new MaestroError(
          'STATE_REFUSED',
          `${label} was decided on, and what was signed is about its files.`,
          'It can stay in the trash, but not be given up: the decision could not be shown any more.',
        )
      if (waiting > 0)
        throw new MaestroError('STATE_REFUSED', `${label} waits for a decision.`, 'Withdraw its submission first.')
    }
  }

  function releaseOfModel(name: string): () => void {
    const found = rows.deletedModelByName(name)
    if (!found)
      throw new MaestroError(
        'STATE_REFUSED',
        `${name} is not in the trash.`,
        'Delete it first; only what is in the trash can be given up for good.',
      )
    assertNotInUse(rows.versions(found.id), true)
    return () => rows.deleteModel(found.id)
  }

  function releaseOfVersion(row: VersionRow, reference: string): () => void {
    if (!row.deletedAt) throw new MaestroError('STATE_REFUSED', `${reference} is not in the trash.`, 'Delete it first.')
    assertNotInUse([row], true)
    return () => rows.deleteVersion(row.id)
  }

  function setDeleted(reference: string, at: string | null, actor: string): ModelSummary {
    context.assertWritable()
    const parsed = parseModelReference(reference)
    return parsed.kind === 'name' ? setModelDeleted(parsed.name, at) : setVersionDeleted(version(reference), at, actor)
  }

  function moveVersion(row: VersionRow, at: string | null, actor: string): void {
    rows.setVersionDeleted(row.id, at)
    rows.touchModel(row.modelId, new Date().toISOString())
    remember(row.id, actor, at === null ? 'was restored' : 'was moved to the trash')
  }

  function setVersionDeleted(row: VersionRow, at: string | null, actor: string): ModelSummary {
    if ((row.deletedAt === null) !== (at === null)) {
      if (at !== null) assertNotInUse([row], false)
      context.database.transaction(() => {
        moveVersion(row, at, actor)
      })
      changed(row.id)
    }
    return modelSummary(rows.modelById(row.modelId) as ModelRow)
  }

  function setModelDeleted(name: string, at: string | null): ModelSummary {
    const alive = rows.modelByName(name)
    const found = at === null ? rows.deletedModelByName(name) : alive
    if (!found)
      throw new MaestroError(
        'NOT_FOUND',
        `There is no model named ${name}${at === null ? ' in the trash' : ''}.`,
        'maestro models list shows the models there are.',
        { name },
      )
    if (at === null && alive)
      throw new MaestroError('NAME_TAKEN', `There is another model named ${name} by now.`, 'Delete that one first.')
    if (at !== null) assertNotInUse(rows.versions(found.id), false)
    sqlite
      .prepare('UPDATE registered_model SET deleted_at = ?, updated_at = ? WHERE id = ?')
      .run(at, new Date().toISOString(), found.id)
    changed(null)
    return modelSummary(rows.modelById(found.id) as ModelRow)
  }

  function resolveFile(path: string): ResolvedModel {
    const onnxPath = resolvePath(path)
    if (!existsSync(onnxPath))
      throw new MaestroError(
        'FILE_NOT_FOUND',
        `There is no file ${path}.`,
        'Give the path of an .onnx file, or a model’s name.',
      )
    return {
      kind: 'file',
      label: basename(path),
      name: null,
      version: null,
      versionId: null,
      runId: null,
      onnxPath,
      onnxDigest: null,
      pipelinePath: null,
      pipelineDigest: null,
      signature: null,
      datasetVersionId: null,
    }
  }

  function resolveRun(runId: string): ResolvedModel {
    const run = runs.detail(runId)
    const artifact = (path: string) => run.artifacts.find((each) => each.path === path)
    const onnx = artifact('model.onnx')
    const pipeline = artifact('pipeline.json')
    if (!pipeline && !onnx)
      throw new MaestroError(
        'STATE_REFUSED',
        `Run ${run.name} has no model.`,
        'It failed, was stopped, or its model was not kept. Choose another run.',
      )
    return {
      kind: 'run',
      label: run.name,
      name: null,
      version: null,
      versionId: null,
      runId,
      onnxPath: onnx ? context.blobs.path(onnx.digest) : '',
      onnxDigest: onnx?.digest ?? null,
      pipelinePath: pipeline ? context.blobs.path(pipeline.digest) : null,
      pipelineDigest: pipeline?.digest ?? null,
      signature: null,
      datasetVersionId: run.datasets[0]?.versionId ?? null,
    }
  }

  return service
}

export type ModelsService = ReturnType<typeof createModelsService>

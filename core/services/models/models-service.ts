import { copyFileSync, mkdirSync } from 'node:fs'
import { join, resolve as resolvePath } from 'node:path'
import type { ModelGraph } from '../../../shared/domain/model-graph.ts'
import type { ModelSummary, VersionDetail, VersionSummary } from '../../../shared/domain/models.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { downloadHref } from '../../blobs/download-href.ts'
import { createIntactCheck } from '../../blobs/intact-blobs.ts'
import { pageOffset } from '../../filters/page-offset.ts'
import { newId } from '../../storage/ids.ts'
import type { RunsService } from '../runs/runs-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { graphOfFile } from './model-graph.ts'
import { parseModelReference } from './model-reference.ts'
import type { Evidence, ModelRow, NewVersion, VersionRow } from './model-rows.ts'
import { createModelRows } from './model-rows.ts'
import { createModelTrash } from './model-trash.ts'
import { createModelViews } from './model-views.ts'
import { createModelResolver } from './resolve-model.ts'
import { parseVersionFilter, parseVersionOrder } from './version-filter.ts'

/** The registry: models, their immutable versions, aliases, tags, and what each version rests on. */
export function createModelsService(context: ServiceContext, runs: RunsService) {
  const { sqlite } = context.database
  const rows = createModelRows(sqlite)
  const assertIntact = createIntactCheck(context.blobs)
  const { summariesOf, summaryOf, modelSummary, readEvidence, detail, filesOf } = createModelViews(context, rows, runs)
  const registry = { rows, model, version, modelSummary, changed, remember }
  const { assertNotInUse, moveVersion, ...trash } = createModelTrash(context, registry)

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
    version: (reference: string): VersionDetail => detail(version(reference)),
    versionId: (reference: string): string => version(reference).id,
    /** Throws STATE_REFUSED for a version in the trash, by itself or with its model. */
    assertNotInTrash(reference: string): void {
      const row = version(reference)
      if (row.deletedAt === null && rows.modelById(row.modelId)?.deletedAt === null) return
      throw new MaestroError('STATE_REFUSED', `${row.modelName} / ${row.version} is in the trash.`, 'Restore it first.')
    },

    resolve: createModelResolver(context.blobs, { runs, version, assertIntact }),

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
      return detail(version(row.id))
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
      return detail(version(row.id))
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

    ...trash,

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

  return service
}

export type ModelsService = ReturnType<typeof createModelsService>

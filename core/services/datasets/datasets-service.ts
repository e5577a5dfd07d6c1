import { rmSync, statSync } from 'node:fs'
import { basename, join, parse as parsePath, resolve as resolvePath } from 'node:path'
import type { ColumnType, Frame } from '../../../engine/frame/frame.ts'
import type {
  ColumnProfile,
  DatasetDetail,
  DatasetSummary,
  DatasetWarning,
  RowsInput,
  RowsPage,
  TargetSuggestion,
} from '../../../shared/domain/datasets.ts'
import type { Job } from '../../../shared/domain/jobs.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { downloadHref } from '../../blobs/download-href.ts'
import { releaseBlobs } from '../../blobs/unused-blobs.ts'
import type { JobHandler, JobOutcome } from '../../jobs/job-context.ts'
import { newId } from '../../storage/ids.ts'
import { readColumnFile } from '../../tables/column-file.ts'
import type { ImportSpecification } from '../../tables/import-specification.ts'
import { importSpecification } from '../../tables/import-specification.ts'
import type { ReadingOptions } from '../../tables/reading-options.ts'
import { createTableReader } from '../../tables/table-reader.ts'
import type { ServiceContext } from '../service-context.ts'
import type { ImportRequest } from './import-request.ts'
import { previewTable } from './preview-table.ts'
import { tableSource } from './table-source.ts'

export interface ResolvedDataset {
  readonly dataset: { readonly id: string; readonly name: string }
  readonly version: number
  readonly versionId: string
  readonly digest: string
  readonly rows: number
  readonly columnFilePath: string
  readonly profile: readonly ColumnProfile[]
}

interface VersionRow {
  datasetId: string
  name: string
  description: string
  createdAt: string
  deletedAt: string | null
  versionId: string
  version: number
  digest: string
  rows: number
  columnCount: number
  bytes: number
  source: string
  sourceBlob: string
  columnsBlob: string
  profileBlob: string
  reading: string
  versionCreatedAt: string
}

const columns = `d.id AS datasetId, d.name, d.description, d.created_at AS createdAt, d.deleted_at AS deletedAt, v.id AS versionId,
  v.version, v.digest, v.rows, v.column_count AS columnCount, v.bytes, v.source, v.source_blob AS sourceBlob,
  v.columns_blob AS columnsBlob, v.profile_blob AS profileBlob, v.reading, v.created_at AS versionCreatedAt`
const tables = 'dataset d JOIN dataset_version v ON v.dataset_id = d.id'
const newest = 'v.version = (SELECT max(version) FROM dataset_version WHERE dataset_id = d.id)'

/** Datasets and their immutable versions. */
export function createDatasetService(context: ServiceContext) {
  const { sqlite } = context.database
  const reader = createTableReader((message) => context.logger.error(message))
  // Apart, so that scrolling does not wait until a large table is written.
  const writer = createTableReader((message) => context.logger.error(message))
  const one = (where: string) =>
    sqlite.prepare<unknown[], VersionRow>(`SELECT ${columns} FROM ${tables} WHERE ${where}`)
  const byName = one(`d.name = ? AND d.deleted_at IS NULL AND ${newest}`)
  const byNameDeleted = one(`d.name = ? AND d.deleted_at IS NOT NULL AND ${newest} ORDER BY d.deleted_at DESC LIMIT 1`)
  const byNameAndVersion = one('d.name = ? AND d.deleted_at IS NULL AND v.version = ?')
  const byId = one(`d.id = ? AND ${newest}`)
  const byVersionId = one('v.id = ?')
  const byDigest = one('v.digest = ? AND d.deleted_at IS NULL ORDER BY v.created_at LIMIT 1')

  function find(reference: string, deleted = false): VersionRow {
    const [, name = reference, number] = /^([^/]+)\/(\d{1,9})$/.exec(reference) ?? []
    const found = number
      ? byNameAndVersion.get(name, Number(number))
      : (byName.get(reference) ??
        byVersionId.get(reference) ??
        byId.get(reference) ??
        (deleted ? byNameDeleted.get(reference) : undefined))
    if (!found)
      throw new MaestroError(
        'NOT_FOUND',
        `There is no dataset ${reference}.`,
        'maestro data list shows the datasets there are; a file is imported first.',
        { reference },
      )
    return found
  }

  function profileOf(row: VersionRow): { columns: ColumnProfile[]; warnings: DatasetWarning[] } {
    return JSON.parse(context.blobs.read(row.profileBlob).toString('utf8')) as {
      columns: ColumnProfile[]
      warnings: DatasetWarning[]
    }
  }

  function detail(reference: string): DatasetDetail {
    const row = find(reference, true)
    const profile = profileOf(row)
    const versions = sqlite
      .prepare<[string], { version: number; versionId: string; digest: string; rows: number; createdAt: string }>(
        'SELECT version, id AS versionId, digest, rows, created_at AS createdAt FROM dataset_version WHERE dataset_id = ? ORDER BY version DESC',
      )
      .all(row.datasetId)
    return {
      ...summaryOf(row),
      columns: profile.columns,
      warnings: profile.warnings,
      versions,
      reading: JSON.parse(row.reading) as Record<string, string>,
    }
  }

  const handler: JobHandler = {
    kind: 'import',
    // The source may be gone by then, and nothing is lost by starting again.
    resumable: false,
    parse: (specification) => importSpecification.parse(specification),
    onEnd: (_jobId, specification, outcome) =>
      Promise.resolve(endImport(specification as ImportSpecification, outcome)),
  }
  context.jobs.register(handler)

  function endImport(specification: ImportSpecification, outcome: JobOutcome): Record<string, unknown> | null {
    if (specification.removeAfter) rmSync(specification.path, { force: true })
    if (outcome.state !== 'succeeded') return null
    const result = outcome.result as unknown as ImportResult
    return context.database.transaction(() => {
      const newestOfIt = specification.datasetId === null ? undefined : byId.get(specification.datasetId)
      const known = specification.datasetId === null ? byDigest.get(result.digest) : newestOfIt
      if (known?.digest === result.digest)
        return { dataset: known.name, versionId: known.versionId, version: known.version, existed: true }
      const stored = store(specification, result)
      return { ...stored, existed: false }
    })
  }

  function store(specification: ImportSpecification, result: ImportResult) {
    const now = new Date().toISOString()
    const existing = specification.datasetId ? byId.get(specification.datasetId) : byName.get(specification.name)
    const datasetId = existing?.datasetId ?? newId()
    if (!existing)
      sqlite
        .prepare('INSERT INTO dataset (id, name, created_at) VALUES (?, ?, ?)')
        .run(datasetId, specification.name, now)
    const version = (existing?.version ?? 0) + 1
    const versionId = newId()
    sqlite
      .prepare(
        `INSERT INTO dataset_version (id, dataset_id, version, digest, rows, column_count, bytes, source, source_blob, columns_blob, profile_blob, reading, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        versionId,
        datasetId,
        version,
        result.digest,
        result.rows,
        result.columnCount,
        result.bytes,
        specification.fileName,
        result.sourceBlob,
        result.columnsBlob,
        result.profileBlob,
        JSON.stringify(result.reading),
        now,
      )
    context.changed({ topic: 'datasets', id: datasetId })
    return { dataset: existing?.name ?? specification.name, versionId, version }
  }

  const service = {
    preview: (source: ImportRequest['source'], reading: ReadingOptions) => previewTable(context.paths, source, reading),

    import(request: ImportRequest): { job: Job } {
      context.assertWritable()
      const source = tableSource(context.paths, request.source)
      const name = request.name ?? nameOfFile(source.fileName)
      const specification: ImportSpecification = {
        path: source.path,
        fileName: source.fileName,
        name,
        datasetId: null,
        types: { ...request.types },
        reading: { ...request.reading },
        removeAfter: source.temporary,
      }
      return {
        job: context.jobs.start('import', specification, {
          title: `Import ${source.fileName}`,
          subject: { type: 'dataset', id: name, name },
        }),
      }
    },

    list: (deleted: boolean): { datasets: DatasetSummary[] } => ({
      datasets: sqlite
        .prepare<[], VersionRow>(
          `SELECT ${columns} FROM ${tables} WHERE d.deleted_at IS ${deleted ? 'NOT NULL' : 'NULL'} AND ${newest} ORDER BY v.created_at DESC`,
        )
        .all()
        .map(summaryOf),
    }),

    get: detail,

    resolve(reference: string): ResolvedDataset {
      const row = find(reference)
      return {
        dataset: { id: row.datasetId, name: row.name },
        version: row.version,
        versionId: row.versionId,
        digest: row.digest,
        rows: row.rows,
        columnFilePath: context.blobs.path(row.columnsBlob),
        // Read by few of those who resolve a dataset, and a file.
        get profile() {
          return profileOf(row).columns
        },
      }
    },

    readFrame: (reference: string): Frame => readColumnFile(service.resolve(reference).columnFilePath),

    async rows(input: RowsInput): Promise<RowsPage> {
      const { columnFilePath } = service.resolve(input.dataset)
      const { offset, limit, sort, filters } = input
      return (await reader.ask({ kind: 'rows', columnFilePath, offset, limit, sort, filters })) as RowsPage
    },

    async target(reference: string, target: string): Promise<TargetSuggestion> {
      const { columnFilePath } = service.resolve(reference)
      return (await reader.ask({ kind: 'target', columnFilePath, target })) as TargetSuggestion
    },

    retype(reference: string, types: Readonly<Record<string, ColumnType>>): { job: Job } {
      context.assertWritable()
      const row = find(reference)
      const current = Object.fromEntries(profileOf(row).columns.map((column) => [column.name, column.type]))
      const unknown = Object.keys(types).find((name) => !(name in current))
      if (unknown !== undefined)
        throw new MaestroError(
          'COLUMN_UNKNOWN',
          `${row.name} has no column ${unknown}.`,
          `Its columns are ${Object.keys(current).join(', ')}.`,
        )
      const specification: ImportSpecification = {
        path: context.blobs.path(row.sourceBlob),
        fileName: row.source,
        name: row.name,
        datasetId: row.datasetId,
        types: { ...current, ...types },
        reading: readingAgain(JSON.parse(row.reading) as Record<string, string>),
        removeAfter: false,
      }
      return {
        job: context.jobs.start('import', specification, {
          title: `Read ${row.name} with other types`,
          subject: { type: 'dataset', id: row.datasetId, name: row.name },
        }),
      }
    },

    update(
      reference: string,
      change: { readonly name?: string | undefined; readonly description?: string | undefined },
    ): DatasetSummary {
      context.assertWritable()
      const row = find(reference)
      if (change.name !== undefined && change.name !== row.name && byName.get(change.name)) {
        throw new MaestroError('NAME_TAKEN', `There is a dataset named ${change.name} already.`, 'Choose another name.')
      }
      sqlite
        .prepare('UPDATE dataset SET name = ?, description = ? WHERE id = ?')
        .run(change.name ?? row.name, change.description ?? row.description, row.datasetId)
      context.changed({ topic: 'datasets', id: row.datasetId })
      return summaryOf(byId.get(row.datasetId) as VersionRow)
    },

    delete: (reference: string): DatasetSummary => setDeleted(find(reference), new Date().toISOString()),

    restore(reference: string): DatasetSummary {
      const row = byNameDeleted.get(reference) ?? byId.get(reference)
      if (!row?.deletedAt)
        throw new MaestroError(
          'NOT_FOUND',
          `There is no dataset ${reference} in the trash.`,
          'maestro data list shows the datasets there are.',
        )
      if (byName.get(row.name))
        throw new MaestroError(
          'NAME_TAKEN',
          `There is another dataset named ${row.name} by now.`,
          'Rename that one first.',
        )
      return setDeleted(row, null)
    },

    purge(reference: string): { freedBytes: number } {
      context.assertWritable()
      const row = byNameDeleted.get(reference) ?? byId.get(reference)
      if (!row?.deletedAt)
        throw new MaestroError(
          'STATE_REFUSED',
          `${reference} is not in the trash.`,
          'Delete it first; only what is in the trash can be given up for good.',
        )
      const users = service.usedBy(row.datasetId)
      if (users.versions.length > 0) {
        throw new MaestroError(
          'STATE_REFUSED',
          `${row.name} trained ${users.versions.length} registered versions, whose lineage needs it.`,
          'Delete those versions for good first.',
          { versions: users.versions },
        )
      }
      const busy = context.jobs.runningCount() > 0
      const freedBytes = releaseBlobs({ sqlite, blobs: context.blobs, busy }, () =>
        context.database.transaction(() => {
          // Runs keep the name and digest of what they were trained on.
          sqlite
            .prepare(
              'UPDATE run_input SET dataset_version_id = NULL WHERE dataset_version_id IN (SELECT id FROM dataset_version WHERE dataset_id = ?)',
            )
            .run(row.datasetId)
          sqlite.prepare('DELETE FROM dataset WHERE id = ?').run(row.datasetId)
        }),
      )
      context.changed({ topic: 'datasets', id: row.datasetId })
      return { freedBytes }
    },

    async export(reference: string, out: string | undefined) {
      const row = find(reference)
      const target = out === undefined ? join(context.paths.scratch, `${newId()}.csv`) : resolvePath(out)
      const { rows } = (await writer.ask({
        kind: 'write-csv',
        columnFilePath: context.blobs.path(row.columnsBlob),
        out: target,
      })) as { rows: number }
      const { size } = statSync(target)
      if (out !== undefined) return { out: target, rows, bytes: size, href: null }
      const blob = context.blobs.putFile(target, { move: true })
      return { out: `${row.name}.csv`, rows, bytes: size, href: downloadHref(blob.digest, `${row.name}.csv`) }
    },

    usedBy(reference: string) {
      const { datasetId } = find(reference, true)
      const experiments = sqlite
        .prepare<[string], { id: string; name: string; runs: number }>(
          `SELECT e.id, e.name, count(*) AS runs FROM run_input i JOIN dataset_version v ON v.id = i.dataset_version_id
           JOIN run ON run.id = i.run_id JOIN experiment e ON e.id = run.experiment_id
           WHERE v.dataset_id = ? AND run.deleted_at IS NULL AND e.deleted_at IS NULL GROUP BY e.id ORDER BY max(run.started_at) DESC`,
        )
        .all(datasetId)
      const versions = sqlite
        .prepare<[string], { model: string; version: number }>(
          `SELECT m.name AS model, mv.version FROM model_version mv JOIN registered_model m ON m.id = mv.model_id
           JOIN dataset_version v ON v.id = mv.dataset_version_id WHERE v.dataset_id = ? ORDER BY mv.created_at DESC`,
        )
        .all(datasetId)
      return { experiments, versions }
    },

    async close() {
      await Promise.all([reader.close(), writer.close()])
    },
  }

  function setDeleted(row: VersionRow, at: string | null): DatasetSummary {
    context.assertWritable()
    sqlite.prepare('UPDATE dataset SET deleted_at = ? WHERE id = ?').run(at, row.datasetId)
    context.changed({ topic: 'datasets', id: row.datasetId })
    return summaryOf({ ...row, deletedAt: at })
  }

  return service
}

export type DatasetService = ReturnType<typeof createDatasetService>

interface ImportResult {
  readonly digest: string
  readonly rows: number
  readonly columnCount: number
  readonly bytes: number
  readonly sourceBlob: string
  readonly columnsBlob: string
  readonly profileBlob: string
  readonly reading: Record<string, string>
}

function summaryOf(row: VersionRow): DatasetSummary {
  return {
    id: row.datasetId,
    name: row.name,
    version: row.version,
    versionId: row.versionId,
    digest: row.digest,
    rows: row.rows,
    columnCount: row.columnCount,
    bytes: row.bytes,
    source: row.source,
    description: row.description,
    createdAt: row.createdAt,
    deletedAt: row.deletedAt,
  }
}

/** The choices by which a file is read again as it was. */
function readingAgain(reading: Readonly<Record<string, string>>): ImportSpecification['reading'] {
  if (reading.delimiter === undefined) return {}
  const { encoding } = reading
  return {
    delimiter: reading.delimiter,
    ...(reading.quote ? { quote: reading.quote } : {}),
    ...(encoding === 'utf-8' || encoding === 'latin-1' ? { encoding } : encoding ? { encoding: 'utf-16' } : {}),
    header: reading.header === 'yes',
    ...(reading.decimalComma === undefined ? {} : { decimalComma: reading.decimalComma === 'yes' }),
  }
}

/** A name that can stand in a reference: the file's, without its endings and without slash and @. */
export function nameOfFile(fileName: string): string {
  const bare = parsePath(basename(fileName)).name.replace(/\.(csv|tsv|parquet|arrow|feather)$/i, '')
  const cleaned = bare
    .replaceAll(/[/@\p{Cc}]/gu, '-')
    .trim()
    .slice(0, 200)
  return cleaned === '' ? 'table' : cleaned
}

import { join } from 'node:path'
import type { Frame } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import type { StoredBlob } from '../blobs/blob-store.ts'
import type { JobContext, JobMain } from '../jobs/job-context.ts'
import { writeColumnFile } from './column-file.ts'
import type { ColumnTask } from './column-tasks.ts'
import type { ColumnThreads } from './column-threads.ts'
import { digestOfColumn, contentDigest as digestOfContent, storedColumn } from './finish-column.ts'
import type { FinishedTable } from './finish-table.ts'
import { readFinishedTable } from './finish-table.ts'
import type { ImportSpecification } from './import-specification.ts'
import { importSpecification } from './import-specification.ts'
import { mayRepeatRows, qualityWarnings } from './quality-warnings.ts'
import { threadsFor } from './read-table.ts'

/** Reads a table, profiles it and stores its source, columns and profile as blobs; the host makes a dataset of them. */
export const main: JobMain = async (specification, context) => {
  const spec: ImportSpecification = importSpecification.parse(specification)
  const started = performance.now()
  context.report({ title: 'Importing', detail: spec.fileName, fraction: 0 })
  const threads = threadsFor(spec.path)
  try {
    let source: Promise<unknown> = Promise.resolve()
    const table = await readFinishedTable({
      path: spec.path,
      scratch: context.scratch,
      types: spec.types,
      reading: spec.reading,
      signal: context.cancelled,
      threads,
      onProgress: reporter(context, started),
      // Queued behind nothing: the file is copied while the columns are finished.
      onRead: () => {
        source = threads.runOn(0, { kind: 'keep-file', blobs: context.blobs.folder, path: spec.path })
        source.catch(() => undefined)
      },
    })
    context.log('info', `read ${table.nRows} rows and ${table.columns.length} columns in ${seconds(started)} s`)
    context.cancelled.throwIfAborted()
    context.report({ title: 'Storing', fraction: 0.86, detail: 'columns' })
    // The other threads look for rows that are there twice, while this one writes.
    const looking = describeQuality(table, threads)
    looking.catch(() => undefined)
    const columnsBlob = storeColumns(table, context)
    context.report({ fraction: 0.95, detail: 'profile' })
    const warnings = [...table.warnings, ...(await looking)]
    const profile = { columns: table.columns.map((column) => column.profile), warnings }
    const sourceBlob = (await source) as StoredBlob
    context.cancelled.throwIfAborted()
    context.log('info', `imported in ${seconds(started)} s`)
    return {
      digest: digestOfContent(
        table.nRows,
        table.columns.map(({ digest }) => digest),
      ),
      rows: table.nRows,
      columnCount: table.columns.length,
      bytes: sourceBlob.bytes,
      sourceBlob: sourceBlob.digest,
      columnsBlob,
      profileBlob: context.blobs.put(JSON.stringify(profile)).digest,
      reading: table.reading,
    }
  } finally {
    await threads.close()
  }
}

/** Of what a table says: names, types and values, whatever file it came in. */
export function contentDigest(frame: Frame): string {
  return digestOfContent(
    frame.nRows,
    frame.columns.map((column) => digestOfColumn(storedColumn(column))),
  )
}

function reporter(context: JobContext, started: number) {
  return (fraction: number, detail: string, rows?: number) => {
    const perSecond = rows === undefined ? 0 : rows / ((performance.now() - started) / 1000)
    context.report({
      title: detail.startsWith('profiling') ? 'Profiling' : 'Reading',
      fraction,
      detail: rows === undefined ? detail : `${rows.toLocaleString('en')} rows`,
      rate: rows === undefined ? null : { value: Math.round(perSecond), unit: 'rows' },
    })
  }
}

async function describeQuality(table: FinishedTable, threads: ColumnThreads): Promise<DatasetWarning[]> {
  const { nRows, columns } = table
  if (!mayRepeatRows(columns, nRows)) return qualityWarnings(columns, null)
  const keys = new Float64Array(new SharedArrayBuffer(nRows * 8))
  // Levels are not looked at, and need not travel.
  const stored = columns.map(({ column }) =>
    column.storage === 'codes' ? { ...column, levels: { text: new Uint8Array(0), ends: new Uint32Array(0) } } : column,
  )
  const rows = Math.ceil(nRows / threads.count)
  await threads.runAll(
    Array.from({ length: threads.count }, (_, part): ColumnTask => {
      const from = Math.min(nRows, part * rows)
      return { kind: 'row-keys', request: { columns: stored, from, to: Math.min(nRows, from + rows), keys } }
    }),
  )
  return qualityWarnings(columns, keys)
}

function storeColumns(table: FinishedTable, context: JobContext): string {
  const path = join(context.scratch, 'columns')
  writeColumnFile(path, { nRows: table.nRows, columns: table.columns.map(({ column }) => column) })
  return context.blobs.putFile(path, { move: true }).digest
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(2)
}

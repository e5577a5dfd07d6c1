import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import type { JobMain } from '../jobs/job-context.ts'
import { writeColumnFile } from './column-file.ts'
import type { ImportSpecification } from './import-specification.ts'
import { importSpecification } from './import-specification.ts'
import { profileColumn } from './profile-column.ts'
import { qualityWarnings } from './quality-warnings.ts'
import { readTable } from './read-table.ts'

/** Reads a table, profiles it and stores its source, columns and profile as blobs; the host makes a dataset of them. */
export const main: JobMain = async (specification, context) => {
  const spec: ImportSpecification = importSpecification.parse(specification)
  const started = performance.now()
  context.report({ title: 'Importing', detail: spec.fileName, fraction: 0 })
  const { frame, warnings, reading } = await readTable({
    path: spec.path,
    scratch: context.scratch,
    types: spec.types,
    reading: spec.reading,
    signal: context.cancelled,
    onProgress: (fraction, detail) => context.report({ title: 'Reading', fraction, detail }),
  })
  context.log('info', `read ${frame.nRows} rows and ${frame.columns.length} columns in ${seconds(started)} s`)
  const profiles = frame.columns.map((column, at) => {
    context.cancelled.throwIfAborted()
    context.report({ title: 'Profiling', fraction: 0.65 + (0.2 * at) / frame.columns.length, detail: column.name })
    return profileColumn(column)
  })
  const quality = qualityWarnings(frame, profiles)
  context.report({ title: 'Storing', fraction: 0.88, detail: 'columns' })
  const digest = contentDigest(frame)
  const columnFile = join(context.scratch, 'columns')
  writeColumnFile(columnFile, frame)
  const columnsBlob = context.blobs.putFile(columnFile, { move: true })
  context.report({ fraction: 0.95, detail: 'source' })
  const sourceBlob = context.blobs.putFile(spec.path)
  const profileBlob = context.blobs.put(JSON.stringify({ columns: profiles, warnings: [...warnings, ...quality] }))
  context.log('info', `imported in ${seconds(started)} s`)
  return {
    digest,
    rows: frame.nRows,
    columnCount: frame.columns.length,
    bytes: sourceBlob.bytes,
    sourceBlob: sourceBlob.digest,
    columnsBlob: columnsBlob.digest,
    profileBlob: profileBlob.digest,
    reading,
  }
}

/** Of what the table says: names, types and values, whatever file it came in. */
export function contentDigest(frame: Frame): string {
  const hash = createHash('sha256').update(`maestro-table 1 ${frame.nRows}`)
  for (const column of frame.columns) {
    hash.update(
      JSON.stringify([
        column.name,
        column.type,
        column.storage === 'float64' ? (column.spelling ?? null) : column.levels.length,
      ]),
    )
    if (column.storage === 'codes') for (const level of column.levels) hash.update(level).update('\0')
    hash.update(valuesOf(column))
  }
  return `sha256:${hash.digest('hex')}`
}

function valuesOf(column: Column): Uint8Array {
  const array = column.storage === 'codes' ? column.codes : column.values
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(2)
}

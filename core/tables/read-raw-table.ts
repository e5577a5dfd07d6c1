import { join } from 'node:path'
import type { ColumnType } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { ColumnThreads } from './column-threads.ts'
import type { RawTable } from './raw-column.ts'
import { readDelimited } from './read-delimited.ts'
import type { ReadingOptions } from './reading-options.ts'
import type { FileKind, TextEncodingName } from './text-file.ts'
import { convertToUtf8, recogniseFile, unpackGzip, unpackGzipStart } from './text-file.ts'

export interface ReadRawTableOptions {
  readonly path: string
  /** A folder for unpacked and converted copies. */
  readonly scratch: string
  /** Types that the user has chosen, by column. */
  readonly types: Readonly<Record<string, ColumnType>>
  readonly reading: ReadingOptions
  /** Reads only so many rows, for a preview. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** `rows`: read by now, where they are counted. */
  readonly onProgress?: ((fraction: number, detail: string, rows?: number) => void) | undefined
  readonly threads: ColumnThreads
}

/** A preview unpacks or converts no more than this. */
const previewBytes = 4 << 20

/**
 * Reads a CSV, TSV, Parquet or Arrow file, gzipped or not, column by column. `assumed` is the encoding where the bytes
 * turned out not to be what they seemed. Throws DATASET_PARSE, DATASET_EMPTY or DATASET_TOO_LARGE with where it stumbled
 * and what to do, and COLUMN_UNKNOWN for a type of a column that is not there.
 */
export async function readRawTable(options: ReadRawTableOptions, assumed?: TextEncodingName): Promise<RawTable> {
  let { path } = options
  let kind = recogniseFile(path)
  let packed = ''
  const most = options.limit === undefined ? undefined : previewBytes
  if (kind.kind === 'gzip') {
    options.onProgress?.(0.01, 'unpacking')
    const unpacked = join(options.scratch, 'unpacked')
    if (most !== undefined) unpackGzipStart(path, unpacked, most)
    // Only of text is a part enough.
    if (most === undefined || recogniseFile(unpacked).kind !== 'text') await unpackGzip(path, unpacked, options.signal)
    path = unpacked
    packed = ' (gzip)'
    kind = recogniseFile(path)
  }
  const raw = await readKind(options, path, assumed === undefined ? kind : { ...kind, encoding: assumed }, most)
  assertTypes(raw, options.types)
  if (raw.columns.length === 0)
    throw new MaestroError('DATASET_EMPTY', 'The file has no columns.', 'Choose a file with a header line.')
  if (raw.nRows === 0)
    throw new MaestroError(
      'DATASET_EMPTY',
      'The file has a header but no rows.',
      'Choose a file with at least one row of data.',
    )
  return { ...raw, reading: { ...raw.reading, format: `${raw.reading.format ?? ''}${packed}` } }
}

async function readKind(
  options: ReadRawTableOptions,
  path: string,
  kind: FileKind,
  most: number | undefined,
): Promise<RawTable> {
  switch (kind.kind) {
    case 'empty':
      throw new MaestroError(
        'DATASET_EMPTY',
        'The file is empty.',
        'Choose a file with a header line and at least one row.',
      )
    case 'binary':
    case 'gzip':
      throw new MaestroError(
        'DATASET_PARSE',
        'The file is not a table: it holds binary data.',
        'Choose a CSV, TSV, Parquet or Arrow file. A spreadsheet must be saved as CSV first.',
      )
    case 'arrow':
      // Both are loaded when first needed: their libraries are large, and most tables are text.
      return (await import('./read-arrow.ts')).readArrow(path, options.limit)
    case 'parquet':
      return (await import('./read-parquet.ts')).readParquet({
        path,
        scratch: options.scratch,
        limit: options.limit,
        signal: options.signal,
      })
    case 'text':
      return readText(options, path, kind.encoding, most)
  }
}

async function readText(
  options: ReadRawTableOptions,
  original: string,
  found: TextEncodingName,
  most: number | undefined,
): Promise<RawTable> {
  const encoding = chosenEncoding(options.reading.encoding, found)
  let path = original
  if (encoding !== 'utf-8') {
    options.onProgress?.(0.03, 'converting to UTF-8')
    path = join(options.scratch, 'converted.csv')
    await convertToUtf8(original, path, encoding, options.signal, most)
  }
  const isTabbed = /\.(tsv|tab)(\.gz)?$/i.test(options.path) && options.reading.delimiter === undefined
  const raw = await readDelimited({
    path,
    types: options.types,
    reading: isTabbed ? { ...options.reading, delimiter: '\t' } : options.reading,
    limit: options.limit,
    signal: options.signal,
    threads: options.threads,
    onProgress: (fraction, rows) => options.onProgress?.(0.05 + 0.5 * fraction, 'reading rows', rows),
  })
  return {
    ...raw,
    reading: { ...raw.reading, encoding },
    warnings: [
      ...(encoding === 'latin-1' && options.reading.encoding === undefined ? [latinWarning] : []),
      ...raw.warnings,
    ],
  }
}

const latinWarning: DatasetWarning = {
  code: 'ENCODING',
  severity: 'info',
  column: null,
  message: 'The file is not UTF-8, so it was read as Latin-1 (Windows-1252).',
  hint: 'Check letters with accents; choose another encoding where they are wrong.',
}

function chosenEncoding(wanted: ReadingOptions['encoding'], found: TextEncodingName): TextEncodingName {
  if (wanted === undefined) return found
  if (wanted === 'utf-16') return found === 'utf-16be' ? 'utf-16be' : 'utf-16le'
  return wanted
}

function assertTypes(raw: RawTable, types: Readonly<Record<string, ColumnType>>): void {
  const names = new Set(raw.columns.map(({ name }) => name))
  const unknown = Object.keys(types).find((name) => !names.has(name))
  if (unknown === undefined) return
  throw new MaestroError(
    'COLUMN_UNKNOWN',
    `The table has no column ${unknown}.`,
    `Its columns are ${[...names].slice(0, 50).join(', ')}${names.size > 50 ? ', …' : ''}.`,
    { column: unknown },
  )
}

import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Column, ColumnType, Frame } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { limits } from '../../shared/domain/limits.ts'
import { MaestroError } from '../../shared/errors.ts'
import { extractNumbers, extractTexts } from './extract-columns.ts'
import { inferNumbers, inferTexts } from './infer-types.ts'
import { readArrow } from './read-arrow.ts'
import type { ReadingOptions } from './read-delimited.ts'
import { explainFailure, findDialect, loadDelimited, renamedColumns } from './read-delimited.ts'
import type { TextEncodingName } from './text-file.ts'
import { convertToUtf8, recogniseFile, unpackGzip } from './text-file.ts'

export interface ReadTableOptions {
  readonly path: string
  /** A folder for unpacked and converted copies. */
  readonly scratch: string
  /** Types that the user has chosen, by column. */
  readonly types: Readonly<Record<string, ColumnType>>
  readonly reading: ReadingOptions
  /** Reads only so many rows, for a preview. */
  readonly limit?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number, detail: string) => void
}

export interface ReadTable {
  readonly frame: Frame
  readonly warnings: readonly DatasetWarning[]
  /** How the file was read, for the reader: format, delimiter, quote, encoding, header. */
  readonly reading: Readonly<Record<string, string>>
}

// By default DuckDB fetches a missing extension from the network; CSV and Parquet are built in.
const offline = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' }

/**
 * Reads a CSV, TSV, Parquet or Arrow file, gzipped or not, into typed columns in shared memory. Types are found over all
 * rows. Throws DATASET_PARSE, DATASET_EMPTY or DATASET_TOO_LARGE with where it stumbled and what to do.
 */
export async function readTable(options: ReadTableOptions): Promise<ReadTable> {
  let { path } = options
  let kind = recogniseFile(path)
  let packed = ''
  if (kind.kind === 'gzip') {
    options.onProgress?.(0.02, 'unpacking')
    const unpacked = join(options.scratch, 'unpacked')
    await unpackGzip(path, unpacked, options.signal)
    path = unpacked
    packed = ' (gzip)'
    kind = recogniseFile(path)
  }
  if (kind.kind === 'empty')
    throw new MaestroError(
      'DATASET_EMPTY',
      'The file is empty.',
      'Choose a file with a header line and at least one row.',
    )
  if (kind.kind === 'binary' || kind.kind === 'gzip') {
    throw new MaestroError(
      'DATASET_PARSE',
      'The file is not a table: it holds binary data.',
      'Choose a CSV, TSV, Parquet or Arrow file. A spreadsheet must be saved as CSV first.',
    )
  }
  if (kind.kind === 'arrow') return checked(readArrow(path, options), { format: `Arrow${packed}` }, [])
  if (kind.kind === 'parquet')
    return readByDuckDb(options, async (connection) => {
      try {
        await connection.run(
          `CREATE TABLE source AS SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')${options.limit === undefined ? '' : ` LIMIT ${options.limit}`}`,
        )
      } catch (error) {
        throw explainFailure(error instanceof Error ? error.message : String(error))
      }
      return { reading: { format: `Parquet${packed}` }, warnings: [] }
    })
  return readText(options, path, kind.encoding, kind.hasNul, packed)
}

type Load = (
  connection: Awaited<ReturnType<DuckDBInstance['connect']>>,
) => Promise<{ readonly reading: Record<string, string>; readonly warnings: readonly DatasetWarning[] }>

async function readText(
  options: ReadTableOptions,
  original: string,
  found: TextEncodingName,
  hasNul: boolean,
  packed: string,
): Promise<ReadTable> {
  const encoding = chosenEncoding(options.reading.encoding, found)
  const warnings: DatasetWarning[] = []
  let path = original
  if (encoding !== 'utf-8' || hasNul) {
    options.onProgress?.(0.05, 'converting to UTF-8')
    path = join(options.scratch, 'converted.csv')
    await convertToUtf8(original, path, encoding, options.signal)
  }
  if (hasNul)
    warnings.push({
      code: 'NUL_BYTES',
      severity: 'warning',
      column: null,
      message: 'The file has NUL bytes; they were left out.',
      hint: 'The program that wrote the file may have cut values short: look at the rows.',
    })
  if (encoding === 'latin-1')
    warnings.push({
      code: 'ENCODING',
      severity: 'info',
      column: null,
      message: 'The file is not UTF-8, so it was read as Latin-1 (Windows-1252).',
      hint: 'Check letters with accents; choose another encoding where they are wrong.',
    })
  const firstLine = readFirstLine(path)
  if (firstLine.trim() === '' && isBlank(path))
    throw new MaestroError(
      'DATASET_EMPTY',
      'The file has no text in it.',
      'Choose a file with a header line and at least one row.',
    )
  const reading =
    /\.tsv(\.gz)?$/i.test(options.path) && options.reading.delimiter === undefined
      ? { ...options.reading, delimiter: '\t' }
      : options.reading
  return readByDuckDb(options, async (connection) => {
    options.onProgress?.(0.1, 'finding columns and types')
    const dialect = await findDialect(connection, path, reading, firstLine)
    options.onProgress?.(0.3, 'reading rows')
    await loadDelimited(
      connection,
      path,
      { ...reading, delimiter: dialect.delimiter, ...(dialect.quote === '' ? {} : { quote: dialect.quote }) },
      dialect.header,
      options.limit,
    )
    const names = (await connection.runAndReadAll('DESCRIBE source')).getRows().map(([name]) => String(name))
    warnings.push(...renamedColumns(firstLine, dialect, names))
    if (dialect.skippedRows > 0) {
      warnings.push({
        code: 'RAGGED_ROWS',
        severity: 'warning',
        column: null,
        message: `The first ${dialect.skippedRows} lines do not fit the table and were left out.`,
        hint: 'If they are data, mend them and import again.',
      })
    }
    const ambiguous = /%d\/%m|%m\/%d|%d-%m-|%m-%d-/.exec(`${dialect.dateFormat ?? ''} ${dialect.timestampFormat ?? ''}`)
    if (ambiguous) {
      warnings.push({
        code: 'AMBIGUOUS_DATES',
        severity: 'warning',
        column: null,
        message: `Dates were read as ${ambiguous[0].startsWith('%d') ? 'day first' : 'month first'}.`,
        hint: 'Compare a date whose day is above 12 with the source; set the column to category if it is wrong.',
      })
    }
    return {
      reading: {
        format: `${dialect.delimiter === '\t' ? 'TSV' : 'CSV'}${packed}`,
        delimiter: dialect.delimiter,
        quote: dialect.quote,
        encoding,
        header: dialect.header ? 'yes' : 'no',
      },
      warnings,
    }
  })
}

function chosenEncoding(wanted: ReadingOptions['encoding'], found: TextEncodingName): TextEncodingName {
  if (wanted === undefined) return found
  if (wanted === 'utf-16') return found === 'utf-16be' ? 'utf-16be' : 'utf-16le'
  return wanted
}

function readFirstLine(path: string): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(1 << 20)
    const text = buffer.subarray(0, readSync(file, buffer, 0, buffer.byteLength, 0)).toString('utf8')
    return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1)[0] ?? ''
  } finally {
    closeSync(file)
  }
}

function isBlank(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(1 << 16)
    return (
      buffer
        .subarray(0, readSync(file, buffer, 0, buffer.byteLength, 0))
        .toString('utf8')
        .trim() === ''
    )
  } finally {
    closeSync(file)
  }
}

async function readByDuckDb(options: ReadTableOptions, load: Load): Promise<ReadTable> {
  const instance = await DuckDBInstance.create(':memory:', offline)
  const connection = await instance.connect()
  const interrupt = () => connection.interrupt()
  options.signal?.addEventListener('abort', interrupt)
  try {
    const { reading, warnings } = await load(connection)
    const described = (await connection.runAndReadAll('DESCRIBE source'))
      .getRows()
      .map(([name, type]) => ({ name: String(name), type: String(type) }))
    if (described.length > limits.columns) {
      throw new MaestroError(
        'DATASET_TOO_LARGE',
        `The table has ${described.length} columns; Maestro takes ${limits.columns}.`,
        'Leave out columns before importing.',
      )
    }
    const [[rows] = []] = (await connection.runAndReadAll('SELECT count(*)::INTEGER FROM source')).getRows()
    const nRows = Number(rows)
    options.onProgress?.(0.6, `${nRows} rows, ${described.length} columns`)
    const frame = await extractFrame(connection, described, nRows, options)
    return checked(frame, reading, warnings)
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
    connection.closeSync()
    instance.closeSync()
  }
}

function checked(
  read: { readonly frame: Frame; readonly warnings: readonly DatasetWarning[] },
  reading: Record<string, string>,
  warnings: readonly DatasetWarning[],
): ReadTable {
  if (read.frame.nRows === 0)
    throw new MaestroError(
      'DATASET_EMPTY',
      'The file has a header but no rows.',
      'Choose a file with at least one row of data.',
    )
  if (read.frame.columns.length === 0)
    throw new MaestroError('DATASET_EMPTY', 'The file has no columns.', 'Choose a file with a header line.')
  return { frame: read.frame, reading, warnings: [...warnings, ...read.warnings] }
}

async function extractFrame(
  connection: Awaited<ReturnType<DuckDBInstance['connect']>>,
  described: readonly { readonly name: string; readonly type: string }[],
  nRows: number,
  options: ReadTableOptions,
): Promise<{ readonly frame: Frame; readonly warnings: readonly DatasetWarning[] }> {
  const large = await beyondDoubles(connection, described)
  const numeric = described.flatMap(({ name, type }) => {
    const kind = large.has(name) ? null : numericKind(type)
    return kind ? [{ name, type: kind }] : []
  })
  const numbers = new Map((await extractNumbers(connection, numeric, nRows)).map((column) => [column.name, column]))
  const columns: Column[] = []
  const warnings: DatasetWarning[] = []
  for (const { name } of described) {
    options.signal?.throwIfAborted()
    const number = numbers.get(name)
    const wanted = options.types[name]
    const inferred = number
      ? inferNumbers(number, wanted)
      : inferTexts(await extractTexts(connection, name, nRows), wanted)
    columns.push(inferred.column)
    warnings.push(...inferred.warnings)
  }
  for (const name of Object.keys(options.types)) {
    if (!described.some((column) => column.name === name))
      throw new MaestroError(
        'COLUMN_UNKNOWN',
        `The table has no column ${name}.`,
        `Its columns are ${described.map((column) => column.name).join(', ')}.`,
      )
  }
  return { frame: { nRows, columns }, warnings }
}

/** Whole numbers that a double cannot hold are identifiers, and stay texts. */
async function beyondDoubles(
  connection: Awaited<ReturnType<DuckDBInstance['connect']>>,
  described: readonly { readonly name: string; readonly type: string }[],
): Promise<Set<string>> {
  const candidates = described.filter(({ type }) => /^U?(BIG|HUGE)INT$/.test(type))
  if (candidates.length === 0) return new Set()
  const tests = candidates.map(
    ({ name }) => `coalesce(max(abs("${name.replaceAll('"', '""')}"::HUGEINT)) > 9007199254740992, false)`,
  )
  const [row = []] = (await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM source`)).getRows()
  return new Set(candidates.filter((_, at) => row[at] === true).map(({ name }) => name))
}

function numericKind(type: string): 'number' | 'datetime' | 'boolean' | null {
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return 'number'
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return 'datetime'
  return type === 'BOOLEAN' ? 'boolean' : null
}

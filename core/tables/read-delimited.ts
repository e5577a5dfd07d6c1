import type { DuckDBConnection } from '@duckdb/node-api'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { MaestroError } from '../../shared/errors.ts'

/** Choices of the user that override what was found. */
export interface ReadingOptions {
  readonly delimiter?: string | undefined
  readonly quote?: string | undefined
  readonly encoding?: 'utf-8' | 'utf-16' | 'latin-1' | undefined
  readonly header?: boolean | undefined
  readonly decimalComma?: boolean | undefined
}

/** How the file is laid out, and what was noticed. */
export interface Dialect {
  readonly delimiter: string
  readonly quote: string
  readonly header: boolean
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly dateFormat: string | null
  readonly timestampFormat: string | null
  readonly skippedRows: number
}

/** Texts that mean "no value" wherever they stand alone in a cell. */
export const missingTexts = [
  '',
  'NA',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'NAN',
  'NULL',
  'null',
  'Null',
  'None',
  '?',
  '#N/A',
  '-nan',
  '<NA>',
] as const

/** Booleans are told apart later, with their own spelling; other types would change what the cells say. */
const typeCandidates = "['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR']"
const longestLine = 64 * 1024 * 1024

/** Finds delimiter, quote, header and the types over all rows. Throws DATASET_PARSE with the line where it stumbled. */
export async function findDialect(
  connection: DuckDBConnection,
  path: string,
  options: ReadingOptions,
  firstLine: string,
): Promise<Dialect> {
  const found = await run(
    connection,
    `SELECT * FROM sniff_csv(${text(path)}, sample_size = -1, ${csvOptions(options)})`,
  )
  const [row] = found
  if (!row)
    throw new MaestroError(
      'DATASET_PARSE',
      'The file could not be read as a table.',
      'Check that it is a CSV, TSV, Parquet or Arrow file.',
    )
  const delimiter = String(row.Delimiter)
  const quote = row.Quote === '(empty)' || row.Quote === '\0' ? '' : String(row.Quote)
  const header = options.header ?? looksLikeHeader(firstLine, delimiter, quote)
  return {
    delimiter,
    quote,
    header,
    columns: (row.Columns as { name: string; type: string }[]).map(({ name, type }) => ({ name, type })),
    dateFormat: row.DateFormat ? String(row.DateFormat) : null,
    timestampFormat: row.TimestampFormat ? String(row.TimestampFormat) : null,
    skippedRows: Number(row.SkipRows ?? 0),
  }
}

/** Reads the whole file once into the table `source`, in file order. */
export async function loadDelimited(
  connection: DuckDBConnection,
  path: string,
  options: ReadingOptions,
  header: boolean,
  limit?: number,
): Promise<void> {
  const source = `read_csv(${text(path)}, sample_size = -1, header = ${header}, ${csvOptions({ ...options, header: undefined })})`
  await run(
    connection,
    `CREATE OR REPLACE TABLE source AS SELECT * FROM ${source}${limit === undefined ? '' : ` LIMIT ${limit}`}`,
  )
}

function csvOptions(options: ReadingOptions): string {
  const parts = [
    `auto_type_candidates = ${typeCandidates}`,
    `nullstr = [${missingTexts.map(text).join(', ')}]`,
    `max_line_size = ${longestLine}`,
  ]
  if (options.delimiter !== undefined) parts.push(`delim = ${text(options.delimiter)}`)
  if (options.quote !== undefined) parts.push(`quote = ${text(options.quote)}`)
  if (options.decimalComma) parts.push("decimal_separator = ','")
  if (options.header !== undefined) parts.push(`header = ${options.header}`)
  return parts.join(', ')
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A first row is a header unless one of its cells is a number or empty: names rarely are. */
function looksLikeHeader(firstLine: string, delimiter: string, quote: string): boolean {
  const cells = splitLine(firstLine, delimiter, quote)
  return cells.every((cell) => cell.trim() === '' || Number.isNaN(Number(cell)))
}

/** The cells of one line, with quotes taken off. */
export function splitLine(line: string, delimiter: string, quote: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string
    if (quote !== '' && character === quote) {
      if (quoted && line[at + 1] === quote) {
        cell += quote
        at += 1
      } else quoted = !quoted
    } else if (!quoted && line.startsWith(delimiter, at)) {
      cells.push(cell)
      cell = ''
      at += delimiter.length - 1
    } else cell += character
  }
  cells.push(cell)
  return cells
}

/** Columns whose names had to be changed because they were there twice, or empty. */
export function renamedColumns(firstLine: string, dialect: Dialect, names: readonly string[]): DatasetWarning[] {
  if (!dialect.header) return []
  const written = splitLine(firstLine, dialect.delimiter, dialect.quote).map((name) => name.trim())
  if (written.length !== names.length) return []
  return names.flatMap((name, at) => {
    const original = written[at] as string
    if (name === original || original === '') return name === original ? [] : [renamed(name, 'The column had no name')]
    return written.indexOf(original) !== at ? [renamed(name, `There is another column named ${original}`)] : []
  })
}

function renamed(name: string, why: string): DatasetWarning {
  return {
    code: 'RENAMED_COLUMN',
    severity: 'warning',
    column: name,
    message: `${why}, so this one is called ${name}.`,
    hint: 'Give the columns different names in the source to keep control of them.',
  }
}

async function run(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS()
  } catch (error) {
    throw explainFailure(error instanceof Error ? error.message : String(error))
  }
}

/** DuckDB's message as one of ours: what happened, in which line and column, what to do. */
export function explainFailure(message: string): MaestroError {
  const line = /(?:CSV Error on )?Line:? (\d+)/i.exec(message)?.[1]
  const column = /column (?:"([^"]+)"|at position: (\d+))/i.exec(message)
  const where = line ? ` in line ${line}` : ''
  const details = {
    line: line ? Number(line) : null,
    column: column?.[1] ?? column?.[2] ?? null,
    message: message.split('\n')[0] ?? '',
  }
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/i.exec(message)
  if (counts) {
    return new MaestroError(
      'DATASET_PARSE',
      `The row${where} has ${counts[2]} cells where ${counts[1]} are expected.`,
      'Mend that line, or check the delimiter and quotes.',
      details,
    )
  }
  if (/maximum line size/i.test(message)) {
    return new MaestroError(
      'DATASET_PARSE',
      `A line${where} is longer than ${longestLine / 1_048_576} MB.`,
      'This is probably not a CSV file, or a quote is never closed.',
      details,
    )
  }
  if (/unterminated quote|value with unterminated/i.test(message)) {
    return new MaestroError(
      'DATASET_PARSE',
      `A quote${where} is never closed.`,
      'Close it, or choose another quote character.',
      details,
    )
  }
  if (/could not convert|conversion error/i.test(message)) {
    return new MaestroError(
      'DATASET_PARSE',
      `A value${where} does not fit its column${details.column ? ` ${details.column}` : ''}.`,
      'Set the column’s type to text, or mend the value.',
      details,
    )
  }
  if (/sniff|dialect|not possible to automatically detect/i.test(message)) {
    return new MaestroError(
      'DATASET_PARSE',
      `The layout of the file cannot be recognised${where}: its rows do not have the same number of cells.`,
      'Give the delimiter and quote, or mend the rows.',
      details,
    )
  }
  return new MaestroError(
    'DATASET_PARSE',
    `The file could not be read as a table${where}: ${details.message}`,
    'Check the file, or give delimiter, quote and encoding.',
    details,
  )
}

import { DuckDBInstance } from '@duckdb/node-api'
import { encodeLevels } from '../../engine/frame/column-file.ts'
import type { NumericColumn } from '../../engine/frame/frame.ts'
import { limits } from '../../shared/domain/limits.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { RawColumn, RawTable } from './raw-column.ts'

type Connection = Awaited<ReturnType<DuckDBInstance['connect']>>

interface ReadParquetOptions {
  readonly path: string
  /** Where DuckDB may put what does not fit into memory. */
  readonly scratch: string
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads a Parquet file by DuckDB; nested values become texts. Throws DATASET_PARSE and DATASET_TOO_LARGE. */
export async function readParquet({ path, scratch, limit, signal }: ReadParquetOptions): Promise<RawTable> {
  const instance = await DuckDBInstance.create(':memory:', {
    // By default it fetches a missing extension from the network; Parquet is built in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: scratch,
  })
  const connection = await instance.connect()
  const interrupt = () => connection.interrupt()
  signal?.addEventListener('abort', interrupt)
  try {
    const top = limit === undefined ? '' : ` LIMIT ${limit}`
    await connection.run(`CREATE VIEW source AS SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')${top}`)
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
    const [[rows] = []] = (await connection.runAndReadAll('SELECT count(*)::DOUBLE FROM source')).getRows()
    const nRows = Number(rows)
    return {
      nRows,
      columns: await readColumns(connection, described, nRows),
      warnings: [],
      reading: { format: 'Parquet' },
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof MaestroError) throw error
    throw new MaestroError(
      'DATASET_PARSE',
      `The Parquet file cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      'It may be cut off or damaged: write or download it again.',
    )
  } finally {
    signal?.removeEventListener('abort', interrupt)
    connection.closeSync()
    instance.closeSync()
  }
}

async function readColumns(
  connection: Connection,
  described: readonly { readonly name: string; readonly type: string }[],
  nRows: number,
): Promise<RawColumn[]> {
  const large = await beyondDoubles(connection, described)
  const numeric = described.flatMap(({ name, type }) => {
    const kind = large.has(name) ? null : numericKind(type)
    return kind ? [{ name, kind }] : []
  })
  const numbers = new Map((await readNumbers(connection, numeric, nRows)).map((column) => [column.name, column]))
  const columns: RawColumn[] = []
  for (const { name } of described) columns.push(numbers.get(name) ?? (await readTexts(connection, name, nRows)))
  return columns
}

/** In file order; NULL is NaN. All in one pass over the file. */
async function readNumbers(
  connection: Connection,
  columns: readonly { readonly name: string; readonly kind: NumericColumn['type'] }[],
  nRows: number,
): Promise<RawColumn[]> {
  if (columns.length === 0) return []
  const arrays = columns.map(() => new Float64Array(new SharedArrayBuffer(nRows * 8)))
  // NaN instead of NULL, so that a vector's own array can be copied whole.
  const expressions = columns.map(({ name, kind }) => {
    const value = kind === 'datetime' ? `epoch(${quoted(name)}::TIMESTAMP)` : `${quoted(name)}::DOUBLE`
    return `coalesce(${value}, 'NaN'::DOUBLE)`
  })
  await copyVectors<Float64Array>(connection, expressions, arrays)
  return columns.map(({ name, kind }, at) => ({
    kind: 'numbers',
    name,
    type: kind,
    pieces: [arrays[at] as Float64Array],
  }))
}

async function readTexts(connection: Connection, name: string, nRows: number): Promise<RawColumn> {
  const type = quoted(`levels of ${name}`)
  const value = `${quoted(name)}::VARCHAR`
  await connection.run(
    `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${value} FROM source WHERE ${quoted(name)} IS NOT NULL)`,
  )
  const rows = (await connection.runAndReadAll(`SELECT unnest(enum_range(NULL::${type}))::VARCHAR`)).getRows()
  const codes = new Int32Array(new SharedArrayBuffer(nRows * 4))
  await copyVectors<Int32Array>(connection, [`coalesce(enum_code(${value}::${type})::INTEGER, -1)`], [codes])
  await connection.run(`DROP TYPE ${type}`)
  const dictionary = encodeLevels(rows.map(([level]) => String(level)))
  return { kind: 'texts', name, pieces: [{ codes, dictionary: 0 }], dictionaries: [dictionary] }
}

async function copyVectors<Items extends Float64Array | Int32Array>(
  connection: Connection,
  expressions: readonly string[],
  arrays: readonly Items[],
): Promise<void> {
  const result = await connection.stream(`SELECT ${expressions.join(', ')} FROM source`)
  let at = 0
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [column, array] of arrays.entries()) {
      // The vector's own array is private in the types only (duckdb-node-neo #361).
      const { items } = chunk.getColumnVector(column) as unknown as { readonly items: Items }
      array.set(items.subarray(0, chunk.rowCount), at)
    }
    at += chunk.rowCount
  }
}

/** Whole numbers that a double cannot hold are identifiers, and stay texts. */
async function beyondDoubles(
  connection: Connection,
  described: readonly { readonly name: string; readonly type: string }[],
): Promise<Set<string>> {
  const candidates = described.filter(({ type }) => /^U?(BIG|HUGE)INT$|^DECIMAL\(\d+,0\)$/.test(type))
  if (candidates.length === 0) return new Set()
  const tests = candidates.map(
    ({ name }) => `coalesce(max(abs(${quoted(name)}::HUGEINT)) > ${Number.MAX_SAFE_INTEGER}, false)`,
  )
  const [row = []] = (await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM source`)).getRows()
  return new Set(candidates.filter((_, at) => row[at] === true).map(({ name }) => name))
}

function numericKind(type: string): NumericColumn['type'] | null {
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return 'number'
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return 'datetime'
  return type === 'BOOLEAN' ? 'boolean' : null
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

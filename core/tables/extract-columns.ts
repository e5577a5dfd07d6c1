import type { DuckDBConnection } from '@duckdb/node-api'
import type { CodedColumn, NumericColumn } from '../../engine/frame/frame.ts'
import { missingTexts } from './read-delimited.ts'

const missing = new Set<string>(missingTexts)

/** Numbers of the table `source`, in file order; NULL is NaN. All in one pass over the table. */
export async function extractNumbers(
  connection: DuckDBConnection,
  columns: readonly { readonly name: string; readonly type: NumericColumn['type'] }[],
  nRows: number,
): Promise<NumericColumn[]> {
  const arrays = columns.map(() => new Float64Array(new SharedArrayBuffer(nRows * 8)))
  if (columns.length === 0) return []
  // NaN instead of NULL, so that a vector's own array can be copied whole.
  const expressions = columns.map(({ name, type }) => {
    const value = type === 'datetime' ? `epoch(${quote(name)}::TIMESTAMP)` : `${quote(name)}::DOUBLE`
    return `coalesce(${value}, 'NaN'::DOUBLE)`
  })
  await copyVectors<Float64Array>(connection, expressions, arrays)
  return columns.map(({ name, type }, at) => ({ storage: 'float64', name, type, values: arrays[at] as Float64Array }))
}

/** Texts of one column as codes into its levels: trimmed, with what means "no value" as -1, sorted by code units. */
export async function extractTexts(connection: DuckDBConnection, name: string, nRows: number): Promise<CodedColumn> {
  const type = quote(`levels of ${name}`)
  const value = `${quote(name)}::VARCHAR`
  await connection.run(
    `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${value} FROM source WHERE ${quote(name)} IS NOT NULL ORDER BY 1)`,
  )
  try {
    const rows = (await connection.runAndReadAll(`SELECT unnest(enum_range(NULL::${type}))::VARCHAR`)).getRows()
    const raw = rows.map(([level]) => String(level))
    const { levels, codeOfRaw } = tidyLevels(raw)
    const codes = new Int32Array(new SharedArrayBuffer(nRows * 4))
    await copyVectors<Int32Array>(connection, [`coalesce(enum_code(${value}::${type})::INTEGER, -1)`], [codes])
    for (let row = 0; row < nRows; row++) {
      const code = codes[row] as number
      if (code >= 0) codes[row] = codeOfRaw[code] as number
    }
    return { storage: 'codes', name, type: 'category', codes, levels }
  } finally {
    await connection.run(`DROP TYPE ${type}`)
  }
}

/** Levels trimmed, merged and sorted, and where each raw one went. */
function tidyLevels(raw: readonly string[]): { readonly levels: string[]; readonly codeOfRaw: Int32Array } {
  const trimmed = raw.map((level) => level.trim())
  const levels = [...new Set(trimmed)].filter((level) => !missing.has(level)).sort()
  const codeOf = new Map(levels.map((level, code) => [level, code]))
  return { levels, codeOfRaw: Int32Array.from(trimmed, (level) => codeOf.get(level) ?? -1) }
}

async function copyVectors<Items extends Float64Array | Int32Array>(
  connection: DuckDBConnection,
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

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

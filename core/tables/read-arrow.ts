import { readFileSync, statSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import type { Vector } from 'apache-arrow'
import { CompressionType, compressionRegistry, DataType, TimeUnit, tableFromIPC } from 'apache-arrow'
import { encodeLevels } from '../../engine/frame/column-file.ts'
import type { NumericColumn } from '../../engine/frame/frame.ts'
import { limits } from '../../shared/domain/limits.ts'
import { MaestroError } from '../../shared/errors.ts'
import { unpackLz4Frame } from './lz4-frame.ts'
import type { RawColumn, RawTable } from './raw-column.ts'

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame })
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zstdDecompressSync(bytes) })

/** The library reads a file at one go, and no buffer of Node is larger. */
const largestFile = 2 ** 31 - 1

/**
 * Reads an Arrow IPC file or stream (Feather 2), compressed or not. Nested values become their JSON text. Throws
 * DATASET_PARSE and DATASET_TOO_LARGE.
 */
export function readArrow(path: string, limit?: number): RawTable {
  if (statSync(path).size > largestFile)
    throw new MaestroError(
      'DATASET_TOO_LARGE',
      'The Arrow file is larger than 2 GB.',
      'Write the table as Parquet, which is read in pieces.',
    )
  try {
    const table = tableFromIPC(readFileSync(path))
    if (table.schema.fields.length > limits.columns)
      throw new MaestroError(
        'DATASET_TOO_LARGE',
        `The table has ${table.schema.fields.length} columns; Maestro takes ${limits.columns}.`,
        'Leave out columns before importing.',
      )
    const nRows = Math.min(table.numRows, limit ?? Number.POSITIVE_INFINITY)
    return {
      nRows,
      columns: table.schema.fields.map(({ name }, at) => readVector(name, table.getChildAt(at) as Vector, nRows)),
      warnings: [],
      reading: { format: 'Arrow' },
    }
  } catch (error) {
    if (error instanceof MaestroError) throw error
    throw new MaestroError(
      'DATASET_PARSE',
      `The Arrow file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'It may be cut off or damaged. Write it again, uncompressed or with LZ4 or zstd.',
    )
  }
}

function readVector(name: string, vector: Vector, nRows: number): RawColumn {
  const numbers = numberReader(vector.type as DataType)
  if (!numbers) return readTexts(name, vector, nRows)
  const values = new Float64Array(new SharedArrayBuffer(nRows * 8))
  for (let row = 0; row < nRows; row++) {
    const value: unknown = vector.get(row)
    if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) && numbers.type === 'number')
      // Whole numbers that a double cannot hold are identifiers.
      return readTexts(name, vector, nRows)
    values[row] = value === null ? Number.NaN : numbers.read(value)
  }
  return { kind: 'numbers', name, type: numbers.type, pieces: [values] }
}

function numberReader(
  type: DataType,
): { readonly type: NumericColumn['type']; readonly read: (value: unknown) => number } | null {
  // The library gives dates and times in milliseconds, but leaves what is below them away unless it is asked for.
  if (DataType.isDate(type)) return { type: 'datetime', read: (value) => Number(value) / 1000 }
  if (DataType.isTimestamp(type)) return { type: 'datetime', read: (value) => Number(value) / 1000 }
  if (DataType.isBool(type)) return { type: 'boolean', read: Number }
  if (DataType.isInt(type) || DataType.isFloat(type)) return { type: 'number', read: Number }
  if (DataType.isDecimal(type)) {
    const { scale } = type
    return { type: 'number', read: (value) => decimalNumber(value as Uint32Array, scale) }
  }
  return null
}

/** A decimal is a whole number in two's complement, in words of 32 bits, lowest first. */
function decimalNumber(words: Uint32Array, scale: number): number {
  let whole = 0n
  for (let at = words.length - 1; at >= 0; at--) whole = (whole << 32n) | BigInt(words[at] as number)
  const signed = BigInt.asIntN(words.length * 32, whole)
  // Through its text, so that it is rounded once.
  return Number(`${signed}e${-scale}`)
}

function readTexts(name: string, vector: Vector, nRows: number): RawColumn {
  const codeOf = new Map<string, number>()
  const codes = new Int32Array(new SharedArrayBuffer(nRows * 4))
  for (let row = 0; row < nRows; row++) {
    const text = textOf(vector.get(row), vector.type as DataType)
    let code = text === null ? -1 : codeOf.get(text)
    if (code === undefined) {
      code = codeOf.size
      codeOf.set(text as string, code)
    }
    codes[row] = code
  }
  return { kind: 'texts', name, pieces: [{ codes, dictionary: 0 }], dictionaries: [encodeLevels([...codeOf.keys()])] }
}

const perDay: Readonly<Record<TimeUnit, number>> = {
  [TimeUnit.SECOND]: 1,
  [TimeUnit.MILLISECOND]: 1e3,
  [TimeUnit.MICROSECOND]: 1e6,
  [TimeUnit.NANOSECOND]: 1e9,
}

function textOf(value: unknown, type: DataType): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (DataType.isTime(type)) return new Date((Number(value) / perDay[type.unit]) * 1000).toISOString().slice(11, 19)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (typeof value !== 'object') return String(value)
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner))
}

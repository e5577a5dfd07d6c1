import { readFileSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import type { Vector } from 'apache-arrow'
import { CompressionType, compressionRegistry, DataType, tableFromIPC } from 'apache-arrow'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { MaestroError } from '../../shared/errors.ts'
import { inferNumbers, inferTexts } from './infer-types.ts'
import { unpackLz4Frame } from './lz4-frame.ts'
import type { ReadTableOptions } from './read-table.ts'

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame })
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zstdDecompressSync(bytes) })

/** Reads an Arrow IPC file or stream (Feather 2), compressed or not. Nested columns become their JSON text. */
export function readArrow(
  path: string,
  options: ReadTableOptions,
): { readonly frame: Frame; readonly warnings: readonly DatasetWarning[] } {
  let table: ReturnType<typeof tableFromIPC>
  try {
    table = tableFromIPC(readFileSync(path))
  } catch (error) {
    throw new MaestroError(
      'DATASET_PARSE',
      `The Arrow file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Write it again, uncompressed or with LZ4 or zstd.',
    )
  }
  const nRows = Math.min(table.numRows, options.limit ?? Number.POSITIVE_INFINITY)
  const warnings: DatasetWarning[] = []
  const columns = table.schema.fields.map(({ name }, at): Column => {
    const inferred = readVector(name, table.getChildAt(at) as Vector, nRows, options)
    warnings.push(...inferred.warnings)
    return inferred.column
  })
  return { frame: { nRows, columns }, warnings }
}

function readVector(name: string, vector: Vector, nRows: number, options: ReadTableOptions) {
  const { type } = vector
  const wanted = options.types[name]
  const isDate = DataType.isDate(type) || DataType.isTimestamp(type)
  if (isDate || DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type) || DataType.isBool(type)) {
    const values = new Float64Array(new SharedArrayBuffer(nRows * 8))
    for (let row = 0; row < nRows; row++) {
      const value: unknown = vector.get(row)
      // apache-arrow gives dates and timestamps in milliseconds.
      values[row] = value === null ? Number.NaN : Number(value) / (isDate ? 1000 : 1)
    }
    return inferNumbers(
      { storage: 'float64', name, type: isDate ? 'datetime' : DataType.isBool(type) ? 'boolean' : 'number', values },
      wanted,
    )
  }
  const texts = Array.from({ length: nRows }, (_, row) => textOf(vector.get(row)))
  const levels = [...new Set(texts.filter((text) => text !== null))].sort()
  const codeOf = new Map(levels.map((level, code) => [level, code]))
  const codes = new Int32Array(new SharedArrayBuffer(nRows * 4))
  for (const [row, text] of texts.entries()) codes[row] = text === null ? -1 : (codeOf.get(text) as number)
  return inferTexts({ storage: 'codes', name, type: 'category', codes, levels }, wanted)
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text =
    typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value as number)
  return text.trim() === '' ? null : text.trim()
}

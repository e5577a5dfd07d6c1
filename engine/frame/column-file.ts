import type { Column, ColumnType, Frame } from './frame.ts'

/**
 * The raw column file of a dataset version: magic, length of the header, a JSON header, then every array at a multiple of
 * 64 bytes, little-endian. It is read straight into shared memory, and its numbers are used where they lie.
 */
const magic = 'MAESTROC'
const formatVersion = 1
const alignment = 64

interface ColumnRecord {
  readonly name: string
  readonly type: ColumnType
  readonly storage: Column['storage']
  readonly spelling?: readonly [string, string]
  /** Where the numbers or codes start. */
  readonly at: number
  /** Texts of the levels: utf8 one after another, and where each ends. */
  readonly levels?: {
    readonly count: number
    readonly textAt: number
    readonly textBytes: number
    readonly endsAt: number
  }
}

interface Header {
  readonly formatVersion: number
  readonly nRows: number
  readonly columns: readonly ColumnRecord[]
}

/** The file is not a column file, or is cut off. */
export class ColumnFileError extends Error {
  override readonly name = 'ColumnFileError'
}

/** The pieces of the file, in order, to be written one after another. Arrays are not copied. */
export function encodeColumnFile(frame: Frame): Uint8Array[] {
  const bodies: { readonly at: number; readonly bytes: Uint8Array }[] = []
  // Positions are counted from the start of the body, since the header's length depends on them.
  let at = 0
  const place = (bytes: Uint8Array): number => {
    const start = at
    bodies.push({ at: start, bytes })
    at = align(start + bytes.byteLength)
    return start
  }
  const columns = frame.columns.map((column): ColumnRecord => {
    const common = { name: column.name, type: column.type, storage: column.storage }
    if (column.storage === 'float64') {
      return { ...common, at: place(bytesOf(column.values)), ...(column.spelling ? { spelling: column.spelling } : {}) }
    }
    const codesAt = place(bytesOf(column.codes))
    const { text, ends } = encodeLevels(column.levels)
    const textAt = place(text)
    return {
      ...common,
      at: codesAt,
      levels: { count: column.levels.length, textAt, textBytes: text.byteLength, endsAt: place(bytesOf(ends)) },
    }
  })
  const header: Header = { formatVersion, nRows: frame.nRows, columns }
  const headerBytes = new TextEncoder().encode(JSON.stringify(header))
  const start = new Uint8Array(align(16 + headerBytes.byteLength))
  start.set(new TextEncoder().encode(magic))
  new DataView(start.buffer).setUint32(8, headerBytes.byteLength, true)
  start.set(headerBytes, 16)
  const pieces: Uint8Array[] = [start]
  for (const { bytes } of bodies) {
    pieces.push(bytes)
    const padding = align(bytes.byteLength) - bytes.byteLength
    if (padding > 0) pieces.push(new Uint8Array(padding))
  }
  return pieces
}

/** Numbers and codes are views into the buffer; only texts are made anew. Throws ColumnFileError. */
export function decodeColumnFile(buffer: ArrayBufferLike): Frame {
  const { header, bodyAt } = decodeColumnHeader(new Uint8Array(buffer))
  const end = (at: number, bytes: number) => {
    if (at < 0 || bodyAt + at + bytes > buffer.byteLength) throw new ColumnFileError('The column file is cut off.')
    return bodyAt + at
  }
  const columns = header.columns.map((record): Column => {
    if (record.storage === 'float64') {
      return {
        storage: 'float64',
        name: record.name,
        type: record.type as 'number',
        values: new Float64Array(buffer, end(record.at, header.nRows * 8), header.nRows) as Float64Array,
        ...(record.spelling ? { spelling: record.spelling } : {}),
      }
    }
    const { levels } = record
    if (!levels) throw new ColumnFileError(`Column ${record.name} has no levels.`)
    const text = new Uint8Array(buffer, end(levels.textAt, levels.textBytes), levels.textBytes)
    const ends = new Uint32Array(buffer, end(levels.endsAt, levels.count * 4), levels.count)
    return {
      storage: 'codes',
      name: record.name,
      type: record.type as 'category',
      codes: new Int32Array(buffer, end(record.at, header.nRows * 4), header.nRows) as Int32Array,
      levels: decodeLevels(text, ends),
    }
  })
  return { nRows: header.nRows, columns }
}

function decodeColumnHeader(bytes: Uint8Array): { readonly header: Header; readonly bodyAt: number } {
  const decoder = new TextDecoder()
  if (bytes.byteLength < 16 || decoder.decode(bytes.slice(0, 8)) !== magic)
    throw new ColumnFileError('This is not a column file.')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = view.getUint32(8, true)
  if (16 + length > bytes.byteLength) throw new ColumnFileError('The column file is cut off.')
  let header: Header
  try {
    header = JSON.parse(decoder.decode(bytes.slice(16, 16 + length))) as Header
  } catch {
    throw new ColumnFileError('The header of the column file cannot be read.')
  }
  if (header.formatVersion !== formatVersion) {
    throw new ColumnFileError(
      `The column file has format ${header.formatVersion}; this Maestro reads format ${formatVersion}.`,
    )
  }
  return { header, bodyAt: align(16 + length) }
}

function align(at: number): number {
  return Math.ceil(at / alignment) * alignment
}

function bytesOf(array: Float64Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function encodeLevels(levels: readonly string[]): { readonly text: Uint8Array; readonly ends: Uint32Array } {
  const encoder = new TextEncoder()
  const encoded = levels.map((level) => encoder.encode(level))
  const ends = new Uint32Array(levels.length)
  let total = 0
  for (const [index, bytes] of encoded.entries()) {
    total += bytes.byteLength
    ends[index] = total
  }
  const text = new Uint8Array(total)
  for (const [index, bytes] of encoded.entries()) text.set(bytes, (ends[index] as number) - bytes.byteLength)
  return { text, ends }
}

function decodeLevels(text: Uint8Array, ends: Uint32Array): string[] {
  const decoder = new TextDecoder()
  // A copy, since a decoder does not take views of shared memory.
  const own = text.slice()
  return Array.from(ends, (end, index) =>
    decoder.decode(own.subarray(index === 0 ? 0 : (ends[index - 1] as number), end)),
  )
}

import type { CodedColumn, Column, ColumnType, Frame, NumericColumn } from './frame.ts'

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

/** Texts as the file holds them: utf8 one after another, and where each ends. */
export interface EncodedLevels {
  readonly text: Uint8Array
  readonly ends: Uint32Array
}

/** A column whose levels are encoded already, so that nobody has to make strings of them on the way to a file. */
export type StoredColumn = NumericColumn | (Omit<CodedColumn, 'levels'> & { readonly levels: EncodedLevels })

/** Where things lie in a file, counted from its start: what is needed to read a part of one column. */
export interface ColumnPlace {
  readonly name: string
  readonly type: ColumnType
  readonly storage: Column['storage']
  readonly spelling?: readonly [string, string]
  readonly at: number
  readonly levels: {
    readonly count: number
    readonly textAt: number
    readonly endsAt: number
    readonly textBytes: number
  } | null
}

export interface ColumnFileLayout {
  readonly nRows: number
  readonly columns: readonly ColumnPlace[]
  /** Bytes of the whole file. */
  readonly bytes: number
}

/** The file is not a column file, or is cut off. */
export class ColumnFileError extends Error {
  override readonly name = 'ColumnFileError'
}

/** The pieces of the file, in order, to be written one after another. Arrays are not copied. */
export function encodeColumnFile(frame: {
  readonly nRows: number
  readonly columns: readonly (Column | StoredColumn)[]
}): Uint8Array[] {
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
    const { text, ends } = 'ends' in column.levels ? column.levels : encodeLevels(column.levels)
    const textAt = place(text)
    return {
      ...common,
      at: codesAt,
      levels: { count: ends.length, textAt, textBytes: text.byteLength, endsAt: place(bytesOf(ends)) },
    }
  })
  const header: Header = { formatVersion, nRows: frame.nRows, columns }
  const description = new TextEncoder().encode(JSON.stringify(header))
  const start = new Uint8Array(align(16 + description.byteLength))
  start.set(new TextEncoder().encode(magic))
  new DataView(start.buffer).setUint32(8, description.byteLength, true)
  start.set(description, 16)
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
  const { nRows, columns } = decodeLayout(new Uint8Array(buffer), buffer.byteLength)
  return {
    nRows,
    columns: columns.map((place): Column => {
      if (!place.levels) {
        return {
          storage: 'float64',
          name: place.name,
          type: place.type as 'number',
          values: new Float64Array(buffer, place.at, nRows),
          ...(place.spelling ? { spelling: place.spelling } : {}),
        }
      }
      const { count, textAt, textBytes, endsAt } = place.levels
      return {
        storage: 'codes',
        name: place.name,
        type: place.type as 'category',
        codes: new Int32Array(buffer, place.at, nRows),
        levels: decodeLevels({
          text: new Uint8Array(buffer, textAt, textBytes),
          ends: new Uint32Array(buffer, endsAt, count),
        }),
      }
    }),
  }
}

/** How many bytes the header takes, told by the first 16 bytes of a file. Throws ColumnFileError. */
export function headerBytes(start: Uint8Array): number {
  if (start.byteLength < 16 || new TextDecoder().decode(start.slice(0, 8)) !== magic)
    throw new ColumnFileError('This is not a column file.')
  return 16 + new DataView(start.buffer, start.byteOffset).getUint32(8, true)
}

/**
 * Reads the header, which must lie in `start` whole, and checks that everything it names lies inside a file of
 * `fileBytes`. Throws ColumnFileError.
 */
export function decodeLayout(start: Uint8Array, fileBytes: number): ColumnFileLayout {
  const length = headerBytes(start)
  if (length > start.byteLength) throw new ColumnFileError('The column file is cut off.')
  const header = parseHeader(new TextDecoder().decode(start.slice(16, length)))
  const bodyAt = align(length)
  const { nRows } = header
  const within = (at: number, count: number, width: number): number => {
    const isSound = Number.isSafeInteger(at) && at >= 0 && at % width === 0 && Number.isSafeInteger(count) && count >= 0
    if (!isSound || bodyAt + at + count * width > fileBytes) throw new ColumnFileError('The column file is cut off.')
    return bodyAt + at
  }
  const columns = header.columns.map(({ levels, at, ...common }): ColumnPlace => {
    if (common.storage === 'float64') return { ...common, at: within(at, nRows, 8), levels: null }
    if (!levels) throw new ColumnFileError(`Column ${common.name} has no levels.`)
    const { count, textBytes } = levels
    return {
      ...common,
      at: within(at, nRows, 4),
      levels: {
        count,
        textBytes,
        textAt: within(levels.textAt, textBytes, 1),
        endsAt: within(levels.endsAt, count, 4),
      },
    }
  })
  return { nRows, columns, bytes: fileBytes }
}

function parseHeader(text: string): Header {
  let header: Header
  try {
    header = JSON.parse(text) as Header
  } catch {
    throw new ColumnFileError('The header of the column file cannot be read.')
  }
  if (header.formatVersion !== formatVersion) {
    throw new ColumnFileError(
      `The column file has format ${header.formatVersion}; this Maestro reads format ${formatVersion}.`,
    )
  }
  if (!Array.isArray(header.columns) || !Number.isSafeInteger(header.nRows) || header.nRows < 0)
    throw new ColumnFileError('The header of the column file cannot be read.')
  return header
}

function align(at: number): number {
  return Math.ceil(at / alignment) * alignment
}

function bytesOf(array: Float64Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** All levels in one call of the encoder, since a call for each takes several times as long. */
export function encodeLevels(levels: readonly string[]): EncodedLevels {
  const ends = new Uint32Array(levels.length)
  let total = 0
  for (let code = 0; code < levels.length; code++) {
    total += utf8Length(levels[code] as string)
    ends[code] = total
  }
  // Halves of a pair that two levels share must not become one character.
  const wellFormed = levels.every((level) => level.isWellFormed())
    ? levels
    : levels.map((level) => level.toWellFormed())
  return { text: new TextEncoder().encode(wellFormed.join('')), ends }
}

function utf8Length(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    if (unit < 0x800) length += 1
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      // A pair of two units takes four bytes.
      length += 2
      at += 1
    } else length += 2
  }
  return length
}

/** With `fatal`, throws TypeError on bytes that are not UTF-8. */
export function decodeLevels({ text, ends }: EncodedLevels, fatal = false): string[] {
  // A decoder would take a mark at a level's start away, and does not read shared memory.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal })
  const own = text.slice()
  const whole = decoder.decode(own)
  const levels = new Array<string>(ends.length)
  // Where every byte is one character, levels are cut out of one text.
  const isPlain = whole.length === own.byteLength
  let start = 0
  for (let code = 0; code < ends.length; code++) {
    const end = ends[code] as number
    levels[code] = isPlain ? whole.slice(start, end) : decoder.decode(own.subarray(start, end))
    start = end
  }
  return levels
}

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { EncodedLevels } from '../../engine/frame/column-file.ts'
import type { ColumnType } from '../../engine/frame/frame.ts'
import { limits } from '../../shared/domain/limits.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { ColumnThreads } from './column-threads.ts'
import { describeFault, shortRowsWarning } from './delimited/describe-fault.ts'
import type { Dialect } from './delimited/find-dialect.ts'
import { findDialect } from './delimited/find-dialect.ts'
import { guessModes } from './delimited/guess-modes.ts'
import type { ColumnMode, Layout } from './delimited/layout.ts'
import { nameColumns } from './delimited/name-columns.ts'
import type { NumberSpeller } from './delimited/number-speller.ts'
import { createNumberSpeller } from './delimited/number-speller.ts'
import type { ParsedPart, PartRequest } from './delimited/parse-part.ts'
import type { RawColumn, RawTable } from './raw-column.ts'
import type { ReadingOptions } from './reading-options.ts'

export interface ReadDelimitedOptions {
  /** A file of UTF-8 text, with or without a byte-order mark. */
  readonly path: string
  readonly types: Readonly<Record<string, ColumnType>>
  readonly reading: ReadingOptions
  /** At most so many rows, from the start of the file. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly threads: ColumnThreads
  readonly onProgress?: ((fraction: number, rows: number) => void) | undefined
  /** How much a thread reads at a time; default 8 MB. */
  readonly partBytes?: number
}

const sampleBytes = 1 << 20
const usualPartBytes = 8 << 20
/** How much of a file is read for its first rows. */
const previewBytes = 4 << 20

/** A part as it was read, and whose dictionary each column's codes are of: a thread's, or behind them that of numbers. */
interface ReadPart extends ParsedPart {
  readonly to: number
  readonly dictionaries: readonly number[]
}

/**
 * Reads a file of delimited text in parts, side by side. A part starts at its first line end, as if that were not within
 * quotes; where the part before proves otherwise it is read again from where that ended (speculative parsing, Ge et al.
 * 2019). Throws DATASET_PARSE, DATASET_EMPTY and DATASET_TOO_LARGE, with line and column; COLUMN_UNKNOWN for a type.
 */
export async function readDelimited(options: ReadDelimitedOptions): Promise<RawTable> {
  const fileBytes = statSync(options.path).size
  const { sample, markBytes } = readSample(options.path)
  const isEnd = markBytes + sample.length >= fileBytes
  const dialect = findDialect(sample, isEnd, options.reading)
  if (dialect.nColumns > limits.columns) {
    throw new MaestroError(
      'DATASET_TOO_LARGE',
      `The table has ${dialect.nColumns} columns; Maestro takes ${limits.columns}.`,
      'Leave out columns before importing, or check the delimiter.',
    )
  }
  const { names, warnings } = nameColumns(dialect.names, dialect.nColumns)
  const modes = guessModes(names, dialect.sample, options.types, options.reading.decimalComma === true)
  const file: FileToRead = {
    path: options.path,
    fileBytes,
    layout: {
      delimiter: new TextEncoder().encode(dialect.delimiter),
      quote: dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0),
      nColumns: names.length,
    },
    dataAt: markBytes + dialect.dataAt,
    dataLine: dialect.dataLine,
    names,
    modes,
  }
  const inOrder = await putInOrder(file, await readParts(file, options), options.threads)
  const { parts, spellers } = await readAgain(file, inOrder, options.threads)
  const ofThreads = (await Promise.all(
    Array.from({ length: options.threads.count }, (_, thread) =>
      options.threads.runOn(thread, { kind: 'dictionaries' }),
    ),
  )) as (EncodedLevels | null)[][]
  const nRows = parts.reduce((sum, part) => sum + part.nRows, 0)
  if (nRows === 0)
    throw new MaestroError(
      'DATASET_EMPTY',
      'The file has a header but no rows.',
      'Choose a file with at least one row of data.',
    )
  const most = Math.min(nRows, options.limit ?? nRows)
  const none: EncodedLevels = { text: new Uint8Array(0), ends: new Uint32Array(0) }
  const dictionariesOf = (column: number) => [
    ...ofThreads.map((dictionaries) => dictionaries[column] ?? none),
    spellers.get(column)?.encoded() ?? none,
  ]
  return {
    nRows: most,
    columns: names.map((name, column) =>
      limited(rawColumn(name, modes[column], column, parts, dictionariesOf(column)), most),
    ),
    warnings: [...warnings, ...skippedWarning(dialect), ...shortRowsWarning(parts, dialect.dataLine, names.length)],
    reading: {
      format: dialect.delimiter === '\t' ? 'TSV' : 'CSV',
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      header: dialect.header ? 'yes' : 'no',
      ...(options.reading.decimalComma === undefined
        ? {}
        : { decimalComma: options.reading.decimalComma ? 'yes' : 'no' }),
    },
  }
}

interface FileToRead {
  readonly path: string
  readonly fileBytes: number
  readonly layout: Layout
  readonly dataAt: number
  readonly dataLine: number
  readonly names: readonly string[]
  /** Changed to texts as soon as a part shows that a column is not what it seemed. */
  readonly modes: ColumnMode[]
}

function readSample(path: string): { readonly sample: Uint8Array; readonly markBytes: number } {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(sampleBytes + 3)
    const count = readSync(file, buffer, 0, buffer.byteLength, 0)
    const hasMark = buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf
    const markBytes = hasMark ? 3 : 0
    return { sample: buffer.subarray(markBytes, Math.min(count, markBytes + sampleBytes)), markBytes }
  } finally {
    closeSync(file)
  }
}

function requestOf(
  file: FileToRead,
  from: number,
  to: number,
  startsRecord: boolean,
  modes: readonly ColumnMode[],
): PartRequest {
  return { path: file.path, fileBytes: file.fileBytes, from, to, startsRecord, layout: file.layout, modes }
}

async function readParts(file: FileToRead, options: ReadDelimitedOptions): Promise<ReadPart[]> {
  const { threads, signal, partBytes = usualPartBytes } = options
  const endAt = options.limit === undefined ? file.fileBytes : Math.min(file.fileBytes, file.dataAt + previewBytes)
  const count = options.limit === undefined ? Math.max(1, Math.ceil((endAt - file.dataAt) / partBytes)) : 1
  const parts = new Array<ReadPart>(count)
  let next = 0
  let done = 0
  let rows = 0
  const work = async (thread: number) => {
    while (next < count) {
      signal?.throwIfAborted()
      const index = next++
      const from = file.dataAt + index * partBytes
      const to = count === 1 ? endAt : Math.min(endAt, from + partBytes)
      const request = requestOf(file, from, to, index === 0, [...file.modes])
      const part = (await threads.runOn(thread, { kind: 'parse', request })) as ParsedPart
      parts[index] = { ...part, to, dictionaries: file.modes.map(() => thread) }
      noteFailures(file, part)
      rows += part.nRows
      options.onProgress?.(++done / count, rows)
    }
  }
  await Promise.all(Array.from({ length: Math.min(threads.count, count) }, (_, thread) => work(thread)))
  return parts
}

function noteFailures(file: FileToRead, part: ParsedPart): void {
  for (const [column, row] of part.failedRows.entries()) if (row >= 0) file.modes[column] = 'text'
}

/** Holds the parts against each other: each must start where the one before ended. Throws what the first fault says. */
async function putInOrder(file: FileToRead, parts: readonly ReadPart[], threads: ColumnThreads): Promise<ReadPart[]> {
  const ordered: ReadPart[] = []
  let at = file.dataAt
  let rows = 0
  let lines = file.dataLine
  for (const found of parts) {
    // A record of the part before may reach over this one.
    if (at >= found.to) continue
    let part = found
    if (part.startAt !== at) {
      const request = requestOf(file, at, found.to, true, [...file.modes])
      const read = (await threads.runOn(0, { kind: 'parse', request })) as ParsedPart
      part = { ...read, to: found.to, dictionaries: file.modes.map(() => 0) }
      noteFailures(file, part)
    }
    if (part.fault) throw describeFault(part.fault, { rows, lines }, file.names)
    ordered.push(part)
    at = part.endAt
    rows += part.nRows
    lines += part.nLines
  }
  return ordered
}

/**
 * Reads columns that are texts after all from the parts in which they were taken for something else; where the numbers
 * tell their texts, those are made of them.
 */
async function readAgain(
  file: FileToRead,
  read: readonly ReadPart[],
  threads: ColumnThreads,
): Promise<{ readonly parts: readonly ReadPart[]; readonly spellers: ReadonlyMap<number, NumberSpeller> }> {
  const spellers = new Map<number, NumberSpeller>()
  const parts = read.map((part) => spellNumbers(file, part, threads.count, spellers))
  const queue = parts.flatMap((part, index) =>
    part.modes.some((mode, column) => mode !== file.modes[column]) ? [index] : [],
  )
  const work = async (thread: number) => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      const part = parts[index] as ReadPart
      const modes = file.modes.map((mode, column): ColumnMode => (mode === part.modes[column] ? 'skip' : mode))
      const request = requestOf(file, part.startAt, part.to, true, modes)
      const again = (await threads.runOn(thread, { kind: 'parse', request })) as ParsedPart
      parts[index] = {
        ...part,
        columns: part.columns.map((values, column) => again.columns[column] ?? values),
        dictionaries: part.dictionaries.map((before, column) => (modes[column] === 'skip' ? before : thread)),
      }
    }
  }
  await Promise.all(Array.from({ length: threads.count }, (_, thread) => work(thread)))
  return { parts, spellers }
}

function spellNumbers(
  file: FileToRead,
  part: ReadPart,
  dictionary: number,
  spellers: Map<number, NumberSpeller>,
): ReadPart {
  const spelled = new Map<number, Int32Array>()
  for (const [column, mode] of file.modes.entries()) {
    if (mode === part.modes[column] || !part.isPlain[column]) continue
    const speller = spellers.get(column) ?? createNumberSpeller()
    spellers.set(column, speller)
    spelled.set(column, speller.codesOf(part.columns[column] as Float64Array))
  }
  return {
    ...part,
    modes: part.modes.map((mode, column) => (spelled.has(column) ? 'text' : mode)),
    columns: part.columns.map((values, column) => spelled.get(column) ?? values),
    dictionaries: part.dictionaries.map((before, column) => (spelled.has(column) ? dictionary : before)),
  }
}

function rawColumn(
  name: string,
  mode: ColumnMode | undefined,
  column: number,
  parts: readonly ReadPart[],
  dictionaries: readonly EncodedLevels[],
): RawColumn {
  if (mode === 'text') {
    return {
      kind: 'texts',
      name,
      pieces: parts.map((part) => ({
        codes: part.columns[column] as Int32Array,
        dictionary: part.dictionaries[column] as number,
      })),
      dictionaries,
    }
  }
  return {
    kind: 'numbers',
    name,
    type: mode === 'datetime' ? 'datetime' : 'number',
    pieces: parts.map((part) => part.columns[column] as Float64Array),
  }
}

function limited(raw: RawColumn, nRows: number): RawColumn {
  let left = nRows
  const take = <Items extends Float64Array | Int32Array>(items: Items): Items => {
    const taken = items.subarray(0, left) as Items
    left -= taken.length
    return taken
  }
  return raw.kind === 'numbers'
    ? { ...raw, pieces: raw.pieces.map(take) }
    : { ...raw, pieces: raw.pieces.map((piece) => ({ ...piece, codes: take(piece.codes) })) }
}

function skippedWarning({ skippedLines }: Dialect) {
  if (skippedLines === 0) return []
  return [
    {
      code: 'RAGGED_ROWS' as const,
      severity: 'warning' as const,
      column: null,
      message: `The first ${skippedLines} lines do not fit the table and were left out.`,
      hint: 'If they are data, mend them and import again.',
    },
  ]
}

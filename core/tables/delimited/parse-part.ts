import { closeSync, openSync, readSync } from 'node:fs'
import { limits } from '../../../shared/domain/limits.ts'
import { createColumnSink } from './column-sink.ts'
import type { ColumnMode, Layout } from './layout.ts'
import type { ParsedRecords } from './parse-records.ts'
import { parseRecords } from './parse-records.ts'
import type { TextDictionary } from './text-dictionary.ts'
import { createTextDictionary } from './text-dictionary.ts'

/** A part of a file to read: the records that start in it. */
export interface PartRequest {
  readonly path: string
  readonly fileBytes: number
  readonly from: number
  readonly to: number
  /** Whether a record is known to start at `from`; else the first line end is looked for. */
  readonly startsRecord: boolean
  readonly layout: Layout
  /** By column. */
  readonly modes: readonly ColumnMode[]
}

export interface ParsedPart extends Omit<ParsedRecords, 'fault'> {
  /** Where its first record starts; `to` where none does. */
  readonly startAt: number
  readonly modes: readonly ColumnMode[]
  /** Numbers, seconds or codes in shared memory, by column; null where skipped. */
  readonly columns: readonly (Float64Array | Int32Array | null)[]
  /** First row of this part whose cell does not fit the mode, or -1, by column. */
  readonly failedRows: readonly number[]
  /** Columns of numbers whose texts the numbers tell. */
  readonly isPlain: readonly boolean[]
  readonly fault:
    | ParsedRecords['fault']
    | { readonly kind: 'line-too-long'; readonly row: number; readonly line: number; readonly cells: number }
}

/** Bytes read beyond the end of a part at first, for its last record. */
const overhang = 1 << 20

/** Reads parts of one file; texts keep their codes from part to part. */
export interface PartReader {
  parse(request: PartRequest): ParsedPart
  /** By column; null where none was read as texts. */
  dictionaries(): (ReturnType<TextDictionary['encoded']> | null)[]
}

export function createPartReader(): PartReader {
  const dictionaries: (TextDictionary | undefined)[] = []
  let buffer = new Uint8Array(0)

  /** The bytes of a part and `more` behind it, with room for one more. */
  function read({ path, from, to, fileBytes }: PartRequest, more: number): number {
    const length = Math.min(fileBytes, to + more) - from
    if (buffer.length < length + 2) buffer = new Uint8Array(length + 2)
    const file = openSync(path, 'r')
    try {
      let at = 0
      while (at < length) {
        const count = readSync(file, buffer, at, length - at, from + at)
        if (count === 0) break
        at += count
      }
      return at
    } finally {
      closeSync(file)
    }
  }

  return {
    parse(request) {
      const { from, to, fileBytes, layout, modes } = request
      // One byte earlier, since a record may start right at `from`.
      const looks = !request.startsRecord && from > 0
      const whole = { ...request, from: looks ? from - 1 : from }
      for (let more = overhang; ; more *= 4) {
        const length = read(whole, more)
        const start = looks ? afterLineEnd(buffer, length) : 0
        const stopAt = Math.min(length, to - whole.from)
        if (start >= stopAt) return nothing(request, Math.max(to, whole.from + Math.min(start, length)))
        const capacity = Math.max(1024, Math.ceil((stopAt - start) / (layout.nColumns * 6)))
        const sinks = modes.map((mode, column) => {
          if (mode === 'text') dictionaries[column] ??= createTextDictionary()
          return createColumnSink(mode, dictionaries[column] ?? null)
        })
        const isEnd = whole.from + length >= fileBytes
        const parsed = parseRecords(buffer, { from: start, stopAt, length, isEnd, capacity }, layout, sinks)
        const isCut = parsed.endAt < 0
        if (isCut && more < limits.lineBytes) continue
        const { nRows } = parsed
        return {
          ...parsed,
          fault: isCut ? { kind: 'line-too-long', row: nRows, line: parsed.nLines, cells: 0 } : parsed.fault,
          startAt: whole.from + start,
          endAt: isCut ? to : whole.from + parsed.endAt,
          modes,
          columns: sinks.map(({ mode, values, codes }) =>
            mode === 'skip' ? null : mode === 'text' ? sharedCodes(codes, nRows) : sharedValues(values, nRows),
          ),
          failedRows: sinks.map(({ failedRow }) => failedRow),
          isPlain: sinks.map(({ mode, failedRow, isPlain }) => mode === 'number' && failedRow < 0 && isPlain),
        }
      }
    },
    dictionaries: () => Array.from(dictionaries, (dictionary) => dictionary?.encoded() ?? null),
  }
}

function nothing({ modes }: PartRequest, at: number): ParsedPart {
  return {
    nRows: 0,
    nLines: 0,
    startAt: at,
    endAt: at,
    shortRows: null,
    fault: null,
    modes,
    columns: modes.map((mode) => (mode === 'skip' ? null : mode === 'text' ? new Int32Array(0) : new Float64Array(0))),
    failedRows: modes.map(() => -1),
    isPlain: modes.map(() => true),
  }
}

/** The byte after the first line end, or the length where there is none. */
function afterLineEnd(bytes: Uint8Array, length: number): number {
  for (let at = 0; at < length; at++) {
    if (bytes[at] === 10) return at + 1
    if (bytes[at] === 13) return bytes[at + 1] === 10 && at + 1 < length ? at + 2 : at + 1
  }
  return length
}

function sharedValues(values: Float64Array, nRows: number): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(nRows * 8))
  shared.set(values.subarray(0, nRows))
  return shared
}

function sharedCodes(codes: Int32Array, nRows: number): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(nRows * 4))
  shared.set(codes.subarray(0, nRows))
  return shared
}

import type { ColumnSink } from './column-sink.ts'
import { growSink, takeCell, takeNothing } from './column-sink.ts'
import type { Layout } from './layout.ts'

/** Why a record cannot be read. */
export interface RecordFault {
  readonly kind: 'too-many-cells' | 'text-after-quote' | 'unclosed-quote'
  /** Of this part, from 0. */
  readonly row: number
  /** Lines of this part before the record. */
  readonly line: number
  readonly cells: number
}

export interface ParsedRecords {
  readonly nRows: number
  /** Line ends met, those within quotes too. */
  readonly nLines: number
  /** Where the next record starts; -1 where the last record runs out of the bytes. */
  readonly endAt: number
  readonly shortRows: {
    readonly count: number
    readonly firstRow: number
    readonly firstLine: number
    readonly cells: number
  } | null
  readonly fault: RecordFault | null
}

/** Which bytes there are, and about how many rows to expect. */
export interface Span {
  readonly from: number
  readonly stopAt: number
  readonly length: number
  readonly isEnd: boolean
  readonly capacity: number
}

const lineFeed = 10
const carriageReturn = 13
const space = 32
const tab = 9
const powersOfTen = Float64Array.from({ length: 16 }, (_, power) => 10 ** power)

/**
 * Reads the records that start in `bytes` from `from` up to before `stopAt` into the sinks, cell by cell, as RFC 4180 has
 * it; besides, blanks around cells are dropped, lines may end in any of the three ways, blank lines are passed over, and
 * rows may lack their last cells. `length` bytes are there and one more, which is overwritten; `isEnd` tells that the
 * file ends with them. One long function, since a call a cell would take as long as the cell itself.
 */
export function parseRecords(
  bytes: Uint8Array,
  span: Span,
  layout: Layout,
  sinks: readonly ColumnSink[],
): ParsedRecords {
  const { stopAt, length, isEnd } = span
  const { quote, nColumns } = layout
  const delimiter = layout.delimiter[0] as number
  const wide = layout.delimiter.length - 1
  const skipsTab = delimiter !== tab
  const skipsSpace = delimiter !== space
  // A line end after the last byte, so that no loop has to ask whether there are more.
  bytes[length] = lineFeed
  let capacity = span.capacity
  for (const sink of sinks) growSink(sink, capacity)
  let unescaped = new Uint8Array(256)
  let at = span.from
  let row = 0
  let line = 0
  let shortCount = 0
  let firstShort = { row: 0, line: 0, cells: 0 }
  let fault: RecordFault | null = null
  const end = (endAt: number): ParsedRecords => ({
    nRows: row,
    nLines: line,
    endAt,
    shortRows:
      shortCount === 0
        ? null
        : { count: shortCount, firstRow: firstShort.row, firstLine: firstShort.line, cells: firstShort.cells },
    fault,
  })
  const isDelimiter = (position: number): boolean => {
    for (let more = 1; more <= wide; more++) if (bytes[position + more] !== layout.delimiter[more]) return false
    return true
  }

  while (at < stopAt) {
    const recordAt = at
    const recordLine = line
    if (row === capacity) {
      capacity *= 2
      for (const sink of sinks) growSink(sink, capacity)
    }
    let column = 0
    let extra = 0
    let byte = 0
    let isEmpty = false
    for (;;) {
      byte = bytes[at] as number
      while ((byte === space && skipsSpace) || (byte === tab && skipsTab)) byte = bytes[++at] as number
      let cellAt = at
      let cellEnd = at
      let cellBytes = bytes
      let isTaken = false
      const sink = sinks[column]
      if (byte === quote) {
        // Up to the closing quote; two quotes are one.
        cellAt = ++at
        let isEscaped = false
        for (;;) {
          byte = bytes[at] as number
          if (byte === quote) {
            if (at + 1 < length && bytes[at + 1] === quote) {
              isEscaped = true
              at += 2
              continue
            }
            break
          }
          if (byte === lineFeed) {
            if (at >= length) {
              if (isEnd) fault = { kind: 'unclosed-quote', row, line: recordLine, cells: column + 1 }
              return end(isEnd ? recordAt : -1)
            }
            line += 1
          }
          at += 1
        }
        cellEnd = at
        byte = bytes[++at] as number
        if (isEscaped) {
          if (unescaped.length < cellEnd - cellAt) unescaped = new Uint8Array((cellEnd - cellAt) * 2)
          let size = 0
          for (let from = cellAt; from < cellEnd; from++) {
            unescaped[size++] = bytes[from] as number
            if (bytes[from] === quote) from += 1
          }
          cellBytes = unescaped
          cellAt = 0
          cellEnd = size
        }
        while ((byte === space && skipsSpace) || (byte === tab && skipsTab)) byte = bytes[++at] as number
        const isClosed =
          byte === lineFeed || byte === carriageReturn || (byte === delimiter && (wide === 0 || isDelimiter(at)))
        if (!isClosed) {
          fault = { kind: 'text-after-quote', row, line: recordLine, cells: column + 1 }
          return end(recordAt)
        }
      } else {
        if (sink !== undefined && sink.mode === 'number') {
          // Most cells of most tables: at most 15 digits, so both numbers are exact and their quotient is rounded once.
          let negative = false
          if (byte === 45) {
            negative = true
            byte = bytes[++at] as number
          }
          const first = at
          let mantissa = 0
          while (byte >= 48 && byte <= 57) {
            mantissa = mantissa * 10 + byte - 48
            byte = bytes[++at] as number
          }
          let nDigits = at - first
          const isCode = nDigits > 1 && bytes[first] === 48
          let decimals = 0
          const hasPoint = byte === 46
          if (hasPoint) {
            byte = bytes[++at] as number
            const start = at
            while (byte >= 48 && byte <= 57) {
              mantissa = mantissa * 10 + byte - 48
              byte = bytes[++at] as number
            }
            decimals = at - start
            nDigits += decimals
          }
          if (
            nDigits > 0 &&
            nDigits <= 15 &&
            !isCode &&
            ((byte === delimiter && wide === 0) || byte === lineFeed || byte === carriageReturn)
          ) {
            const value = decimals === 0 ? mantissa : mantissa / (powersOfTen[decimals] as number)
            sink.values[row] = negative ? -value : value
            if (hasPoint || (negative && value === 0)) sink.isPlain = false
            isTaken = true
          }
        }
        if (!isTaken) {
          // Neither quoted nor a number.
          while (
            byte !== lineFeed &&
            byte !== carriageReturn &&
            !(byte === delimiter && (wide === 0 || isDelimiter(at)))
          )
            byte = bytes[++at] as number
          cellEnd = at
          isEmpty = cellEnd === cellAt
        }
      }
      if (!isTaken) {
        while (cellEnd > cellAt && isBlank(cellBytes[cellEnd - 1] as number)) cellEnd -= 1
        while (cellAt < cellEnd && isBlank(cellBytes[cellAt] as number)) cellAt += 1
        if (sink !== undefined) takeCell(sink, row, cellBytes, cellAt, cellEnd)
        else if (cellEnd > cellAt) extra = column + 1
      }
      column += 1
      if (byte !== delimiter || (wide > 0 && !isDelimiter(at))) break
      at += wide + 1
    }
    // At the line's end, of one or two bytes.
    if (byte === carriageReturn && bytes[at + 1] === lineFeed) at += 1
    at += 1
    if (at > length) {
      // The record ended with the byte that was put there.
      if (!isEnd) return end(-1)
      at = length
    } else line += 1
    if (column === 1 && isEmpty) continue
    if (extra > 0) {
      fault = { kind: 'too-many-cells', row, line: recordLine, cells: extra }
      return end(recordAt)
    }
    if (column < nColumns) {
      if (shortCount === 0) firstShort = { row, line: recordLine, cells: column }
      shortCount += 1
      for (; column < nColumns; column++) takeNothing(sinks[column] as ColumnSink, row)
    }
    row += 1
  }
  return end(at)
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tab
}

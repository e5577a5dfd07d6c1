import type { CellValue } from './cell-values.ts'
import { readIsoTime, readNumber } from './cell-values.ts'
import type { ColumnMode } from './layout.ts'
import { createTextDictionary, type TextDictionary } from './text-dictionary.ts'

/** Takes the cells of one column of one part of a file. */
export interface ColumnSink {
  readonly mode: ColumnMode
  /** Numbers or seconds; read by the row. Replaced when it grows. */
  values: Float64Array
  codes: Int32Array
  readonly dictionary: TextDictionary | null
  /** The first row whose cell is not what the mode says, or -1. */
  failedRow: number
  /** Whether every number is whole and written in the one way in which `String` writes it. */
  isPlain: boolean
}

/** `dictionary` goes on from part to part, so that a text has one code in all that a thread reads. */
export function createColumnSink(mode: ColumnMode, dictionary: TextDictionary | null): ColumnSink {
  return {
    mode,
    values: new Float64Array(0),
    codes: new Int32Array(0),
    dictionary: mode === 'text' ? (dictionary ?? createTextDictionary()) : null,
    failedRow: -1,
    isPlain: true,
  }
}

/** Makes room for so many rows. */
export function growSink(sink: ColumnSink, capacity: number): void {
  if (sink.mode === 'text') {
    const codes = new Int32Array(capacity)
    codes.set(sink.codes)
    sink.codes = codes
  } else if (sink.mode !== 'skip') {
    const values = new Float64Array(capacity)
    values.set(sink.values)
    sink.values = values
  }
}

/** A trimmed cell. */
export function takeCell(sink: ColumnSink, row: number, bytes: Uint8Array, from: number, to: number): void {
  switch (sink.mode) {
    case 'text':
      sink.codes[row] = (sink.dictionary as TextDictionary).codeOf(bytes, from, to)
      return
    case 'number':
      takeValue(sink, row, readNumber(bytes, from, to))
      return
    case 'datetime':
      takeValue(sink, row, readIsoTime(bytes, from, to))
      return
    case 'skip':
      return
  }
}

/** A cell that the row does not have. */
export function takeNothing(sink: ColumnSink, row: number): void {
  if (sink.mode === 'text') sink.codes[row] = -1
  else if (sink.mode !== 'skip') sink.values[row] = Number.NaN
}

function takeValue(sink: ColumnSink, row: number, value: CellValue): void {
  if (value === undefined && sink.failedRow < 0) sink.failedRow = row
  sink.values[row] = value ?? Number.NaN
  // What is read here is unusual; a missing value has no text to keep.
  if (!Number.isNaN(value)) sink.isPlain = false
}

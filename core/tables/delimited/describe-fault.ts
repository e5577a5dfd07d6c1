import type { DatasetWarning } from '../../../shared/domain/datasets.ts'
import { limits } from '../../../shared/domain/limits.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ParsedPart } from './parse-part.ts'

/** What comes before the part of a file where something was met. */
export interface Position {
  readonly rows: number
  readonly lines: number
}

/** Names line, row and column of what cannot be read, and says what to do. */
export function describeFault(
  fault: NonNullable<ParsedPart['fault']>,
  before: Position,
  names: readonly string[],
): MaestroError {
  const line = before.lines + fault.line + 1
  const row = before.rows + fault.row + 1
  const column = names[fault.cells - 1] ?? null
  const where = `line ${line} (row ${row}${column === null ? '' : `, column ${column}`})`
  const details = { line, row, column }
  switch (fault.kind) {
    case 'too-many-cells':
      return new MaestroError(
        'DATASET_PARSE',
        `Line ${line} (row ${row}) has ${fault.cells} cells where ${names.length} are expected.`,
        'Mend that line: a cell with the delimiter in it must be quoted. Or choose another delimiter or quote.',
        details,
      )
    case 'text-after-quote':
      return new MaestroError(
        'DATASET_PARSE',
        `In ${where} there is text after a closing quote.`,
        'A quote within a quoted cell is written twice. Mend that line, or choose another quote.',
        details,
      )
    case 'unclosed-quote':
      return new MaestroError(
        'DATASET_PARSE',
        `The quote that opens in ${where} is never closed.`,
        'Close it, or choose another quote.',
        details,
      )
    case 'line-too-long':
      return new MaestroError(
        'DATASET_PARSE',
        `Line ${line} (row ${row}) is longer than ${limits.lineBytes / 1_048_576} MB.`,
        'This is probably not a CSV file, or a quote is never closed.',
        details,
      )
  }
}

/** Rows that lack their last cells, all of a file together. */
export function shortRowsWarning(parts: readonly ParsedPart[], firstLine: number, nColumns: number): DatasetWarning[] {
  let count = 0
  let first: { readonly line: number; readonly row: number; readonly cells: number } | null = null
  let lines = firstLine
  let rows = 0
  for (const { shortRows, nLines, nRows } of parts) {
    if (shortRows) {
      count += shortRows.count
      first ??= { line: lines + shortRows.firstLine + 1, row: rows + shortRows.firstRow + 1, cells: shortRows.cells }
    }
    lines += nLines
    rows += nRows
  }
  if (first === null) return []
  return [
    {
      code: 'RAGGED_ROWS',
      severity: 'warning',
      column: null,
      message: `${count} rows have fewer than ${nColumns} cells; the first is line ${first.line} (row ${first.row}) with ${first.cells}. What they lack counts as missing.`,
      hint: 'Look at that line: if its cells stand in the wrong columns, mend it and import again.',
    },
  ]
}

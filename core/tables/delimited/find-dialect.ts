import { MaestroError } from '../../../shared/errors.ts'
import type { ReadingOptions } from '../reading-options.ts'
import type { SampleRecord } from './split-sample.ts'
import { splitSample } from './split-sample.ts'

/** How a file is laid out, found in its first megabyte. */
export interface Dialect {
  readonly delimiter: string
  /** Empty: nothing is quoted. */
  readonly quote: string
  readonly header: boolean
  /** As written, one for each column; empty where there is no header. */
  readonly names: readonly string[]
  readonly nColumns: number
  /** Lines before the header that do not fit the table. */
  readonly skippedLines: number
  /** The byte and the line at which the data start. */
  readonly dataAt: number
  readonly dataLine: number
  /** Records of data. */
  readonly sample: readonly SampleRecord[]
}

const delimiters = [',', ';', '\t', '|', '^', '~'] as const
const mostRecords = 1_000
const singleQuote = 39
/** Lines of explanation before a header, at most. */
const mostSkipped = 20

/** Finds delimiter, quote and header; what the user gives is taken as it is. Throws DATASET_EMPTY and DATASET_PARSE. */
export function findDialect(bytes: Uint8Array, isEnd: boolean, reading: ReadingOptions): Dialect {
  const given = reading.delimiter
  const candidates = (given === undefined ? delimiters : [given]).map((delimiter) => {
    const quote = reading.quote ?? quoteOf(bytes, isEnd, delimiter)
    return { delimiter, quote, ...shapeOf(split(bytes, isEnd, delimiter, quote)) }
  })
  const best = candidates.reduce((first, next) => (next.fit > first.fit + 1e-9 ? next : first))
  const isTable = given !== undefined || (best.width > 1 && best.fit > 0)
  const delimiter = isTable ? best.delimiter : unusedDelimiter(bytes)
  const quote = isTable ? best.quote : (reading.quote ?? '"')
  const records = isTable ? best.records : split(bytes, isEnd, delimiter, quote)
  if (records.length === 0) {
    if (isEnd)
      throw new MaestroError(
        'DATASET_EMPTY',
        'The file has no text in it.',
        'Choose a file with a header line and at least one row.',
      )
    throw new MaestroError(
      'DATASET_PARSE',
      'The first line of the file is longer than 1 MB, or its first quote is never closed.',
      'This is probably not a CSV file. If it is, give its delimiter and quote.',
      { line: 1 },
    )
  }
  return describe(delimiter, quote, records, isTable ? best : shapeOf(records), reading.header)
}

function describe(
  delimiter: string,
  quote: string,
  records: readonly SampleRecord[],
  { first, width }: { readonly first: number; readonly width: number },
  wanted: boolean | undefined,
): Dialect {
  const top = records[first] as SampleRecord
  const header = wanted ?? looksLikeHeader(top)
  // R writes no name for the column of row names.
  const names = top.cells.length === width - 1 ? ['', ...top.cells] : top.cells.slice(0, widthOf(top, width))
  const before = records.slice(0, header ? first + 1 : first)
  return {
    delimiter,
    quote,
    header,
    names: header ? names : [],
    nColumns: header ? names.length : width,
    skippedLines: records.slice(0, first).reduce((sum, { lines }) => sum + lines, 0),
    dataAt: before.at(-1)?.endAt ?? 0,
    dataLine: before.reduce((sum, { lines }) => sum + lines, 0),
    sample: records.slice(before.length),
  }
}

function split(bytes: Uint8Array, isEnd: boolean, delimiter: string, quote: string): SampleRecord[] {
  const quoteByte = quote === '' ? -1 : quote.charCodeAt(0)
  return splitSample(bytes, isEnd, new TextEncoder().encode(delimiter), quoteByte, mostRecords)
}

/** How well records make a table: the share that has the commonest number of cells, a little better for more cells. */
function shapeOf(records: readonly SampleRecord[]) {
  const widths = records.map((record) => widthOf(record, records[0]?.cells.length ?? 0))
  const counts = new Map<number, number>()
  for (const each of widths) counts.set(each, (counts.get(each) ?? 0) + 1)
  // Among numbers of cells that are as common the first line's counts.
  let width = widths[0] ?? 1
  for (const [each, count] of counts) if (count > (counts.get(width) ?? 0)) width = each
  const first = headerAt(widths, width)
  const rest = widths.slice(first)
  const share = rest.filter((each) => each === width).length / Math.max(1, rest.length)
  // A column that has only one cell in each line says nothing of a delimiter.
  const fit = width < 2 ? 0 : share - 0.01 * first + 0.001 * Math.min(width, 50)
  return { records, width, first, fit }
}

/** Cells of a record; empty ones at its end do not count where the first line has fewer. */
function widthOf({ cells }: SampleRecord, ofFirst: number): number {
  let width = cells.length
  while (width > ofFirst && cells[width - 1] === '') width -= 1
  return width
}

/** The first line, unless it has too few cells for a header: then the first of the next that has them all. */
function headerAt(widths: readonly number[], width: number): number {
  if (width < 2 || (widths[0] ?? 0) >= width - 1) return 0
  return Math.max(0, widths.slice(0, mostSkipped).indexOf(width))
}

/**
 * Single quotes only where as many cells start with them as end with them, none starts with a double quote, and they are
 * needed: a delimiter stands between them, or they are around names too. Else they are part of the values, as in '-1'.
 */
function quoteOf(bytes: Uint8Array, isEnd: boolean, delimiter: string): string {
  if (!bytes.includes(singleQuote)) return '"'
  const records = split(bytes, isEnd, delimiter, '')
  const cells = records.flatMap((record) => record.cells)
  const starts = cells.filter((cell) => cell.startsWith("'")).length
  // A cell with the delimiter in it lies in two pieces here.
  const ends = cells.filter((cell) => cell.length > 1 && cell.endsWith("'")).length
  const isPaired = starts > 0 && starts === ends && !cells.some((cell) => cell.startsWith('"'))
  const hold = cells.some((cell) => cell.startsWith("'") && !(cell.length > 1 && cell.endsWith("'")))
  const isAroundNames = records[0]?.cells.some((cell) => cell.startsWith("'")) ?? false
  return isPaired && (hold || isAroundNames) ? "'" : '"'
}

/** A table of one column: any delimiter that is not in it. */
function unusedDelimiter(bytes: Uint8Array): string {
  return [',', '\t', ';', '|', '^', '~'].find((each) => !bytes.includes(each.charCodeAt(0))) ?? '\u001f'
}

const numberLike = /^[+-]?[$€£]?[\d.,]*\d[\d.,]*%?$/

/** A first row is a header unless one of its cells is a number: names rarely are. */
function looksLikeHeader({ cells }: SampleRecord): boolean {
  return cells.some((cell) => cell !== '') && !cells.some((cell) => numberLike.test(cell))
}

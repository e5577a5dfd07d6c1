import { MaestroError } from '../../shared/errors.ts'
import type { ColumnTask } from './column-tasks.ts'
import type { FinishedColumn, RawTable } from './raw-column.ts'
import type { ReadRawTableOptions } from './read-raw-table.ts'
import { readRawTable } from './read-raw-table.ts'

export interface FinishedTable extends Omit<RawTable, 'columns'> {
  readonly columns: readonly FinishedColumn[]
}

interface FinishTableOptions extends ReadRawTableOptions {
  /** Called once the rows have been read and before columns are finished, when nothing much can fail any more. */
  readonly onRead?: (() => void) | undefined
}

/** Reads a table and finishes all its columns. A file that turns out not to be UTF-8 is read again as Latin-1. */
export async function readFinishedTable(options: FinishTableOptions): Promise<FinishedTable> {
  const raw = await readRawTable(options)
  const isAssumed = options.reading.encoding === undefined && raw.reading.encoding === 'utf-8'
  const isChosen = options.reading.encoding === 'utf-8'
  const finished = await finishColumns(raw, options, isAssumed || isChosen)
  if (finished !== null) return { ...raw, columns: finished, warnings: [...raw.warnings, ...allWarnings(finished)] }
  if (isChosen)
    throw new MaestroError(
      'DATASET_PARSE',
      'The file is not UTF-8: it has bytes that no character of UTF-8 has.',
      'Choose Latin-1, or let the encoding be found.',
    )
  const again = await readRawTable(options, 'latin-1')
  const columns = (await finishColumns(again, options, false)) ?? []
  return { ...again, columns, warnings: [...again.warnings, ...allWarnings(columns)] }
}

function allWarnings(columns: readonly FinishedColumn[]) {
  return columns.flatMap((column) => column.warnings)
}

async function finishColumns(
  raw: RawTable,
  options: FinishTableOptions,
  strict: boolean,
): Promise<FinishedColumn[] | null> {
  options.onRead?.()
  const tasks = raw.columns.map((column): ColumnTask => {
    const request = {
      raw: column,
      nRows: raw.nRows,
      wanted: options.types[column.name] ?? null,
      // Where a semicolon stands between cells, a comma seldom stands between thousands.
      decimalComma: options.reading.decimalComma ?? raw.reading.delimiter === ';',
      strict,
    }
    return { kind: 'finish', request }
  })
  // The longest first, so that no thread is left with one at the end.
  const order = [...tasks.keys()].sort((a, b) => weight(raw, b) - weight(raw, a) || a - b)
  const results = await options.threads.runAll(
    order.map((index) => tasks[index] as ColumnTask),
    (done) => {
      options.signal?.throwIfAborted()
      options.onProgress?.(0.55 + (0.3 * done) / tasks.length, `profiling ${done} of ${tasks.length} columns`)
    },
  )
  const finished = new Array<FinishedColumn | null>(tasks.length)
  for (const [at, index] of order.entries()) finished[index] = results[at] as FinishedColumn | null
  return finished.every((column) => column !== null) ? finished : null
}

/** Bytes of different texts: they take the time. */
function weight(raw: RawTable, index: number): number {
  const column = raw.columns[index]
  return column?.kind === 'texts' ? column.dictionaries.reduce((sum, { text }) => sum + text.length, 0) : 0
}

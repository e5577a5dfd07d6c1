import { statSync } from 'node:fs'
import type { Frame } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import type { ColumnThreads } from './column-threads.ts'
import { startColumnThreads, withoutThreads } from './column-threads.ts'
import { readColumn } from './finish-column.ts'
import { readFinishedTable } from './finish-table.ts'
import type { ReadRawTableOptions } from './read-raw-table.ts'

export type ReadTableOptions = Omit<ReadRawTableOptions, 'threads'>

export interface ReadTable {
  readonly frame: Frame
  readonly warnings: readonly DatasetWarning[]
  /** How the file was read, for the reader: format, delimiter, quote, encoding, header. */
  readonly reading: Readonly<Record<string, string>>
}

/** Below this a table is read before the first thread has started. */
const smallFile = 4 << 20

/**
 * Reads a CSV, TSV, Parquet or Arrow file, gzipped or not, into typed columns in shared memory. Types are found over all
 * rows. Throws as `readRawTable` does.
 */
export async function readTable(options: ReadTableOptions): Promise<ReadTable> {
  const threads = threadsFor(options.path, options.limit)
  try {
    const table = await readFinishedTable({ ...options, threads })
    return {
      frame: { nRows: table.nRows, columns: table.columns.map(({ column }) => readColumn(column)) },
      warnings: table.warnings,
      reading: table.reading,
    }
  } finally {
    await threads.close()
  }
}

export function threadsFor(path: string, limit?: number): ColumnThreads {
  return limit !== undefined || statSync(path).size < smallFile ? withoutThreads() : startColumnThreads()
}

import type { RowsPage, TargetSuggestion } from '../../shared/domain/datasets.ts'
import { createRecentCache } from './recent-cache.ts'
import { testOf } from './row-tests.ts'
import { sortRows } from './sort-order.ts'
import type { TableFile } from './table-file.ts'
import { openTableFile } from './table-file.ts'
import type { RowsQuestion, TableQuestion } from './table-question.ts'
import { describeTarget } from './target-relations.ts'
import { writeCsv } from './write-csv.ts'

/** Columns and orders of rows in memory, of all tables together. */
const mostBytes = 768 << 20
/** Files that are kept open. */
const mostFiles = 16

/** Answers questions about tables, and remembers what it read and sorted for the next one. */
export function createTableAnswerer(): { answer(question: TableQuestion): unknown; close(): void } {
  const cache = createRecentCache(mostBytes)
  const files = new Map<string, TableFile>()

  function open(path: string): TableFile {
    const file = files.get(path) ?? openTableFile(path, cache)
    files.delete(path)
    files.set(path, file)
    const [oldest] = files.values()
    if (files.size > mostFiles && oldest) {
      oldest.close()
      files.delete(oldest.path)
    }
    return file
  }

  function rowsOf(file: TableFile, { offset, limit, sort, filters }: RowsQuestion): RowsPage {
    const columns = file.columns.map(({ name, type }) => ({ name, type }))
    if (sort === null && filters.length === 0) {
      const from = Math.min(offset, file.nRows)
      const cells = file.cells({ from, to: Math.min(from + limit, file.nRows) })
      return { total: file.nRows, columns, rows: cells.map((each, at) => ({ row: from + at, cells: each })) }
    }
    const order = cache.take(JSON.stringify(['order', file.path, sort, filters]), () => {
      const value = orderOf(file, { sort, filters })
      return { value, bytes: value.byteLength }
    })
    const page = order.slice(offset, offset + limit)
    const cells = file.cells(page)
    return { total: order.length, columns, rows: cells.map((each, at) => ({ row: page[at] as number, cells: each })) }
  }

  return {
    answer(question): RowsPage | TargetSuggestion | { rows: number; bytes: number } {
      const file = open(question.columnFilePath)
      switch (question.kind) {
        case 'rows':
          return rowsOf(file, question)
        case 'target':
          return describeTarget(file.frame(), question.target)
        case 'write-csv':
          return writeCsv(file.frame(), question.out)
      }
    },
    close() {
      for (const file of files.values()) file.close()
      files.clear()
    },
  }
}

function orderOf(file: TableFile, { sort, filters }: Pick<RowsQuestion, 'sort' | 'filters'>): Uint32Array {
  const tests = filters.map((filter) => testOf(file.column(filter.column), filter))
  let kept = new Uint32Array(file.nRows)
  let count = 0
  for (let row = 0; row < file.nRows; row++) if (tests.every((test) => test(row))) kept[count++] = row
  if (count < file.nRows) kept = kept.slice(0, count)
  if (sort === null) return kept
  const column = file.column(sort.column)
  // Codes are in the order of their levels, so they sort as the texts do.
  return sortRows(kept, column.storage === 'codes' ? column.codes : column.values, sort.descending)
}

import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Column } from '../../../engine/frame/frame.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { newId } from '../../storage/ids.ts'
import { spellNumber } from '../../tables/profile-column.ts'
import { readTable } from '../../tables/read-table.ts'
import type { ReadingOptions } from '../../tables/reading-options.ts'
import type { WorkspacePaths } from '../../workspace/workspace-paths.ts'
import type { ImportRequest } from './import-request.ts'
import { tableSource } from './table-source.ts'

/** Rows that a preview shows. */
const previewRows = 100

/** The first rows of a table and the types of its columns, without keeping anything; an upload stays for the import. */
export async function previewTable(paths: WorkspacePaths, source: ImportRequest['source'], reading: ReadingOptions) {
  const found = tableSource(paths, source)
  const scratch = join(paths.scratch, newId())
  mkdirSync(scratch, { recursive: true })
  try {
    const table = await readTable({ path: found.path, scratch, types: {}, reading, limit: previewRows })
    return {
      fileName: found.fileName,
      bytes: statSync(found.path).size,
      format: table.reading.format ?? '',
      reading: { ...table.reading },
      columns: table.frame.columns.map(({ name, type }) => ({ name, type })),
      rows: Array.from({ length: table.frame.nRows }, (_, row) =>
        table.frame.columns.map((column) => cellOf(column, row)),
      ),
      warnings: [...table.warnings],
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
    if ('text' in source) rmSync(found.path, { force: true })
  }
}

function cellOf(column: Column, row: number): Cell {
  if (column.storage === 'codes') return column.levels[column.codes[row] as number] ?? null
  const value = column.values[row] as number
  if (Number.isNaN(value)) return null
  return column.type === 'number' && Number.isFinite(value) ? value : spellNumber(column, value)
}

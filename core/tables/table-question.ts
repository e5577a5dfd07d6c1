import type { RowFilter } from '../../shared/domain/datasets.ts'

interface OnTable {
  readonly columnFilePath: string
}

/** A page of rows, sorted and filtered. */
export interface RowsQuestion extends OnTable {
  readonly kind: 'rows'
  readonly offset: number
  readonly limit: number
  readonly sort: { readonly column: string; readonly descending: boolean } | null
  readonly filters: readonly RowFilter[]
}

/** What choosing a column as the target means. */
export interface TargetQuestion extends OnTable {
  readonly kind: 'target'
  readonly target: string
}

/** Writes the table as CSV to a path. */
export interface WriteCsvQuestion extends OnTable {
  readonly kind: 'write-csv'
  readonly out: string
}

export type TableQuestion = RowsQuestion | TargetQuestion | WriteCsvQuestion

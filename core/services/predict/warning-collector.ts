import type { PredictionWarning } from '../../../shared/domain/models.ts'

export type WarningCode = PredictionWarning['code']

/** Rows named for one kind of warning of one column; the counts tell of all. */
const rowsPerKind = 100

/** Gathers warnings without drowning in them: each kind of each column names some rows and counts all. */
export interface WarningCollector {
  add(row: number, column: string, code: WarningCode, message: string): void
  /** In the order of the rows. */
  warnings(): PredictionWarning[]
  counts(): { readonly column: string; readonly code: WarningCode; readonly rows: number }[]
}

export function createWarningCollector(): WarningCollector {
  const kinds = new Map<string, { column: string; code: WarningCode; rows: number; named: PredictionWarning[] }>()
  return {
    add(row, column, code, message) {
      const key = `${code} ${column}`
      const kind = kinds.get(key) ?? { column, code, rows: 0, named: [] }
      kinds.set(key, kind)
      kind.rows++
      if (kind.named.length < rowsPerKind) kind.named.push({ row, column, code, message })
    },
    warnings: () => [...kinds.values()].flatMap(({ named }) => named).sort((a, b) => a.row - b.row),
    counts: () => [...kinds.values()].map(({ column, code, rows }) => ({ column, code, rows })),
  }
}

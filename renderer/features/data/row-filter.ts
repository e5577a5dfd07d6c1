import type { RowFilter } from '../../../shared/domain/datasets.ts'

/** "> 30", "= female", "missing", "present"; anything else is a part of the text. */
export function parseRowFilter(column: string, text: string): RowFilter {
  const trimmed = text.trim()
  if (trimmed === 'missing' || trimmed === 'present') return { column, operator: trimmed, value: null }
  const match = /^(<=|>=|!=|=|<|>)\s*(.+)$/.exec(trimmed)
  if (!match) return { column, operator: 'contains', value: trimmed }
  const value = match[2] as string
  return {
    column,
    operator: match[1] as RowFilter['operator'],
    value: value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value,
  }
}

import type { Column } from '../../engine/frame/frame.ts'
import type { RowFilter } from '../../shared/domain/datasets.ts'
import type { Cell } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { spellNumber } from './profile-column.ts'

/** Whether a row passes a filter of one column. Throws INPUT_INVALID where the value cannot be compared with the column. */
export function testOf(column: Column, filter: RowFilter): (row: number) => boolean {
  const isMissing = (row: number) =>
    column.storage === 'codes' ? (column.codes[row] as number) < 0 : Number.isNaN(column.values[row])
  if (filter.operator === 'missing') return isMissing
  if (filter.operator === 'present') return (row) => !isMissing(row)
  if (column.storage === 'codes') {
    const passes = Uint8Array.from(column.levels, (level) => (testText(level, filter) ? 1 : 0))
    return (row) => passes[column.codes[row] as number] === 1
  }
  const wanted = numberOf(column, filter.value)
  if (filter.operator === 'contains')
    return (row) => !isMissing(row) && spellNumber(column, column.values[row] as number).includes(String(filter.value))
  if (Number.isNaN(wanted))
    throw new MaestroError(
      'INPUT_INVALID',
      `${String(filter.value)} cannot be compared with ${column.name}, which holds numbers.`,
      'Give a number.',
    )
  const { values } = column
  const { operator } = filter
  switch (operator) {
    case '=':
      return (row) => values[row] === wanted
    case '!=':
      // A missing value is neither equal nor different, as in SQL.
      return (row) => values[row] !== wanted && !isMissing(row)
    case '<':
      return (row) => (values[row] as number) < wanted
    case '<=':
      return (row) => (values[row] as number) <= wanted
    case '>':
      return (row) => (values[row] as number) > wanted
    case '>=':
      return (row) => (values[row] as number) >= wanted
  }
}

function testText(level: string, { operator, value }: RowFilter): boolean {
  const text = String(value ?? '')
  switch (operator) {
    case '=':
      return level === text
    case '!=':
      return level !== text
    case 'contains':
      return level.toLowerCase().includes(text.toLowerCase())
    case '<':
      return level < text
    case '<=':
      return level <= text
    case '>':
      return level > text
    case '>=':
      return level >= text
    case 'missing':
    case 'present':
      return operator === 'present'
  }
}

function numberOf(column: Extract<Column, { storage: 'float64' }>, value: Cell): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null) return Number.NaN
  if (column.type === 'datetime') return Date.parse(value) / 1000
  if (column.type === 'boolean' && column.spelling)
    return value === column.spelling[1] ? 1 : value === column.spelling[0] ? 0 : Number(value)
  return Number(value)
}

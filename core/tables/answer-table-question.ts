import type { Column, Frame } from '../../engine/frame/frame.ts'
import type { RowFilter, RowsPage, TargetSuggestion } from '../../shared/domain/datasets.ts'
import type { Cell } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { readColumnFile } from './column-file.ts'
import { spellNumber } from './profile-column.ts'
import type { RowsQuestion, TableQuestion } from './table-question.ts'
import { describeTarget } from './target-relations.ts'
import { writeCsv } from './write-csv.ts'

/** Tables and row orders that are kept; together they bound the memory. */
const keptTables = 2
const keptOrders = 4

const tables = new Map<string, Frame>()
const orders = new Map<string, Uint32Array>()

function recent<Value>(kept: Map<string, Value>, most: number, key: string, make: () => Value): Value {
  const value = kept.get(key) ?? make()
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > most) kept.delete(kept.keys().next().value as string)
  return value
}

export function answerTableQuestion(
  question: TableQuestion,
): RowsPage | TargetSuggestion | { rows: number; bytes: number } {
  const frame = recent(tables, keptTables, question.columnFilePath, () => readColumnFile(question.columnFilePath))
  switch (question.kind) {
    case 'rows':
      return rowsOf(frame, question)
    case 'target':
      return describeTarget(frame, question.target)
    case 'write-csv':
      return writeCsv(frame, question.out)
  }
}

function rowsOf(frame: Frame, question: RowsQuestion): RowsPage {
  const columns = frame.columns.map(({ name, type }) => ({ name, type }))
  const end = (total: number) => Math.min(total, question.offset + question.limit)
  const row = (at: number) => ({ row: at, cells: frame.columns.map((column) => cellOf(column, at)) })
  if (question.sort === null && question.filters.length === 0) {
    const rows = Array.from({ length: Math.max(0, end(frame.nRows) - question.offset) }, (_, i) =>
      row(question.offset + i),
    )
    return { total: frame.nRows, columns, rows }
  }
  const key = JSON.stringify([question.columnFilePath, question.sort, question.filters])
  const order = recent(orders, keptOrders, key, () => orderOf(frame, question))
  return { total: order.length, columns, rows: Array.from(order.subarray(question.offset, end(order.length)), row) }
}

function orderOf(frame: Frame, question: RowsQuestion): Uint32Array {
  const tests = question.filters.map((filter) => testOf(columnOf(frame, filter.column), filter))
  const kept = new Uint32Array(frame.nRows)
  let n = 0
  for (let row = 0; row < frame.nRows; row++) if (tests.every((test) => test(row))) kept[n++] = row
  const rows = kept.slice(0, n)
  if (question.sort === null) return rows
  const keys = sortKeys(columnOf(frame, question.sort.column))
  const sign = question.sort.descending ? -1 : 1
  // Missing values come last in both directions; rows that tie keep their order.
  return rows.sort((a, b) => {
    const x = keys[a] as number
    const y = keys[b] as number
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b
    return sign * (x - y) || a - b
  })
}

/** Codes are in the order of their levels, so they sort as the texts do. */
function sortKeys(column: Column): Float64Array {
  if (column.storage === 'float64') return column.values
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : code))
}

export function columnOf(frame: Frame, name: string): Column {
  const column = frame.columns.find((each) => each.name === name)
  if (!column)
    throw new MaestroError(
      'COLUMN_UNKNOWN',
      `The table has no column ${name}.`,
      `Its columns are ${frame.columns.map((each) => each.name).join(', ')}.`,
    )
  return column
}

function testOf(column: Column, filter: RowFilter): (row: number) => boolean {
  const isMissing = (row: number) =>
    column.storage === 'codes' ? (column.codes[row] as number) < 0 : Number.isNaN(column.values[row] as number)
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
      return (row) => values[row] !== wanted
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

/** A cell as it travels: JSON has no infinities, so they are texts. */
function cellOf(column: Column, row: number): Cell {
  if (column.storage === 'codes') return column.levels[column.codes[row] as number] ?? null
  const value = column.values[row] as number
  if (Number.isNaN(value)) return null
  if (!Number.isFinite(value)) return String(value)
  return column.type === 'number' ? value : spellNumber(column, value)
}

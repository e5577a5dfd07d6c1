import type { Column, Frame } from '../../../engine/frame/frame.ts'
import type { SignatureInput } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ModelSignature } from '../../models/model-signature.ts'
import type { InputReader } from './read-cell.ts'
import { inputReader } from './read-cell.ts'
import type { WarningCollector } from './warning-collector.ts'

type Row = Readonly<Record<string, Cell>>

/**
 * Rows given as records, as the table that the model takes. Warns by row and column of what is missing, unknown, out of
 * range or not to be read. Throws SIGNATURE_MISMATCH when not one column of the model is there.
 */
export function readRows(signature: ModelSignature, rows: readonly Row[], warnings: WarningCollector): Frame {
  assertSomeColumn(signature, new Set(rows.flatMap(Object.keys)))
  for (const [index, row] of rows.entries()) warnOfExtraColumns(signature, index, Object.keys(row), warnings)
  const columns = signature.inputs.map((input) => {
    const { name } = input
    const reader = inputReader(input, signature)
    return readColumn(input, reader, rows.length, (row, read) => {
      const record = rows[row] as Row
      if (Object.hasOwn(record, name)) {
        return read(record[name] ?? null, (code, message) => warnings.add(row, name, code, message))
      }
      warnings.add(row, name, 'MISSING_COLUMN', `${name} is not given; it counts as missing.`)
      return read(null, () => undefined)
    })
  })
  return { nRows: rows.length, columns }
}

/**
 * A table, or part of one that starts at `firstRow`, as the model takes it; columns are found by name and may be of
 * another type. Warns as `readRows` does. Of columns that lack it warns once, for the first row.
 */
export function readFrame(
  signature: ModelSignature,
  frame: Frame,
  warnings: WarningCollector,
  firstRow: number,
): Frame {
  const byName = new Map(frame.columns.map((column) => [column.name, column]))
  assertSomeColumn(signature, byName)
  if (firstRow === 0) warnOfExtraColumns(signature, 0, [...byName.keys()], warnings)
  const columns = signature.inputs.map((input) => {
    const { name } = input
    const reader = inputReader(input, signature)
    const column = byName.get(name)
    if (column === undefined) {
      if (firstRow === 0)
        warnings.add(0, name, 'MISSING_COLUMN', `The table has no column ${name}; it counts as missing.`)
      return readColumn(input, reader, frame.nRows, (_, read) => read(null, () => undefined))
    }
    const cellAt = cellsOf(column)
    return readColumn(input, reader, frame.nRows, (row, read) =>
      read(cellAt(row), (code, message) => warnings.add(firstRow + row, name, code, message)),
    )
  })
  return { nRows: frame.nRows, columns }
}

type Read<Value> = (cell: Cell, warn: Parameters<InputReader['read']>[1]) => Value

function readColumn(
  { type }: SignatureInput,
  reader: InputReader,
  nRows: number,
  readRow: <Value>(row: number, read: Read<Value>) => Value,
): Column {
  const { name } = reader
  if (reader.storage === 'float64') {
    const values = Float64Array.from({ length: nRows }, (_, row) => readRow(row, reader.read))
    return { storage: 'float64', name, type: type === 'datetime' || type === 'boolean' ? type : 'number', values }
  }
  const codeOf = new Map<string, number>()
  const codes = Int32Array.from({ length: nRows }, (_, row) => {
    const text = readRow(row, reader.read)
    if (text === null) return -1
    const code = codeOf.get(text) ?? codeOf.size
    codeOf.set(text, code)
    return code
  })
  return {
    storage: 'codes',
    name,
    type: type === 'text' || type === 'id' ? type : 'category',
    codes,
    levels: [...codeOf.keys()],
  }
}

/** Cells as a person would type them: booleans in the table's own spelling, numbers and times as numbers. */
function cellsOf(column: Column): (row: number) => Cell {
  if (column.storage === 'codes') {
    return (row) => {
      const code = column.codes[row] as number
      return code < 0 ? null : (column.levels[code] as string)
    }
  }
  const { spelling, values } = column
  if (column.type !== 'boolean') return (row) => values[row] as number
  return (row) => {
    const value = values[row] as number
    if (Number.isNaN(value)) return null
    return spelling?.[value === 0 ? 0 : 1] ?? value !== 0
  }
}

function assertSomeColumn(signature: ModelSignature, given: { has(name: string): boolean }): void {
  const names = signature.inputs.map(({ name }) => name)
  if (names.some((name) => given.has(name))) return
  throw new MaestroError(
    'SIGNATURE_MISMATCH',
    'The rows have none of the columns that the model takes.',
    `It takes ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.`,
    { columns: names },
  )
}

/** The target is no surprise: people score tables that they have the answers for. */
function warnOfExtraColumns(
  { inputs, target }: ModelSignature,
  row: number,
  given: readonly string[],
  warnings: WarningCollector,
): void {
  const known = new Set([target, ...inputs.map(({ name }) => name)])
  for (const name of given) {
    if (!known.has(name)) warnings.add(row, name, 'EXTRA_COLUMN', `The model does not take the column ${name}.`)
  }
}

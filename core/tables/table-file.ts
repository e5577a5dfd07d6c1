import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ColumnPlace } from '../../engine/frame/column-file.ts'
import { ColumnFileError, decodeLayout, decodeLevels, headerBytes } from '../../engine/frame/column-file.ts'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import type { Cell } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { spellNumber } from './profile-column.ts'
import type { RecentCache } from './recent-cache.ts'

/** A column file of which only what is asked for is read. */
export interface TableFile {
  readonly path: string
  readonly nRows: number
  readonly columns: readonly ColumnPlace[]
  /** The whole column, from the cache where it is there. Throws COLUMN_UNKNOWN. */
  column(name: string): Column
  frame(): Frame
  /** Cells of some rows, row by row. */
  cells(rows: RowRange | Uint32Array): Cell[][]
  close(): void
}

export interface RowRange {
  readonly from: number
  readonly to: number
}

/** Up to so many scattered rows are read one by one; for more the whole column is. */
const fewRows = 300
/** Columns of no more different texts are kept as strings. */
const fewLevels = 50_000
/** One read may not be larger than what a system call takes. */
const largestRead = 1 << 30

export function openTableFile(path: string, cache: RecentCache): TableFile {
  const file = openSync(path, 'r')
  try {
    const layout = readLayout(file, path)
    const { nRows, columns } = layout
    const read = <Items extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
      at: number,
      items: Items,
    ): Items => {
      readFully(file, new Uint8Array(items.buffer), at)
      return items
    }
    const load = (place: ColumnPlace): Column =>
      cache.take(`${path} ${place.name}`, () => {
        const column = loadColumn(place, nRows, read)
        return { value: column, bytes: bytesOf(column) }
      })
    const place = (name: string): ColumnPlace => {
      const found = columns.find((column) => column.name === name)
      if (found) return found
      throw new MaestroError(
        'COLUMN_UNKNOWN',
        `The table has no column ${name}.`,
        `Its columns are ${columns
          .slice(0, 50)
          .map((column) => column.name)
          .join(', ')}${columns.length > 50 ? ', …' : ''}.`,
        { column: name },
      )
    }
    const column = (name: string) => load(place(name))
    return {
      path,
      nRows,
      columns,
      column,
      frame: () => ({ nRows, columns: columns.map(load) }),
      cells(rows) {
        const count = rows instanceof Uint32Array ? rows.length : rows.to - rows.from
        const byRow: Cell[][] = Array.from({ length: count }, () => [])
        for (const each of columns) {
          const isKept = cache.has(`${path} ${each.name}`)
          const cellAt =
            isKept || (rows instanceof Uint32Array && count > fewRows)
              ? kept(load(each), rows)
              : fromFile(each, rows, read, () => load(each))
          for (let at = 0; at < count; at++) (byRow[at] as Cell[]).push(cellAt(at))
        }
        return byRow
      },
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

type Read = <Items extends Float64Array | Int32Array | Uint32Array | Uint8Array>(at: number, items: Items) => Items

function kept(column: Column, rows: RowRange | Uint32Array): (at: number) => Cell {
  const rowAt = (at: number) => (rows instanceof Uint32Array ? (rows[at] as number) : rows.from + at)
  return column.storage === 'codes'
    ? (at) => column.levels[column.codes[rowAt(at)] as number] ?? null
    : (at) => numberCell(column, column.values[rowAt(at)] as number)
}

/** Without loading the column: only the rows asked for, and of many different texts only theirs. */
function fromFile(
  place: ColumnPlace,
  rows: RowRange | Uint32Array,
  read: Read,
  load: () => Column,
): (at: number) => Cell {
  const { levels } = place
  const width = levels ? 4 : 8
  const items = (count: number) => (levels ? new Int32Array(count) : new Float64Array(count))
  let values: Int32Array | Float64Array
  if (rows instanceof Uint32Array) {
    values = items(rows.length)
    for (const [at, row] of rows.entries()) values[at] = read(place.at + row * width, items(1))[0] as number
  } else values = read(place.at + rows.from * width, items(rows.to - rows.from))
  if (!levels) {
    const column = { type: place.type as 'number', ...(place.spelling ? { spelling: place.spelling } : {}) }
    return (at) => numberCell(column, values[at] as number)
  }
  if (levels.count <= fewLevels) {
    const column = load()
    return (at) => (column.storage === 'codes' ? (column.levels[values[at] as number] ?? null) : null)
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return (at) => {
    const code = values[at] as number
    if (code < 0) return null
    const [start = 0, end = 0] =
      code === 0
        ? [0, ...read(levels.endsAt, new Uint32Array(1))]
        : read(levels.endsAt + (code - 1) * 4, new Uint32Array(2))
    return decoder.decode(read(levels.textAt + start, new Uint8Array(end - start)))
  }
}

/** A cell as it travels: JSON has no infinities, so they are texts. */
function numberCell(column: Parameters<typeof spellNumber>[0], value: number): Cell {
  if (Number.isNaN(value)) return null
  if (!Number.isFinite(value)) return String(value)
  return column.type === 'number' ? value : spellNumber(column, value)
}

function loadColumn(place: ColumnPlace, nRows: number, read: Read): Column {
  const { name, levels } = place
  if (!levels) {
    return {
      storage: 'float64',
      name,
      type: place.type as 'number',
      values: read(place.at, new Float64Array(nRows)),
      ...(place.spelling ? { spelling: place.spelling } : {}),
    }
  }
  return {
    storage: 'codes',
    name,
    type: place.type as 'category',
    codes: read(place.at, new Int32Array(nRows)),
    levels: decodeLevels({
      text: read(levels.textAt, new Uint8Array(levels.textBytes)),
      ends: read(levels.endsAt, new Uint32Array(levels.count)),
    }),
  }
}

/** About what a column takes in memory; a string takes some 24 bytes besides its characters. */
function bytesOf(column: Column): number {
  if (column.storage === 'float64') return column.values.byteLength
  return column.levels.reduce((sum, level) => sum + level.length + 24, column.codes.byteLength)
}

function readLayout(file: number, path: string) {
  try {
    const { size } = fstatSync(file)
    const start = readFully(file, new Uint8Array(16), 0)
    return decodeLayout(readFully(file, new Uint8Array(Math.min(size, headerBytes(start))), 0), size)
  } catch (error) {
    if (!(error instanceof ColumnFileError)) throw error
    throw new MaestroError(
      'WORKSPACE_DAMAGED',
      `${error.message} (${path})`,
      'Restore the workspace from a backup, or import the table again.',
    )
  }
}

function readFully(file: number, bytes: Uint8Array, position: number): Uint8Array {
  let at = 0
  while (at < bytes.length) {
    const count = readSync(file, bytes, at, Math.min(largestRead, bytes.length - at), position + at)
    if (count === 0) break
    at += count
  }
  return bytes
}

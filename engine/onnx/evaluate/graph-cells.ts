import type { Column } from '../../frame/frame.ts'
import type { ForeignInput, ForeignInterface } from '../reader/foreign-interface.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { elementTypes, GraphEvaluationError, numbers, texts } from './graph-tensor.ts'

/** The values of one raw column for some rows: numbers with NaN for missing, or texts with '' for missing. */
export type Cells = Float64Array | readonly string[]

/** The raw columns of some rows. */
export interface CellTable {
  readonly nRows: number
  readonly columns: readonly Cells[]
}

/** Rows of aligned columns as cells. */
export function cellsOf(columns: readonly Column[], rows: Int32Array): CellTable {
  return {
    nRows: rows.length,
    columns: columns.map((column) =>
      column.storage === 'codes'
        ? Array.from(rows, (row) => column.levels[column.codes[row] as number] ?? '')
        : Float64Array.from(rows, (row) => column.values[row] as number),
    ),
  }
}

/** Cells as columns of a table, under the names given. */
export function columnsOfCells(table: CellTable, names: readonly string[]): Column[] {
  return table.columns.map((cells, at): Column => {
    const name = names[at] ?? ''
    if (cells instanceof Float64Array) return { storage: 'float64', name, type: 'number', values: cells }
    const levels = [...new Set(cells)].filter((text) => text !== '').sort()
    const codeOf = new Map(levels.map((level, code) => [level, code]))
    return {
      storage: 'codes',
      name,
      type: 'category',
      levels,
      codes: Int32Array.from(cells, (text) => codeOf.get(text) ?? -1),
    }
  })
}

/** What a graph is fed for the rows, as it is fed to a runtime. Throws GraphEvaluationError for the wrong kind of cell. */
export function feedsOf({ inputs }: Pick<ForeignInterface, 'inputs'>, table: CellTable): Map<string, GraphTensor> {
  let first = 0
  const feeds = new Map<string, GraphTensor>()
  for (const input of inputs) {
    const columns = table.columns.slice(first, first + input.columns.length)
    first += input.columns.length
    feeds.set(input.name, feedOf(input, columns, table.nRows))
  }
  return feeds
}

const textType = 8

function feedOf(input: ForeignInput, columns: readonly Cells[], nRows: number): GraphTensor {
  const { name, elementType, rank } = input
  const width = columns.length
  const shape = rank === 1 ? [nRows] : [nRows, width]
  if (elementType === textType) {
    const lists = columns.map((cells, at) => {
      if (cells instanceof Float64Array) throw new GraphEvaluationError(`The input ${name} takes texts.`)
      const spellings = input.columns[at]?.spellings
      if (spellings === undefined) return cells
      const spelled = new Map(spellings)
      return cells.map((text) => spelled.get(text) ?? text)
    })
    return texts(
      shape,
      Array.from({ length: nRows * width }, (_, at) => lists[at % width]?.[Math.floor(at / width)] ?? ''),
    )
  }
  const isWhole = elementType !== elementTypes.float && elementType !== elementTypes.double
  const data = new Float64Array(nRows * width)
  for (const [column, cells] of columns.entries()) {
    if (!(cells instanceof Float64Array)) throw new GraphEvaluationError(`The input ${name} takes numbers.`)
    for (let row = 0; row < nRows; row++) {
      const value = cells[row] as number
      // A whole-number input cannot say "missing".
      data[row * width + column] = isWhole ? (Number.isFinite(value) ? Math.trunc(value) : 0) : value
    }
  }
  return numbers(elementType, shape, data)
}

/** Rows without values, to see what a graph does with shapes. */
export function emptyCells({ inputs }: Pick<ForeignInterface, 'inputs'>, nRows: number): CellTable {
  return {
    nRows,
    columns: inputs.flatMap(({ columns, elementType }) =>
      columns.map(
        (): Cells => (elementType === textType ? Array.from({ length: nRows }, () => '') : new Float64Array(nRows)),
      ),
    ),
  }
}

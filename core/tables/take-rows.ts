import type { Column, Frame } from '../../engine/frame/frame.ts'

/** Some rows and columns of a table, in the order given; columns that it does not have are passed over. */
export function takeRows(frame: Frame, rows: Int32Array, columns: readonly string[]): Frame {
  const byName = new Map(frame.columns.map((column) => [column.name, column]))
  return {
    nRows: rows.length,
    columns: columns.flatMap((name): Column[] => {
      const column = byName.get(name)
      if (!column) return []
      return column.storage === 'codes'
        ? [{ ...column, codes: rows.map((row) => column.codes[row] as number) }]
        : [{ ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) }]
    }),
  }
}

/** Copies a column's values of rows start..start+count-1 to `out` from `first` on. */
export type RowCopier = (column: Float32Array, start: number, count: number, out: Float32Array, first: number) => void

/** How to copy columns of these rows: whole stretches where the rows follow each other, as in a fit of all rows. */
export function rowCopier(rows: Int32Array): RowCopier {
  const lowest = rows[0] ?? 0
  if (rows.every((row, at) => row === lowest + at)) {
    return (column, start, count, out, first) => {
      out.set(column.subarray(lowest + start, lowest + start + count), first)
    }
  }
  return (column, start, count, out, first) => {
    for (let i = 0; i < count; i++) out[first + i] = column[rows[start + i] as number] as number
  }
}

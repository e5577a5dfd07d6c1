/** Rows of a matrix, `from` the first, `to` one past the last. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** How a file of text is laid out. Delimiter and quote are bytes of UTF-8. */
export interface Layout {
  readonly delimiter: Uint8Array
  /** -1: nothing is quoted. */
  readonly quote: number
  readonly nColumns: number
}

/** How the cells of a column are read: what they seemed to be in the first rows, or texts. */
export type ColumnMode = 'number' | 'datetime' | 'text' | 'skip'

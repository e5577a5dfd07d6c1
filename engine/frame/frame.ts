/** What a column means. Numbers, date-times and booleans are stored as float64, the others as codes into a list of levels. */
export type ColumnType = 'number' | 'category' | 'text' | 'datetime' | 'boolean' | 'id'

/** A column of numbers; a missing value is NaN. Date-times are seconds since 1970-01-01T00:00Z; booleans are 0 and 1. */
export interface NumericColumn {
  readonly storage: 'float64'
  readonly name: string
  readonly type: 'number' | 'datetime' | 'boolean'
  readonly values: Float64Array
  /** For booleans: how the source spells false and true, so that predictions and forms speak its language. */
  readonly spelling?: readonly [whenFalse: string, whenTrue: string]
}

/** A column of texts as codes into `levels`; a missing value is -1. Levels are unique, in order of their UTF-16 code units. */
export interface CodedColumn {
  readonly storage: 'codes'
  readonly name: string
  readonly type: 'category' | 'text' | 'id'
  readonly codes: Int32Array
  readonly levels: readonly string[]
}

export type Column = NumericColumn | CodedColumn

/** A table in memory, column by column. Arrays lie in shared memory where threads read them. */
export interface Frame {
  readonly nRows: number
  readonly columns: readonly Column[]
}

export type Task = 'binary' | 'multiclass' | 'regression'

/**
 * What is to be predicted. Classes are coded 0..K-1 in the order of `classes` (the labels in their own spelling, sorted
 * as numbers when all are numeric, else by code units); for binary tasks class 1 is the positive one.
 * `values` holds class codes, or the numbers of a regression. Rows without a target have been left out before.
 */
export interface Target {
  readonly task: Task
  readonly name: string
  readonly classes: readonly string[]
  readonly values: Float64Array
}

/** One way to part the rows: what is learned from, and what judges it. */
export interface Fold {
  /** Row indices, rising. */
  readonly train: Int32Array
  readonly validation: Int32Array
}

/** What a leaf does to a row, in numbers that hang only on which players of its path refuse. */
export interface LeafSolution {
  /** Numbers that a row has for each output; what no leaf adds to stays 0. */
  readonly nColumns: number
  /** Columns that the leaf adds to, without repeats; empty where it never matters. */
  columnsOf(leaf: number): Int32Array
  /** Called before the leaves of a tree are asked for. */
  startTree?(tree: number): void
  /**
   * Writes the numbers for a leaf worth 1 to `out` from `at` on, in the order of its columns. `refusing[j]` is 1 where
   * the row does not satisfy player j of the path; `mask` says the same in bits, where there are few enough of them.
   */
  solve(leaf: number, refusing: Uint8Array, mask: number, out: Float64Array, at: number): void
}

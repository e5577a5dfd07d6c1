/**
 * Raw scores of one model for hybrid rows: some players' features from an explained row, the others' from a background
 * row. What both rows share is worked out once for all hybrids of a pair.
 */
export interface HybridScores {
  /** All 2^n hybrids of a pair, bit p of the mask set where player p comes from the row: [mask * nOutputs + k]. */
  ofAllCoalitions(row: number, background: number): Float64Array
  /**
   * The n + 1 hybrids along an order, from the background row to the explained row; player p joins after `position[p]`
   * others: [step * nOutputs + k].
   */
  alongOrder(row: number, background: number, position: Int32Array): Float64Array
}

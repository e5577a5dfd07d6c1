/**
 * Raw scores of one model for hybrid rows: some players' features from an explained row, the others' from a background
 * row. What both rows share is worked out once for all hybrids of a pair.
 */
export interface HybridScores {
  /**
   * All hybrids of a pair in which `players` may differ, bit i of the mask set where `players[i]` comes from the row:
   * [mask * nOutputs + k]. The other players are alike in both.
   */
  ofAllCoalitions(row: number, background: number, players: Int32Array): Float64Array
  /**
   * The n + 1 hybrids along an order, from the background row to the explained row; player p joins after `position[p]`
   * others: [step * nOutputs + k].
   */
  alongOrder(row: number, background: number, position: Int32Array): Float64Array
}

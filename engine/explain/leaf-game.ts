/**
 * Shapley values of one leaf's game under path-dependent expectations: v(S) = Π_{j∈S} accepts_j · Π_{j∉S} z_j.
 * By Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for trees", Algorithm 2:
 * the polynomial of path weights is extended by every player, then each player is unwound. O(K²).
 */
export class LeafGame {
  readonly #weights: Float64Array

  /** `maxPlayers`: players of the longest path that will be asked for. */
  constructor(maxPlayers: number) {
    this.#weights = new Float64Array(maxPlayers + 2)
  }

  /**
   * Writes the K values of a leaf worth 1 to `out` from `at` on. `refusing[j]` is 1 where the row does not satisfy
   * player j; `zeroFractions[start + j]` is that player's share of the training rows.
   */
  solve(
    refusing: Uint8Array,
    zeroFractions: Float64Array,
    start: number,
    nPlayers: number,
    out: Float64Array,
    at: number,
  ): void {
    const weights = this.#weights
    weights.fill(0, 0, nPlayers + 1)
    weights[0] = 1
    for (let d = 1; d <= nPlayers; d++) {
      const one = refusing[d - 1] === 1 ? 0 : 1
      const zero = zeroFractions[start + d - 1] as number
      for (let q = d - 1; q >= 0; q--) {
        const weight = weights[q] as number
        weights[q + 1] = (weights[q + 1] as number) + (one * weight * (q + 1)) / (d + 1)
        weights[q] = (zero * weight * (d - q)) / (d + 1)
      }
    }
    for (let j = 0; j < nPlayers; j++) {
      const one = refusing[j] === 1 ? 0 : 1
      const zero = zeroFractions[start + j] as number
      // A player that makes no difference gets nothing; with zero fraction 0 its unwinding would divide by zero.
      out[at + j] = one === zero ? 0 : this.#unwound(one, zero, nPlayers) * (nPlayers + 1) * (one - zero)
    }
  }

  #unwound(one: number, zero: number, nPlayers: number): number {
    const weights = this.#weights
    let total = 0
    if (one === 0) {
      for (let q = nPlayers - 1; q >= 0; q--) total += (weights[q] as number) / (zero * (nPlayers - q))
      return total
    }
    let next = weights[nPlayers] as number
    for (let q = nPlayers - 1; q >= 0; q--) {
      const share = next / (q + 1)
      total += share
      next = (weights[q] as number) - share * zero * (nPlayers - q)
    }
    return total
  }
}

/** Where base + Σ values misses the score most, relative to the sizes of what was summed; row −1 where it never does. */
export function largestError(
  values: Float64Array,
  baseValues: Float64Array,
  scores: Float64Array,
  nOutputs: number,
  nPlayers: number,
): { readonly row: number; readonly error: number; readonly relative: number } {
  let worst = { row: -1, error: 0, relative: 0 }
  for (let game = 0; game < scores.length; game++) {
    let sum = baseValues[game % nOutputs] as number
    let size = Math.abs(sum)
    for (let player = 0; player < nPlayers; player++) {
      const value = values[game * nPlayers + player] as number
      sum += value
      size += Math.abs(value)
    }
    const error = Math.abs(sum - (scores[game] as number))
    // NaN must not pass for small.
    const relative = error / Math.max(1, size)
    if (!(relative <= worst.relative)) worst = { row: Math.floor(game / nOutputs), error, relative }
  }
  return worst
}

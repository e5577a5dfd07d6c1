/** Attributions of players up to the last one that a model uses, [game * width + player]; those behind it get zeros. */
export function widen(values: Float64Array, playerOf: Int32Array, nPlayers: number): Float64Array {
  const width = playerOf.reduce((most, player) => Math.max(most, player + 1), 0)
  if (width === nPlayers || width === 0) return width === 0 ? new Float64Array(values.length) : values
  const games = values.length / width
  const wide = new Float64Array(games * nPlayers)
  for (let game = 0; game < games; game++) wide.set(values.subarray(game * width, (game + 1) * width), game * nPlayers)
  return wide
}

/** Mean of each output over the rows, from [row * nOutputs + k]. */
export function meanRows(scores: Float64Array, nOutputs: number): Float64Array {
  const means = new Float64Array(nOutputs)
  const n = scores.length / nOutputs
  for (const [at, score] of scores.entries()) means[at % nOutputs] = (means[at % nOutputs] as number) + score / n
  return means
}

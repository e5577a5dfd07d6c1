import type { FeatureDescription, FeatureValues } from '../preprocess/feature-matrix.ts'

/** Encoded tables of the explained rows and of the background, with the player that each feature belongs to. */
interface TablePair {
  readonly rows: { readonly features: readonly FeatureDescription[]; readonly columns: readonly FeatureValues[] }
  readonly background: { readonly columns: readonly FeatureValues[] }
}

/**
 * Which players differ, in any feature of any of the tables, between an explained row and a background row, ascending.
 * For the others it makes no difference which of the two rows they come from, so no coalitions need be told apart by them.
 */
export function differingPlayers(
  tables: readonly TablePair[],
  nPlayers: number,
): (row: number, background: number) => Int32Array {
  const features = tables.flatMap(({ rows, background }) =>
    rows.columns.map((own, at) => ({
      own,
      others: background.columns[at] as FeatureValues,
      player: rows.features[at]?.input as number,
    })),
  )
  const differs = new Uint8Array(nPlayers)
  return (row, background) => {
    differs.fill(0)
    for (const { own, others, player } of features) {
      if (differs[player] === 1) continue
      const a = own[row] as number
      const b = others[background] as number
      // NaN on both sides is the same.
      if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) differs[player] = 1
    }
    return Int32Array.from(differs.keys()).filter((player) => differs[player] === 1)
  }
}

/**
 * From outputs of the coalitions of some players, [mask * nOutputs + k] with bit i for `players[i]`, to those of all
 * `nPlayers` where the others make no difference.
 */
export function spreadCoalitions(
  outputs: Float64Array,
  players: Int32Array,
  nPlayers: number,
  nOutputs: number,
): Float64Array {
  if (players.length === nPlayers) return outputs
  const spread = new Float64Array(nOutputs << nPlayers)
  // Where each coalition is found: as the one without its highest player, and one bit more.
  const found = new Int32Array(1 << nPlayers)
  const bitOf = new Int32Array(nPlayers)
  for (const [at, player] of players.entries()) bitOf[player] = 1 << at
  spread.set(outputs.subarray(0, nOutputs))
  for (let player = 0; player < nPlayers; player++) {
    const high = 1 << player
    for (let rest = 0; rest < high; rest++) {
      const from = (found[rest] as number) | (bitOf[player] as number)
      found[high | rest] = from
      for (let k = 0; k < nOutputs; k++) {
        spread[(high | rest) * nOutputs + k] = outputs[from * nOutputs + k] as number
      }
    }
  }
  return spread
}

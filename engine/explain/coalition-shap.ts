import { randomStream, shuffledIndices } from '../random.ts'

/**
 * A prediction function seen as a game: rows are put together from the explained row (players in the coalition) and a
 * background row (the others).
 */
export interface CoalitionGame {
  readonly nPlayers: number
  readonly nOutputs: number
  readonly nBackground: number
  /**
   * Outputs of `count` such rows, count × nOutputs. Row i takes player p from the explained row where
   * `fromRow[i * nPlayers + p]` is 1, else from background row `backgroundOf[i]`.
   */
  evaluate(fromRow: Uint8Array, backgroundOf: Int32Array, count: number): Float64Array
}

export interface CoalitionShap {
  /** [output * nPlayers + player] */
  readonly values: Float64Array
  /** Standard error of each value; all zero for an enumeration. */
  readonly standardErrors: Float64Array
}

/** Players up to which all coalitions are tried: 2^11 × 100 background rows are some 200,000 predictions a row. */
export const maximumEnumeratedPlayers = 11

/** Rows evaluated at once. */
const batchRows = 16_384

/** Exact Shapley values from all 2^n coalitions, each averaged over the whole background. */
export function enumerateCoalitions(game: CoalitionGame): CoalitionShap {
  const { nPlayers, nOutputs } = game
  const worths = coalitionWorths(game)
  const values = new Float64Array(nOutputs * nPlayers)
  const weights = sizeWeights(nPlayers)
  for (let mask = 0; mask < 1 << nPlayers; mask++) {
    const weight = weights[bitCount(mask)] as number
    for (let player = 0; player < nPlayers; player++) {
      if ((mask >>> player) & 1) continue
      const larger = mask | (1 << player)
      for (let k = 0; k < nOutputs; k++) {
        const gain = (worths[larger * nOutputs + k] as number) - (worths[mask * nOutputs + k] as number)
        const at = k * nPlayers + player
        values[at] = (values[at] as number) + weight * gain
      }
    }
  }
  return { values, standardErrors: new Float64Array(values.length) }
}

/** Mean outputs of every coalition over the background, [mask * nOutputs + k]. */
function coalitionWorths(game: CoalitionGame): Float64Array {
  const { nPlayers, nOutputs, nBackground } = game
  const masks = 1 << nPlayers
  const worths = new Float64Array(masks * nOutputs)
  const masksAtOnce = Math.max(1, Math.floor(batchRows / nBackground))
  const fromRow = new Uint8Array(masksAtOnce * nBackground * nPlayers)
  const backgroundOf = Int32Array.from({ length: masksAtOnce * nBackground }, (_, i) => i % nBackground)
  for (let first = 0; first < masks; first += masksAtOnce) {
    const count = Math.min(masksAtOnce, masks - first)
    for (let i = 0; i < count * nBackground; i++) {
      const mask = first + Math.floor(i / nBackground)
      for (let player = 0; player < nPlayers; player++) fromRow[i * nPlayers + player] = (mask >>> player) & 1
    }
    const outputs = game.evaluate(fromRow, backgroundOf, count * nBackground)
    for (let i = 0; i < count * nBackground; i++) {
      const at = (first + Math.floor(i / nBackground)) * nOutputs
      for (let k = 0; k < nOutputs; k++) {
        worths[at + k] = (worths[at + k] as number) + (outputs[i * nOutputs + k] as number) / nBackground
      }
    }
  }
  return worths
}

/** |S|! (n - |S| - 1)! / n! for each size of S. */
function sizeWeights(nPlayers: number): Float64Array {
  const weights = new Float64Array(nPlayers)
  let choose = 1
  for (let size = 0; size < nPlayers; size++) {
    weights[size] = 1 / (nPlayers * choose)
    choose = (choose * (nPlayers - 1 - size)) / (size + 1)
  }
  return weights
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}

export interface SamplingOptions {
  readonly seed: number
  /** Rounds over the whole background; each gives every background row one order of players and its reverse. Default 2. */
  readonly rounds?: number
}

/**
 * Permutation sampling (Castro et al. 2009) with antithetic pairs: a random order and its reverse against each
 * background row, so that the values add up to prediction - mean background prediction exactly.
 * Standard errors are those of the mean over the pairs.
 */
export function sampleCoalitions(game: CoalitionGame, options: SamplingOptions): CoalitionShap {
  const { nPlayers, nOutputs, nBackground } = game
  const pairs = nBackground * (options.rounds ?? 2)
  const sums = new Float64Array(nOutputs * nPlayers)
  const squares = new Float64Array(nOutputs * nPlayers)
  const rowsPerPair = 2 * (nPlayers + 1)
  const pairsAtOnce = Math.max(1, Math.floor(batchRows / rowsPerPair))
  for (let first = 0; first < pairs; first += pairsAtOnce) {
    const count = Math.min(pairsAtOnce, pairs - first)
    const orders = Array.from({ length: count }, (_, i) =>
      shuffledIndices(nPlayers, randomStream(options.seed, first + i)),
    )
    const outputs = evaluateOrders(game, orders, first)
    for (let i = 0; i < count; i++) addPair(game, orders[i] as Int32Array, outputs, i * rowsPerPair, sums, squares)
  }
  const values = sums.map((sum) => sum / pairs)
  const standardErrors = squares.map((square, at) => {
    const mean = values[at] as number
    const variance = Math.max(0, square / pairs - mean * mean)
    return pairs > 1 ? Math.sqrt(variance / (pairs - 1)) : Number.NaN
  })
  return { values, standardErrors }
}

/** For each order: the rows that grow from the background to the explained row along it, then along its reverse. */
function evaluateOrders(game: CoalitionGame, orders: readonly Int32Array[], firstPair: number): Float64Array {
  const { nPlayers, nBackground } = game
  const rowsPerPair = 2 * (nPlayers + 1)
  const fromRow = new Uint8Array(orders.length * rowsPerPair * nPlayers)
  const backgroundOf = new Int32Array(orders.length * rowsPerPair)
  for (const [i, order] of orders.entries()) {
    backgroundOf.fill((firstPair + i) % nBackground, i * rowsPerPair, (i + 1) * rowsPerPair)
    for (let step = 1; step <= nPlayers; step++) {
      const forward = (i * rowsPerPair + step) * nPlayers
      const backward = (i * rowsPerPair + nPlayers + 1 + step) * nPlayers
      for (let j = 0; j < step; j++) {
        fromRow[forward + (order[j] as number)] = 1
        fromRow[backward + (order[nPlayers - 1 - j] as number)] = 1
      }
    }
  }
  return game.evaluate(fromRow, backgroundOf, orders.length * rowsPerPair)
}

function addPair(
  game: CoalitionGame,
  order: Int32Array,
  outputs: Float64Array,
  at: number,
  sums: Float64Array,
  squares: Float64Array,
): void {
  const { nPlayers, nOutputs } = game
  for (let step = 0; step < nPlayers; step++) {
    const player = order[step] as number
    const forward = at + step
    // The reverse order adds the same player as its (nPlayers - 1 - step)-th.
    const backward = at + nPlayers + 1 + (nPlayers - 1 - step)
    for (let k = 0; k < nOutputs; k++) {
      const one = (outputs[(forward + 1) * nOutputs + k] as number) - (outputs[forward * nOutputs + k] as number)
      const other = (outputs[(backward + 1) * nOutputs + k] as number) - (outputs[backward * nOutputs + k] as number)
      const mean = (one + other) / 2
      const to = k * nPlayers + player
      sums[to] = (sums[to] as number) + mean
      squares[to] = (squares[to] as number) + mean * mean
    }
  }
}

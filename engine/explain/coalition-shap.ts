import type { RandomStream } from '../random.ts'
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
  /** Outputs of all 2^n coalitions against one background row; bit p of the mask is player p: [mask * nOutputs + k]. */
  ofAllCoalitions(background: number): Float64Array
  /**
   * Outputs of the n + 1 coalitions along an order of players, from none to all, against one background row; player p
   * joins after `position[p]` others: [step * nOutputs + k].
   */
  alongOrder(background: number, position: Int32Array): Float64Array
}

export interface CoalitionShap {
  /** [output * nPlayers + player] */
  readonly values: Float64Array
  /** Standard error of each value; all zero for an enumeration. */
  readonly standardErrors: Float64Array
}

/** Players up to which all coalitions are tried: 2^11 × 100 background rows are some 200,000 predictions a row. */
export const maximumEnumeratedPlayers = 11

/** Exact Shapley values from all 2^n coalitions, each averaged over the whole background. */
export function enumerateCoalitions(game: CoalitionGame): CoalitionShap {
  const { nPlayers, nOutputs } = game
  const values = shapleyOfWorths(coalitionWorths(game), nPlayers, nOutputs)
  return { values, standardErrors: new Float64Array(values.length) }
}

/** [output * nPlayers + player] from [mask * nOutputs + output]. */
function shapleyOfWorths(worths: Float64Array, nPlayers: number, nOutputs: number): Float64Array {
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
  return values
}

/**
 * Exact Shapley interaction values from all 2^n coalitions (Fujimoto et al. 2006): [(k * n + p) * n + q], halves beside
 * the diagonal, on it what is left of each player's own value.
 */
export function enumerateInteractions(game: CoalitionGame): Float64Array {
  const { nPlayers, nOutputs } = game
  const worths = coalitionWorths(game)
  const own = shapleyOfWorths(worths, nPlayers, nOutputs)
  const matrices = new Float64Array(nOutputs * nPlayers * nPlayers)
  // Of the n - 1 players that are left when two count as one.
  const weights = sizeWeights(nPlayers - 1)
  for (let k = 0; k < nOutputs; k++) {
    for (let p = 0; p < nPlayers; p++) {
      const diagonal = (k * nPlayers + p) * nPlayers + p
      matrices[diagonal] = (matrices[diagonal] as number) + (own[k * nPlayers + p] as number)
      for (let q = 0; q < p; q++) {
        const half = pairValue(worths, { p, q, k, nPlayers, nOutputs }, weights) / 2
        const other = (k * nPlayers + q) * nPlayers + q
        matrices[diagonal - p + q] = half
        matrices[other - q + p] = half
        matrices[diagonal] = matrices[diagonal] - half
        matrices[other] = (matrices[other] as number) - half
      }
    }
  }
  return matrices
}

/** What two players do only together, on average over the coalitions of the others. */
function pairValue(
  worths: Float64Array,
  { p, q, k, nPlayers, nOutputs }: Record<'p' | 'q' | 'k' | 'nPlayers' | 'nOutputs', number>,
  weights: Float64Array,
): number {
  const [bitP, bitQ] = [1 << p, 1 << q]
  const worth = (mask: number) => worths[mask * nOutputs + k] as number
  let sum = 0
  for (let mask = 0; mask < 1 << nPlayers; mask++) {
    if (mask & (bitP | bitQ)) continue
    const together = worth(mask | bitP | bitQ) - worth(mask | bitP) - worth(mask | bitQ) + worth(mask)
    sum += (weights[bitCount(mask)] as number) * together
  }
  return sum
}

/** Mean outputs of every coalition over the background, [mask * nOutputs + k]. */
export function coalitionWorths(game: CoalitionGame): Float64Array {
  const worths = new Float64Array(game.nOutputs << game.nPlayers)
  for (let background = 0; background < game.nBackground; background++) {
    const outputs = game.ofAllCoalitions(background)
    for (let at = 0; at < worths.length; at++) {
      worths[at] = (worths[at] as number) + (outputs[at] as number) / game.nBackground
    }
  }
  return worths
}

/** |S|! (n - |S| - 1)! / n! for each size of S. */
export function sizeWeights(nPlayers: number): Float64Array {
  const weights = new Float64Array(nPlayers)
  let choose = 1
  for (let size = 0; size < nPlayers; size++) {
    weights[size] = 1 / (nPlayers * choose)
    choose = (choose * (nPlayers - 1 - size)) / (size + 1)
  }
  return weights
}

export function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}

export interface SamplingOptions {
  readonly seed: number
  /** Rounds over the whole background; each gives every background row one order of players and its reverse. Default 2. */
  readonly rounds?: number
  /**
   * Ends after the round in which every standard error of an output is at most this share of the sum of that output's
   * absolute values. Default 0: all rounds.
   */
  readonly tolerance?: number
  /** Values, [output * nPlayers + player], that the game's are added to later: errors are judged by the size of the sums. */
  readonly known?: Float64Array
  /** Draws an order of the players, whose reverse must be allowed too. Default: any order, all equally likely. */
  readonly drawOrder?: (random: RandomStream) => ArrayLike<number> & Iterable<number>
}

/**
 * Permutation sampling (Castro et al. 2009) with antithetic pairs: a random order and its reverse against each
 * background row, so that the values add up to prediction - mean background prediction exactly.
 * Standard errors are those of the orders drawn: each round goes through the whole background, so what differs from one
 * of its rows to another is no error. After a single round they cannot be told apart, and the errors are those of both.
 */
export function sampleCoalitions(game: CoalitionGame, options: SamplingOptions): CoalitionShap {
  const { nPlayers, nOutputs, nBackground } = game
  const rounds = options.rounds ?? 2
  const size = nOutputs * nPlayers
  const sums = new Float64Array(nBackground * size)
  const squares = new Float64Array(size)
  const position = new Int32Array(nPlayers)
  const reverse = new Int32Array(nPlayers)
  for (let round = 1; ; round++) {
    for (let background = 0; background < nBackground; background++) {
      const random = randomStream(options.seed, (round - 1) * nBackground + background)
      const order = options.drawOrder?.(random) ?? shuffledIndices(nPlayers, random)
      for (const [at, player] of Array.from(order).entries()) {
        position[player] = at
        reverse[player] = nPlayers - 1 - at
      }
      const forward = game.alongOrder(background, position)
      const ofBackground = sums.subarray(background * size, (background + 1) * size)
      addPair(game, position, forward, game.alongOrder(background, reverse), ofBackground, squares)
    }
    const estimate = estimateOf(sums, squares, round)
    if (round >= rounds || isPrecise(estimate, nPlayers, options)) return estimate
  }
}

/** From sums a background row, [background * size + at], and squares over all, of so many rounds. */
function estimateOf(sums: Float64Array, squares: Float64Array, rounds: number): CoalitionShap {
  const size = squares.length
  const nBackground = sums.length / size
  const pairs = nBackground * rounds
  const values = new Float64Array(size)
  // Σ over the background of the square of what its rounds sum up to.
  const ofRounds = new Float64Array(size)
  for (let from = 0; from < sums.length; from += size) {
    for (let at = 0; at < size; at++) {
      const sum = sums[from + at] as number
      values[at] = (values[at] as number) + sum / pairs
      ofRounds[at] = (ofRounds[at] as number) + sum * sum
    }
  }
  const standardErrors = squares.map((square, at) => {
    if (rounds > 1) {
      const within = Math.max(0, square - (ofRounds[at] as number) / rounds) / (rounds - 1)
      return Math.sqrt(within / rounds) / nBackground
    }
    const mean = values[at] as number
    return pairs > 1 ? Math.sqrt(Math.max(0, square / pairs - mean * mean) / (pairs - 1)) : Number.NaN
  })
  return { values, standardErrors }
}

function isPrecise(
  { values, standardErrors }: CoalitionShap,
  nPlayers: number,
  { tolerance = 0, known }: SamplingOptions,
): boolean {
  if (tolerance <= 0) return false
  for (let from = 0; from < values.length; from += nPlayers) {
    const size = values
      .subarray(from, from + nPlayers)
      .reduce((sum, value, player) => sum + Math.abs(value + (known?.[from + player] ?? 0)), 0)
    // A single pair has no error to judge by: NaN is not precise.
    if (!standardErrors.subarray(from, from + nPlayers).every((error) => error <= tolerance * size)) return false
  }
  return true
}

function addPair(
  { nPlayers, nOutputs }: CoalitionGame,
  position: Int32Array,
  forward: Float64Array,
  backward: Float64Array,
  sums: Float64Array,
  squares: Float64Array,
): void {
  for (let player = 0; player < nPlayers; player++) {
    const ahead = position[player] as number
    const behind = nPlayers - 1 - ahead
    for (let k = 0; k < nOutputs; k++) {
      const one = (forward[(ahead + 1) * nOutputs + k] as number) - (forward[ahead * nOutputs + k] as number)
      const other = (backward[(behind + 1) * nOutputs + k] as number) - (backward[behind * nOutputs + k] as number)
      const mean = (one + other) / 2
      const to = k * nPlayers + player
      sums[to] = (sums[to] as number) + mean
      squares[to] = (squares[to] as number) + mean * mean
    }
  }
}

import type { LinearModel } from '../learners/linear/linear-model.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { randomStream, shuffledIndices } from '../random.ts'
import { bitCount, maximumEnumeratedPlayers, sizeWeights } from './coalition-shap.ts'

/** Drawn where there are too many players to go through all coalitions. */
const orders = 200

/**
 * Shapley values of a linear score where columns go together as the background's covariance says (observational; as in
 * Chen et al. 2020, "True to the model or true to the data?"): what is not known is at its mean given what is known, as
 * for normally distributed features. A column without weight may get credit for one that it tells about. In the layout of
 * `linearShap`; adds up to score - mean background score. Exact under that assumption up to 11 players, then the mean
 * over 200 random orders and their reverses.
 */
export function correlatedLinearShap(
  model: LinearModel,
  matrix: FeatureMatrix,
  background: FeatureMatrix,
  playerOf: Int32Array,
  nPlayers: number,
): Float64Array {
  const { nFeatures, nOutputs } = model
  const means = background.columns.map(meanOf)
  const covariance = covarianceOf(background, means)
  const shares = sharesOf(model, covariance, playerOf, nPlayers)
  const out = new Float64Array(matrix.nRows * nOutputs * nPlayers)
  for (let k = 0; k < nOutputs; k++) {
    for (let player = 0; player < nPlayers; player++) {
      for (let feature = 0; feature < nFeatures; feature++) {
        const share = shares[(k * nPlayers + player) * nFeatures + feature] as number
        if (share === 0) continue
        const column = matrix.columns[feature] as Float32Array
        const mean = means[feature] as number
        for (let i = 0; i < matrix.nRows; i++) {
          const at = (i * nOutputs + k) * nPlayers + player
          out[at] = (out[at] as number) + share * ((column[i] as number) - mean)
        }
      }
    }
  }
  return out
}

function meanOf(column: Float32Array): number {
  let sum = 0
  for (const value of column) sum += value
  return sum / column.length
}

/** [feature * nFeatures + other] over the background. */
function covarianceOf({ nRows, columns }: FeatureMatrix, means: readonly number[]): Float64Array {
  const n = columns.length
  const covariance = new Float64Array(n * n)
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0
      for (let i = 0; i < nRows; i++) {
        sum +=
          ((columns[a]?.[i] as number) - (means[a] as number)) * ((columns[b]?.[i] as number) - (means[b] as number))
      }
      covariance[a * n + b] = sum / nRows
      covariance[b * n + a] = sum / nRows
    }
  }
  return covariance
}

/**
 * What a player gets for each feature's distance from its mean, [(k * nPlayers + player) * nFeatures + feature]. The
 * score expected when some players are known is linear in their features, so the mean gain is too, and is the same for
 * all rows.
 */
function sharesOf(model: LinearModel, covariance: Float64Array, playerOf: Int32Array, nPlayers: number): Float64Array {
  const { nFeatures, nOutputs } = model
  const shares = new Float64Array(nOutputs * nPlayers * nFeatures)
  const featuresOf = Array.from({ length: nPlayers }, (_, player) =>
    Array.from(playerOf.keys()).filter((feature) => playerOf[feature] === player),
  )
  const join = (known: KnownFeatures, player: number) => {
    const next = known.copy()
    for (const feature of featuresOf[player] ?? []) next.add(feature)
    return next
  }
  const addGain = (player: number, before: Float64Array, after: Float64Array, weight: number) => {
    for (let k = 0; k < nOutputs; k++) {
      const start = (k * nPlayers + player) * nFeatures
      for (let j = 0; j < nFeatures; j++) {
        const gain = (after[k * nFeatures + j] as number) - (before[k * nFeatures + j] as number)
        shares[start + j] = (shares[start + j] as number) + weight * gain
      }
    }
  }
  const none = new KnownFeatures(covariance, nFeatures)
  if (nPlayers > maximumEnumeratedPlayers) {
    for (let draw = 0; draw < orders; draw++) {
      const order = Array.from(shuffledIndices(nPlayers, randomStream(23, draw)))
      for (const each of [order, [...order].reverse()]) {
        let known = none
        let before = known.expected(model)
        for (const player of each) {
          known = join(known, player)
          const after = known.expected(model)
          addGain(player, before, after, 1 / (2 * orders))
          before = after
        }
      }
    }
    return shares
  }
  const expected = new Array<Float64Array>(1 << nPlayers)
  // Depth first: only what is known on the way is kept, not a matrix a coalition.
  const visit = (mask: number, known: KnownFeatures, from: number): void => {
    expected[mask] = known.expected(model)
    for (let player = from; player < nPlayers; player++) visit(mask | (1 << player), join(known, player), player + 1)
  }
  visit(0, none, 0)
  const weights = sizeWeights(nPlayers)
  for (const [mask, before] of expected.entries()) {
    for (let player = 0; player < nPlayers; player++) {
      if ((mask >>> player) & 1) continue
      addGain(player, before, expected[mask | (1 << player)] as Float64Array, weights[bitCount(mask)] as number)
    }
  }
  return shares
}

/** Of a feature's variance so little is left once others are known that it says nothing new. */
const redundantShare = 1e-9

/**
 * The regression of every feature on those known, by sweeping the covariance (Beaton 1964): in a swept row j column s is
 * the coefficient of feature s for feature j.
 */
class KnownFeatures {
  readonly #swept: Float64Array
  readonly #n: number
  /** 0 unknown, 1 known, 2 known and swept: it tells about others. */
  readonly #known: Uint8Array
  readonly #start: Float64Array

  constructor(covariance: Float64Array, n: number) {
    this.#start = covariance
    this.#swept = covariance.slice()
    this.#n = n
    this.#known = new Uint8Array(n)
  }

  copy(): KnownFeatures {
    const other = new KnownFeatures(this.#start, this.#n)
    other.#swept.set(this.#swept)
    other.#known.set(this.#known)
    return other
  }

  /** A feature that those before it determine tells nothing of the others, but its own value counts from now on. */
  add(feature: number): void {
    const n = this.#n
    const swept = this.#swept
    const pivot = swept[feature * n + feature] as number
    const tells = pivot > redundantShare * (this.#start[feature * n + feature] as number)
    this.#known[feature] = tells ? 2 : 1
    if (!tells) return
    for (let a = 0; a < n; a++) {
      if (a === feature) continue
      const factor = (swept[a * n + feature] as number) / pivot
      if (factor === 0) continue
      for (let b = 0; b < n; b++) {
        if (b !== feature) swept[a * n + b] = (swept[a * n + b] as number) - factor * (swept[feature * n + b] as number)
      }
    }
    for (let a = 0; a < n; a++) {
      if (a === feature) continue
      swept[a * n + feature] = (swept[a * n + feature] as number) / pivot
      swept[feature * n + a] = (swept[feature * n + a] as number) / pivot
    }
    swept[feature * n + feature] = -1 / pivot
  }

  /** The expected scores as weights of the known features' distances from their means, [k * n + feature]. */
  expected({ weights: given, nOutputs }: LinearModel): Float64Array {
    const n = this.#n
    const weights = new Float64Array(nOutputs * n)
    for (const [at, weight] of given.entries()) {
      if (weight === 0) continue
      const j = at % n
      const start = at - j
      if (this.#known[j] !== 0) weights[at] = (weights[at] as number) + weight
      else {
        for (let s = 0; s < n; s++) {
          if (this.#known[s] !== 2) continue
          weights[start + s] = (weights[start + s] as number) + weight * (this.#swept[j * n + s] as number)
        }
      }
    }
    return weights
  }
}

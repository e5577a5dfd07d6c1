import { randomStream } from '../random.ts'
import type { CoalitionGame } from './coalition-shap.ts'

export interface LimeOptions {
  readonly seed: number
  /** Perturbed rows a repeat. Default 1,000. */
  readonly samples?: number
  /** Repeats with seeds of their own, from which stability is judged. Default 5. */
  readonly repeats?: number
  /** Width of the exponential kernel over the distance √(columns replaced). Default 0.75 √columns, as the lime package. */
  readonly kernelWidth?: number
  /** Ridge penalty of the local model. Default 1, as the lime package. */
  readonly ridge?: number
}

export interface LimeExplanation {
  /** Mean coefficient over the repeats, [output * nPlayers + player]: what keeping the row's own value adds locally. */
  readonly values: Float64Array
  readonly intercepts: Float64Array
  /** Standard deviation over the repeats. */
  readonly spread: Float64Array
  /** Mean Spearman rank correlation of |coefficients| between repeats, 1 = always the same order; the lowest output. */
  readonly stability: number
  /** Weighted R² of the local model on its own samples, mean over the repeats; the lowest output. */
  readonly fidelity: number
  readonly kernelWidth: number
  readonly repeats: number
  readonly samples: number
}

/** Below this agreement between repeats an explanation is called unstable, and cannot serve as evidence. */
export const stableFrom = 0.8

/**
 * LIME for tables (Ribeiro et al. 2016) in its on/off form: each perturbed row keeps some columns of the explained row
 * and takes the others from a background row; a weighted ridge regression on the kept-or-not indicators is the local
 * model. Seeded, and repeated to tell how far it can be believed.
 */
export function lime(game: CoalitionGame, options: LimeOptions): LimeExplanation {
  const repeats = options.repeats ?? 5
  const samples = options.samples ?? 1_000
  const kernelWidth = options.kernelWidth ?? 0.75 * Math.sqrt(game.nPlayers)
  const fits = Array.from({ length: repeats }, (_, repeat) =>
    fitOnce(game, samples, kernelWidth, options.ridge ?? 1, options.seed, repeat),
  )
  const size = game.nOutputs * game.nPlayers
  const values = new Float64Array(size)
  const spread = new Float64Array(size)
  const intercepts = new Float64Array(game.nOutputs)
  for (const fit of fits) {
    for (let at = 0; at < size; at++) values[at] = (values[at] as number) + (fit.coefficients[at] as number) / repeats
    for (let k = 0; k < game.nOutputs; k++)
      intercepts[k] = (intercepts[k] as number) + (fit.intercepts[k] as number) / repeats
  }
  for (const fit of fits) {
    for (let at = 0; at < size; at++) {
      spread[at] =
        (spread[at] as number) +
        ((fit.coefficients[at] as number) - (values[at] as number)) ** 2 / Math.max(1, repeats - 1)
    }
  }
  return {
    values,
    intercepts,
    spread: spread.map(Math.sqrt),
    stability: rankAgreement(
      fits.map((fit) => fit.coefficients),
      game.nOutputs,
      game.nPlayers,
    ),
    fidelity: fits.reduce((sum, fit) => sum + fit.fidelity, 0) / repeats,
    kernelWidth,
    repeats,
    samples,
  }
}

interface LocalFit {
  readonly coefficients: Float64Array
  readonly intercepts: Float64Array
  readonly fidelity: number
}

function fitOnce(
  game: CoalitionGame,
  samples: number,
  kernelWidth: number,
  ridge: number,
  seed: number,
  repeat: number,
): LocalFit {
  const { nPlayers, nOutputs } = game
  const random = randomStream(seed, repeat)
  const fromRow = new Uint8Array(samples * nPlayers)
  const backgroundOf = new Int32Array(samples)
  const weights = new Float64Array(samples)
  // The first sample is the row itself.
  fromRow.fill(1, 0, nPlayers)
  for (let i = 0; i < samples; i++) {
    backgroundOf[i] = random.nextBelow(game.nBackground)
    let replaced = 0
    for (let player = 0; player < nPlayers && i > 0; player++) {
      const kept = random.nextBelow(2)
      fromRow[i * nPlayers + player] = kept
      replaced += 1 - kept
    }
    weights[i] = Math.sqrt(Math.exp(-replaced / kernelWidth ** 2))
  }
  const outputs = game.evaluate(fromRow, backgroundOf, samples)
  const coefficients = new Float64Array(nOutputs * nPlayers)
  const intercepts = new Float64Array(nOutputs)
  let fidelity = 1
  for (let k = 0; k < nOutputs; k++) {
    const target = Float64Array.from({ length: samples }, (_, i) => outputs[i * nOutputs + k] as number)
    const fit = weightedRidge(fromRow, nPlayers, target, weights, ridge)
    coefficients.set(fit.coefficients, k * nPlayers)
    intercepts[k] = fit.intercept
    fidelity = Math.min(fidelity, fit.r2)
  }
  return { coefficients, intercepts, fidelity }
}

/** Weighted ridge regression on 0/1 indicators with an unpenalised intercept, by the centred normal equations. */
function weightedRidge(
  indicators: Uint8Array,
  width: number,
  target: Float64Array,
  weights: Float64Array,
  ridge: number,
) {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const means = new Float64Array(width)
  let targetMean = 0
  for (const [i, weight] of weights.entries()) {
    targetMean += (weight * (target[i] as number)) / total
    for (let j = 0; j < width; j++)
      means[j] = (means[j] as number) + (weight * (indicators[i * width + j] as number)) / total
  }
  const matrix = new Float64Array(width * width)
  const right = new Float64Array(width)
  for (const [i, weight] of weights.entries()) {
    const centredTarget = (target[i] as number) - targetMean
    for (let j = 0; j < width; j++) {
      const a = weight * ((indicators[i * width + j] as number) - (means[j] as number))
      right[j] = (right[j] as number) + a * centredTarget
      for (let l = 0; l <= j; l++) {
        const at = j * width + l
        matrix[at] = (matrix[at] as number) + a * ((indicators[i * width + l] as number) - (means[l] as number))
      }
    }
  }
  for (let j = 0; j < width; j++) matrix[j * width + j] = (matrix[j * width + j] as number) + ridge
  const coefficients = solveCholesky(matrix, right, width)
  let intercept = targetMean
  for (let j = 0; j < width; j++) intercept -= (coefficients[j] as number) * (means[j] as number)
  return {
    coefficients,
    intercept,
    r2: weightedR2(indicators, width, target, weights, coefficients, intercept, targetMean),
  }
}

function weightedR2(
  indicators: Uint8Array,
  width: number,
  target: Float64Array,
  weights: Float64Array,
  coefficients: Float64Array,
  intercept: number,
  targetMean: number,
): number {
  let residual = 0
  let variance = 0
  for (const [i, weight] of weights.entries()) {
    let predicted = intercept
    for (let j = 0; j < width; j++) predicted += (coefficients[j] as number) * (indicators[i * width + j] as number)
    residual += weight * ((target[i] as number) - predicted) ** 2
    variance += weight * ((target[i] as number) - targetMean) ** 2
  }
  return variance > 0 ? 1 - residual / variance : 1
}

/** Solves A x = b for a symmetric positive definite A, given by its lower triangle; A is overwritten. */
function solveCholesky(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const at = (row: number, column: number) => matrix[row * size + column] as number
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = at(i, j)
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k)
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / at(j, j)
    }
  }
  const solution = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    let sum = solution[i] as number
    for (let k = 0; k < i; k++) sum -= at(i, k) * (solution[k] as number)
    solution[i] = sum / at(i, i)
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = solution[i] as number
    for (let k = i + 1; k < size; k++) sum -= at(k, i) * (solution[k] as number)
    solution[i] = sum / at(i, i)
  }
  return solution
}

function rankAgreement(all: readonly Float64Array[], nOutputs: number, nPlayers: number): number {
  if (all.length < 2 || nPlayers < 2) return 1
  let lowest = 1
  for (let k = 0; k < nOutputs; k++) {
    const ranks = all.map((coefficients) =>
      ranksOf(coefficients.subarray(k * nPlayers, (k + 1) * nPlayers).map(Math.abs)),
    )
    let sum = 0
    let pairs = 0
    for (let a = 0; a < ranks.length; a++) {
      for (let b = a + 1; b < ranks.length; b++) {
        sum += correlation(ranks[a] as Float64Array, ranks[b] as Float64Array)
        pairs += 1
      }
    }
    lowest = Math.min(lowest, sum / pairs)
  }
  return lowest
}

/** Ranks with ties sharing their mean rank. */
function ranksOf(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1] as number] === values[order[start] as number]) end += 1
    for (let i = start; i <= end; i++) ranks[order[i] as number] = (start + end) / 2
    start = end + 1
  }
  return ranks
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (a.length - 1) / 2
  let product = 0
  let squaresA = 0
  let squaresB = 0
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) - mean
    const y = (b[i] as number) - mean
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  // Constant ranks on both sides agree; on one side only they say nothing alike.
  if (squaresA === 0 || squaresB === 0) return squaresA === squaresB ? 1 : 0
  return product / Math.sqrt(squaresA * squaresB)
}

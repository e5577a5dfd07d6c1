import { largestError } from './additivity.ts'
import type { CoalitionGame, CoalitionShap } from './coalition-shap.ts'
import { enumerateCoalitions, maximumEnumeratedPlayers, sampleCoalitions } from './coalition-shap.ts'
import type { Attributions, ExplainRequest } from './explanation.ts'
import { orderWithinHierarchy } from './hierarchy.ts'
import { lime } from './lime.ts'
import { MethodUnavailableError } from './method-unavailable-error.ts'
import { enumerateOwen } from './owen-values.ts'

/** A model as games over its columns, one for each row explained; all share the background. */
export interface RowGames {
  readonly nOutputs: number
  /** Mean prediction over the background. */
  readonly baseValues: Float64Array
  /** Predictions of the rows explained. */
  readonly scores: Float64Array
  ofRow(i: number): CoalitionGame
}

type GameOptions = Pick<
  ExplainRequest,
  'rows' | 'hierarchy' | 'seed' | 'rounds' | 'tolerance' | 'shouldStop' | 'onProgress'
> & {
  /** Values that are known beside the game, in the layout of the result: see `sampleCoalitions`. */
  readonly known?: Float64Array
}

/** Explains a model that is only seen through its predictions. Throws MethodUnavailableError for too many coalitions. */
export function explainGames(
  method: 'exact' | 'sampling' | 'lime',
  game: RowGames,
  nPlayers: number,
  output: Attributions['output'],
  request: GameOptions,
): Attributions {
  if (method === 'exact' && nPlayers > maximumEnumeratedPlayers) {
    throw new MethodUnavailableError(
      `All coalitions of ${nPlayers} columns are too many (the limit is ${maximumEnumeratedPlayers}). Use sampling.`,
    )
  }
  const { hierarchy } = request
  const nRows = request.rows.length
  const size = game.nOutputs * nPlayers
  const values = new Float64Array(nRows * size)
  const standardErrors = method === 'exact' ? null : new Float64Array(nRows * size)
  const stability = method === 'lime' ? new Float64Array(nRows) : null
  let made: Attributions['lime']
  for (let i = 0; i < nRows; i++) {
    if (request.shouldStop?.()) break
    const ofRow = game.ofRow(i)
    const seed = request.seed + i
    if (method === 'lime') {
      const fit = lime(ofRow, { seed })
      values.set(fit.values, i * size)
      standardErrors?.set(fit.spread, i * size)
      if (stability) stability[i] = fit.stability
      made = { kernelWidth: fit.kernelWidth, repeats: fit.repeats, samples: fit.samples }
    } else {
      const solved: CoalitionShap =
        method === 'exact'
          ? hierarchy === undefined
            ? enumerateCoalitions(ofRow)
            : enumerateOwen(ofRow, hierarchy)
          : sampleCoalitions(ofRow, {
              seed,
              ...(hierarchy === undefined ? {} : { drawOrder: (random) => orderWithinHierarchy(hierarchy, random) }),
              ...(request.rounds === undefined ? {} : { rounds: request.rounds }),
              ...(request.tolerance === undefined ? {} : { tolerance: request.tolerance }),
              ...(request.known === undefined ? {} : { known: request.known.subarray(i * size, (i + 1) * size) }),
            })
      values.set(solved.values, i * size)
      standardErrors?.set(solved.standardErrors, i * size)
    }
    request.onProgress?.((i + 1) / nRows)
  }
  const { nOutputs, baseValues, scores } = game
  return {
    method,
    exact: method === 'exact',
    output,
    nOutputs,
    nPlayers,
    values,
    baseValues,
    scores,
    standardErrors,
    stability,
    ...(made ? { lime: made } : {}),
    maxAbsError: largestError(values, baseValues, scores, nOutputs, nPlayers).error,
  }
}

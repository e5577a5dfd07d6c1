import type { PipelineMember } from '../pipeline/pipeline.ts'
import { scoreModel } from '../pipeline/predict-pipeline.ts'
import { transformColumns } from '../preprocess/transform-columns.ts'
import { enumerateInteractions, maximumEnumeratedPlayers } from './coalition-shap.ts'
import {
  AdditivityError,
  addSecondLayer,
  explainPipeline,
  hasClosedForm,
  MethodUnavailableError,
  predictionIsScore,
} from './explain-pipeline.ts'
import type { Attributions, ExplainRequest } from './explanation.ts'
import { expectedScores } from './leaf-paths.ts'
import { pipelineGame } from './pipeline-game.ts'
import { treeInteractions } from './tree-interactions.ts'

/** Shapley interaction values with the attributions that their rows add up to. */
export interface Interactions {
  readonly attributions: Attributions
  /**
   * [((i * nOutputs + k) * nPlayers + p) * nPlayers + q]: a symmetric matrix a row and output. Beside the diagonal each of
   * the two columns' halves of what they do only together, on it what a column does alone; rows add up to attributions.
   */
  readonly matrices: Float64Array
}

type Method = 'tree' | 'linear' | 'exact'

/**
 * Interaction values by the strongest method that holds: path-dependent for trees, none beside the diagonal for a linear
 * score, all coalitions up to 11 columns for anything else. Throws MethodUnavailableError where none holds or another is
 * asked for, AdditivityError where the values miss a score.
 */
export function explainInteractions(request: ExplainRequest): Interactions {
  switch (methodFor(request)) {
    case 'tree':
      return ofTrees(request)
    case 'linear':
      return ofLinear(request)
    case 'exact':
      return ofCoalitions(request)
  }
}

function methodFor({ pipeline, method, output }: ExplainRequest): Method {
  const { members } = pipeline
  const scores = (members.length === 1 && output === 'raw') || predictionIsScore(pipeline)
  const trees = scores && members.every(({ model }) => model.kind === 'trees')
  const [only] = members
  const linear = scores && members.length === 1 && only !== undefined && hasClosedForm(only.model)
  const exact = pipeline.inputs.length <= maximumEnumeratedPlayers
  const strongest: Method | null = trees ? 'tree' : linear ? 'linear' : exact ? 'exact' : null
  if (method === 'auto' && strongest) return strongest
  if ((method === 'tree' && trees) || (method === 'linear' && linear) || (method === 'exact' && exact)) return method
  throw new MethodUnavailableError(
    method === 'auto'
      ? `Interactions are exact for trees, for linear scores, and for anything with up to ${maximumEnumeratedPlayers} columns; this ensemble has ${pipeline.inputs.length}.`
      : `The method ${method} gives no interactions for this model.`,
  )
}

function ofTrees(request: ExplainRequest): Interactions {
  const { pipeline } = request
  const nPlayers = pipeline.inputs.length
  const nOutputs = (pipeline.members[0] as PipelineMember).model.nOutputs
  const matrices = new Float64Array(request.rows.length * nOutputs * nPlayers * nPlayers)
  const scores = new Float64Array(request.rows.length * nOutputs)
  const baseValues = new Float64Array(nOutputs)
  for (const { model, encoders, features, weight } of pipeline.members) {
    if (model.kind !== 'trees') throw new MethodUnavailableError('TreeSHAP is for trees; this model is linear.')
    const share = pipeline.members.length === 1 ? 1 : weight
    const matrix = transformColumns(request.columns, encoders, features, request.rows)
    const playerOf = Int32Array.from(features, (feature) => feature.input)
    const values = treeInteractions(model, matrix, { playerOf })
    const width = Math.round(Math.sqrt(values.length / Math.max(1, scores.length)))
    for (let game = 0; game < scores.length; game++) {
      for (let p = 0; p < width; p++) {
        const from = (game * width + p) * width
        const to = (game * nPlayers + p) * nPlayers
        for (let q = 0; q < width; q++)
          matrices[to + q] = (matrices[to + q] as number) + share * (values[from + q] as number)
      }
    }
    for (const [at, score] of scoreModel(model, matrix).entries()) scores[at] = (scores[at] as number) + share * score
    for (const [k, base] of expectedScores(model).entries()) baseValues[k] = (baseValues[k] as number) + share * base
  }
  addSecondLayer(pipeline, scores, baseValues)
  const output = predictionIsScore(pipeline) && pipeline.task !== 'regression' ? 'probability' : 'raw'
  return withAttributions(matrices, { method: 'tree', output, nOutputs, nPlayers, baseValues, scores })
}

/** A sum has no interactions: each column keeps what it adds. */
function ofLinear(request: ExplainRequest): Interactions {
  const attributions = explainPipeline({ ...request, method: 'linear' })
  const { values, nPlayers } = attributions
  const matrices = new Float64Array(values.length * nPlayers)
  for (const [at, value] of values.entries()) matrices[at * nPlayers + (at % nPlayers)] = value
  return { attributions, matrices }
}

function ofCoalitions(request: ExplainRequest): Interactions {
  const { pipeline } = request
  const nPlayers = pipeline.inputs.length
  const games = pipelineGame(request)
  const { nOutputs, baseValues, scores } = games
  const size = nOutputs * nPlayers * nPlayers
  const matrices = new Float64Array(request.rows.length * size)
  for (let i = 0; i < request.rows.length; i++) matrices.set(enumerateInteractions(games.ofRow(i)), i * size)
  const output = pipeline.task === 'regression' ? 'raw' : 'probability'
  return withAttributions(matrices, { method: 'exact', output, nOutputs, nPlayers, baseValues, scores })
}

/** Rounding of sums of some thousand doubles, relative to what was summed. */
const additivityTolerance = 1e-9

function withAttributions(
  matrices: Float64Array,
  game: Pick<Attributions, 'method' | 'output' | 'nOutputs' | 'nPlayers' | 'baseValues' | 'scores'>,
): Interactions {
  const { nOutputs, nPlayers, baseValues, scores } = game
  const values = new Float64Array(scores.length * nPlayers)
  for (const [at, value] of matrices.entries()) {
    const to = Math.floor(at / nPlayers)
    values[to] = (values[to] as number) + value
  }
  let maxAbsError = 0
  for (const [at, score] of scores.entries()) {
    let sum = baseValues[at % nOutputs] as number
    let size = Math.abs(sum)
    for (const value of values.subarray(at * nPlayers, (at + 1) * nPlayers)) {
      sum += value
      size += Math.abs(value)
    }
    const error = Math.abs(sum - score)
    // NaN must not pass for small.
    if (!(error <= additivityTolerance * Math.max(1, size))) throw new AdditivityError(Math.floor(at / nOutputs), error)
    maxAbsError = Math.max(maxAbsError, error)
  }
  return {
    attributions: { ...game, exact: true, values, standardErrors: null, stability: null, maxAbsError },
    matrices,
  }
}

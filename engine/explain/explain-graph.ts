import { cellsOf } from '../onnx/evaluate/graph-cells.ts'
import type { GraphCore } from '../onnx/evaluate/graph-core.ts'
import type { ScoredModel } from '../onnx/evaluate/scored-model.ts'
import { scoresOfModel } from '../onnx/evaluate/scored-model.ts'
import type { ForeignGraph } from '../pipeline/foreign-graph.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { NumberMatrix } from '../preprocess/feature-matrix.ts'
import { largestError } from './additivity.ts'
import { ofBackground } from './background-memory.ts'
import { maximumEnumeratedPlayers } from './coalition-shap.ts'
import { explainGames } from './explain-games.ts'
import type { Attributions, ExplainRequest, ExplanationMethod } from './explanation.ts'
import { graphGame, shownColumns } from './graph-game.ts'
import { interventionalTreeShap } from './interventional-tree-shap.ts'
import { expectedScores } from './leaf-paths.ts'
import { linearShap } from './linear-shap.ts'
import { MethodUnavailableError } from './method-unavailable-error.ts'
import { meanRows, widen } from './score-tables.ts'
import { treeShap } from './tree-shap.ts'

/**
 * The strongest method that holds for a model of another tool: where its graph comes apart into trees or linear terms,
 * exactly on them; else all coalitions up to 11 columns, sampling beyond.
 */
export function strongestOfGraph(
  graph: ForeignGraph,
  pipeline: Pick<Pipeline, 'task' | 'classes' | 'inputs'>,
  output: ExplainRequest['output'],
): ExplanationMethod {
  const scored = scoredModel(graph, pipeline, output)
  if (scored === null) return pipeline.inputs.length <= maximumEnumeratedPlayers ? 'exact' : 'sampling'
  if (scored.model.kind === 'linear') return 'linear'
  return scored.core.hasCover ? 'tree' : 'interventional'
}

interface Scored {
  readonly core: GraphCore
  /** Its scores are what is explained. */
  readonly model: ScoredModel
  readonly isAnswer: boolean
}

/** The model whose scores are the output asked for; null where there is none. */
function scoredModel(
  { core }: ForeignGraph,
  { task, classes }: Pick<Pipeline, 'task' | 'classes'>,
  output: ExplainRequest['output'],
): Scored | null {
  if (core === null) return null
  if (core.ofAnswer !== null) return { core, model: core.ofAnswer, isAnswer: true }
  const { ofLink } = core
  if (output !== 'raw' || ofLink === null) return null
  // A score a class, or one for two: else it is not known which class a score speaks for.
  const fits =
    task === 'regression' || ofLink.nOutputs === classes.length || (task === 'binary' && ofLink.nOutputs === 1)
  return fits ? { core, model: ofLink, isAnswer: false } : null
}

/** Explains rows of a model of another tool. Throws MethodUnavailableError where the method does not hold for it. */
export function explainGraph(method: ExplanationMethod, graph: ForeignGraph, request: ExplainRequest): Attributions {
  const { pipeline } = request
  if (method === 'exact' || method === 'sampling' || method === 'lime') {
    const output = pipeline.task === 'regression' ? 'raw' : 'probability'
    return explainGames(method, graphGame(graph, request), pipeline.inputs.length, output, request)
  }
  if (request.correlated) {
    throw new MethodUnavailableError('Values for correlated columns are for linear models that were trained here.')
  }
  const scored = scoredModel(graph, pipeline, request.output)
  if (scored === null) throw unavailable(graph, request.output)
  const { core, model, isAnswer } = scored
  const matrix = core.matrix(cellsOf(request.columns, request.rows))
  const background = ofBackground(request.background, core, () =>
    core.matrix(cellsOf(request.background.columns, request.background.rows)),
  )
  const nPlayers = pipeline.inputs.length
  const explained = explainScores(method, core, model, matrix, background, nPlayers)
  const columns = shownColumns(pipeline, model.nOutputs)
  const values = takeGames(explained.values, model.nOutputs, nPlayers, columns)
  const baseValues = Float64Array.from(columns, (column) => explained.baseValues[column] as number)
  const scores = takeGames(scoresOfModel(model, matrix), model.nOutputs, 1, columns)
  return {
    method,
    exact: true,
    output: isAnswer && pipeline.task !== 'regression' ? 'probability' : 'raw',
    nOutputs: columns.length,
    nPlayers,
    values,
    baseValues,
    scores,
    standardErrors: null,
    stability: null,
    maxAbsError: largestError(values, baseValues, scores, columns.length, nPlayers).error,
  }
}

function unavailable({ core }: ForeignGraph, output: ExplainRequest['output']): MethodUnavailableError {
  if (core !== null && output === 'probability' && core.ofLink !== null) {
    return new MethodUnavailableError(
      'Shapley values of a score are not those of its probability. Use exact or sampling, or explain the raw score.',
    )
  }
  return new MethodUnavailableError(
    'The graph of this model does not come apart into trees or linear terms over its columns. Use exact (up to 11 columns) or sampling.',
  )
}

function explainScores(
  method: 'tree' | 'interventional' | 'linear',
  core: GraphCore,
  model: ScoredModel,
  matrix: NumberMatrix,
  background: NumberMatrix,
  nPlayers: number,
): { readonly values: Float64Array; readonly baseValues: Float64Array } {
  const playerOf = Int32Array.from(matrix.features, ({ input }) => input)
  const baseValues = meanRows(scoresOfModel(model, background), model.nOutputs)
  if (model.kind === 'linear') {
    if (method !== 'linear') throw new MethodUnavailableError('TreeSHAP is for trees; this model is linear.')
    return { values: linearShap(model, matrix, background, playerOf, nPlayers), baseValues }
  }
  if (method === 'linear')
    throw new MethodUnavailableError('The closed form is for linear models; this one is made of trees.')
  if (method === 'interventional') {
    return {
      values: widen(interventionalTreeShap(model, matrix, background, { playerOf }), playerOf, nPlayers),
      baseValues,
    }
  }
  if (!core.hasCover) {
    throw new MethodUnavailableError(
      'The file does not say how many training rows reached each node, so path-dependent values cannot be computed. Use interventional.',
    )
  }
  return { values: widen(treeShap(model, matrix, { playerOf }), playerOf, nPlayers), baseValues: expectedScores(model) }
}

/** Of [(row * nOutputs + k) * size + …] the outputs named. */
function takeGames(values: Float64Array, nOutputs: number, size: number, columns: readonly number[]): Float64Array {
  if (columns.length === nOutputs) return values
  const rows = values.length / (nOutputs * size)
  const taken = new Float64Array(rows * columns.length * size)
  for (let row = 0; row < rows; row++) {
    for (const [at, column] of columns.entries()) {
      const from = (row * nOutputs + column) * size
      taken.set(values.subarray(from, from + size), (row * columns.length + at) * size)
    }
  }
  return taken
}

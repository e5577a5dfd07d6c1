import type { AdditiveModel } from '../learners/bayes/additive-model.ts'
import type { LinearModel } from '../learners/linear/linear-model.ts'
import type { FittedModel, Pipeline, PipelineMember } from '../pipeline/pipeline.ts'
import { scoreModel } from '../pipeline/predict-pipeline.ts'
import { transformColumns } from '../preprocess/transform-columns.ts'
import { additiveShap } from './additive-shap.ts'
import { largestError } from './additivity.ts'
import { ofBackground } from './background-memory.ts'
import { maximumEnumeratedPlayers } from './coalition-shap.ts'
import { correlatedLinearShap } from './correlated-linear-shap.ts'
import { explainGames } from './explain-games.ts'
import { explainGraph, strongestOfGraph } from './explain-graph.ts'
import type { Attributions, ExplainRequest, ExplanationMethod } from './explanation.ts'
import { interventionalTreeShap } from './interventional-tree-shap.ts'
import { expectedScores } from './leaf-paths.ts'
import { stableFrom } from './lime.ts'
import { linearShap } from './linear-shap.ts'
import { MethodUnavailableError } from './method-unavailable-error.ts'
import { pipelineGame } from './pipeline-game.ts'
import { meanRows, widen } from './score-tables.ts'
import { treeShap } from './tree-shap.ts'

export { MethodUnavailableError }

/** The attributions do not add up: a defect, never shown as a chart. */
export class AdditivityError extends Error {
  override readonly name = 'AdditivityError'
  readonly row: number
  readonly error: number
  constructor(row: number, error: number) {
    super(`The attributions of row ${row} miss its score by ${error}.`)
    this.row = row
    this.error = error
  }
}

/** Explains rows by the strongest method that holds for the pipeline, or the one asked for, and checks that it adds up. */
export function explainPipeline(request: ExplainRequest): Attributions {
  const { graph } = request.pipeline
  const method = request.method === 'auto' ? strongestMethod(request) : request.method
  if (graph) {
    const attributions = explainGraph(method, graph, request)
    if (method !== 'lime')
      assertAdditive(attributions, graph.evaluator === 'engine' ? additivityTolerance : runtimeTolerance)
    return attributions
  }
  const attributions = runMethod(method, request)
  if (method !== 'lime') assertAdditive(attributions)
  return attributions
}

/**
 * One member: its score is explained exactly, path-dependent for trees, in closed form when linear. Several members whose
 * mean is linear in their scores: exactly, interventionally. Anything else is seen as a function of its columns: all
 * coalitions up to 11 columns, sampling beyond.
 */
export function strongestMethod(request: Pick<ExplainRequest, 'pipeline' | 'output' | 'hierarchy'>): ExplanationMethod {
  const { pipeline } = request
  if (request.hierarchy !== undefined) return pipeline.inputs.length <= maximumEnumeratedPlayers ? 'exact' : 'sampling'
  if (pipeline.graph) return strongestOfGraph(pipeline.graph, pipeline, request.output)
  const scores = request.output === 'raw' || predictionIsScore(pipeline)
  const [only] = pipeline.members
  if (scores && only && pipeline.members.length === 1) {
    if (only.model.kind === 'trees') return 'tree'
    if (hasClosedForm(only.model)) return 'linear'
  }
  if (pipeline.members.every(isSolvable) && scores && scoresAddUp(pipeline)) return 'interventional'
  return pipeline.inputs.length <= maximumEnumeratedPlayers ? 'exact' : 'sampling'
}

/** Whether the score is a sum of terms of one feature each. */
export function hasClosedForm(model: FittedModel): model is LinearModel | AdditiveModel {
  return model.kind === 'linear' || model.kind === 'additive'
}

/** Whether the pipeline's prediction is a weighted sum of its members' scores. */
export function predictionIsScore(pipeline: Pipeline): boolean {
  return pipeline.calibration === undefined && scoresAddUp(pipeline)
}

/** Whether the members' predictions are joined as their scores would be, by a sum; a calibration may come behind it. */
function scoresAddUp(pipeline: Pipeline): boolean {
  if (pipeline.graph || (pipeline.secondLayer && pipeline.task !== 'regression')) return false
  return pipeline.members.every(addsUp)
}

/** Whether a member's score is what it predicts. */
function addsUp({ model, targetTransform }: PipelineMember): boolean {
  return targetTransform === 'none' && (model.link === 'identity' || model.link === 'probability')
}

/** Whether a member's score has an exact explanation other than by coalitions. */
function isSolvable({ model }: PipelineMember): boolean {
  return model.kind === 'trees' || hasClosedForm(model)
}

function runMethod(method: ExplanationMethod, request: ExplainRequest): Attributions {
  if (request.hierarchy !== undefined && method !== 'exact' && method !== 'sampling') {
    throw new MethodUnavailableError('Values of grouped columns are worked out by exact or sampling only.')
  }
  if (request.correlated && method !== 'linear') {
    throw new MethodUnavailableError('Correlated columns are taken into account for one linear model only.')
  }
  switch (method) {
    case 'tree':
    case 'interventional':
    case 'linear':
      return explainScores(method, request)
    case 'exact':
    case 'sampling':
    case 'lime':
      return explainFunction(method, request)
  }
}

function explainScores(method: 'tree' | 'interventional' | 'linear', request: ExplainRequest): Attributions {
  const { pipeline } = request
  const predictions = predictionIsScore(pipeline)
  if (pipeline.members.length > 1 && !scoresAddUp(pipeline)) {
    throw new MethodUnavailableError(
      'This ensemble joins probabilities, so its members’ scores do not add up to it. Use exact (up to 11 columns) or sampling.',
    )
  }
  if (request.output === 'probability' && !predictions) {
    throw new MethodUnavailableError(
      'Shapley values of a score are not those of its probability. Use exact or sampling, or explain the raw score.',
    )
  }
  const nPlayers = pipeline.inputs.length
  const nOutputs = (pipeline.members[0] as PipelineMember).model.nOutputs
  const nRows = request.rows.length
  const values = new Float64Array(nRows * nOutputs * nPlayers)
  const scores = new Float64Array(nRows * nOutputs)
  const baseValues = new Float64Array(nOutputs)
  const single = pipeline.members.length === 1
  for (const member of pipeline.members) {
    const share = single ? 1 : member.weight
    const part = explainMember(member, method, request)
    addScaled(values, part.values, share)
    addScaled(scores, part.scores, share)
    addScaled(baseValues, part.baseValues, share)
  }
  addSecondLayer(pipeline, scores, baseValues)
  return {
    method,
    exact: true,
    output: predictions && pipeline.task !== 'regression' ? 'probability' : 'raw',
    nOutputs,
    nPlayers,
    values,
    baseValues,
    scores,
    standardErrors: null,
    stability: null,
    maxAbsError: largestError(values, baseValues, scores, nOutputs, nPlayers).error,
  }
}

/** The second layer of numbers is a sum: its intercept is part of every score and of the base. */
export function addSecondLayer({ secondLayer }: Pipeline, scores: Float64Array, baseValues: Float64Array): void {
  const intercept = secondLayer?.intercept[0] ?? 0
  for (const values of [scores, baseValues]) {
    for (let at = 0; at < values.length; at++) values[at] = (values[at] as number) + intercept
  }
}

function explainMember(member: PipelineMember, method: 'tree' | 'interventional' | 'linear', request: ExplainRequest) {
  const { pipeline } = request
  const matrix = transformColumns(request.columns, member.encoders, member.features, request.rows)
  const playerOf = Int32Array.from(member.features, (feature) => feature.input)
  const nPlayers = pipeline.inputs.length
  const scores = scoreModel(member.model, matrix)
  const { model } = member
  if (model.kind === 'trees' && method === 'tree') {
    return {
      scores,
      values: widen(treeShap(model, matrix, { playerOf }), playerOf, nPlayers),
      baseValues: expectedScores(model),
    }
  }
  const { background, baseValues } = ofBackground(request.background, member, () => {
    const { columns, rows } = request.background
    const own = transformColumns(columns, member.encoders, member.features, rows)
    return { background: own, baseValues: meanRows(scoreModel(model, own), model.nOutputs) }
  })
  if (model.kind === 'trees') {
    if (method === 'linear')
      throw new MethodUnavailableError('The closed form is for linear models; this one is made of trees.')
    return {
      scores,
      values: widen(interventionalTreeShap(model, matrix, background, { playerOf }), playerOf, nPlayers),
      baseValues,
    }
  }
  if (method === 'tree') throw new MethodUnavailableError('TreeSHAP is for trees; this model has none.')
  if (!hasClosedForm(model)) {
    throw new MethodUnavailableError(
      'Nearest neighbours and networks have no closed form. Use exact (up to 11 columns) or sampling.',
    )
  }
  if (model.kind === 'additive') {
    if (request.correlated)
      throw new MethodUnavailableError('Correlated columns are taken into account for linear scores only.')
    return { scores, values: additiveShap(model, matrix, background, playerOf, nPlayers), baseValues }
  }
  const solve = request.correlated ? correlatedLinearShap : linearShap
  return { scores, values: solve(model, matrix, background, playerOf, nPlayers), baseValues }
}

function explainFunction(method: 'exact' | 'sampling' | 'lime', request: ExplainRequest): Attributions {
  const { pipeline } = request
  const output = pipeline.task === 'regression' ? 'raw' : 'probability'
  const explain = (members: Pipeline['members'], known?: Float64Array) => {
    const game = pipelineGame({ ...request, pipeline: { ...pipeline, members } })
    return explainGames(method, game, pipeline.inputs.length, output, known ? { ...request, known } : request)
  }
  const apart = method === 'lime' ? [] : membersSolvedApart(method, request)
  if (apart.length === 0) return explain(pipeline.members)
  // Shapley values of a weighted sum are the weighted sum of the parts' own.
  const [first, ...others] = apart.map((member) => {
    const part = explainMember(member, member.model.kind === 'trees' ? 'interventional' : 'linear', request)
    return { ...part, weight: member.weight }
  }) as [SolvedMember, ...SolvedMember[]]
  const known = scaled(first.values, first.weight)
  for (const { values, weight } of others) addScaled(known, values, weight)
  const attributions = explain(membersWithout(pipeline.members, apart), known)
  const { values, scores, baseValues, nOutputs, nPlayers } = attributions
  addScaled(values, known, 1)
  for (const part of [first, ...others]) {
    addScaled(scores, part.scores, part.weight)
    addScaled(baseValues, part.baseValues, part.weight)
  }
  return { ...attributions, maxAbsError: largestError(values, baseValues, scores, nOutputs, nPlayers).error }
}

type SolvedMember = ReturnType<typeof explainMember> & { readonly weight: number }

/** Fewer pairs of a row and a background row are gone through sooner than paths of all leaves are made. */
const fewestPairsApart = 1_000

/**
 * Members of an ensemble with an exact explanation of what they add to the prediction, where others have none: the
 * prediction must be the sum of what its members predict. Within groups of columns only sums of terms of one column each
 * are solved, whose values are the same whatever the groups.
 */
function membersSolvedApart(method: 'exact' | 'sampling', request: ExplainRequest): PipelineMember[] {
  const { pipeline, rows, background, hierarchy, rounds } = request
  if (pipeline.calibration !== undefined) return []
  if (pipeline.secondLayer !== undefined && pipeline.task !== 'regression') return []
  // Each round of sampling goes through every pair twice.
  const passes = rows.length * background.rows.length * (method === 'sampling' ? 2 * (rounds ?? 2) : 1)
  const apart = pipeline.members.filter(
    (member) =>
      addsUp(member) &&
      (hasClosedForm(member.model) ||
        (member.model.kind === 'trees' && hierarchy === undefined && passes >= fewestPairsApart)),
  )
  // Where all have one the interventional method does it without coalitions: who asks for these gets them.
  return apart.length === pipeline.members.length ? [] : apart
}

const remaining = new WeakMap<Pipeline['members'], Map<string, Pipeline['members']>>()

/** The other members: the same list each time, by which what was prepared for them is found again. */
function membersWithout(members: Pipeline['members'], apart: readonly PipelineMember[]): Pipeline['members'] {
  const known = remaining.get(members) ?? new Map<string, Pipeline['members']>()
  remaining.set(members, known)
  const key = members.map((member) => (apart.includes(member) ? 1 : 0)).join('')
  const rest = known.get(key) ?? members.filter((member) => !apart.includes(member))
  known.set(key, rest)
  return rest
}

/** Whether a LIME explanation may be shown without the word "unstable". */
export function isStable(stability: number): boolean {
  return stability >= stableFrom
}

function scaled(values: Float64Array, share: number): Float64Array {
  return values.map((value) => share * value)
}

function addScaled(to: Float64Array, from: Float64Array, share: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + share * (from[i] as number)
}

/** Rounding of sums of some thousand doubles, relative to what was summed. */
const additivityTolerance = 1e-9
/** ONNX Runtime answers in float32, and a row alone not always with the bits that it has among others. */
const runtimeTolerance = 1e-6

function assertAdditive(attributions: Attributions, tolerance = additivityTolerance): void {
  const { values, baseValues, scores, nOutputs, nPlayers } = attributions
  const worst = largestError(values, baseValues, scores, nOutputs, nPlayers)
  if (!(worst.relative <= tolerance)) throw new AdditivityError(worst.row, worst.error)
}

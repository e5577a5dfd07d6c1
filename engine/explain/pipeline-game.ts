import { calibrate, calibratePositive } from '../calibration/calibration.ts'
import type { Pipeline, PipelineMember } from '../pipeline/pipeline.ts'
import { memberOutputs, outputsOfScores } from '../pipeline/predict-pipeline.ts'
import type { SecondLayer } from '../pipeline/second-layer.ts'
import { addPredictions, finishSecondLayer } from '../pipeline/second-layer.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { transformColumns } from '../preprocess/transform-columns.ts'
import { ofBackground } from './background-memory.ts'
import { differingPlayers, spreadCoalitions } from './differing-players.ts'
import type { RowGames } from './explain-games.ts'
import type { ExplainRequest } from './explanation.ts'
import { graphGame } from './graph-game.ts'
import { hybridLinearScores } from './hybrid-linear-scores.ts'
import { hybridModelScores } from './hybrid-model-scores.ts'
import type { HybridScores } from './hybrid-scores.ts'
import { hybridTreeScores } from './hybrid-tree-scores.ts'

/**
 * Encodes the explained rows and the background once; a mixed row is put together from encoded features, which is the
 * same as encoding the mixed row, since every encoder reads one column.
 */
export function pipelineGame(request: Pick<ExplainRequest, 'pipeline' | 'columns' | 'rows' | 'background'>): RowGames {
  if (request.pipeline.graph) return graphGame(request.pipeline.graph, request)
  const { pipeline } = request
  const known = preparedBackground(request)
  const members = pipeline.members.map((member, at) => ({
    member,
    rows: transformColumns(request.columns, member.encoders, member.features, request.rows),
    background: known.matrices[at] as FeatureMatrix,
  }))
  const nPlayers = pipeline.inputs.length
  const nOutputs = pipeline.task === 'multiclass' ? pipeline.classes.length : 1
  const predict = (matrixOf: (member: (typeof members)[number]) => FeatureMatrix) =>
    combine(
      pipeline,
      nOutputs,
      members.map((each) => ({ member: each.member, outputs: memberOutputs(each.member, matrixOf(each)) })),
    )
  const scores = predict(({ rows }) => rows)
  known.predictions ??= predict(({ background }) => background)
  const hybrids = members.map(({ member, rows, background }) => ({
    member,
    scores:
      member.model.kind === 'trees'
        ? hybridTreeScores(member.model, rows, background, nPlayers)
        : member.model.kind === 'linear'
          ? hybridLinearScores(member.model, rows, background, nPlayers)
          : hybridModelScores(member.model, rows, background, nPlayers),
  }))
  const differing = differingPlayers(members, nPlayers)
  const predictHybrids = (scoresOf: (hybrid: HybridScores) => Float64Array) =>
    combine(
      pipeline,
      nOutputs,
      hybrids.map((each) => ({ member: each.member, outputs: outputsOfScores(each.member, scoresOf(each.scores)) })),
    )
  const baseValues = new Float64Array(nOutputs)
  const nBackground = request.background.rows.length
  for (const [at, value] of known.predictions.entries()) {
    baseValues[at % nOutputs] = (baseValues[at % nOutputs] as number) + value / nBackground
  }
  return {
    nOutputs,
    baseValues,
    scores,
    ofRow: (row) => ({
      nPlayers,
      nOutputs,
      nBackground,
      evaluate(fromRow, backgroundOf, count) {
        return predict(({ rows, background }) => mixRows(rows, row, background, fromRow, backgroundOf, count, nPlayers))
      },
      ofAllCoalitions(other) {
        const players = differing(row, other)
        const outputs = predictHybrids((hybrid) => hybrid.ofAllCoalitions(row, other, players))
        return spreadCoalitions(outputs, players, nPlayers, nOutputs)
      },
      alongOrder: (other, position) => predictHybrids((hybrid) => hybrid.alongOrder(row, other, position)),
    }),
  }
}

/** A background as a pipeline's members see it, and what is predicted for it. */
interface PreparedBackground {
  readonly calibration: Pipeline['calibration']
  readonly secondLayer: Pipeline['secondLayer']
  readonly matrices: readonly FeatureMatrix[]
  predictions: Float64Array | null
}

function preparedBackground({
  pipeline: { members, calibration, secondLayer },
  background,
}: Pick<ExplainRequest, 'pipeline' | 'background'>): PreparedBackground {
  const { columns, rows } = background
  const known = ofBackground(background, members, (): PreparedBackground[] => [])
  const same = known.find((each) => each.calibration === calibration && each.secondLayer === secondLayer)
  if (same) return same
  const matrices = members.map(({ encoders, features }) => transformColumns(columns, encoders, features, rows))
  const made: PreparedBackground = { calibration, secondLayer, matrices, predictions: null }
  known.push(made)
  return made
}

function mixRows(
  rows: FeatureMatrix,
  row: number,
  background: FeatureMatrix,
  fromRow: Uint8Array,
  backgroundOf: Int32Array,
  count: number,
  nPlayers: number,
): FeatureMatrix {
  const columns = rows.features.map((feature, index) => {
    const own = (rows.columns[index] as Float32Array)[row] as number
    const others = background.columns[index] as Float32Array
    const column = new Float32Array(count)
    for (let i = 0; i < count; i++) {
      column[i] = fromRow[i * nPlayers + feature.input] === 1 ? own : (others[backgroundOf[i] as number] as number)
    }
    return column
  })
  return { nRows: count, features: rows.features, columns }
}

/** Weighted mean of the members' predictions, corrected where the pipeline is calibrated: the probability of class 1, of every class, or the value. */
function combine(
  pipeline: Pipeline,
  nOutputs: number,
  members: readonly { readonly member: PipelineMember; readonly outputs: Float64Array }[],
): Float64Array {
  // A binary member gives the probability of both classes; the second is what is explained.
  const stride = pipeline.task === 'binary' ? 2 : nOutputs
  const first = stride - nOutputs
  const nRows = (members[0]?.outputs.length ?? 0) / stride
  if (pipeline.secondLayer) return combineBySecondLayer(pipeline, pipeline.secondLayer, stride, nOutputs, members)
  const out = new Float64Array(nRows * nOutputs)
  for (const { member, outputs } of members) {
    for (let i = 0; i < nRows; i++) {
      for (let k = 0; k < nOutputs; k++) {
        const at = i * nOutputs + k
        out[at] = (out[at] as number) + member.weight * (outputs[i * stride + first + k] as number)
      }
    }
  }
  return calibrated(pipeline, nOutputs, out)
}

/** As `combine`, of a stacked pipeline: the second layer needs the probabilities of all classes. */
function combineBySecondLayer(
  pipeline: Pipeline,
  layer: SecondLayer,
  stride: number,
  nOutputs: number,
  members: readonly { readonly member: PipelineMember; readonly outputs: Float64Array }[],
): Float64Array {
  const { task } = pipeline
  const sums = new Float64Array(members[0]?.outputs.length ?? 0)
  for (const { member, outputs } of members) {
    addPredictions(sums, { values: outputs, weight: member.weight }, pipeline)
  }
  finishSecondLayer(layer, task, sums)
  const shown = stride === nOutputs ? sums : sums.filter((_, at) => at % stride === 1)
  return calibrated(pipeline, nOutputs, shown)
}

function calibrated({ calibration, task }: Pipeline, nOutputs: number, out: Float64Array): Float64Array {
  if (calibration && task === 'binary') return out.map((probability) => calibratePositive(calibration, probability))
  if (calibration) calibrate(calibration, out, nOutputs)
  return out
}

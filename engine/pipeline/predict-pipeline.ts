import { calibrate } from '../calibration/calibration.ts'
import type { Column, Frame } from '../frame/frame.ts'
import type { KernelImplementation } from '../kernels/kernel-space.ts'
import { predictAdditive } from '../learners/bayes/predict-additive.ts'
import { predictLinear } from '../learners/linear/predict-linear.ts'
import { predictNeighbours } from '../learners/neighbours/predict-neighbours.ts'
import { predictNetwork } from '../learners/network/predict-network.ts'
import { predictTrees } from '../learners/tree/predict-trees.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { transformColumns } from '../preprocess/transform-columns.ts'
import { alignColumns } from './align-columns.ts'
import { applyLink } from './apply-link.ts'
import type { FittedModel, Pipeline, PipelineMember, Predictions } from './pipeline.ts'
import { predictGraph } from './predict-graph.ts'
import { addPredictions, finishSecondLayer } from './second-layer.ts'

/** Rows encoded at once, which bounds the memory that a large table needs. */
const batchRows = 65_536

/** Raw scores, n × nOutputs. */
export function scoreModel(
  model: FittedModel,
  matrix: FeatureMatrix,
  kernels: KernelImplementation = 'wasm',
): Float64Array {
  switch (model.kind) {
    case 'trees':
      return predictTrees(model, matrix, undefined, kernels)
    case 'linear':
      return predictLinear(model, matrix)
    case 'additive':
      return predictAdditive(model, matrix)
    case 'neighbours':
      return predictNeighbours(model, matrix, kernels)
    case 'network':
      return predictNetwork(model, matrix, kernels)
  }
}

/** What one member predicts for encoded rows: n × K probabilities, or n values in the target's own unit. */
export function memberOutputs(
  member: PipelineMember,
  matrix: FeatureMatrix,
  kernels: KernelImplementation = 'wasm',
): Float64Array {
  return outputsOfScores(member, scoreModel(member.model, matrix, kernels))
}

/** What a member predicts where its model gives these raw scores. */
export function outputsOfScores(member: PipelineMember, scores: Float64Array): Float64Array {
  const outputs = applyLink(scores, member.model.nOutputs, member.model.link)
  return member.targetTransform === 'log1p' ? outputs.map((score) => Math.exp(score) - 1) : outputs
}

/** Predictions of one member for rows of aligned columns. */
export function predictMember(
  member: PipelineMember,
  columns: readonly Column[],
  rows: Int32Array | null,
): Float64Array {
  return memberOutputs(member, transformColumns(columns, member.encoders, member.features, rows))
}

/** Predictions for all rows of a table, or `rows` of it in their order. Throws PipelineInputError where columns lack. */
export function predictPipeline(pipeline: Pipeline, frame: Frame, rows?: Int32Array): Predictions {
  const columns = alignColumns(pipeline.inputs, frame)
  return predictPipelineColumns(pipeline, columns, rows ?? Int32Array.from({ length: frame.nRows }, (_, row) => row))
}

/** The same from columns that are aligned already. */
export function predictPipelineColumns(pipeline: Pipeline, columns: readonly Column[], rows: Int32Array): Predictions {
  if (pipeline.graph) return predictGraph(pipeline.graph, pipeline, columns, rows)
  const width = pipeline.task === 'regression' ? 1 : pipeline.classes.length
  const values = new Float64Array(rows.length * width)
  const layer = pipeline.secondLayer
  for (let start = 0; start < rows.length; start += batchRows) {
    const batch = rows.subarray(start, start + batchRows)
    for (const member of pipeline.members) {
      const own = { values: predictMember(member, columns, batch), weight: member.weight }
      addPredictions(values, own, pipeline, start * width)
    }
  }
  if (layer) finishSecondLayer(layer, pipeline.task, values)
  if (pipeline.calibration) calibrate(pipeline.calibration, values, width)
  return { nRows: rows.length, nClasses: pipeline.task === 'regression' ? 0 : pipeline.classes.length, values }
}

/** The label predicted for each row in its own spelling, or the number of a regression. Ties go to the first class. */
export function predictedLabels(pipeline: Pipeline, predictions: Predictions): (string | number)[] {
  if (pipeline.task === 'regression') return Array.from(predictions.values)
  return Array.from(predictedClasses(predictions, pipeline.threshold), (code) => pipeline.classes[code] as string)
}

/** The class code predicted for each row; binary: class 1 above the threshold. */
export function predictedClasses(predictions: Predictions, threshold: number): Int32Array {
  const { nRows, nClasses, values } = predictions
  if (predictions.labelCodes) return predictions.labelCodes
  const codes = new Int32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    if (nClasses === 2) {
      codes[i] = (values[2 * i + 1] as number) > threshold ? 1 : 0
      continue
    }
    let best = 0
    for (let k = 1; k < nClasses; k++)
      if ((values[i * nClasses + k] as number) > (values[i * nClasses + best] as number)) best = k
    codes[i] = best
  }
  return codes
}

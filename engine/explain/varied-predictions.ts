import { calibrate } from '../calibration/calibration.ts'
import type { Column } from '../frame/frame.ts'
import type { Pipeline, PipelineMember, Predictions } from '../pipeline/pipeline.ts'
import { outputsOfScores, predictPipelineColumns, scoreModel } from '../pipeline/predict-pipeline.ts'
import { addPredictions, finishSecondLayer } from '../pipeline/second-layer.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { encodeColumn, transformColumns } from '../preprocess/transform-columns.ts'
import type { EncodedVariation } from './varied-tree-scores.ts'
import { variedTreeScores } from './varied-tree-scores.ts'

/** Rows with some columns replaced, in `count` different ways. */
export interface Variation {
  /** Indices of the inputs that are replaced. */
  readonly inputs: readonly number[]
  /** The pipeline's columns with the values to take; only those of `inputs` are read. */
  readonly columns: readonly Column[]
  /** Rows of `columns` that are taken from. */
  readonly sources: Int32Array
  /** Which of `sources` row i takes its values from in alternative a: [a * rows + i]. */
  readonly from: Int32Array
  readonly count: number
}

/**
 * Predictions for `rows` under each alternative of each variation, [variation][alternative], with the bits that
 * predicting the replaced rows would give. A column is encoded once rather than once an alternative, and trees are asked
 * again only from where an alternative leaves the row's own path.
 */
export function predictVaried(
  pipeline: Pipeline,
  columns: readonly Column[],
  rows: Int32Array,
  variations: readonly Variation[],
): Predictions[][] {
  if (pipeline.graph) return variations.map((variation) => predictReplaced(pipeline, columns, rows, variation))
  const width = pipeline.task === 'regression' ? 1 : pipeline.classes.length
  const { task, secondLayer } = pipeline
  const sums = variations.map(({ count }) => new Float64Array(rows.length * count * width))
  for (const member of pipeline.members) {
    for (const [v, scores] of variedScores(member, columns, rows, variations).entries()) {
      const own = { values: outputsOfScores(member, scores), weight: member.weight }
      addPredictions(sums[v] as Float64Array, own, pipeline)
    }
  }
  return sums.map((sum, v) => {
    if (secondLayer) finishSecondLayer(secondLayer, task, sum)
    if (pipeline.calibration) calibrate(pipeline.calibration, sum, width)
    const { count } = variations[v] as Variation
    return Array.from({ length: count }, (_, a): Predictions => {
      const values = new Float64Array(rows.length * width)
      for (let i = 0; i < rows.length; i++) {
        const from = (i * count + a) * width
        for (let k = 0; k < width; k++) values[i * width + k] = sum[from + k] as number
      }
      return { nRows: rows.length, nClasses: pipeline.task === 'regression' ? 0 : width, values }
    })
  })
}

/** Raw scores of a member: for each variation [(row * count + alternative) * nOutputs + k]. */
function variedScores(
  member: PipelineMember,
  columns: readonly Column[],
  rows: Int32Array,
  variations: readonly Variation[],
): Float64Array[] {
  const { model } = member
  const matrix = transformColumns(columns, member.encoders, member.features, rows)
  const encoded = variations.map((variation) => encodeVariation(member, variation))
  if (model.kind === 'trees') return variedTreeScores(model, matrix, encoded)
  return encoded.map((variation) => {
    const { count } = variation
    const scores = new Float64Array(rows.length * count * model.nOutputs)
    for (let a = 0; a < count; a++) {
      const ofAlternative = scoreModel(model, replaceFeatures(matrix, variation, a))
      for (let i = 0; i < rows.length; i++) {
        const from = i * model.nOutputs
        scores.set(ofAlternative.subarray(from, from + model.nOutputs), (i * count + a) * model.nOutputs)
      }
    }
    return scores
  })
}

/** What a member's encoders make of the values to take. */
function encodeVariation({ encoders, features }: PipelineMember, variation: Variation): EncodedVariation {
  const { inputs, columns, sources } = variation
  const replaced: (Float32Array | null)[] = features.map(() => null)
  for (const input of inputs) {
    const ofInput = encoders.filter((encoder) => encoder.input === input)
    const made = ofInput.flatMap((encoder) => encodeColumn(encoder, columns[input] as Column, sources, sources.length))
    let next = 0
    for (const [at, feature] of features.entries()) {
      if (feature.input === input) replaced[at] = made[next++] as Float32Array
    }
  }
  return { replaced, inputs, from: variation.from, count: variation.count }
}

function replaceFeatures(matrix: FeatureMatrix, { replaced, from }: EncodedVariation, a: number): FeatureMatrix {
  const { nRows, features } = matrix
  const columns = matrix.columns.map((own, at) => {
    const others = replaced[at]
    if (!others) return own
    const column = new Float32Array(nRows)
    for (let i = 0; i < nRows; i++) column[i] = others[from[a * nRows + i] as number] as number
    return column
  })
  return { nRows, features, columns }
}

/** The same for a model that is asked about whole rows. */
function predictReplaced(
  pipeline: Pipeline,
  columns: readonly Column[],
  rows: Int32Array,
  variation: Variation,
): Predictions[] {
  const { inputs, sources, from, count } = variation
  return Array.from({ length: count }, (_, a) => {
    const replaced = columns.map((column, at): Column => {
      if (!inputs.includes(at)) return column
      const taken = variation.columns[at] as Column
      const sourceOf = (i: number) => sources[from[a * rows.length + i] as number] as number
      if (column.storage === 'codes' && taken.storage === 'codes') {
        const codes = Int32Array.from(column.codes)
        for (const [i, row] of rows.entries()) codes[row] = taken.codes[sourceOf(i)] as number
        return { ...column, codes }
      }
      if (column.storage === 'codes' || taken.storage === 'codes') {
        throw new TypeError(`Column ${column.name} takes values of its own kind only.`)
      }
      const values = Float64Array.from(column.values)
      for (const [i, row] of rows.entries()) values[row] = taken.values[sourceOf(i)] as number
      return { ...column, values }
    })
    return predictPipelineColumns(pipeline, replaced, rows)
  })
}

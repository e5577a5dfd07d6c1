import type { Pipeline, PipelineInput, PipelineMember } from '../pipeline/pipeline.ts'
import { add, castTo, isGreater, multiply, subtract } from './arithmetic.ts'
import { emitCalibration } from './calibration-emitter.ts'
import { encoderEmission } from './encoder-emitters.ts'
import type { InputColumn } from './encoders/input-column.ts'
import type { Dialect, GraphBuilder, Value } from './graph-builder.ts'
import { createGraphBuilder } from './graph-builder.ts'
import { emitLink } from './link-emitter.ts'
import type { OnnxSchema } from './metadata.ts'
import { metadataKeys } from './metadata.ts'
import { emitModel } from './model-emitters.ts'
import { OnnxExportError } from './onnx-export-error.ts'
import { modelMessage } from './onnx-messages.ts'
import { onnxOutputs } from './outputs.ts'
import { encodeMessage } from './protobuf-writer.ts'
import { emitSecondLayer, emitSecondLayerTerm } from './second-layer-emitter.ts'

/** What a file asks of a runtime: ONNX Runtime 1.18 and later read the current form, 1.8 and later the portable one. */
const forms = {
  current: { irVersion: 10, standard: 21, ml: 5 },
  portable: { irVersion: 7, standard: 13, ml: 2 },
} as const satisfies Record<Dialect, unknown>

/** The operator sets of a file of this form. */
export function operatorSetsOf(dialect: Dialect): { readonly domain: string; readonly version: number }[] {
  const { standard, ml } = forms[dialect]
  return [
    { domain: '', version: standard },
    { domain: 'ai.onnx.ml', version: ml },
  ]
}

/** Protobuf readers refuse a message of 2 GiB. */
const largestFile = 2 ** 31 - 1

export interface ExportOptions {
  /** The program that writes the file, and its version. */
  readonly producer: string
  readonly version: string
  /** More of metadata_props: provenance, the full signature. Keys of `metadataKeys` that the export writes itself win. */
  readonly metadata: Readonly<Record<string, string>>
  /** Default `current`. */
  readonly dialect?: Dialect
}

/**
 * Writes a pipeline as one ONNX file, the same bytes for the same pipeline and options. Inputs: one a raw column, of the
 * column's own name, [N, 1]: double for numbers, date-times (seconds since 1970) and booleans, missing = NaN; string for
 * the others, missing = "". Outputs: `label` string [N] and `probabilities` double [N, K]; for a regression `prediction`
 * double [N, 1]. An output whose name a column has already gets an underscore; metadata tells the names.
 * Throws OnnxExportError when the pipeline does not fit the format.
 */
export function exportPipeline(pipeline: Pipeline, options: ExportOptions): Uint8Array {
  const dialect = options.dialect ?? 'current'
  const graph = createGraphBuilder(dialect)
  const columns = pipeline.inputs.map((input) => declareInput(graph, input))
  if (new Set(columns.map(({ name }) => name)).size !== columns.length) {
    throw new OnnxExportError('Two inputs have the same name.')
  }
  const mean = emitMembers(graph, pipeline, encoderEmission(graph, columns))
  const predictions = pipeline.calibration ? emitCalibration(graph, mean, pipeline.calibration) : mean
  const answers =
    pipeline.task === 'regression' ? [predictions] : [emitLabels(graph, pipeline, predictions), predictions]
  for (const [index, output] of onnxOutputs(pipeline).entries()) graph.output(output, answers[index] as Value)
  const model = modelMessage({
    irVersion: forms[dialect].irVersion,
    producer: options.producer,
    producerVersion: options.version,
    documentation: `Predicts ${pipeline.target} from raw columns.`,
    graph: graph.build('pipeline'),
    operatorSets: operatorSetsOf(dialect),
    metadata: { ...options.metadata, ...ownMetadata(pipeline, options.version) },
  })
  if (model.length > largestFile) {
    throw new OnnxExportError(`The model takes ${model.length} bytes; an ONNX file holds at most ${largestFile}.`)
  }
  return encodeMessage(model)
}

function declareInput(graph: GraphBuilder, { name, type }: PipelineInput): InputColumn {
  if (name === '') throw new OnnxExportError('A column without a name cannot be an input.')
  const isText = type === 'category' || type === 'text' || type === 'id'
  return { name, isText, value: graph.input(name, isText ? 'string' : 'double', ['N', 1]) }
}

/** The weighted mean of the members' predictions, summed in their order, or what a second layer makes of them. */
function emitMembers(
  graph: GraphBuilder,
  { members, task, secondLayer }: Pipeline,
  featuresOf: ReturnType<typeof encoderEmission>,
): Value {
  let sum: Value | null = null
  for (const member of members) {
    const own = emitMember(graph, member, featuresOf(member.encoders))
    const prediction = secondLayer ? emitSecondLayerTerm(graph, task, own) : own
    const share = member.weight === 1 ? prediction : multiply(graph, prediction, member.weight)
    sum = sum === null ? share : add(graph, sum, share)
  }
  if (sum === null) throw new OnnxExportError('A pipeline without members cannot be exported.')
  return secondLayer ? emitSecondLayer(graph, task, sum, secondLayer) : sum
}

function emitMember(graph: GraphBuilder, { model, targetTransform }: PipelineMember, features: Value): Value {
  const prediction = emitLink(graph, emitModel(graph, features, model), model.nOutputs, model.link)
  switch (targetTransform) {
    case 'none':
      return prediction
    case 'log1p':
      return subtract(graph, graph.node('Exp', [prediction]), 1)
  }
}

/** Binary: the second class when its probability is greater than the threshold; else the first of the most probable. */
function emitLabels(graph: GraphBuilder, { task, classes, threshold }: Pipeline, probabilities: Value): Value {
  const positions =
    task === 'binary'
      ? castTo(
          graph,
          isGreater(
            graph,
            graph.node('Gather', [probabilities, graph.constant('int64', [], [1])], { axis: { integer: 1 } }),
            threshold,
          ),
          'int64',
        )
      : graph.node('ArgMax', [probabilities], { axis: { integer: 1 }, keepdims: { integer: 0 } })
  return graph.node('Gather', [graph.constant('string', [classes.length], classes), positions], {
    axis: { integer: 0 },
  })
}

function ownMetadata(pipeline: Pipeline, version: string): Record<string, string> {
  const { task, target, classes, threshold, inputs } = pipeline
  const schema: OnnxSchema = { task, target, classes, threshold, inputs, outputs: onnxOutputs(pipeline) }
  return {
    [metadataKeys.schema]: JSON.stringify(schema),
    [metadataKeys.target]: target,
    [metadataKeys.classes]: JSON.stringify(classes),
    [metadataKeys.engineVersion]: version,
    [metadataKeys.learners]: JSON.stringify(pipeline.members.map(({ learner, weight }) => ({ learner, weight }))),
  }
}

import type { OneHotEncoder } from '../../preprocess/encoder.ts'
import { castTo, concatenateColumns } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import type { InputColumn } from './input-column.ts'
import { emitLevelLookup } from './level-lookup.ts'

/** Position of the level, then one comparison with 0, 1, 2, …: ai.onnx.ml's own encoder gives float32 and another shape. */
export function emitOneHot(
  graph: GraphBuilder,
  encoders: readonly OneHotEncoder[],
  columns: readonly InputColumn[],
): Value {
  return concatenateColumns(
    graph,
    encoders.map((encoder, index) => emitOne(graph, encoder, columns[index] as InputColumn)),
  )
}

const noFeature = -1

function emitOne(graph: GraphBuilder, { levels, missingFeature }: OneHotEncoder, column: InputColumn): Value {
  const position = emitLevelLookup(graph, column, 'int64', {
    levels,
    values: levels.map((_, index) => index),
    missing: missingFeature ? levels.length : noFeature,
    unseen: noFeature,
  })
  const nFeatures = levels.length + (missingFeature ? 1 : 0)
  const positions = Array.from({ length: nFeatures }, (_, index) => index)
  return castTo(graph, graph.node('Equal', [position, graph.constant('int64', [nFeatures], positions)]), 'double')
}

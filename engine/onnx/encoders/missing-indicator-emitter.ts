import type { MissingIndicatorEncoder } from '../../preprocess/encoder.ts'
import { castTo, concatenateColumns } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import type { InputColumn } from './input-column.ts'
import { emitLevelLookup } from './level-lookup.ts'

export function emitMissingIndicators(
  graph: GraphBuilder,
  encoders: readonly MissingIndicatorEncoder[],
  columns: readonly InputColumn[],
): Value {
  return concatenateColumns(
    graph,
    encoders.map((_, index) => castTo(graph, isMissing(graph, columns[index] as InputColumn), 'double')),
  )
}

/** A missing number is NaN, a missing text is "". */
function isMissing(graph: GraphBuilder, column: InputColumn): Value {
  // Texts are compared since opset 19 only.
  if (column.isText && graph.dialect === 'portable')
    return emitLevelLookup(graph, column, 'int64', { levels: [], values: [], missing: 1, unseen: 0 })
  return column.isText
    ? graph.node('Equal', [column.value, graph.constant('string', [], [''])])
    : graph.node('IsNaN', [column.value])
}

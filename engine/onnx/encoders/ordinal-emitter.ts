import type { OrdinalEncoder } from '../../preprocess/encoder.ts'
import { concatenateColumns } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import type { InputColumn } from './input-column.ts'
import { emitLevelLookup } from './level-lookup.ts'

export function emitOrdinal(
  graph: GraphBuilder,
  encoders: readonly OrdinalEncoder[],
  columns: readonly InputColumn[],
): Value {
  return concatenateColumns(
    graph,
    encoders.map(({ levels }, index) =>
      emitLevelLookup(graph, columns[index] as InputColumn, 'double', {
        levels,
        values: levels.map((_, code) => code),
        missing: Number.NaN,
        unseen: Number.NaN,
      }),
    ),
  )
}

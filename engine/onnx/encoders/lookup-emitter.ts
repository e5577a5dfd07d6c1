import type { LookupEncoder } from '../../preprocess/encoder.ts'
import { concatenateColumns } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import type { InputColumn } from './input-column.ts'
import { emitLevelLookup } from './level-lookup.ts'

/** Target and frequency encodings; the numbers are rounded to float32 when the file is written. */
export function emitLookup(
  graph: GraphBuilder,
  encoders: readonly LookupEncoder[],
  columns: readonly InputColumn[],
): Value {
  return concatenateColumns(
    graph,
    encoders.map(({ levels, values, missing, unseen }, index) =>
      emitLevelLookup(graph, columns[index] as InputColumn, 'double', {
        levels,
        values: values.map(Math.fround),
        missing: Math.fround(missing),
        unseen: Math.fround(unseen),
      }),
    ),
  )
}

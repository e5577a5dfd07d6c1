import type { GraphBuilder, Value } from '../graph-builder.ts'
import { OnnxExportError } from '../onnx-export-error.ts'
import type { InputColumn } from './input-column.ts'

/** A number for each level, for the missing value "", and for every other text. */
export interface LevelTable {
  readonly levels: readonly string[]
  readonly values: readonly number[]
  readonly missing: number
  readonly unseen: number
}

/** Looks each text of a column up: [N, 1] of the type asked for. */
export function emitLevelLookup(
  graph: GraphBuilder,
  column: InputColumn,
  type: 'double' | 'int64',
  table: LevelTable,
): Value {
  if (!column.isText) throw new OnnxExportError(`Column "${column.name}" holds numbers, but its encoder takes texts.`)
  // A level "" could never be told from a missing value, so it is read as one, as in the frame.
  const known = table.levels.flatMap((level, index) => (level === '' ? [] : [[level, table.values[index]] as const]))
  const levels = [...known.map(([level]) => level), '']
  const values = [...known.map(([, value]) => value as number), table.missing]
  if (graph.dialect === 'portable') return emitPortableLookup(graph, column, type, levels, [...values, table.unseen])
  return graph.mlNode('LabelEncoder', [column.value], {
    keys_tensor: { tensor: { type: 'string', shape: [levels.length], values: levels } },
    values_tensor: { tensor: { type, shape: [values.length], values } },
    default_tensor: { tensor: { type, shape: [1], values: [table.unseen] } },
  })
}

/** Numbers of other texts come last. Before ai.onnx.ml 4 there are no doubles: places are looked up, then their numbers. */
function emitPortableLookup(
  graph: GraphBuilder,
  column: InputColumn,
  type: 'double' | 'int64',
  levels: readonly string[],
  values: readonly number[],
): Value {
  const places = graph.mlNode('LabelEncoder', [column.value], {
    keys_strings: { texts: levels },
    values_int64s: { integers: levels.map((_, place) => place) },
    default_int64: { integer: levels.length },
  })
  return graph.node('Gather', [graph.constant(type, [values.length], values), places], { axis: { integer: 0 } })
}

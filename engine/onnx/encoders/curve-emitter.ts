import type { CurveEncoder } from '../../preprocess/encoder.ts'
import { piecesOf } from '../../preprocess/normal-scores.ts'
import {
  add,
  choose,
  concatenateColumns,
  isGreater,
  multiply,
  roundToFloat32,
  rowConstant,
  subtract,
} from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

export function emitCurves(graph: GraphBuilder, encoders: readonly CurveEncoder[], columns: readonly Value[]): Value {
  return concatenateColumns(
    graph,
    encoders.map((encoder, index) => emitOne(graph, encoder, columns[index] as Value)),
  )
}

/** A running sum over the pieces, in the engine's order. */
function emitOne(graph: GraphBuilder, encoder: CurveEncoder, raw: Value): Value {
  const { starts, widths, slopes } = piecesOf(encoder)
  const rounded = roundToFloat32(graph, subtract(graph, raw, encoder.offset))
  const filled = choose(graph, graph.node('IsNaN', [rounded]), encoder.impute, rounded)
  const beyond = subtract(graph, filled, rowConstant(graph, starts))
  const ends = rowConstant(graph, widths)
  const below = choose(graph, isGreater(graph, beyond, ends), ends, beyond)
  const within = choose(graph, isGreater(graph, 0, below), 0, below)
  const first = slopes.map((_, at) => (at === 0 ? (encoder.values[0] as number) : 0))
  const terms = add(graph, multiply(graph, within, rowConstant(graph, slopes)), rowConstant(graph, first))
  const sums = graph.node('CumSum', [terms, graph.constant('int64', [], [1])])
  const last = graph.node('Gather', [sums, graph.constant('int64', [1], [slopes.length - 1])], { axis: { integer: 1 } })
  return roundToFloat32(graph, last)
}

import type { NumericEncoder } from '../../preprocess/encoder.ts'
import { choose, concatenateColumns, multiply, roundToFloat32, rowConstant, subtract } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

/** All neighbouring numeric columns at once: [N, k] from k inputs [N, 1]. */
export function emitNumeric(
  graph: GraphBuilder,
  encoders: readonly NumericEncoder[],
  columns: readonly Value[],
): Value {
  const raw = concatenateColumns(graph, columns)
  const shifted = encoders.some(({ offset }) => offset !== 0)
    ? subtract(
        graph,
        raw,
        rowConstant(
          graph,
          encoders.map(({ offset }) => offset),
        ),
      )
    : raw
  return scale(graph, encoders, imputeMissing(graph, encoders, roundToFloat32(graph, shifted)))
}

function imputeMissing(graph: GraphBuilder, encoders: readonly NumericEncoder[], value: Value): Value {
  if (encoders.every(({ impute }) => impute === null)) return value
  const replacements = encoders.map(({ impute }) => impute ?? Number.NaN)
  return choose(graph, graph.node('IsNaN', [value]), rowConstant(graph, replacements), value)
}

/** Rounds once more in any case: an imputed value need not be a float32. */
function scale(graph: GraphBuilder, encoders: readonly NumericEncoder[], value: Value): Value {
  if (encoders.every(({ impute, mean, inverseScale }) => impute === null && mean === 0 && inverseScale === 1)) {
    return value
  }
  const means = rowConstant(
    graph,
    encoders.map(({ mean }) => mean),
  )
  const inverseScales = rowConstant(
    graph,
    encoders.map(({ inverseScale }) => inverseScale),
  )
  return roundToFloat32(graph, multiply(graph, subtract(graph, value, means), inverseScales))
}

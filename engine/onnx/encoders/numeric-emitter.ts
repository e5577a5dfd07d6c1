import type { NumericEncoder, Scaling } from '../../preprocess/encoder.ts'
import {
  choose,
  concatenateColumns,
  isGreater,
  largestFloat32,
  multiply,
  roundToFloat32,
  rowConstant,
  subtract,
} from '../arithmetic.ts'
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
  return emitScaling(graph, encoders, roundToFloat32(graph, shifted))
}

/** One scaling for each column of `value`, float32 values [N, k]. */
export function emitScaling(graph: GraphBuilder, scalings: readonly Scaling[], value: Value): Value {
  return scale(graph, scalings, imputeMissing(graph, scalings, keepWithin(graph, scalings, value)))
}

function keepWithin(graph: GraphBuilder, scalings: readonly Scaling[], value: Value): Value {
  if (scalings.every(({ bounds }) => bounds === undefined)) return value
  const highs = rowConstant(
    graph,
    scalings.map(({ bounds }) => bounds?.[1] ?? largestFloat32),
  )
  const lows = rowConstant(
    graph,
    scalings.map(({ bounds }) => bounds?.[0] ?? -largestFloat32),
  )
  // A comparison with NaN is false, so that missing values stay.
  const notAbove = choose(graph, isGreater(graph, value, highs), highs, value)
  return choose(graph, isGreater(graph, lows, notAbove), lows, notAbove)
}

function imputeMissing(graph: GraphBuilder, scalings: readonly Scaling[], value: Value): Value {
  if (scalings.every(({ impute }) => impute === null)) return value
  const replacements = scalings.map(({ impute }) => impute ?? Number.NaN)
  return choose(graph, graph.node('IsNaN', [value]), rowConstant(graph, replacements), value)
}

/** Rounds once more in any case: an imputed value need not be a float32. */
function scale(graph: GraphBuilder, scalings: readonly Scaling[], value: Value): Value {
  if (scalings.every(({ impute, mean, inverseScale }) => impute === null && mean === 0 && inverseScale === 1)) {
    return value
  }
  const means = rowConstant(
    graph,
    scalings.map(({ mean }) => mean),
  )
  const inverseScales = rowConstant(
    graph,
    scalings.map(({ inverseScale }) => inverseScale),
  )
  return roundToFloat32(graph, multiply(graph, subtract(graph, value, means), inverseScales))
}

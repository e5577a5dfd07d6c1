import type { LinearModel } from '../../learners/linear/linear-model.ts'
import { add, concatenateColumns, multiply } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

/**
 * Scores double [N, nOutputs]. A running sum in feature order after separate products gives the engine's very bits; a
 * matrix product may fuse and reorder, which shows where huge terms of opposite sign cancel (infinite values in a row).
 */
export function emitLinear(graph: GraphBuilder, features: Value, model: LinearModel): Value {
  return concatenateColumns(
    graph,
    Array.from({ length: model.nOutputs }, (_, output) => emitOutput(graph, features, model, output)),
  )
}

function emitOutput(graph: GraphBuilder, features: Value, model: LinearModel, output: number): Value {
  const { nFeatures } = model
  const weights = model.weights.subarray(output * nFeatures, (output + 1) * nFeatures)
  const intercept = new Float64Array(nFeatures)
  intercept[0] = model.intercept[output] as number
  const products = multiply(graph, features, graph.constant('double', [nFeatures], weights))
  const terms = add(graph, products, graph.constant('double', [nFeatures], intercept))
  const sums = graph.node('CumSum', [terms, graph.constant('int64', [], [1])])
  return graph.node('Gather', [sums, graph.constant('int64', [1], [nFeatures - 1])], { axis: { integer: 1 } })
}

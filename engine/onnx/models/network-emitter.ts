import {
  type NetworkEmbedding,
  type NetworkLayer,
  type NetworkModel,
  numericFeatures,
} from '../../learners/network/network-model.ts'
import { add, castTo, choose, concatenateColumns } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

/** Scores double [N, nOutputs]. Weights are stored as float32 and multiplied as doubles. */
export function emitNetwork(graph: GraphBuilder, features: Value, model: NetworkModel): Value {
  const numeric = numericFeatures(model)
  const parts = model.embeddings.map((embedding) => emitEmbedding(graph, features, embedding))
  if (numeric.length > 0) parts.unshift(columns(graph, features, numeric))
  return model.layers.reduce((values, layer) => emitLayer(graph, values, layer), concatenateColumns(graph, parts))
}

function columns(graph: GraphBuilder, features: Value, indices: readonly number[]): Value {
  return graph.node('Gather', [features, graph.constant('int64', [indices.length], indices)], { axis: { integer: 1 } })
}

function emitEmbedding(graph: GraphBuilder, features: Value, embedding: NetworkEmbedding): Value {
  const { feature, cardinality, width, table } = embedding
  const code = graph.node('Gather', [features, graph.constant('int64', [], [feature])], { axis: { integer: 1 } })
  const place = castTo(graph, choose(graph, graph.node('IsNaN', [code]), cardinality, code), 'int64')
  return graph.node('Gather', [asDoubles(graph, [cardinality + 1, width], table), place], { axis: { integer: 0 } })
}

function emitLayer(graph: GraphBuilder, inputs: Value, layer: NetworkLayer): Value {
  const { nInputs, nOutputs, weights, bias, activation, residual } = layer
  const products = graph.node('MatMul', [inputs, asDoubles(graph, [nInputs, nOutputs], weights)])
  const sums = add(graph, products, asDoubles(graph, [nOutputs], bias))
  const active = activation === 'none' ? sums : graph.node(activation === 'relu' ? 'Relu' : 'Cos', [sums])
  return residual ? add(graph, active, inputs) : active
}

function asDoubles(graph: GraphBuilder, shape: readonly number[], values: Float32Array): Value {
  return castTo(graph, graph.constant('float', shape, values), 'double')
}

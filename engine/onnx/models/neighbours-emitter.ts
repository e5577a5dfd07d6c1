import { distanceFloor, type NeighboursModel } from '../../learners/neighbours/neighbours-model.ts'
import { add, castTo, choose, concatenateColumns, divide, isGreater, multiply, subtract } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

/**
 * Scores double [N, nOutputs]. All distances of a batch are there at once, N × references of 8 bytes, so large tables are
 * to be scored in batches of some thousand rows. Products of whole numbers below 2^53 have no rounding, in any order.
 */
export function emitNeighbours(graph: GraphBuilder, features: Value, model: NeighboursModel): Value {
  const { ids, distances } = emitNearest(graph, features, model)
  const own = graph.node('Gather', [graph.constant('double', [model.weights.length], model.weights), ids])
  const weights =
    model.weighting === 'uniform' ? own : divide(graph, own, add(graph, graph.node('Sqrt', [distances]), distanceFloor))
  const total = emitSum(graph, weights, model.k)
  return concatenateColumns(
    graph,
    Array.from({ length: model.nOutputs }, (_, output) => {
      const values = model.values.filter((_value, at) => at % model.nOutputs === output)
      const ofNearest = graph.node('Gather', [graph.constant('double', [values.length], values), ids])
      return divide(graph, emitSum(graph, multiply(graph, weights, ofNearest), model.k), total)
    }),
  )
}

/** The k nearest references of each row in ascending order of distance, [N, k]; of equal ones the first, as TopK has it. */
function emitNearest(graph: GraphBuilder, features: Value, model: NeighboursModel) {
  const { nFeatures, references, scale, limit, k } = model
  const nReferences = references.length / nFeatures
  const transposed = new Int32Array(references.length)
  const lengths = new Float64Array(nReferences)
  for (let i = 0; i < nReferences; i++) {
    for (let j = 0; j < nFeatures; j++) {
      const value = references[i * nFeatures + j] as number
      transposed[j * nReferences + i] = value
      lengths[i] = (lengths[i] as number) + value * value
    }
  }
  const units = graph.node('Floor', [add(graph, multiply(graph, features, scale), 0.5)])
  const below = choose(graph, isGreater(graph, units, limit), limit, units)
  const within = choose(graph, isGreater(graph, -limit, below), -limit, below)
  const matrix = castTo(graph, graph.constant('int32', [nFeatures, nReferences], transposed), 'double')
  const products = graph.node('MatMul', [within, matrix])
  const ownLengths = graph.node('ReduceSum', [multiply(graph, within, within), graph.constant('int64', [1], [1])], {
    keepdims: { integer: 1 },
  })
  const sums = add(graph, ownLengths, graph.constant('double', [nReferences], lengths))
  const [distances, ids] = graph.nodeOfTwo(
    'TopK',
    [subtract(graph, sums, multiply(graph, products, 2)), graph.constant('int64', [1], [k])],
    { axis: { integer: 1 }, largest: { integer: 0 }, sorted: { integer: 1 } },
  )
  return { distances, ids }
}

/** Of k columns, added in their order. */
function emitSum(graph: GraphBuilder, values: Value, k: number): Value {
  const sums = graph.node('CumSum', [values, graph.constant('int64', [], [1])])
  return graph.node('Gather', [sums, graph.constant('int64', [1], [k - 1])], { axis: { integer: 1 } })
}

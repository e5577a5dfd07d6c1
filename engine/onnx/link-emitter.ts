import type { Link } from '../learners/tree/tree-ensemble.ts'
import { add, concatenateColumns, divide, subtract } from './arithmetic.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { OnnxExportError } from './onnx-export-error.ts'

/**
 * From scores, double [N, nOutputs], to what is predicted: probabilities [N, K], or values [N, 1] for the links of
 * regressions. Written with plain operators: the runtime's Sigmoid rounds small probabilities to 0.
 */
export function emitLink(graph: GraphBuilder, scores: Value, nOutputs: number, link: Link): Value {
  switch (link) {
    case 'identity':
      return scores
    case 'exp':
      return graph.node('Exp', [scores])
    case 'logistic':
      if (nOutputs !== 1) throw new OnnxExportError(`The logistic link takes one score a row, not ${nOutputs}.`)
      return bothClasses(graph, logistic(graph, scores))
    case 'softmax':
      return softmax(graph, scores)
    case 'probability':
      return nOutputs === 1 ? bothClasses(graph, scores) : scores
  }
}

/** 1 / (1 + exp(-score)). */
export function logistic(graph: GraphBuilder, score: Value): Value {
  return divide(graph, 1, add(graph, 1, graph.node('Exp', [graph.node('Neg', [score])])))
}

/** Over the columns, shifted by the greatest. */
export function softmax(graph: GraphBuilder, scores: Value): Value {
  const overClasses = graph.constant('int64', [1], [1])
  // Until opset 18 the axes were an attribute.
  const greatest =
    graph.dialect === 'portable'
      ? graph.node('ReduceMax', [scores], { axes: { integers: [1] }, keepdims: { integer: 1 } })
      : graph.node('ReduceMax', [scores, overClasses], { keepdims: { integer: 1 } })
  const powers = graph.node('Exp', [subtract(graph, scores, greatest)])
  return divide(graph, powers, graph.node('ReduceSum', [powers, overClasses], { keepdims: { integer: 1 } }))
}

/** Probabilities of both classes, from that of the second as [N, 1]. */
export function bothClasses(graph: GraphBuilder, positive: Value): Value {
  return concatenateColumns(graph, [subtract(graph, 1, positive), positive])
}

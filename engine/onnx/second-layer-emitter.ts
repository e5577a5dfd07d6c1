import { leastProbability } from '../calibration/calibration.ts'
import type { Task } from '../frame/frame.ts'
import type { SecondLayer } from '../pipeline/second-layer.ts'
import { add, choose, isGreater, rowConstant } from './arithmetic.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { softmax } from './link-emitter.ts'

/** What a member's prediction adds to the sum of the second layer, before its weight: as `secondLayerTerm`. */
export function emitSecondLayerTerm(graph: GraphBuilder, task: Task, prediction: Value): Value {
  if (task === 'regression') return prediction
  const kept = choose(graph, isGreater(graph, leastProbability, prediction), leastProbability, prediction)
  return graph.node('Log', [kept])
}

/** From the weighted sum of terms to predictions: as `finishSecondLayer`. */
export function emitSecondLayer(graph: GraphBuilder, task: Task, sum: Value, { intercept }: SecondLayer): Value {
  const scores = add(graph, sum, rowConstant(graph, intercept))
  return task === 'regression' ? scores : softmax(graph, scores)
}

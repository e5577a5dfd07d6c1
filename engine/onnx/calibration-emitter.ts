import type { Calibration } from '../calibration/calibration.ts'
import { leastProbability } from '../calibration/calibration.ts'
import { add, choose, isGreater, multiply, rowConstant, subtract } from './arithmetic.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { bothClasses, logistic, softmax } from './link-emitter.ts'

/** Probabilities, double [N, K], corrected as `calibrate` does. */
export function emitCalibration(graph: GraphBuilder, probabilities: Value, calibration: Calibration): Value {
  switch (calibration.kind) {
    case 'sigmoid': {
      const kept = atMost(
        graph,
        atLeast(graph, positiveOf(graph, probabilities), leastProbability),
        1 - leastProbability,
      )
      const odds = subtract(graph, graph.node('Log', [kept]), graph.node('Log', [subtract(graph, 1, kept)]))
      return bothClasses(
        graph,
        logistic(graph, add(graph, multiply(graph, odds, calibration.slope), calibration.intercept)),
      )
    }
    case 'isotonic':
      return bothClasses(graph, alongLine(graph, positiveOf(graph, probabilities), calibration))
    case 'temperature': {
      const logs = graph.node('Log', [atLeast(graph, probabilities, leastProbability)])
      return softmax(graph, multiply(graph, logs, 1 / calibration.temperature))
    }
  }
}

/** Column 1 as [N, 1]. */
function positiveOf(graph: GraphBuilder, probabilities: Value): Value {
  return graph.node('Gather', [probabilities, graph.constant('int64', [1], [1])], { axis: { integer: 1 } })
}

/** What each stretch of the line adds up to the place, as one product of matrices. */
function alongLine(graph: GraphBuilder, place: Value, { x, y }: Extract<Calibration, { kind: 'isotonic' }>): Value {
  const widths = x.slice(1).map((end, at) => end - (x[at] as number))
  const slopes = widths.map((width, at) => ((y[at + 1] as number) - (y[at] as number)) / width)
  const beyond = subtract(graph, place, rowConstant(graph, x.slice(0, -1)))
  const limits = rowConstant(graph, widths)
  const positive = choose(graph, isGreater(graph, beyond, 0), beyond, 0)
  const within = choose(graph, isGreater(graph, positive, limits), limits, positive)
  const added = graph.node('MatMul', [within, graph.constant('double', [slopes.length, 1], slopes)])
  return atMost(graph, add(graph, added, y[0] as number), 1)
}

function atLeast(graph: GraphBuilder, value: Value, least: number): Value {
  return choose(graph, isGreater(graph, least, value), least, value)
}

function atMost(graph: GraphBuilder, value: Value, most: number): Value {
  return choose(graph, isGreater(graph, value, most), most, value)
}

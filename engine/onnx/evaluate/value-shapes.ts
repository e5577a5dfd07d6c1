import type { ForeignInterface } from '../reader/foreign-interface.ts'
import type { OnnxModel } from '../reader/onnx-model.ts'
import { emptyCells, feedsOf } from './graph-cells.ts'
import { compileGraph } from './graph-program.ts'
import { GraphEvaluationError } from './graph-tensor.ts'

/** A number of rows that is hardly any graph's width; where it shows up, it is the rows. */
const probeRows = 97

/** Shapes of the values inside a graph, as they turn out when it runs; empty where it is not evaluated here. */
export function valueShapes(
  model: OnnxModel,
  plan: ForeignInterface,
): ReadonlyMap<string, readonly (number | string)[]> {
  const shapes = new Map<string, readonly (number | string)[]>()
  try {
    const program = compileGraph(model, plan.values)
    const values = program.run(feedsOf(plan, emptyCells(plan, probeRows)), { exact: true, probe: true })
    for (const [name, { shape }] of values) {
      if (program.constants.has(name)) continue
      shapes.set(
        name,
        shape.map((length, axis) => (axis === 0 && length === probeRows ? 'rows' : length)),
      )
    }
  } catch (error) {
    if (!(error instanceof GraphEvaluationError)) throw error
  }
  return shapes
}

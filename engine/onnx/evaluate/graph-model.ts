import type { ForeignInterface } from '../reader/foreign-interface.ts'
import type { OnnxModel } from '../reader/onnx-model.ts'
import type { CellTable } from './graph-cells.ts'
import { feedsOf } from './graph-cells.ts'
import type { GraphCore } from './graph-core.ts'
import { findCore } from './graph-core.ts'
import { compileGraph } from './graph-program.ts'
import { GraphEvaluationError } from './graph-tensor.ts'
import { combineOutputs } from './model-outputs.ts'

/** What a graph answers for some rows. */
export interface GraphAnswers {
  /** Rows × width: probabilities, scores or numbers. */
  readonly values: Float64Array
  readonly width: number
  /** A label a row in the model's own spelling; null where it gives none. */
  readonly labels: readonly string[] | null
}

/** A foreign model that is evaluated here, operator by operator. */
export interface GraphModel {
  /** Throws GraphEvaluationError where the rows are not what the graph takes. */
  readonly predict: (table: CellTable) => GraphAnswers
  /** What it is made of, where that has an exact explanation. */
  readonly core: GraphCore | null
}

/** Prepares a foreign model. Throws GraphEvaluationError naming what is not evaluated here; a runtime is asked then. */
export function readGraphModel(model: OnnxModel, plan: ForeignInterface): GraphModel {
  const wanted = [...plan.values, ...(plan.label === null ? [] : [plan.label])]
  const program = compileGraph(model, wanted)
  return {
    core: coreOf(model, plan),
    predict(table) {
      const outputs = program.run(feedsOf(plan, table))
      const { values, width } = combineOutputs(plan.values, outputs, table.nRows)
      const label = plan.label === null ? null : outputs.get(plan.label)
      if (label === undefined) throw new GraphEvaluationError('The output of labels is not there.')
      return { values, width, labels: label === null ? null : Array.from(label.data as ArrayLike<unknown>, String) }
    },
  }
}

/** A graph whose parts do not fit as they seemed to is still evaluated as a whole. */
function coreOf(model: OnnxModel, plan: ForeignInterface): GraphCore | null {
  try {
    return findCore(model, plan)
  } catch (error) {
    if (error instanceof GraphEvaluationError) return null
    throw error
  }
}

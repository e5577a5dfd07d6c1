import type { CellTable } from '../onnx/evaluate/graph-cells.ts'
import { emptyCells } from '../onnx/evaluate/graph-cells.ts'
import type { GraphAnswers } from '../onnx/evaluate/graph-model.ts'
import { readGraphModel } from '../onnx/evaluate/graph-model.ts'
import { GraphEvaluationError } from '../onnx/evaluate/graph-tensor.ts'
import type { ForeignInterface } from '../onnx/reader/foreign-interface.ts'
import type { OnnxModel } from '../onnx/reader/onnx-model.ts'
import type { ForeignGraph } from './foreign-graph.ts'
import type { Pipeline, PipelineInput } from './pipeline.ts'

/** How a foreign model was registered, and the runtime that predicts what is not evaluated here. */
export interface ForeignDescription {
  readonly model: OnnxModel
  readonly plan: ForeignInterface
  /** Its raw columns by the names that they were given. */
  readonly inputs: readonly PipelineInput[]
  /** Column of the true answers. */
  readonly target: string
  readonly runtime: (table: CellTable) => GraphAnswers
  /** Leaves everything to the runtime, where the engine's answers were seen to differ from its. */
  readonly runtimeOnly: boolean
}

/**
 * A model of another tool as a pipeline without members, which everything that predicts and explains takes. Whose numbers
 * are not one a class (a score beside a label) counts as a regression on those numbers.
 */
export function foreignPipeline(description: ForeignDescription): Pipeline {
  const { plan, inputs, target } = description
  const graph = graphOf(description)
  const byClass = plan.task !== 'regression' && plan.classes.length === graph.width && graph.width > 1
  return {
    task: byClass ? plan.task : 'regression',
    target,
    classes: byClass ? plan.classes : [],
    inputs,
    members: [],
    threshold: 0.5,
    graph,
  }
}

function graphOf({ model, plan, runtime, runtimeOnly }: ForeignDescription): ForeignGraph {
  const probe = emptyCells(plan, 2)
  const own = runtimeOnly ? null : evaluated(model, plan)
  const predict = own?.predict ?? runtime
  const width = plan.width ?? widthOf(predict, runtime, probe)
  return {
    width,
    outputs: namesOf(plan, width),
    predict,
    runtime,
    core: own?.core ?? null,
    evaluator: own ? 'engine' : 'runtime',
  }
}

function evaluated(model: OnnxModel, plan: ForeignInterface) {
  try {
    return readGraphModel(model, plan)
  } catch (error) {
    if (error instanceof GraphEvaluationError) return null
    throw error
  }
}

/** A row without values may be refused by operators that know their categories; a runtime has seen more of them. */
function widthOf(predict: ForeignGraph['predict'], runtime: ForeignGraph['predict'], probe: CellTable): number {
  try {
    return predict(probe).width
  } catch (error) {
    if (!(error instanceof GraphEvaluationError)) throw error
    return runtime(probe).width
  }
}

function namesOf({ values, classes }: ForeignInterface, width: number): string[] {
  if (classes.length === width) return [...classes]
  if (values.length === width) return [...values]
  return Array.from({ length: width }, (_, at) => (width === 1 ? (values[0] as string) : `${values[0]}_${at}`))
}

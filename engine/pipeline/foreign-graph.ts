import type { CellTable } from '../onnx/evaluate/graph-cells.ts'
import type { GraphCore } from '../onnx/evaluate/graph-core.ts'
import type { GraphAnswers } from '../onnx/evaluate/graph-model.ts'

/** A model of another tool inside a pipeline: what it answers and, where its graph can be taken apart, what it is made of. */
export interface ForeignGraph {
  /** Numbers a row. */
  readonly width: number
  /** Names of those numbers. */
  readonly outputs: readonly string[]
  readonly predict: (table: CellTable) => GraphAnswers
  /** What ONNX Runtime answers; the same as `predict` where the engine does not evaluate the graph. */
  readonly runtime: (table: CellTable) => GraphAnswers
  readonly core: GraphCore | null
  /** Who predicts: the engine itself, operator by operator, or ONNX Runtime, whose sums depend on how many rows it is given. */
  readonly evaluator: 'engine' | 'runtime'
}

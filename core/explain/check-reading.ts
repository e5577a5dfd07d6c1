import { cellsOf } from '../../engine/onnx/evaluate/graph-cells.ts'
import { GraphEvaluationError } from '../../engine/onnx/evaluate/graph-tensor.ts'
import type { ForeignGraph } from '../../engine/pipeline/foreign-graph.ts'
import { MaestroError } from '../../shared/errors.ts'
import { answeredRows } from './answered-rows.ts'
import type { LoadedTable } from './loaded.ts'
import { loadModel, loadTable, sampleRows } from './loaded.ts'
import type { OnModel } from './on-model.ts'

/** Whether the engine evaluates a foreign model as ONNX Runtime does, on rows of a table. */
export interface CheckReadingTask extends OnModel {
  readonly kind: 'check-reading'
}

export interface ReadingCheck {
  /** False: its predictions are left to the runtime. */
  readonly agrees: boolean
  readonly rows: number
  readonly maxAbsDiff: number
}

const checkedRows = 64
/** Float32 summed in another order stays well below; a misread operator does not. */
const tolerance = 1e-4

export function checkReading(task: CheckReadingTask): ReadingCheck {
  const pipeline = loadModel(task.pipelinePath)
  const { graph } = pipeline
  if (!graph || graph.evaluator === 'runtime') return { agrees: true, rows: 0, maxAbsDiff: 0 }
  const table = loadTable(task.columnFilePath, pipeline)
  const drawn = sampleRows(table.nRows, checkedRows)
  const rows = answeredRows(pipeline, table.columns, drawn)
  const answered = new Set(rows)
  const others = drawn.filter((row) => !answered.has(row))
  if (others.some((row) => isAnswered(graph.runtime, table.columns, row))) {
    return { agrees: false, rows: drawn.length, maxAbsDiff: Number.MAX_VALUE }
  }
  const cells = cellsOf(table.columns, rows)
  try {
    const [own, runtime] = [graph.predict(cells).values, graph.runtime(cells).values]
    if (own.length !== runtime.length) return { agrees: false, rows: rows.length, maxAbsDiff: Number.MAX_VALUE }
    let maxAbsDiff = 0
    let agrees = true
    for (const [at, value] of own.entries()) {
      const other = runtime[at] as number
      if (Object.is(value, other) || value === other) continue
      const difference = Math.abs(value - other)
      // Infinite or not a number on one side only counts as different.
      if (!(difference <= tolerance * Math.max(1, Math.abs(other)))) agrees = false
      if (Number.isFinite(difference)) maxAbsDiff = Math.max(maxAbsDiff, difference)
    }
    return { agrees, rows: rows.length, maxAbsDiff }
  } catch (error) {
    // Rows that the model itself refuses tell nothing about the reading; whoever predicts them is told why.
    if (error instanceof GraphEvaluationError || error instanceof MaestroError) {
      return { agrees: !(error instanceof GraphEvaluationError), rows: 0, maxAbsDiff: 0 }
    }
    throw error
  }
}

/** Rows that the model itself refuses, or answers with no number, tell nothing about the reading. */
function isAnswered(predict: ForeignGraph['predict'], columns: LoadedTable['columns'], row: number): boolean {
  try {
    return predict(cellsOf(columns, Int32Array.of(row))).values.every(Number.isFinite)
  } catch (error) {
    if (error instanceof GraphEvaluationError || error instanceof MaestroError) return false
    throw error
  }
}

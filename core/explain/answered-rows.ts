import { cellsOf } from '../../engine/onnx/evaluate/graph-cells.ts'
import { GraphEvaluationError } from '../../engine/onnx/evaluate/graph-tensor.ts'
import { scoresOfModel } from '../../engine/onnx/evaluate/scored-model.ts'
import type { ForeignGraph } from '../../engine/pipeline/foreign-graph.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { LoadedTable } from './loaded.ts'
import { sampleRows } from './loaded.ts'

/** Searching for the rows that a model refuses takes a few predictions a row; a model that is as slow as this is let be. */
const patienceMs = 20_000
/** Rows asked about at once, which bounds the memory that a large table needs. */
const batchRows = 10_000

const fill =
  'It may not know missing values, or these categories: fill them as they were filled when the model was trained.'

/**
 * Those of the rows that a model of another tool answers with numbers. Many answer NaN where a value is missing, or refuse
 * a category that they do not know together with all rows beside it; such rows have no score to divide among columns, and
 * no place among those that others are measured against. Models that were trained here answer every row.
 */
export function answeredRows(pipeline: Pipeline, columns: LoadedTable['columns'], rows: Int32Array): Int32Array {
  const { graph } = pipeline
  if (graph === undefined) return rows
  const deadline = performance.now() + patienceMs
  const search = (some: Int32Array): number[] => {
    try {
      return finiteRows(graph, columns, some)
    } catch (error) {
      if (!(error instanceof GraphEvaluationError || error instanceof MaestroError)) throw error
      if (some.length <= 1) return []
      if (performance.now() > deadline) throw error
      const middle = Math.floor(some.length / 2)
      return [...search(some.subarray(0, middle)), ...search(some.subarray(middle))]
    }
  }
  const found: number[] = []
  for (let from = 0; from < rows.length; from += batchRows) {
    for (const row of search(rows.subarray(from, from + batchRows))) found.push(row)
  }
  return Int32Array.from(found)
}

function finiteRows(graph: ForeignGraph, columns: LoadedTable['columns'], rows: Int32Array): number[] {
  const cells = cellsOf(columns, rows)
  const { core } = graph
  const tables = [graph.predict(cells).values, ...(core ? [scoresOfModel(core.model, core.matrix(cells))] : [])]
  return Array.from(rows).filter((_, at) =>
    tables.every((table) => {
      const width = table.length / rows.length
      return table.subarray(at * width, (at + 1) * width).every(Number.isFinite)
    }),
  )
}

/** The rows that the model answers. Throws MODEL_FAILED where it answers none of them. */
export function requireAnswered(pipeline: Pipeline, columns: LoadedTable['columns'], rows: Int32Array): Int32Array {
  const answered = answeredRows(pipeline, columns, rows)
  if (answered.length > 0 || rows.length === 0) return answered
  const which = rows.length === 1 ? 'this row' : 'any of these rows'
  throw new MaestroError(
    'MODEL_FAILED',
    `The model gives no number for ${which}, so there is nothing to explain.`,
    fill,
  )
}

/** Up to `count` rows as `sampleRows` draws them, without those that the model does not answer. Throws MODEL_FAILED where none is left. */
export function sampleAnswered(pipeline: Pipeline, { nRows, columns }: LoadedTable, count: number): Int32Array {
  const rows = answeredRows(pipeline, columns, sampleRows(nRows, count))
  if (rows.length > 0 || nRows === 0) return rows
  throw new MaestroError('MODEL_FAILED', 'The model gives no number for any row of this table.', fill)
}

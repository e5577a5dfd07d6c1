import type { Column } from '../frame/frame.ts'
import { cellsOf } from '../onnx/evaluate/graph-cells.ts'
import type { ForeignGraph } from './foreign-graph.ts'
import type { Pipeline, Predictions } from './pipeline.ts'

/** Rows evaluated at once, which bounds the memory that a wide graph needs. */
const batchRows = 4_096

/**
 * Predictions for rows of aligned columns. Of a regression with several numbers a row the first is taken: metrics and
 * curves are about one. The class predicted is the model's own label, whatever its numbers say.
 */
export function predictGraph(
  graph: ForeignGraph,
  { task, classes }: Pick<Pipeline, 'task' | 'classes'>,
  columns: readonly Column[],
  rows: Int32Array,
): Predictions {
  const width = task === 'regression' ? 1 : classes.length
  const values = new Float64Array(rows.length * width)
  const codeOf = new Map(classes.map((label, code) => [label, code]))
  let labelCodes: Int32Array | null = null
  for (let start = 0; start < rows.length; start += batchRows) {
    const batch = rows.subarray(start, start + batchRows)
    const answers = graph.predict(cellsOf(columns, batch))
    for (let row = 0; row < batch.length; row++) {
      for (let k = 0; k < width; k++) {
        values[(start + row) * width + k] = answers.values[row * answers.width + k] as number
      }
    }
    if (task === 'regression' || answers.labels === null) continue
    labelCodes ??= new Int32Array(rows.length)
    for (const [row, label] of answers.labels.entries()) labelCodes[start + row] = codeOf.get(label) ?? 0
  }
  const predictions = { nRows: rows.length, nClasses: task === 'regression' ? 0 : width, values }
  return labelCodes === null ? predictions : { ...predictions, labelCodes }
}

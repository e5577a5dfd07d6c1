import type { Column } from '../frame/frame.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { predictedClasses, predictPipelineColumns } from '../pipeline/predict-pipeline.ts'
import { shownValue } from './shown-output.ts'

/**
 * `count` of the rows that together are predicted much as all of them: ordered by what is predicted (classes of several
 * one after the other), the middle row of each of `count` equal parts. All rows where there are no more. A background of
 * them has nearly the same base value.
 */
export function representativeRows(
  pipeline: Pipeline,
  columns: readonly Column[],
  rows: Int32Array,
  count: number,
): Int32Array {
  if (rows.length <= count) return rows
  const predictions = predictPipelineColumns(pipeline, columns, rows)
  const codes = pipeline.task === 'multiclass' ? predictedClasses(predictions, pipeline.threshold) : null
  const classAt = (i: number) => codes?.[i] ?? 0
  const order = Array.from(rows.keys()).sort(
    (i, j) =>
      classAt(i) - classAt(j) ||
      shownValue(pipeline, predictions, i, classAt(i)) - shownValue(pipeline, predictions, j, classAt(j)) ||
      i - j,
  )
  return Int32Array.from(
    { length: count },
    (_, part) => rows[order[Math.floor(((part + 0.5) * rows.length) / count)] as number] as number,
  ).sort()
}

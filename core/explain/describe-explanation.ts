import { isStable } from '../../engine/explain/explain-pipeline.ts'
import type { Attributions } from '../../engine/explain/explanation.ts'
import { readLocal } from '../../engine/explain/reading.ts'
import type { Column } from '../../engine/frame/frame.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { predictedLabels, predictPipelineColumns } from '../../engine/pipeline/predict-pipeline.ts'
import type { Explanation } from '../../shared/domain/explanations.ts'
import type { Cell } from '../../shared/domain/values.ts'

/** Attributions as they travel: by row, with the row's own values and what was predicted for it. */
export function describeExplanation(
  pipeline: Pipeline,
  columns: readonly Column[],
  rows: Int32Array,
  attributions: Attributions,
): Explanation {
  const { nOutputs, nPlayers } = attributions
  const predictions = predictPipelineColumns(pipeline, columns, rows)
  const labels = predictedLabels(pipeline, predictions)
  const names = pipeline.inputs.map(({ name }) => name)
  const tableOf = (values: Float64Array, i: number) =>
    Array.from({ length: nOutputs }, (_, k) =>
      Array.from(values.subarray((i * nOutputs + k) * nPlayers, (i * nOutputs + k + 1) * nPlayers)),
    )
  return {
    method: attributions.method,
    exact: attributions.exact,
    output: attributions.output,
    task: pipeline.task,
    classes: [...pipeline.classes],
    features: names,
    baseValues: Array.from(attributions.baseValues),
    rows: Array.from(rows, (row, i) => ({
      row,
      prediction: labels[i] as number | string,
      scores: Array.from(attributions.scores.subarray(i * nOutputs, (i + 1) * nOutputs)),
      probabilities:
        pipeline.task === 'regression'
          ? null
          : Array.from(predictions.values.subarray(i * predictions.nClasses, (i + 1) * predictions.nClasses)),
      cells: columns.map((column) => cellOf(column, row)),
      values: tableOf(attributions.values, i),
      standardErrors: attributions.standardErrors ? tableOf(attributions.standardErrors, i) : null,
      reading: readLocal(
        names,
        tableOf(attributions.values, i)[shownClass(pipeline, labels[i] as number | string)] ?? [],
      ),
      ...(attributions.stability ? stabilityOf(attributions.stability[i] as number) : {}),
    })),
    ...(attributions.lime ? { lime: attributions.lime } : {}),
    additivity: { maxAbsError: attributions.maxAbsError },
  }
}

/** Of several classes the one that is predicted; the others have one table only. */
function shownClass({ task, classes }: Pipeline, label: number | string): number {
  return task === 'multiclass' ? Math.max(0, classes.indexOf(String(label))) : 0
}

function stabilityOf(stability: number) {
  return { stability, stable: isStable(stability) }
}

/** A value as the user knows it: date-times in ISO 8601, booleans in their own spelling, missing as null. */
export function cellOf(column: Column, row: number): Cell {
  if (column.storage === 'codes') return column.levels[column.codes[row] as number] ?? null
  const value = column.values[row] as number
  if (!Number.isFinite(value)) return Number.isNaN(value) ? null : String(value)
  if (column.type === 'datetime') return new Date(value * 1000).toISOString()
  if (column.type === 'boolean') return column.spelling?.[value === 0 ? 0 : 1] ?? value !== 0
  return value
}

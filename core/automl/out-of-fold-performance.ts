import type { MetricName } from '../../engine/metrics/metrics.ts'
import { describePerformance } from '../../engine/metrics/performance.ts'
import type { TrainingData } from './prepare-training.ts'

/** How good out-of-fold predictions are, over the rows that some fold has validated. Rows are named as the dataset counts them. */
export function performanceFromPredictions(
  data: Pick<TrainingData, 'target' | 'columns' | 'basis' | 'datasetRows'>,
  values: Float64Array,
  metric: MetricName,
  seed: number,
  threshold = 0.5,
) {
  const width = data.target.task === 'regression' ? 1 : data.target.classes.length
  const rows = Int32Array.from(
    Array.from(data.target.values.keys()).filter((row) => !Number.isNaN(values[row * width] as number)),
  )
  const predicted = new Float64Array(rows.length * width)
  for (const [i, row] of rows.entries()) predicted.set(values.subarray(row * width, (row + 1) * width), i * width)
  const described = describePerformance({
    target: data.target,
    predictions: { nRows: rows.length, nClasses: data.target.task === 'regression' ? 0 : width, values: predicted },
    rows,
    columns: data.columns,
    threshold,
    basis: data.basis,
    seed,
    metric,
  })
  const residuals = described.residuals && {
    ...described.residuals,
    points: described.residuals.points.map((point) => ({ ...point, row: data.datasetRows[point.row] as number })),
  }
  return { ...described, residuals }
}

export type OutOfFoldPerformance = ReturnType<typeof performanceFromPredictions>

import type { ThresholdRule } from '../../engine/metrics/choose-threshold.ts'
import { chooseThreshold } from '../../engine/metrics/choose-threshold.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import type { AutomlJob } from './automl-job.ts'
import type { TrainingData } from './prepare-training.ts'

/** The threshold for a model with these out-of-fold predictions: the number asked for, or the best by the rule. */
export function thresholdOf(
  { job, data }: { readonly job: Pick<AutomlJob, 'specification'>; readonly data: TrainingData },
  values: Float64Array,
): number {
  const { threshold } = job.specification
  if (data.target.task !== 'binary') return 0.5
  if (typeof threshold === 'number') return threshold
  const { target, weights } = data
  // In time the first rows are only learned from.
  const rows = Int32Array.from(target.values.keys()).filter((row) => !Number.isNaN(values[2 * row]))
  return chooseThreshold(
    Float64Array.from(rows, (row) => target.values[row] as number),
    Float64Array.from(rows, (row) => values[2 * row + 1] as number),
    weights ? Float64Array.from(rows, (row) => weights[row] as number) : null,
    ruleOf(threshold),
  )
}

function ruleOf(threshold: Exclude<AutomlSpecification['threshold'], number>): ThresholdRule {
  if (typeof threshold === 'object') return { kind: 'cost', ...threshold }
  return threshold === 'balanced' ? { kind: 'balanced' } : { kind: 'f', beta: threshold === 'f1' ? 1 : 2 }
}

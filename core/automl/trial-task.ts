import type { Column, Target } from '../../engine/frame/frame.ts'
import type { Parameters } from '../../engine/learners/learner.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { PipelineInput, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import type { Fold } from '../../engine/validation/make-folds.ts'
import type { ErrorRecord } from '../../shared/errors.ts'

/** What every thread of the pool is started with. Columns lie in shared memory. */
export interface TrialWorkerData {
  readonly columns: readonly Column[]
  readonly inputs: readonly PipelineInput[]
  readonly target: Target
  readonly weights: Float64Array | null
  readonly folds: readonly Fold[]
  readonly metric: MetricName
  /** [0] is 1 while running fits are to stop. */
  readonly control: Int32Array
}

/** One fit: a fold of a trial, or all rows (fold -1). */
export interface TrialTask {
  readonly taskId: number
  readonly learner: string
  readonly parameters: Parameters
  readonly fold: number
  readonly seed: number
}

export interface FittedFold {
  readonly member: PipelineMember
  /** Predictions of the fold's validation rows, in their order; empty for a fit of all rows. */
  readonly values: Float64Array
  readonly score: number
  readonly fitSeconds: number
  readonly predictMicrosPerRow: number
  readonly learningCurve: readonly number[]
}

export type TrialAnswer =
  | { readonly taskId: number; readonly kind: 'fitted'; readonly fitted: FittedFold }
  | { readonly taskId: number; readonly kind: 'stopped' }
  | { readonly taskId: number; readonly kind: 'failed'; readonly error: ErrorRecord }

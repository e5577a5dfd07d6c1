import type { Parameters } from '../../engine/learners/learner.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { lessIsBetter } from '../../shared/domain/values.ts'

/** A trial while and after it runs. */
export interface TrialRecord {
  readonly trialId: number
  readonly runId: string
  readonly learner: string
  readonly learnerTitle: string
  readonly parameters: Parameters
  readonly seed: number
  readonly startedAt: number
  state: 'running' | 'succeeded' | 'failed' | 'stopped'
  /** Score of each fold; NaN until it is there. */
  readonly foldScores: Float64Array
  /** Models of the folds, where they are kept. */
  readonly members: (PipelineMember | null)[]
  /** Out-of-fold predictions, row by row of the training data; NaN where no fold has validated the row. */
  readonly values: Float64Array
  fitSeconds: number
  predictMicrosPerRow: number
  sizeBytes: number
  message: string
  endedAt: number | null
}

/** Mean over the folds; NaN until all are there. */
export function meanScore(trial: Pick<TrialRecord, 'foldScores'>): number {
  return trial.foldScores.reduce((sum, score) => sum + score, 0) / trial.foldScores.length
}

/** Standard deviation over the folds (sample). */
export function scoreDeviation(trial: Pick<TrialRecord, 'foldScores'>): number {
  const n = trial.foldScores.length
  if (n < 2) return 0
  const mean = meanScore(trial)
  return Math.sqrt(trial.foldScores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1))
}

/** A score turned so that less is better. */
export function lossOf(metric: MetricName, score: number): number {
  return lessIsBetter.has(metric) ? score : -score
}

/** Finished trials, best first; ties go to the earlier one. */
export function ranked(trials: Iterable<TrialRecord>, metric: MetricName): TrialRecord[] {
  return [...trials]
    .filter(({ state, foldScores }) => state === 'succeeded' && !Number.isNaN(foldScores[0] as number))
    .sort((a, b) => lossOf(metric, meanScore(a)) - lossOf(metric, meanScore(b)) || a.trialId - b.trialId)
}

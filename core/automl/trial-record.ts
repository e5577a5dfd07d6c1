import type { Learner, Parameters } from '../../engine/learners/learner.ts'
import { ensembleBytes } from '../../engine/learners/tree/ensemble-size.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { PipelineMember } from '../../engine/pipeline/pipeline.ts'
import type { Encoding } from '../../engine/preprocess/fit-encoders.ts'
import { lessIsBetter } from '../../shared/domain/values.ts'
import type { TrainingData } from './prepare-training.ts'

/** A fitted member with the fold (of all repeats) whose training rows it saw. */
export interface FoldModel {
  readonly fold: number
  readonly member: PipelineMember
}

/** A trial while and after it runs. */
export interface TrialRecord {
  readonly trialId: number
  readonly runId: string
  readonly learner: string
  readonly learnerTitle: string
  /** Hyperparameters; after the fit with the number of iterations that the learning curves gave. */
  parameters: Parameters
  readonly seed: number
  readonly startedAt: number
  /** Share of the training rows; 1 for all. */
  readonly fraction: number
  /** Folds of one repeat. */
  readonly nFolds: number
  state: 'running' | 'succeeded' | 'failed' | 'stopped'
  /** Score of each fold; NaN until it is there. Finalists get the folds of more repeats. */
  foldScores: Float64Array
  /** Models of the folds, repeats included, where they are kept. */
  models: readonly FoldModel[]
  /** Out-of-fold predictions, row by row of the training data: means over repeats; NaN where no fold validates the row. */
  values: Float64Array
  fitSeconds: number
  /** Of the mean of the first repeat's fold models. */
  predictMicrosPerRow: number
  sizeBytes: number
  message: string
  endedAt: number | null
}

/** How many numbers a prediction has. */
export function predictionWidth({ target }: Pick<TrainingData, 'target'>): number {
  return target.task === 'regression' ? 1 : target.classes.length
}

/** Mean over the folds that have a score; a fold in which the metric is undefined (a single class) says nothing. */
export function meanScore({ foldScores }: Pick<TrialRecord, 'foldScores'>): number {
  const scores = foldScores.filter((score) => !Number.isNaN(score))
  return scores.length === 0 ? Number.NaN : scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/** Standard deviation over the folds (sample). */
export function scoreDeviation(trial: Pick<TrialRecord, 'foldScores'>): number {
  const scores = trial.foldScores.filter((score) => !Number.isNaN(score))
  if (scores.length < 2) return 0
  const mean = meanScore(trial)
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1))
}

/** A score turned so that less is better. */
export function lossOf(metric: MetricName, score: number): number {
  return lessIsBetter.has(metric) ? score : -score
}

/**
 * Finished trials, best first; ties go to the earlier one. Those judged on more folds come before the others, and those
 * of all rows before those of a part: their scores are what new rows will show.
 */
export function ranked(trials: Iterable<TrialRecord>, metric: MetricName): TrialRecord[] {
  return [...trials]
    .filter((trial) => trial.state === 'succeeded' && !Number.isNaN(meanScore(trial)))
    .sort(
      (a, b) =>
        b.fraction - a.fraction ||
        b.foldScores.length - a.foldScores.length ||
        lossOf(metric, meanScore(a)) - lossOf(metric, meanScore(b)) ||
        a.trialId - b.trialId,
    )
}

/** The trials of `ranked` that can be compared with the first: as many rows and as many folds. */
export function comparable(order: readonly TrialRecord[]): TrialRecord[] {
  const [first] = order
  return order.filter(
    ({ fraction, foldScores }) => fraction === first?.fraction && foldScores.length === first.foldScores.length,
  )
}

/** Size of a model in memory; its file is of the same order. */
export function memberBytes({ model }: PipelineMember): number {
  return model.kind === 'trees' ? ensembleBytes(model) : arrayBytes(model)
}

/** Bytes of all typed arrays within plain data. */
function arrayBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, part) => sum + arrayBytes(part), 0)
}

/** What a configuration may choose instead of its learner's own encoding. */
const choices: readonly Encoding[] = ['tree', 'tree-ordinal', 'scaled', 'scaled-normal', 'scaled-robust']

/** How the columns are encoded for a configuration. */
export function encodingOf(learner: Learner, parameters: Parameters): Encoding {
  const { encoding } = parameters
  return choices.find((each) => each === encoding) ?? learner.encoding
}

import type { Column, Target } from '../../engine/frame/frame.ts'
import type { KernelImplementation } from '../../engine/kernels/kernel-space.ts'
import type { Parameters } from '../../engine/learners/learner.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { PipelineInput, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import type { Encoder } from '../../engine/preprocess/encoder.ts'
import type { FeatureDescription } from '../../engine/preprocess/feature-matrix.ts'
import type { Encoding } from '../../engine/preprocess/fit-encoders.ts'
import type { Fold } from '../../engine/validation/fold.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import type { Effort } from './measure-slowness.ts'
import type { OutOfFoldPerformance } from './out-of-fold-performance.ts'

/** What every thread of the pool is started with. Columns lie in shared memory. */
export interface TrialWorkerData {
  readonly columns: readonly Column[]
  readonly inputs: readonly PipelineInput[]
  readonly target: Target
  readonly weights: Float64Array | null
  readonly folds: readonly Fold[]
  readonly basis: string
  readonly datasetRows: Int32Array
  readonly metric: MetricName
  /** Which inner loops to run; both give the same bits. Default: WebAssembly. */
  readonly kernels?: KernelImplementation
  /** [0] is 1 while running fits are to stop. */
  readonly control: Int32Array
}

/** The fold number that stands for all rows, with none held out. */
export const allRows = -1

/** A fold's rows as features, made once and read by every thread: the training rows, then the validation rows. */
export interface EncodedFold {
  readonly encoders: readonly Encoder[]
  readonly features: readonly FeatureDescription[]
  /** In shared memory. */
  readonly columns: readonly Float32Array[]
  readonly nTrain: number
  readonly nValidation: number
}

/** Fits the encoders on the training rows of a fold and encodes all of it. */
export interface EncodeTask {
  readonly kind: 'encode'
  readonly fold: number
  readonly encoding: Encoding
}

/** One fit: a fold of a trial, or all rows. */
export interface FitTask {
  readonly kind: 'fit'
  readonly fold: number
  readonly encoding: Encoding
  readonly learner: string
  readonly parameters: Parameters
  readonly seed: number
  /** Share of the training rows that are looked at. */
  readonly fraction: number
  /** Stagewise learners: run until the validation loss no longer falls, and keep all iterations. */
  readonly findIterations: boolean
  /** A stagewise fit that takes longer ends with the iterations it has. */
  readonly secondsLimit: number
  /** Trees of a forest that are sent back after it has been judged as a whole; a bag of several needs no more. */
  readonly keptTrees: number
}

/** Predicts a fold's validation rows with a model that is there already. */
export interface JudgeTask {
  readonly kind: 'judge'
  readonly fold: number
  readonly encoding: Encoding
  readonly member: PipelineMember
}

/** Says how good out-of-fold predictions are, with curves and intervals. */
export interface DescribeTask {
  readonly kind: 'describe'
  readonly values: Float64Array
  /** Two classes: class 1 is predicted above it. */
  readonly threshold: number
  readonly seed: number
}

/** A task that works on an encoded fold. */
export type FoldTask = EncodeTask | FitTask | JudgeTask

export type TrialTask = FoldTask | DescribeTask

/** A task on its way: with the encoded fold where the thread does not have it yet, and what it need not keep any more. */
export interface SentTask {
  readonly task: TrialTask
  readonly encoded: EncodedFold | null
  readonly forget: readonly string[]
}

export interface JudgedFold {
  /** Predictions of the fold's validation rows, in their order; empty for all rows. */
  readonly values: Float64Array
  readonly score: number
  readonly predictMicrosPerRow: number
}

export interface FittedFold extends JudgedFold {
  readonly member: PipelineMember
  readonly fitSeconds: number
  /** Of the validation rows, an entry an iteration; empty unless iterations were to be found. */
  readonly learningCurve: readonly number[]
}

export type TrialAnswer =
  | { readonly kind: 'encoded'; readonly encoded: EncodedFold }
  | { readonly kind: 'fitted'; readonly fitted: FittedFold }
  | { readonly kind: 'judged'; readonly judged: JudgedFold }
  | { readonly kind: 'described'; readonly performance: OutOfFoldPerformance }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }

/** What a thread sends back: how a task ended, and what it took. */
export interface DoneTask {
  readonly answer: TrialAnswer
  readonly effort: Effort
}

export function encodedKey({ fold, encoding }: { readonly fold: number; readonly encoding: Encoding }): string {
  return `${fold} ${encoding}`
}

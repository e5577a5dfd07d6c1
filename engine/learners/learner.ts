import type { Task } from '../frame/frame.ts'
import type { KernelImplementation } from '../kernels/kernel-space.ts'
import type { FittedModel } from '../pipeline/pipeline.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'

/** What a fit is given. `rows` are indices into the matrix and the labels. */
export interface FitInput {
  readonly task: Task
  readonly nClasses: number
  readonly matrix: FeatureMatrix
  /** Class codes or numbers, one for each row of the matrix. */
  readonly labels: Float64Array
  /** Weight of each row of the matrix, or null for all one. */
  readonly weights: Float64Array | null
  readonly rows: Int32Array
  /** Rows on which iterative learners stop early, or null: then they run all their iterations. */
  readonly validationRows: Int32Array | null
  /**
   * What an iterative learner keeps where it has validation rows: its iterations up to the lowest loss (the default), or
   * all that it ran, for callers that choose their number from the curves of several folds (see truncateTrees).
   */
  readonly keep?: 'best' | 'all'
  /** Which inner loops to run, where a learner has any: both give the same bits. Default: WebAssembly. */
  readonly kernels?: KernelImplementation
  readonly seed: number
  /** Polled at least once a tree, epoch or pass; true ends the fit with what it has. */
  readonly shouldStop: () => boolean
  /** Fraction done and, for iterative learners, the loss on the validation rows. */
  readonly onProgress?: (progress: {
    readonly fraction: number
    readonly iteration: number
    readonly loss: number | null
  }) => void
}

export interface FitResult {
  readonly model: FittedModel
  /** Loss on the validation rows after each iteration; empty where there is none. */
  readonly learningCurve: readonly number[]
  /** Iterations kept (trees, epochs, passes). */
  readonly iterations: number
}

/** A hyperparameter's range: what the search may try, on which scale, and where it starts. */
export type ParameterSpace = Readonly<
  Record<
    string,
    | {
        readonly kind: 'integer' | 'real'
        readonly low: number
        readonly high: number
        readonly log: boolean
        readonly start: number
      }
    | {
        readonly kind: 'choice'
        readonly options: readonly (string | number | boolean)[]
        readonly start: string | number | boolean
      }
  >
>

export type Parameters = Readonly<Record<string, string | number | boolean>>

/** A learner that the search can use. One interface for ours and for plug-ins. */
export interface Learner {
  readonly name: string
  /** In plain words, for the window: "Gradient boosting". */
  readonly title: string
  readonly tasks: readonly Task[]
  /**
   * Which encoding of the raw columns it wants: trees take codes and NaN, linear ones scaled numbers and one-hot, networks
   * scaled numbers and codes.
   */
  readonly encoding: 'tree' | 'tree-ordinal' | 'scaled' | 'embedded'
  readonly space: ParameterSpace
  /** A first guess of the time that a fit takes: this many nanoseconds for each row and feature, in one thread. */
  cost(parameters: Parameters, nRows: number, nFeatures: number): number
  fit(input: FitInput, parameters: Parameters): FitResult
}

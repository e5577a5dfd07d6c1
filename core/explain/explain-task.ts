import type { Cell, MetricName } from '../../shared/domain/values.ts'
import type { CheckReadingTask } from './check-reading.ts'
import type { InspectionTask } from './inspection-task.ts'
import type { OnModel } from './on-model.ts'

export interface ExplainRowsTask extends OnModel {
  readonly kind: 'rows'
  /** Rows of the table; ignored where `records` are given. */
  readonly rows: readonly number[]
  readonly records: readonly Readonly<Record<string, Cell>>[] | null
  /** Column file of the table that the background is drawn from; usually the training data. */
  readonly backgroundPath: string
  readonly method: 'auto' | 'tree' | 'interventional' | 'linear' | 'exact' | 'sampling' | 'lime'
  readonly output: 'raw' | 'probability'
  /** As in the contract's `rowOptions`; absent is false, or `full`. */
  readonly interactions?: boolean
  readonly grouped?: boolean
  readonly correlated?: boolean
  readonly effort?: 'full' | 'quick'
  readonly tolerance?: number
}

export interface GlobalTask extends OnModel {
  readonly kind: 'global'
  readonly backgroundPath: string
  readonly modelDigest: string
  readonly datasetDigest: string | null
}

export interface ImportanceTask extends OnModel {
  readonly kind: 'importance'
  readonly metric: MetricName
  readonly repeats: number
  /** Whether the table is the one that the model was trained on, which flatters its score. */
  readonly onTrainingRows: boolean
  /** Columns that say nearly the same are shuffled together. Default false. */
  readonly grouped?: boolean
}

export interface DependenceTask extends OnModel {
  readonly kind: 'dependence'
  readonly feature: string
  readonly ice: boolean
}

/** Of several columns at once, which costs less than one by one; no curves of single rows. */
export interface DependencesTask extends OnModel {
  readonly kind: 'dependences'
  readonly features: readonly string[]
}

export interface InterestingRowsTask extends OnModel {
  readonly kind: 'interesting-rows'
  readonly limit: number
}

export interface PerformanceTask extends OnModel {
  readonly kind: 'performance'
  /** What the rows are, for the reader: "test set". */
  readonly basis: string
}

/** Two models on the rows of one table. */
export interface CompareTask extends OnModel {
  readonly kind: 'compare'
  readonly otherPipelinePath: string
  /** Column files that the two were trained on, where they are known and differ. */
  readonly trainingTables: readonly [string, string] | null
}

export type ExplainTask =
  | ExplainRowsTask
  | GlobalTask
  | ImportanceTask
  | DependenceTask
  | DependencesTask
  | InterestingRowsTask
  | PerformanceTask
  | CompareTask
  | CheckReadingTask
  | InspectionTask

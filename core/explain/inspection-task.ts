import type { Cell } from '../../shared/domain/values.ts'
import type { OnModel } from './on-model.ts'

export interface CounterfactualTask extends OnModel {
  readonly kind: 'counterfactuals'
  /** Row of the table; ignored where a record is given. */
  readonly row: number
  readonly record: Readonly<Record<string, Cell>> | null
  /** Column file of the table whose values may be taken; usually the training data. */
  readonly referencePath: string
  readonly wanted: string | null
  readonly keep: readonly string[]
  readonly changes: number
  readonly alternatives: number
}

export interface SurrogateTask extends OnModel {
  readonly kind: 'surrogate'
  /** Which class's probability is imitated; null: the first, or the only output. */
  readonly class: string | null
  readonly leaves: number
}

export interface RedundancyTask extends OnModel {
  readonly kind: 'redundancy'
}

export interface InteractionsTask extends OnModel {
  readonly kind: 'interactions'
  readonly backgroundPath: string
}

export interface PairTask extends OnModel {
  readonly kind: 'pair'
  readonly features: readonly [string, string]
}

export interface EffectsTask extends OnModel {
  readonly kind: 'effects'
  readonly feature: string
}

/** Tasks that look into a model beside its attributions. */
export type InspectionTask =
  | CounterfactualTask
  | SurrogateTask
  | RedundancyTask
  | InteractionsTask
  | PairTask
  | EffectsTask

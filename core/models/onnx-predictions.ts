import type { Predictions } from '../../engine/pipeline/pipeline.ts'

/** What a model file answers. `values` are probabilities (classes) or numbers (nClasses 0), as of the engine's pipelines. */
export interface OnnxPredictions extends Omit<Predictions, 'labelCodes'> {
  /** Each row's label as an index into `labels`; null for a regression. */
  readonly labelCodes: Int32Array | null
  /** The labels that occur, in the model's own spelling. */
  readonly labels: readonly string[]
  /** Of other tools' models that give a label and something else than a number a class: those numbers, row by row. */
  readonly scores?: Float64Array
}

import type { Calibration } from '../calibration/calibration.ts'
import type { ColumnType, Task } from '../frame/frame.ts'
import type { AdditiveModel } from '../learners/bayes/additive-model.ts'
import type { LinearModel } from '../learners/linear/linear-model.ts'
import type { NeighboursModel } from '../learners/neighbours/neighbours-model.ts'
import type { NetworkModel } from '../learners/network/network-model.ts'
import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { Encoder } from '../preprocess/encoder.ts'
import type { FeatureDescription } from '../preprocess/feature-matrix.ts'
import type { ForeignGraph } from './foreign-graph.ts'
import type { SecondLayer } from './second-layer.ts'

/** Every fitted learner, as plain data. A new family adds its record here, its folder, its ONNX emitter and its explainer. */
export type FittedModel = TreeEnsemble | LinearModel | AdditiveModel | NeighboursModel | NetworkModel

/** A raw column that the model takes, by name; the ONNX file has one input of the same name for each. */
export interface PipelineInput {
  readonly name: string
  readonly type: ColumnType
  readonly spelling?: readonly [whenFalse: string, whenTrue: string]
}

/** Preprocessing and one learner, fitted together on the training rows. */
export interface PipelineMember {
  /** Share in the weighted mean of the predictions; the weights add up to 1, but under a second layer they need not. */
  readonly weight: number
  readonly learner: string
  readonly encoders: readonly Encoder[]
  /** What the encoders make, in order; the model's features. */
  readonly features: readonly FeatureDescription[]
  readonly model: FittedModel
  /** For regressions trained on a transformed target: prediction = exp(score) - 1 for `log1p`. */
  readonly targetTransform: 'none' | 'log1p'
}

/**
 * From raw columns to predictions. One member, or an ensemble whose prediction is the weighted mean of the members'
 * probabilities (classification) or values (regression), unless a second layer stands in for the mean. This is what is stored, exported, explained and rebuilt.
 */
export interface Pipeline {
  readonly task: Task
  readonly target: string
  /** Labels in their own spelling; empty for regression. */
  readonly classes: readonly string[]
  readonly inputs: readonly PipelineInput[]
  readonly members: readonly PipelineMember[]
  /** How the members' predictions become one; absent: their weighted mean. */
  readonly secondLayer?: SecondLayer
  /** Corrects the mean of the members' probabilities; absent: it stays as it is. */
  readonly calibration?: Calibration
  /** Binary tasks: class 1 is predicted when its probability is greater than this. Default 0.5. */
  readonly threshold: number
  /** A model of another tool, which has no members: it predicts and is explained by its graph. Never stored. */
  readonly graph?: ForeignGraph
}

/** `values`: n × K probabilities, row by row; or n numbers for a regression. */
export interface Predictions {
  readonly nRows: number
  readonly nClasses: number
  readonly values: Float64Array
  /** The class of each row where the model says it itself, instead of by the greatest value or the threshold. */
  readonly labelCodes?: Int32Array
}

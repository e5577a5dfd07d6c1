import type { LinearModel } from './linear/linear-model.ts'
import type { TreeEnsemble } from './tree/tree-ensemble.ts'

/** Every fitted learner, as plain data. A new family adds its record here, its folder, its ONNX emitter and its explainer. */
export type FittedModel = TreeEnsemble | LinearModel

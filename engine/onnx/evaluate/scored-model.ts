import type { LinearModel } from '../../learners/linear/linear-model.ts'
import { predictLinear } from '../../learners/linear/predict-linear.ts'
import { predictTrees } from '../../learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../../learners/tree/tree-ensemble.ts'
import type { NumberMatrix } from '../../preprocess/feature-matrix.ts'

/** What the scores of a foreign node are sums of. */
export type ScoredModel = TreeEnsemble | LinearModel

/** Scores, rows × nOutputs. */
export function scoresOfModel(model: ScoredModel, matrix: NumberMatrix): Float64Array {
  return model.kind === 'trees' ? predictTrees(model, matrix) : predictLinear(model, matrix)
}

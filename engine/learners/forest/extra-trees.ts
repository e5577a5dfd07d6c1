import type { Learner } from '../learner.ts'
import { fitForest, forestCost } from './fit-forest.ts'
import { forestSpace, readForestParameters } from './forest-parameters.ts'

/**
 * Extremely randomised trees (Geurts, Ernst and Wehenkel 2006): all rows in every tree, one random cut of each tried
 * feature. Cuts are drawn among the node's bins, so evenly in rank rather than in value.
 */
export const extraTrees: Learner = {
  name: 'extra-trees',
  title: 'Extra trees',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'tree',
  space: forestSpace(false),
  cost: (parameters, nRows, nFeatures) => forestCost(readForestParameters(parameters, false), nRows, nFeatures),
  fit: (input, parameters) => fitForest(input, parameters, { cuts: 'random', bootstrap: false }),
}

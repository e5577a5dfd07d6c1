import type { Learner } from '../learner.ts'
import { fitForest, forestCost } from './fit-forest.ts'
import { forestSpace, readForestParameters } from './forest-parameters.ts'

/** Breiman's random forest (2001) on binned features: trees on bootstrap samples, each split the best of a few features. */
export const randomForest: Learner = {
  name: 'random-forest',
  title: 'Random forest',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'tree',
  space: forestSpace(true),
  cost: (parameters, nRows, nFeatures) => forestCost(readForestParameters(parameters, true), nRows, nFeatures),
  fit: (input, parameters) => fitForest(input, parameters, { cuts: 'best', bootstrap: true }),
}

import { assembleForest } from '../forest/fit-forest.ts'
import { binForestFeature, prepareForest } from '../forest/forest-data.ts'
import type { ForestParameters } from '../forest/forest-parameters.ts'
import { createTreeGrower } from '../forest/grow-forest-tree.ts'
import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'

/**
 * One tree small enough to be read: the best split of all features at each node (Breiman et al. 1984; Gini or squared
 * error), as scikit-learn's DecisionTreeClassifier and DecisionTreeRegressor. Features with more than 255 values are cut
 * at quantiles.
 */
export const decisionTree: Learner = {
  name: 'decision-tree',
  title: 'Decision tree',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'tree',
  space: {
    maxDepth: { kind: 'integer', low: 1, high: 8, log: false, start: 4 },
    minRowsInLeaf: { kind: 'integer', low: 2, high: 200, log: true, start: 10 },
    classWeights: { kind: 'choice', options: ['none', 'balanced'], start: 'none' },
  },
  cost: (parameters) => 5 * Number(parameters.maxDepth ?? 4),
  fit,
}

function fit(input: FitInput, given: Parameters): FitResult {
  const parameters = readParameters(given)
  const data = prepareForest(
    input,
    parameters,
    input.matrix.features.map((_, feature) => binForestFeature(input, feature)),
  )
  const tree = createTreeGrower(data, parameters, 'best', input.seed, input.kernels)(0)
  return { model: assembleForest([tree], data), learningCurve: [], iterations: 1 }
}

function readParameters(given: Parameters): ForestParameters {
  for (const name of Object.keys(given)) {
    if (!['maxDepth', 'minRowsInLeaf', 'classWeights'].includes(name))
      throw new ParameterError(`A decision tree has no hyperparameter "${name}"`)
  }
  const { maxDepth = 4, minRowsInLeaf = 10, classWeights = 'none' } = given
  if (typeof maxDepth !== 'number' || !Number.isInteger(maxDepth) || maxDepth < 1 || maxDepth > 1_000)
    throw new ParameterError('maxDepth must be a whole number from 1 to 1000')
  if (typeof minRowsInLeaf !== 'number' || !(minRowsInLeaf >= 1))
    throw new ParameterError('minRowsInLeaf must be a number of at least 1')
  if (classWeights !== 'none' && classWeights !== 'balanced')
    throw new ParameterError("classWeights must be 'none' or 'balanced'")
  return { nTrees: 1, featuresPerSplit: 1, minRowsInLeaf, maxDepth, bootstrap: false, classWeights }
}

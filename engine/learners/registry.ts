import type { Task } from '../frame/frame.ts'
import { naiveBayes } from './bayes/naive-bayes.ts'
import { decisionTree } from './decision-tree/decision-tree.ts'
import { extraTrees } from './forest/extra-trees.ts'
import { randomForest } from './forest/random-forest.ts'
import { gradientBoosting } from './gbdt/gradient-boosting.ts'
import type { Learner } from './learner.ts'
import { elasticNet } from './linear/elastic-net.ts'
import { logisticRegression } from './linear/logistic-regression.ts'
import { nearestNeighbours } from './neighbours/nearest-neighbours.ts'

/** Every learner that the search may use. */
export const learners: readonly Learner[] = [
  logisticRegression,
  elasticNet,
  naiveBayes,
  decisionTree,
  gradientBoosting,
  randomForest,
  extraTrees,
  nearestNeighbours,
]

/** Throws RangeError for a name that no learner has. */
export function learnerByName(name: string): Learner {
  const found = learners.find((learner) => learner.name === name)
  if (!found) throw new RangeError(`There is no learner named ${name}.`)
  return found
}

export function learnersOfTask(task: Task): Learner[] {
  return learners.filter((learner) => learner.tasks.includes(task))
}

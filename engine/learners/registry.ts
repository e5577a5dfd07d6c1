import type { Task } from '../frame/frame.ts'
import { naiveBayes } from './bayes/naive-bayes.ts'
import { decisionTree } from './decision-tree/decision-tree.ts'
import { extraTrees } from './forest/extra-trees.ts'
import { randomForest } from './forest/random-forest.ts'
import { gradientBoosting } from './gbdt/gradient-boosting.ts'
import { kernelMachine } from './kernel/kernel-machine.ts'
import type { Learner } from './learner.ts'
import { elasticNet } from './linear/elastic-net.ts'
import { logisticRegression } from './linear/logistic-regression.ts'
import { nearestNeighbours } from './neighbours/nearest-neighbours.ts'
import { neuralNetwork } from './network/neural-network.ts'

const known: Learner[] = [
  logisticRegression,
  elasticNet,
  naiveBayes,
  decisionTree,
  gradientBoosting,
  randomForest,
  extraTrees,
  nearestNeighbours,
  neuralNetwork,
  kernelMachine,
]

/** Every learner that the search may use. */
export const learners: readonly Learner[] = known

/** Adds a learner from outside, in this thread. Throws RangeError where the name is taken. */
export function addLearner(learner: Learner): void {
  if (known.some(({ name }) => name === learner.name))
    throw new RangeError(`There is a learner named ${learner.name} already.`)
  known.push(learner)
}

/** Throws RangeError for a name that no learner has. */
export function learnerByName(name: string): Learner {
  const found = learners.find((learner) => learner.name === name)
  if (!found) throw new RangeError(`There is no learner named ${name}.`)
  return found
}

/**
 * Learners that are tried only when they are named: on the development tables they have not been shown to make the search
 * better for the time that they take, and models without leaves or weights are explained by enumeration, which is slow.
 */
const onlyWhenNamed: ReadonlySet<string> = new Set([
  naiveBayes.name,
  decisionTree.name,
  nearestNeighbours.name,
  neuralNetwork.name,
  kernelMachine.name,
])

/** Whether a search that was told no learners tries this one. */
export function isTriedByDefault({ name }: Learner): boolean {
  return !onlyWhenNamed.has(name)
}

export function learnersOfTask(task: Task): Learner[] {
  return learners.filter((learner) => learner.tasks.includes(task))
}

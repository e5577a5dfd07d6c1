import type { Task } from '../frame/frame.ts'
import type { Parameters } from '../learners/learner.ts'

/** A configuration: a learner with its hyperparameters. */
export interface Configuration {
  readonly learner: string
  readonly parameters: Parameters
}

/**
 * Configurations that are tried first, in this order: cheap ones at the start, so that there is a usable model at once,
 * then those that most often do well. Which of them depends on the size of the table, since small ones want more
 * regularisation. Chosen on synthetic tables and general experience, not on any table's own results.
 */
export function portfolio(task: Task, nRows: number): Configuration[] {
  const small = nRows < 3_000
  const linear: Configuration[] =
    task === 'regression'
      ? [{ learner: 'elastic-net', parameters: { alpha: 1e-3, l1Ratio: 0.1 } }]
      : [{ learner: 'logistic-regression', parameters: { c: small ? 0.1 : 1 } }]
  const boosting = (parameters: Parameters): Configuration => ({ learner: 'gradient-boosting', parameters })
  const trees: Configuration[] = small
    ? [
        boosting({ nTrees: 60, learningRate: 0.1, maxLeaves: 8, minRowsInLeaf: 10, lambda: 1 }),
        { learner: 'extra-trees', parameters: { nTrees: 200, minRowsInLeaf: 2 } },
        { learner: 'random-forest', parameters: { nTrees: 200, minRowsInLeaf: 3 } },
        boosting({
          nTrees: 300,
          learningRate: 0.03,
          maxLeaves: 6,
          minRowsInLeaf: 5,
          lambda: 3,
          rowFraction: 0.7,
          featureFraction: 0.6,
        }),
        boosting({
          nTrees: 200,
          learningRate: 0.05,
          maxLeaves: 16,
          minRowsInLeaf: 5,
          lambda: 1,
          rowFraction: 0.8,
          featureFraction: 0.5,
        }),
        { learner: 'extra-trees', parameters: { nTrees: 300, minRowsInLeaf: 1, featuresPerSplit: 0.5 } },
        boosting({ nTrees: 500, learningRate: 0.03, maxLeaves: 4, minRowsInLeaf: 10, lambda: 1, rowFraction: 0.6 }),
        { learner: 'random-forest', parameters: { nTrees: 300, minRowsInLeaf: 1, featuresPerSplit: 0.5 } },
      ]
    : [
        boosting({ nTrees: 100, learningRate: 0.1, maxLeaves: 31, minRowsInLeaf: 20 }),
        boosting({
          nTrees: 600,
          learningRate: 0.05,
          maxLeaves: 63,
          minRowsInLeaf: 20,
          lambda: 1,
          rowFraction: 0.8,
          featureFraction: 0.8,
        }),
        { learner: 'random-forest', parameters: { nTrees: 60, minRowsInLeaf: 4 } },
        boosting({
          nTrees: 1000,
          learningRate: 0.04,
          maxLeaves: 127,
          minRowsInLeaf: 10,
          lambda: 5,
          rowFraction: 0.8,
          featureFraction: 0.5,
        }),
        { learner: 'extra-trees', parameters: { nTrees: 100, minRowsInLeaf: 2, featuresPerSplit: 0.5 } },
        boosting({ nTrees: 800, learningRate: 0.06, maxLeaves: 15, minRowsInLeaf: 30, lambda: 3 }),
      ]
  const strongerLinear: Configuration[] =
    task === 'regression'
      ? [{ learner: 'elastic-net', parameters: { alpha: 0.03, l1Ratio: 0.5 } }]
      : [{ learner: 'logistic-regression', parameters: { c: small ? 1 : 0.03 } }]
  return [...linear, ...trees, ...strongerLinear]
}

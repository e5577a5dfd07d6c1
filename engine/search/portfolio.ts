import type { Task } from '../frame/frame.ts'
import type { Learner, Parameters } from '../learners/learner.ts'
import type { Configuration, TableShape } from './search-space.ts'
import { configurationKey } from './search-space.ts'

type Starts = (task: Task, shape: TableShape) => readonly Parameters[]

/**
 * Good configurations of each learner, the quickest first, from what is known in general: shrunken boosting with few and
 * with many leaves, forests that try more and fewer features a split, linear models from strong to weak penalties. Small
 * tables want fewer leaves and more shrinkage. Not chosen by any table's own results.
 */
const starts: Readonly<Record<string, Starts>> = {
  'gradient-boosting': (_task, { rows, hasCategories }) => {
    const small = rows < 3_000
    const common = rows < 2_000 ? { maxBins: 64 } : {}
    const list: Parameters[] = small
      ? [
          { learningRate: 0.1, maxLeaves: 8, minRowsInLeaf: 10, lambda: 1 },
          { learningRate: 0.05, maxLeaves: 6, minRowsInLeaf: 5, lambda: 1, featureFraction: 0.6, rowFraction: 0.8 },
          { learningRate: 0.05, maxLeaves: 16, minRowsInLeaf: 5, lambda: 5, featureFraction: 0.5, rowFraction: 0.7 },
          { learningRate: 0.05, maxLeaves: 4, minRowsInLeaf: 5, lambda: 0.1, featureFraction: 0.5, rowFraction: 0.8 },
          { learningRate: 0.03, maxLeaves: 31, minRowsInLeaf: 3, lambda: 10, featureFraction: 0.4, rowFraction: 0.6 },
        ]
      : [
          { learningRate: 0.1, maxLeaves: 31, minRowsInLeaf: 20 },
          { learningRate: 0.07, maxLeaves: 63, minRowsInLeaf: 20, lambda: 1, featureFraction: 0.7, rowFraction: 0.8 },
          { learningRate: 0.07, maxLeaves: 15, minRowsInLeaf: 30, lambda: 1, featureFraction: 0.7, rowFraction: 0.9 },
          { learningRate: 0.05, maxLeaves: 127, minRowsInLeaf: 10, lambda: 5, featureFraction: 0.5, rowFraction: 0.8 },
          { learningRate: 0.05, maxLeaves: 31, minRowsInLeaf: 5, lambda: 10, featureFraction: 0.5, rowFraction: 0.6 },
        ]
    if (hasCategories) list.splice(2, 0, { ...(list[1] as Parameters), encoding: 'tree-ordinal' })
    return list.map((parameters) => ({ ...parameters, ...common }))
  },
  'random-forest': (task, { rows, hasCategories }) => {
    const leaf = rows < 5_000 ? 1 : rows < 50_000 ? 3 : 10
    const encoding = hasCategories ? { encoding: 'tree-ordinal' } : {}
    const share = task === 'regression' ? 0.5 : 'sqrt'
    return [
      { nTrees: 100, minRowsInLeaf: rows < 5_000 ? 3 : 2 * leaf, featuresPerSplit: 'auto', ...encoding },
      { nTrees: 200, minRowsInLeaf: leaf, featuresPerSplit: share },
      { nTrees: 200, minRowsInLeaf: 4 * leaf, featuresPerSplit: 0.5, ...encoding },
    ]
  },
  'extra-trees': (task, { rows, hasCategories }) => {
    const leaf = rows < 5_000 ? 1 : rows < 50_000 ? 3 : 10
    const encoding = hasCategories ? { encoding: 'tree-ordinal' } : {}
    const share = task === 'regression' ? 1 : 0.5
    return [
      { nTrees: 100, minRowsInLeaf: rows < 5_000 ? 2 : 2 * leaf, featuresPerSplit: share, ...encoding },
      { nTrees: 200, minRowsInLeaf: leaf, featuresPerSplit: share },
      { nTrees: 200, minRowsInLeaf: 4 * leaf, featuresPerSplit: 0.75, ...encoding },
    ]
  },
  'naive-bayes': () => [{ smoothing: 1, varianceSmoothing: 1e-3 }],
  'decision-tree': (_task, { rows }) => [
    { maxDepth: 4, minRowsInLeaf: Math.max(5, Math.min(100, Math.round(rows / 100))) },
    { maxDepth: 7, minRowsInLeaf: Math.max(5, Math.min(50, Math.round(rows / 200))) },
  ],
  'nearest-neighbours': () => [
    { k: 10, weighting: 'distance' },
    { k: 30, weighting: 'distance' },
  ],
  'neural-network': (_task, { rows }) => {
    const epochs = rows < 5_000 ? 60 : rows < 50_000 ? 30 : 12
    const batchRows = rows < 2_000 ? 32 : rows < 20_000 ? 128 : 256
    return [
      { width: 64, depth: 2, learningRate: 2e-3, dropout: 0.1, epochs, batchRows },
      { width: 128, depth: 2, learningRate: 1e-3, dropout: 0.3, weightDecay: 0.1, epochs, batchRows },
    ]
  },
  'kernel-machine': () => [
    { gamma: 0.5, components: 256, c: 1, alpha: 1e-3 },
    { gamma: 0.1, components: 256, c: 10, alpha: 1e-4 },
  ],
  'logistic-regression': () => [{ c: 0.1 }, { c: 0.3, encoding: 'scaled-normal' }, { c: 1 }, { c: 0.01 }, { c: 10 }],
  'elastic-net': () => [
    { alpha: 1e-3, l1Ratio: 0.1 },
    { alpha: 1e-3, l1Ratio: 0.5, penalty: 'cross-validated' },
    { alpha: 1e-3, l1Ratio: 0.1, encoding: 'scaled-normal' },
    { alpha: 3e-2, l1Ratio: 0.5 },
    { alpha: 1e-5, l1Ratio: 0 },
  ],
}

/**
 * The configurations that are tried first. Learners take turns in the order given, each with its quickest first: after
 * one round there is something of every family. A learner that is not known here starts from its space's own start. What is
 * `fixed` every configuration has.
 */
export function portfolio(
  learners: readonly Learner[],
  task: Task,
  shape: TableShape,
  fixed: Parameters = {},
): Configuration[] {
  const lists = learners.map((learner) => {
    const own = starts[learner.name]?.(task, shape) ?? [startOf(learner)]
    const onLogarithms = shape.isSkewed
      ? own.slice(0, 1).map((parameters) => ({ ...parameters, targetTransform: 'log1p' }))
      : []
    const list = [...own.slice(0, 2), ...onLogarithms, ...own.slice(2)]
    return list.map((parameters) => ({ learner: learner.name, parameters: { ...parameters, ...fixed } }))
  })
  const known = new Set<string>()
  const inTurn: Configuration[] = []
  for (let round = 0; lists.some((list) => round < list.length); round++) {
    for (const list of lists) {
      const configuration = list[round]
      if (!configuration || known.has(configurationKey(configuration))) continue
      known.add(configurationKey(configuration))
      inTurn.push(configuration)
    }
  }
  return inTurn
}

/** Fewer trees than this are no forest. */
const leastTrees = 10

/**
 * The portfolio with its quickest configuration in front where the first would take longer than `within` seconds: very wide
 * tables make even a linear model dear. Where none is quick enough, the quickest forest comes first with fewer trees.
 */
export function quickOneFirst(
  configurations: readonly Configuration[],
  secondsOf: (configuration: Configuration) => number,
  within: number,
): readonly Configuration[] {
  const [first] = configurations
  if (!first || secondsOf(first) <= within) return configurations
  const quickest = quickestOf(configurations, secondsOf)
  if (secondsOf(quickest) <= within) return [quickest, ...configurations.filter((each) => each !== quickest)]
  const forests = configurations.filter(({ parameters }) => typeof parameters.nTrees === 'number')
  const thinned = forests.map(({ learner, parameters }) => {
    const nTrees = Math.floor((Number(parameters.nTrees) * within) / secondsOf({ learner, parameters }))
    return { learner, parameters: { ...parameters, nTrees: Math.max(leastTrees, nTrees) } }
  })
  return [quickestOf([...thinned, quickest], secondsOf), ...configurations]
}

function quickestOf(
  configurations: readonly Configuration[],
  secondsOf: (configuration: Configuration) => number,
): Configuration {
  return configurations.reduce((least, each) => (secondsOf(each) < secondsOf(least) ? each : least))
}

function startOf(learner: Learner): Parameters {
  return Object.fromEntries(Object.entries(learner.space).map(([name, { start }]) => [name, start]))
}

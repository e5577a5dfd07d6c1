import { gradientBoosting } from '../../engine/learners/gbdt/gradient-boosting.ts'
import type { Learner } from '../../engine/learners/learner.ts'
import type { PortfolioAdvice, PortfolioHistory } from '../../engine/search/advise-portfolio.ts'
import { advisePortfolio } from '../../engine/search/advise-portfolio.ts'
import { chooseFractions } from '../../engine/search/choose-fractions.ts'
import { metaFeatures } from '../../engine/search/meta-features.ts'
import { portfolio, quickOneFirst } from '../../engine/search/portfolio.ts'
import { portfolioHistory } from '../../engine/search/portfolio-history.ts'
import type { Search } from '../../engine/search/search.ts'
import { createSearch } from '../../engine/search/search.ts'
import type { Configuration, TableShape } from '../../engine/search/search-space.ts'
import { isStagewise, learnerParameters, searchSpace } from '../../engine/search/search-space.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import type { Demands } from './learner-demands.ts'
import { demandedParameters } from './learner-demands.ts'
import type { TrainingData } from './prepare-training.ts'

/** When what happens, in seconds from the start. */
export interface SearchPlan {
  readonly search: Search
  /** What decided the portfolio's order. */
  readonly advice: PortfolioAdvice
  readonly fractions: readonly number[]
  /** The search for configurations ends. */
  readonly searchEnd: number
  /** What is kept for the choice and the final model, on a machine that does nothing else. */
  readonly finishSeconds: number
  /** When search and repeats have to end for so many seconds to be left: the later the less the closing needs. */
  readonly endsFor: (finishSeconds: number) => { readonly searchEnd: number; readonly repeatsEnd: number }
  /** A stagewise fit that takes longer ends with the iterations it has. */
  readonly secondsPerFit: number
}

/**
 * Of the budget, for the ensemble, the final model, the export, its certificate and the intervals: they take about a second
 * of a small model, however short the search was, but no more than a quarter of a short budget is kept for them.
 */
const finishShare = 0.05
const closingSeconds = { least: 1.2, most: 6 }
const mostFinishShare = 0.25
/** Where closing turns out to be dear, at least this share of the budget is still searched. */
const leastSearchedShare = 0.5
/** The first model is there by then, in seconds, or in this share of the budget where that is longer. */
export const firstModelWithin = { seconds: 2, share: 0.02 }
/** Of the rest, where small tables are split anew for the best trials. */
const searchShare = 0.65
/** Of the budget, for one trial of all rows at the most. */
const trialShare = 0.25

/** Plans the search for a table and a budget. Learners take turns in their order of cost: quick ones come first. */
export function planSearch(
  data: TrainingData,
  learners: readonly Learner[],
  specification: Pick<AutomlSpecification, 'budgetSeconds' | 'seed' | 'trials'> & Demands,
  threads: number,
  history: PortfolioHistory = portfolioHistory(),
): SearchPlan {
  const { budgetSeconds } = specification
  // A rate is learned by its logarithm already.
  const shape = { ...tableShape(data), ...(specification.objective === 'poisson' ? { isSkewed: false } : {}) }
  const demanded = demandedParameters(specification)
  const nFolds = data.folds.length
  const seconds = (configuration: Configuration, learner: Learner, fraction: number) => {
    const rows = data.frame.nRows * (nFolds > 1 ? (nFolds - 1) / nFolds : 0.8) * fraction
    const nInputs = data.inputs.length
    const outputs = isStagewise(learner) && data.target.task === 'multiclass' ? data.target.classes.length : 1
    const folds = fraction < 1 ? 1 : nFolds
    const each = learner.cost(withIterations(configuration, learner), rows, nInputs)
    return (each * rows * nInputs * outputs * folds) / (1e9 * Math.min(threads, folds))
  }
  const plain = { learner: gradientBoosting.name, parameters: { learningRate: 0.1, maxLeaves: 31 } }
  const secondsOfTrial = seconds(plain, gradientBoosting, 1)
  const fractions = chooseFractions(data.frame.nRows, secondsOfTrial, budgetSeconds)
  // After a hold-out the winner is fitted once more, on all rows.
  const refit = nFolds > 1 ? 0 : Math.min(0.2 * budgetSeconds, 3 * secondsOfTrial * Math.min(threads, nFolds))
  const closing = Math.max(closingSeconds.least, Math.min(closingSeconds.most, finishShare * budgetSeconds))
  const finish = Math.min(mostFinishShare * budgetSeconds, closing) + refit
  const endsFor = (finishSeconds: number) => {
    const repeatsEnd = Math.max(leastSearchedShare * budgetSeconds, budgetSeconds - finishSeconds)
    return { repeatsEnd, searchEnd: data.allFolds.length > nFolds ? searchShare * repeatsEnd : repeatsEnd }
  }
  const { searchEnd } = endsFor(finish)
  const byName = new Map(learners.map((learner) => [learner.name, learner]))
  const estimate = (configuration: Configuration, level: number) =>
    seconds(configuration, byName.get(configuration.learner) as Learner, fractions[level] as number)
  const usual = portfolio(learners, data.target.task, shape, demanded)
  const advice = advisePortfolio(usual, data.target.task, metaFeatures(data.columns, data.target), history)
  const firstWithin = Math.max(firstModelWithin.seconds, firstModelWithin.share * budgetSeconds)
  const search = createSearch({
    learners: learners.map((learner) => ({ learner, space: searchSpace(learner, shape, demanded) })),
    portfolio: quickOneFirst(advice.configurations, (configuration) => estimate(configuration, 0), firstWithin),
    fractions,
    seed: specification.seed,
    budgetSeconds: searchEnd,
    trials: specification.trials,
    estimate,
  })
  const secondsPerFit = (trialShare * budgetSeconds * Math.min(threads, nFolds)) / nFolds
  return { search, advice, fractions, searchEnd, finishSeconds: finish, endsFor, secondsPerFit }
}

/** How many iterations a slow learner takes is not known before; it is about so many. */
function withIterations({ parameters }: Configuration, learner: Learner): Configuration['parameters'] {
  const own = learnerParameters(learner, parameters)
  if (!isStagewise(learner)) return own
  return { ...own, nTrees: Math.min(1_000, Math.round(15 / Number(own.learningRate ?? 0.1))) }
}

export function tableShape({ frame, columns, target }: TrainingData): TableShape {
  return {
    rows: frame.nRows,
    hasCategories: columns.some(({ storage }) => storage === 'codes'),
    isSkewed: target.task === 'regression' && isSkewed(target.values),
  }
}

/** None negative, and a skewness above 1: then errors grow with the value, and logarithms may suit better. */
function isSkewed(values: Float64Array): boolean {
  let sum = 0
  for (const value of values) {
    if (value < 0) return false
    sum += value
  }
  const mean = sum / values.length
  let second = 0
  let third = 0
  for (const value of values) {
    second += (value - mean) ** 2
    third += (value - mean) ** 3
  }
  const variance = second / values.length
  return variance > 0 && third / values.length / variance ** 1.5 > 1
}

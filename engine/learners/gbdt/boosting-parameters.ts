import type { ParameterSpace, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'
import { maximumBins } from '../tree/quantile-bins.ts'

/** Hyperparameters of gradient boosting, with LightGBM's meaning where it has the same one. */
export interface BoostingParameters {
  /** Most iterations; each grows one tree, or one a class for multiclass tasks. Early stopping may end before. */
  readonly nTrees: number
  /** Share of each tree's answer that is added. */
  readonly learningRate: number
  readonly maxLeaves: number
  /** Most splits on a path; 0 for no limit. */
  readonly maxDepth: number
  /**
   * Fewest rows in a leaf. While searching, rows are told from the hessians (as LightGBM does), exact for regression
   * without weights. Weights count relative to their mean.
   */
  readonly minRowsInLeaf: number
  /** L2 regularisation of leaf values, in units of the hessian of mean weight. */
  readonly lambda: number
  /** Share of the rows drawn for each iteration, without replacement; 1 for all. */
  readonly rowFraction: number
  /** Share of the features drawn for each tree; 1 for all. */
  readonly featureFraction: number
  /** Most bins of a feature, 2..255. */
  readonly maxBins: number
  /** Fewest training rows in a bin of numbers: borders around single rows are learned by heart. */
  readonly minRowsInBin: number
  /** Added to the hessian of a category when categories are ordered, and fewest rows of one that is ordered. */
  readonly categorySmoothing: number
  /** L2 regularisation added where a categorical split is judged. */
  readonly categoryLambda: number
  /** Up to so many categories, each is tried against all the others, without ordering. */
  readonly oneVersusRestLevels: number
  /** Iterations without a lower loss on the validation rows after which training ends; 0 to run them all. */
  readonly patience: number
  /** What regressions minimise. Poisson predicts a rate by its logarithm; its targets are not negative. */
  readonly objective: RegressionObjective
  /** Which quantile the quantile objective learns. */
  readonly quantile: number
  /** Errors beyond it count linearly for the Huber objective; in standard deviations of the target. */
  readonly huberDelta: number
  /** 'balanced': every class counts alike, whatever its number of rows. */
  readonly classWeights: 'none' | 'balanced'
  /**
   * Names of numeric columns with which predictions may only rise (1) or only fall (-1), as JSON: {"age":1}. Empty for
   * none. For two classes and regressions, but not with absolute and quantile objectives.
   */
  readonly monotone: string
}

export type RegressionObjective = 'squared' | 'absolute' | 'quantile' | 'huber' | 'poisson'

export const boostingDefaults: BoostingParameters = {
  nTrees: 200,
  learningRate: 0.1,
  maxLeaves: 31,
  maxDepth: 0,
  minRowsInLeaf: 20,
  lambda: 0,
  rowFraction: 1,
  featureFraction: 1,
  maxBins: maximumBins,
  minRowsInBin: 3,
  categorySmoothing: 10,
  categoryLambda: 10,
  oneVersusRestLevels: 4,
  patience: 20,
  objective: 'squared',
  quantile: 0.5,
  huberDelta: 1,
  classWeights: 'none',
  monotone: '',
}

/** What the search may try. Not listed: bins, patience and what is seldom worth a trial. */
export const boostingSpace: ParameterSpace = {
  nTrees: { kind: 'integer', low: 20, high: 2000, log: true, start: 200 },
  learningRate: { kind: 'real', low: 0.01, high: 0.3, log: true, start: 0.1 },
  maxLeaves: { kind: 'integer', low: 4, high: 255, log: true, start: 31 },
  minRowsInLeaf: { kind: 'integer', low: 2, high: 200, log: true, start: 20 },
  lambda: { kind: 'real', low: 1e-3, high: 100, log: true, start: 1e-3 },
  rowFraction: { kind: 'real', low: 0.5, high: 1, log: false, start: 1 },
  featureFraction: { kind: 'real', low: 0.3, high: 1, log: false, start: 1 },
  categorySmoothing: { kind: 'real', low: 1, high: 100, log: true, start: 10 },
}

type NumberNames = {
  [name in keyof BoostingParameters]: BoostingParameters[name] extends number ? name : never
}[keyof BoostingParameters]

const limits: { readonly [name in NumberNames]: readonly [low: number, high: number, whole: boolean] } = {
  nTrees: [1, 100_000, true],
  learningRate: [1e-6, 10, false],
  maxLeaves: [2, 4096, true],
  maxDepth: [0, 1000, true],
  minRowsInLeaf: [0, Number.MAX_SAFE_INTEGER, false],
  lambda: [0, Number.MAX_VALUE, false],
  rowFraction: [1e-6, 1, false],
  featureFraction: [1e-6, 1, false],
  maxBins: [2, maximumBins, true],
  minRowsInBin: [1, Number.MAX_SAFE_INTEGER, true],
  categorySmoothing: [0, Number.MAX_VALUE, false],
  categoryLambda: [0, Number.MAX_VALUE, false],
  oneVersusRestLevels: [0, maximumBins, true],
  patience: [0, Number.MAX_SAFE_INTEGER, true],
  quantile: [1e-6, 1 - 1e-6, false],
  huberDelta: [1e-6, 1e6, false],
}

const objectives: readonly string[] = ['squared', 'absolute', 'quantile', 'huber', 'poisson']

/** The given hyperparameters, defaults for the rest. Throws ParameterError. */
export function readBoostingParameters(given: Parameters): BoostingParameters {
  const read: Record<string, string | number | boolean> = { ...boostingDefaults }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in boostingDefaults)) throw new ParameterError(`Gradient boosting has no hyperparameter "${name}"`)
    if (name in limits) requireNumber(name as NumberNames, value)
    read[name] = value
  }
  if (!objectives.includes(String(read.objective)))
    throw new ParameterError(`objective must be one of ${objectives.join(', ')}`)
  if (read.classWeights !== 'none' && read.classWeights !== 'balanced')
    throw new ParameterError("classWeights must be 'none' or 'balanced'")
  if (typeof read.monotone !== 'string') throw new ParameterError('monotone must be JSON, such as {"age":1}')
  return read as unknown as BoostingParameters
}

function requireNumber(name: NumberNames, value: string | number | boolean): void {
  const [low, high, whole] = limits[name]
  if (typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value))) return
  throw new ParameterError(`${name} must be ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`)
}

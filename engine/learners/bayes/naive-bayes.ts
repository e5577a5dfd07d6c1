import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'
import type { AdditiveModel, AdditiveTerm } from './additive-model.ts'
import { type ClassRows, classRows } from './class-rows.ts'
import { categoricalTerm, gaussianTerm, stepTerm } from './fit-terms.ts'

/**
 * Naive Bayes: each feature on its own, given the class. Numbers are Gaussian (those of two values, and all with
 * `numbers: 'bernoulli'`, Bernoulli), codes categorical with additive smoothing, as scikit-learn's GaussianNB,
 * BernoulliNB and CategoricalNB; here they may stand in one table. A missing value says nothing.
 */
export const naiveBayes: Learner = {
  name: 'naive-bayes',
  title: 'Naive Bayes',
  tasks: ['binary', 'multiclass'],
  encoding: 'tree',
  space: {
    smoothing: { kind: 'real', low: 1e-3, high: 100, log: true, start: 1 },
    varianceSmoothing: { kind: 'real', low: 1e-9, high: 1, log: true, start: 1e-3 },
  },
  // Two passes over the values, whatever the parameters.
  cost: () => 20,
  fit,
}

/** Given hyperparameters, defaults for the rest; see `readParameters`. */
interface BayesParameters {
  /** Rows added to each category of each class (Laplace). Default 1. */
  readonly smoothing: number
  /** Share of a feature's variance over all rows that is added to its variance in each class. Default 1e-3. */
  readonly varianceSmoothing: number
  /** How numbers are seen; `auto`: those with two values as Bernoulli, others as Gaussian. */
  readonly numbers: 'auto' | 'gaussian' | 'bernoulli'
}

function readParameters(given: Parameters): BayesParameters {
  for (const name of Object.keys(given)) {
    if (!['smoothing', 'varianceSmoothing', 'numbers'].includes(name))
      throw new ParameterError(`Naive Bayes has no hyperparameter "${name}"`)
  }
  const { smoothing = 1, varianceSmoothing = 1e-3, numbers = 'auto' } = given
  if (typeof smoothing !== 'number' || !(smoothing > 0)) throw new ParameterError('smoothing must be above 0')
  if (typeof varianceSmoothing !== 'number' || !(varianceSmoothing > 0))
    throw new ParameterError('varianceSmoothing must be above 0')
  if (numbers !== 'auto' && numbers !== 'gaussian' && numbers !== 'bernoulli')
    throw new ParameterError("numbers must be 'auto', 'gaussian' or 'bernoulli'")
  return { smoothing, varianceSmoothing, numbers }
}

function fit(input: FitInput, given: Parameters): FitResult {
  if (input.rows.length === 0) throw new RangeError('There are no rows to train on')
  const parameters = readParameters(given)
  const rows = classRows(input)
  const terms: AdditiveTerm[] = []
  for (const [feature, { kind, cardinality }] of input.matrix.features.entries()) {
    if (terms.length > 0 && input.shouldStop()) break
    const column = input.matrix.columns[feature] as Float32Array
    if (kind === 'codes') terms.push(categoricalTerm(rows, column, feature, cardinality, parameters.smoothing))
    else terms.push(...numberTerms(rows, column, feature, parameters))
  }
  const prior = rows.totals.map((total) => Math.log(Math.max(total, 1e-9 * rows.total) / rows.total))
  const model: AdditiveModel = {
    kind: 'additive',
    nFeatures: input.matrix.columns.length,
    ...outputsOf(input, prior, terms),
  }
  return { model, learningCurve: [], iterations: 1 }
}

function numberTerms(
  rows: ClassRows,
  column: Float32Array,
  feature: number,
  { smoothing, varianceSmoothing, numbers }: BayesParameters,
): AdditiveTerm[] {
  const border = numbers === 'bernoulli' ? 0 : numbers === 'auto' ? lowerOfTwo(rows, column) : null
  const term =
    border === null
      ? gaussianTerm(rows, column, feature, varianceSmoothing)
      : stepTerm(rows, column, feature, border, smoothing)
  return term ? [term] : []
}

/** The lower value of a column that has exactly two, else null. */
function lowerOfTwo({ rows }: ClassRows, column: Float32Array): number | null {
  let first = Number.NaN
  let second = Number.NaN
  for (const row of rows) {
    const value = column[row] as number
    if (Number.isNaN(value) || value === first || value === second) continue
    if (Number.isNaN(first)) first = value
    else if (Number.isNaN(second)) second = value
    else return null
  }
  return Number.isNaN(second) ? null : Math.min(first, second)
}

/** Two classes have one score, what speaks for the second less what speaks for the first. */
function outputsOf(
  { task, nClasses }: FitInput,
  prior: Float64Array,
  terms: readonly AdditiveTerm[],
): Pick<AdditiveModel, 'nOutputs' | 'link' | 'intercept' | 'terms'> {
  if (task !== 'binary') return { nOutputs: nClasses, link: 'softmax', intercept: prior, terms }
  const intercept = Float64Array.of((prior[1] as number) - (prior[0] as number))
  return { nOutputs: 1, link: 'logistic', intercept, terms: terms.flatMap(differenceOfTwo) }
}

function differenceOfTwo(term: AdditiveTerm): AdditiveTerm[] {
  const less = (values: Float64Array) => Float64Array.of((values[1] as number) - (values[0] as number))
  switch (term.shape) {
    case 'square':
      return [1, 0].map((k) => {
        const sign = k === 1 ? 1 : -1
        return {
          ...term,
          centres: term.centres.slice(k, k + 1),
          factors: Float64Array.of(sign * (term.factors[k] as number)),
          constants: Float64Array.of(sign * (term.constants[k] as number)),
        }
      })
    case 'step':
      return [{ ...term, below: less(term.below), above: less(term.above) }]
    case 'table':
      return [
        {
          ...term,
          values: Float64Array.from(
            { length: term.cardinality },
            (_, code) => (term.values[2 * code + 1] as number) - (term.values[2 * code] as number),
          ),
        },
      ]
  }
}

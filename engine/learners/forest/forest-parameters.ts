import type { ParameterSpace, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'

/** Hyperparameters of random forests and extra trees. */
export interface ForestParameters {
  readonly nTrees: number
  /**
   * Features tried at each split: 'sqrt' of their number, or a share of them. 'auto' is sqrt for classes and a third for
   * numbers. Features that are constant within a node do not count.
   */
  readonly featuresPerSplit: 'auto' | 'sqrt' | number
  /** Fewest rows in a leaf; a row that a bootstrap sample holds several times counts once. */
  readonly minRowsInLeaf: number
  /** Most splits on a path; 0 for no limit. */
  readonly maxDepth: number
  /** Each tree sees rows drawn with replacement, as many as there are; otherwise all rows. */
  readonly bootstrap: boolean
  /** 'balanced': every class counts alike, whatever its number of rows. */
  readonly classWeights: 'none' | 'balanced'
}

/** What the search may try; `bootstrap` starts as the family has it. */
export function forestSpace(bootstrap: boolean): ParameterSpace {
  return {
    nTrees: { kind: 'integer', low: 20, high: 500, log: true, start: 100 },
    featuresPerSplit: { kind: 'choice', options: ['auto', 'sqrt', 0.25, 0.5, 0.75, 1], start: 'auto' },
    minRowsInLeaf: { kind: 'integer', low: 1, high: 100, log: true, start: 5 },
    maxDepth: { kind: 'choice', options: [0, 6, 10, 16], start: 0 },
    bootstrap: { kind: 'choice', options: [true, false], start: bootstrap },
    classWeights: { kind: 'choice', options: ['none', 'balanced'], start: 'none' },
  }
}

/** The given hyperparameters, defaults for the rest. Throws ParameterError. */
export function readForestParameters(given: Parameters, bootstrap: boolean): ForestParameters {
  const known = ['nTrees', 'featuresPerSplit', 'minRowsInLeaf', 'maxDepth', 'bootstrap', 'classWeights']
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw new ParameterError(`Forests have no hyperparameter "${name}"`)
  }
  const featuresPerSplit = given.featuresPerSplit ?? 'auto'
  if (typeof featuresPerSplit === 'boolean' || (typeof featuresPerSplit === 'string' && !isRule(featuresPerSplit))) {
    throw new ParameterError("featuresPerSplit must be 'auto', 'sqrt' or a share above 0 and at most 1")
  }
  if (typeof featuresPerSplit === 'number') requireNumber('featuresPerSplit', featuresPerSplit, Number.MIN_VALUE, 1)
  const classWeights = given.classWeights ?? 'none'
  if (classWeights !== 'none' && classWeights !== 'balanced') {
    throw new ParameterError("classWeights must be 'none' or 'balanced'")
  }
  const drawn = given.bootstrap ?? bootstrap
  if (typeof drawn !== 'boolean') throw new ParameterError('bootstrap must be true or false')
  return {
    nTrees: requireWhole('nTrees', given.nTrees ?? 100, 1, 100_000),
    featuresPerSplit,
    minRowsInLeaf: requireNumber('minRowsInLeaf', given.minRowsInLeaf ?? 1, 0, Number.MAX_VALUE),
    maxDepth: requireWhole('maxDepth', given.maxDepth ?? 0, 0, 10_000),
    bootstrap: drawn,
    classWeights,
  }
}

function isRule(value: string): value is 'auto' | 'sqrt' {
  return value === 'auto' || value === 'sqrt'
}

function requireNumber(name: string, value: string | number | boolean, low: number, high: number): number {
  if (typeof value === 'number' && value >= low && value <= high) return value
  throw new ParameterError(`${name} must be a number from ${low} to ${high}`)
}

function requireWhole(name: string, value: string | number | boolean, low: number, high: number): number {
  if (Number.isInteger(value)) return requireNumber(name, value, low, high)
  throw new ParameterError(`${name} must be a whole number from ${low} to ${high}`)
}

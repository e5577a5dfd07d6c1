import type { Learner, ParameterSpace, Parameters } from '../learners/learner.ts'
import type { RandomStream } from '../random.ts'

/**
 * What a trial runs: a learner and its hyperparameters. Three more may stand among them: `encoding`, where the learner can
 * take its columns in more than one way, `targetTransform` of regressions, and `classWeights`, for learners that have no
 * such hyperparameter of their own.
 */
export interface Configuration {
  readonly learner: string
  readonly parameters: Parameters
}

/** Facts about a table that decide what is worth trying. */
export interface TableShape {
  readonly rows: number
  readonly hasCategories: boolean
  /** Regressions: no target is negative, and a few are far larger than most. */
  readonly isSkewed: boolean
}

/** Two configurations are the same when their keys are. */
export function configurationKey({ learner, parameters }: Configuration): string {
  const names = Object.keys(parameters).sort()
  return JSON.stringify([learner, ...names.map((name) => [name, parameters[name]])])
}

/** Whether more iterations refine the same model, so that their best number is read off the learning curves. */
export function isStagewise(learner: Learner): boolean {
  return 'nTrees' in learner.space && 'learningRate' in learner.space
}

/** The hyperparameters of a configuration that the learner itself reads. */
export function learnerParameters(learner: Learner, parameters: Parameters): Parameters {
  const { encoding: _encoding, targetTransform: _targetTransform, classWeights, ...own } = parameters
  return classWeights !== undefined && 'classWeights' in learner.space ? { ...own, classWeights } : own
}

/** The learner's own space, fitted to the table, with the choices that the search adds to it and without what is `fixed`. */
export function searchSpace(learner: Learner, shape: TableShape, fixed: Parameters = {}): ParameterSpace {
  const space: Record<string, ParameterSpace[string]> = {}
  for (const [name, dimension] of Object.entries(learner.space)) {
    if ((name === 'nTrees' && isStagewise(learner)) || name in fixed) continue
    space[name] = withinReason(name, dimension, shape.rows)
  }
  if (learner.encoding === 'tree' && shape.hasCategories) {
    space.encoding = { kind: 'choice', options: ['tree', 'tree-ordinal'], start: 'tree' }
  }
  if (learner.encoding === 'scaled') {
    space.encoding = { kind: 'choice', options: ['scaled', 'scaled-normal', 'scaled-robust'], start: 'scaled' }
  }
  if (shape.isSkewed) space.targetTransform = { kind: 'choice', options: ['none', 'log1p'], start: 'none' }
  return space
}

/** Leaves that a table cannot fill are not worth a trial. */
function withinReason(name: string, dimension: ParameterSpace[string], rows: number): ParameterSpace[string] {
  if (dimension.kind === 'choice') return dimension
  const cap = (most: number) => {
    const high = Math.max(dimension.low + 1, Math.min(dimension.high, Math.round(most)))
    return { ...dimension, high, start: Math.min(dimension.start, high) }
  }
  if (name === 'maxLeaves') return cap(Math.max(8, rows / 10))
  if (name === 'minRowsInLeaf') return cap(Math.max(4, rows / 20))
  return dimension
}

/** A configuration as a point in the unit cube, dimensions in the order of the space's names. */
export function toUnit(space: ParameterSpace, parameters: Parameters): Float64Array {
  return Float64Array.from(Object.keys(space), (name) => {
    const dimension = space[name] as ParameterSpace[string]
    const value = parameters[name] ?? dimension.start
    if (dimension.kind === 'choice') {
      return (Math.max(0, dimension.options.indexOf(value)) + 0.5) / dimension.options.length
    }
    return clampUnit((scaled(Number(value), dimension.log) - scaled(dimension.low, dimension.log)) / width(dimension))
  })
}

/** The inverse; `base` gives what the space does not speak of. Numbers keep four digits, so that people can read them. */
export function fromUnit(space: ParameterSpace, unit: Float64Array, base: Parameters = {}): Parameters {
  const parameters: Record<string, string | number | boolean> = { ...base }
  for (const [at, name] of Object.keys(space).entries()) {
    const dimension = space[name] as ParameterSpace[string]
    const position = clampUnit(unit[at] as number)
    if (dimension.kind === 'choice') {
      const index = Math.min(dimension.options.length - 1, Math.floor(position * dimension.options.length))
      parameters[name] = dimension.options[index] as string | number | boolean
      continue
    }
    const along = scaled(dimension.low, dimension.log) + position * width(dimension)
    const value = dimension.log ? Math.exp(along) : along
    const rounded = dimension.kind === 'integer' ? Math.round(value) : Number(value.toPrecision(4))
    parameters[name] = Math.min(dimension.high, Math.max(dimension.low, rounded))
  }
  return parameters
}

/** A direction of length one, evenly spread. */
export function randomDirection(dimensions: number, random: RandomStream): Float64Array {
  const direction = Float64Array.from({ length: dimensions }, () => random.nextNormal())
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0))
  return length > 0 ? direction.map((value) => value / length) : direction
}

function scaled(value: number, log: boolean): number {
  return log ? Math.log(value) : value
}

function width(dimension: { readonly low: number; readonly high: number; readonly log: boolean }): number {
  return Math.max(Number.MIN_VALUE, scaled(dimension.high, dimension.log) - scaled(dimension.low, dimension.log))
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value))
}

import type { ParameterSpace, Parameters } from '../learners/learner.ts'
import { randomStream } from '../random.ts'
import { fromUnit, randomDirection, toUnit } from './search-space.ts'

/** A point to try, and how it was found: `back` is the opposite of a direction that did not help. */
export interface Move {
  readonly parameters: Parameters
  readonly unit: Float64Array
  readonly direction: Float64Array
  readonly back: boolean
}

/**
 * Where a learner's local search stands. It is randomised direct search (FLOW², Wu, Wang & Huang 2021): from the best
 * point so far it tries a random direction, then the opposite one; steps shrink when several tries in a row did not
 * help, and when they are too small to matter the search starts again from somewhere else.
 */
export interface LocalSearch {
  readonly space: ParameterSpace
  readonly seed: number
  /** Best point of this descent; null before there is a place to start. */
  incumbent: { readonly parameters: Parameters; readonly unit: Float64Array; readonly loss: number } | null
  step: number
  /** Tries since the last success. */
  failures: number
  /** Directions whose opposite is to be tried next. */
  readonly opposites: Float64Array[]
  moves: number
  restarts: number
}

/** Of the width of each dimension. */
const firstStep = 0.2
const leastStep = 0.03
const mostRestarts = 3

export function createLocalSearch(space: ParameterSpace, seed: number): LocalSearch {
  return { space, seed, incumbent: null, step: firstStep, failures: 0, opposites: [], moves: 0, restarts: 0 }
}

/** Takes the better of two points as the place from which to go on. */
export function offerStart(search: LocalSearch, parameters: Parameters, loss: number): void {
  if (search.incumbent && search.incumbent.loss <= loss) return
  search.incumbent = { parameters, unit: toUnit(search.space, parameters), loss }
}

export function hasConverged(search: LocalSearch): boolean {
  return Object.keys(search.space).length === 0 || search.step < leastStep
}

/** The next point, or null without a place to start from or when the search has converged. */
export function nextMove(search: LocalSearch): Move | null {
  const { incumbent, space, seed } = search
  if (!incumbent || hasConverged(search)) return null
  const number = search.moves++
  const opposite = search.opposites.shift()
  const names = Object.keys(space)
  const direction = opposite ?? randomDirection(names.length, randomStream(seed, 1, number))
  const random = randomStream(seed, 2, number)
  const unit = incumbent.unit.map((position, at) => {
    const dimension = space[names[at] as string] as ParameterSpace[string]
    // Options have no distance: now and then another one is drawn.
    if (dimension.kind === 'choice') return random.nextFloat() < search.step ? random.nextFloat() : position
    // A direction's coordinates shrink with the root of their number; so the step is one of each dimension.
    return reflected(position + search.step * Math.sqrt(names.length) * (direction[at] as number))
  })
  return { parameters: fromUnit(space, unit, incumbent.parameters), unit, direction, back: opposite !== undefined }
}

/** Tells how a move did; null: it could not be tried, or was given up as no better. */
export function learnFrom(search: LocalSearch, move: Move, loss: number | null): void {
  if (loss !== null && (!search.incumbent || loss < search.incumbent.loss)) {
    search.incumbent = { parameters: move.parameters, unit: move.unit, loss }
    search.failures = 0
    search.opposites.length = 0
    return
  }
  if (!move.back) search.opposites.push(move.direction.map((value) => -value))
  search.failures += 1
  if (search.failures < Math.min(12, 2 * Math.max(2, Object.keys(search.space).length))) return
  search.failures = 0
  search.opposites.length = 0
  search.step /= 2
  if (search.step < leastStep && search.restarts < mostRestarts) restart(search)
}

/** Half way between the best point and a random one: far enough to leave a hollow, near enough to what is known. */
function restart(search: LocalSearch): void {
  const { incumbent } = search
  if (!incumbent) return
  search.restarts += 1
  search.step = firstStep
  const random = randomStream(search.seed, 3, search.restarts)
  const unit = incumbent.unit.map((position) => (position + random.nextFloat()) / 2)
  search.incumbent = {
    parameters: fromUnit(search.space, unit, incumbent.parameters),
    unit,
    loss: Number.POSITIVE_INFINITY,
  }
}

function reflected(position: number): number {
  const folded = Math.abs(position) % 2
  return folded > 1 ? 2 - folded : folded
}

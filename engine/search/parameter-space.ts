import type { ParameterSpace, Parameters } from '../learners/learner.ts'
import type { RandomStream } from '../random.ts'

/** A configuration as a point of the unit cube, one coordinate a hyperparameter in the order of the space's keys. */
export type Point = readonly number[]

export function toPoint(space: ParameterSpace, parameters: Parameters): number[] {
  return Object.entries(space).map(([name, range]) => {
    const value = parameters[name] ?? range.start
    if (range.kind === 'choice') return (Math.max(0, range.options.indexOf(value)) + 0.5) / range.options.length
    const number = Number(value)
    const share = range.log
      ? Math.log(number / range.low) / Math.log(range.high / range.low)
      : (number - range.low) / (range.high - range.low)
    return Math.min(1, Math.max(0, share))
  })
}

export function fromPoint(space: ParameterSpace, point: Point): Parameters {
  return Object.fromEntries(
    Object.entries(space).map(([name, range], at) => {
      const share = Math.min(1, Math.max(0, point[at] as number))
      if (range.kind === 'choice') {
        return [
          name,
          range.options[Math.min(range.options.length - 1, Math.floor(share * range.options.length))] as
            | string
            | number
            | boolean,
        ]
      }
      const value = range.log
        ? range.low * (range.high / range.low) ** share
        : range.low + share * (range.high - range.low)
      // Four digits are as fine as any of them matters, and read well.
      return [name, range.kind === 'integer' ? Math.round(value) : Number(value.toPrecision(4))]
    }),
  )
}

/** A random direction of length 1. */
export function randomDirection(size: number, random: RandomStream): number[] {
  const direction = Array.from({ length: size }, () => random.nextNormal())
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0)) || 1
  return direction.map((value) => value / length)
}

/** One step from a point, reflected at the walls so that corners are not sticky. */
export function step(point: Point, direction: readonly number[], size: number): number[] {
  return point.map((value, at) => {
    let moved = value + size * (direction[at] as number)
    if (moved < 0) moved = -moved
    if (moved > 1) moved = 2 - moved
    return Math.min(1, Math.max(0, moved))
  })
}

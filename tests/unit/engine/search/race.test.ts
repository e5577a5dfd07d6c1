import { describe, expect, it } from 'vitest'
import { createRace } from '../../../../engine/search/race.ts'

const reference = [1, 5, 3, 4, 2]
const plus = (differences: readonly number[]) => differences.map((value, fold) => (reference[fold] as number) + value)

function knowing(noise: number) {
  const race = createRace()
  // Sample deviations of ±noise alternately: about noise.
  for (let at = 0; at < 5; at++) race.learn(plus([noise, -noise, noise, -noise, 0]), reference)
  return race
}

describe('a race', () => {
  it('gives nobody up before it knows how far two trials usually differ', () => {
    expect(createRace().isHopeless([100, Number.NaN], reference)).toBe(false)
  })

  it('gives up what is behind by more than the noise, however much folds differ', () => {
    const race = knowing(0.1)
    expect(race.isHopeless(plus([0.3]), reference)).toBe(true)
    expect(race.isHopeless(plus([0.1]), reference)).toBe(false)
    expect(race.isHopeless(plus([-0.3]), reference)).toBe(false)
  })

  it('asks for less lead the more folds have been run', () => {
    const race = knowing(0.1)
    expect(race.isHopeless(plus([0.12]), reference)).toBe(false)
    expect(race.isHopeless(plus([0.12, 0.12, 0.12, 0.12]), reference)).toBe(true)
  })

  it('looks only at folds that both have', () => {
    const race = knowing(0.1)
    expect(race.isHopeless([Number.NaN, 5.5, Number.NaN], reference)).toBe(true)
    expect(race.isHopeless([Number.NaN, Number.NaN], reference)).toBe(false)
  })

  it('estimates the mean from the difference so far', () => {
    expect(knowing(0.1).estimate([Number.NaN, 5.5], reference)).toBeCloseTo(3.5, 12)
  })
})

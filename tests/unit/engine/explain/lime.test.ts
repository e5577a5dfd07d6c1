import { expect, test } from 'vitest'
import type { CoalitionGame } from '../../../../engine/explain/coalition-shap.ts'
import { lime, stableFrom } from '../../../../engine/explain/lime.ts'
import { randomStream } from '../../../../engine/random.ts'

/** A game of so many players with one output, which is all that LIME looks at. */
function gameOf(nPlayers: number, worth: (kept: readonly number[]) => number): CoalitionGame {
  const notAsked = () => {
    throw new Error('LIME draws its rows.')
  }
  return {
    nPlayers,
    nOutputs: 1,
    nBackground: 3,
    evaluate: (fromRow, _background, count) =>
      Float64Array.from({ length: count }, (_, i) => worth([...fromRow.subarray(i * nPlayers, (i + 1) * nPlayers)])),
    ofAllCoalitions: notAsked,
    alongOrder: notAsked,
  }
}

const effects = [4, -2, 1, 0, 0.5]
const additive = gameOf(5, (kept) => kept.reduce((sum, is, player) => sum + is * (effects[player] as number), 7))

test('a sum of columns is found again, and always in the same order', () => {
  const { values, intercepts, stability, fidelity } = lime(additive, { seed: 3, ridge: 1e-9 })
  // The penalty shrinks by some 1e-11.
  for (const [player, effect] of effects.entries()) expect(values[player]).toBeCloseTo(effect, 8)
  expect(intercepts[0]).toBeCloseTo(7, 8)
  expect(fidelity).toBeCloseTo(1, 12)
  expect(stability).toBeCloseTo(1, 12)
})

test('the seed decides which rows are drawn', () => {
  const bent = gameOf(4, ([a = 0, b = 0, c = 0]) => a * b + c)
  expect(lime(bent, { seed: 3 })).toEqual(lime(bent, { seed: 3 }))
  expect(lime(bent, { seed: 3 }).values).not.toEqual(lime(bent, { seed: 4 }).values)
})

test('the width decides how local the model is: near the row a product needs both, all over it half of either', () => {
  const product = gameOf(2, ([a = 0, b = 0]) => a * b)
  const values = (kernelWidth: number) => lime(product, { seed: 1, samples: 5_000, kernelWidth, ridge: 1e-9 }).values
  for (const player of [0, 1]) {
    // Least squares over all four corners, drawn 5,000 times.
    expect(values(1_000)[player]).toBeCloseTo(0.5, 1)
    // What is left where rows with both replaced hardly count.
    expect(values(0.25)[player]).toBeCloseTo(1, 2)
  }
})

test('noise is called unstable', () => {
  const random = randomStream(5)
  const noise = gameOf(6, () => random.nextNormal())
  const { stability, spread, values, repeats, samples, kernelWidth } = lime(noise, { seed: 1 })
  expect(stability).toBeLessThan(stableFrom)
  expect(Math.max(...spread)).toBeGreaterThan(Math.max(...values.map(Math.abs)) / 10)
  expect([repeats, samples, kernelWidth]).toEqual([5, 1_000, 0.75 * Math.sqrt(6)])
})

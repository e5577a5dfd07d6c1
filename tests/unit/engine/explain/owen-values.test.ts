import { expect, test } from 'vitest'
import type { CoalitionGame } from '../../../../engine/explain/coalition-shap.ts'
import { enumerateCoalitions, sampleCoalitions } from '../../../../engine/explain/coalition-shap.ts'
import type { Hierarchy } from '../../../../engine/explain/hierarchy.ts'
import { hierarchyOf, orderWithinHierarchy } from '../../../../engine/explain/hierarchy.ts'
import { enumerateOwen } from '../../../../engine/explain/owen-values.ts'
import { randomStream } from '../../../../engine/random.ts'

/** A game of one background row whose worths are given. */
function gameOf(worths: readonly number[], nPlayers: number): CoalitionGame {
  return {
    nPlayers,
    nOutputs: 1,
    nBackground: 4,
    evaluate: () => new Float64Array(0),
    ofAllCoalitions: () => Float64Array.from(worths),
    alongOrder: (_, position) => {
      const out = new Float64Array(nPlayers + 1)
      for (let step = 0; step <= nPlayers; step++) {
        let mask = 0
        for (let player = 0; player < nPlayers; player++) if ((position[player] as number) < step) mask |= 1 << player
        out[step] = worths[mask] as number
      }
      return out
    },
  }
}

function randomWorths(nPlayers: number): number[] {
  const random = randomStream(nPlayers)
  return Array.from({ length: 1 << nPlayers }, () => random.nextNormal())
}

/** Every order in which each group comes in one piece. */
function allOrders(node: Hierarchy): number[][] {
  if (typeof node === 'number') return [[node]]
  const [left, right] = [allOrders(node.left), allOrders(node.right)]
  return left.flatMap((one) =>
    right.flatMap((other) => [
      [...one, ...other],
      [...other, ...one],
    ]),
  )
}

const hierarchy: Hierarchy = { left: { left: 0, right: { left: 3, right: 1 } }, right: { left: 2, right: 4 } }

test('they are the mean over all orders that keep the groups together', () => {
  const worths = randomWorths(5)
  const { values } = enumerateOwen(gameOf(worths, 5), hierarchy)
  const orders = allOrders(hierarchy)
  expect(orders).toHaveLength(16)
  const expected = new Float64Array(5)
  for (const order of orders) {
    let mask = 0
    for (const player of order) {
      const gain = (worths[mask | (1 << player)] as number) - (worths[mask] as number)
      expected[player] = (expected[player] as number) + gain / orders.length
      mask |= 1 << player
    }
  }
  for (const [player, value] of expected.entries()) expect(values[player]).toBeCloseTo(value, 13)
  const total = (worths[31] as number) - (worths[0] as number)
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 13)
})

test('two players are never told apart by a hierarchy: it is Shapley’s value', () => {
  const game = gameOf(randomWorths(2), 2)
  expect(enumerateOwen(game, { left: 1, right: 0 }).values).toEqual(enumerateCoalitions(game).values)
})

test('sampled orders keep the groups together and come near the exact values', () => {
  const random = randomStream(3)
  const allowed = new Set(allOrders(hierarchy).map(String))
  const seen = new Set<string>()
  for (let draw = 0; draw < 300; draw++) seen.add(String(orderWithinHierarchy(hierarchy, random)))
  expect(seen).toEqual(allowed)
  const game = gameOf(randomWorths(5), 5)
  const exact = enumerateOwen(game, hierarchy).values
  const drawOrder = (stream: Parameters<typeof orderWithinHierarchy>[1]) => orderWithinHierarchy(hierarchy, stream)
  const { values, standardErrors } = sampleCoalitions(game, { seed: 1, rounds: 400, drawOrder })
  for (const [player, value] of exact.entries())
    expect(Math.abs((values[player] as number) - value)).toBeLessThan(5 * (standardErrors[player] as number) + 1e-12)
})

test('a hierarchy is read from joins, and must join all', () => {
  const joins = [
    { left: 1, right: 2, distance: 0.1 },
    { left: 0, right: 3, distance: 0.5 },
  ]
  expect(hierarchyOf(joins, 3)).toEqual({ left: 0, right: { left: 1, right: 2 } })
  expect(() => hierarchyOf(joins.slice(1), 3)).toThrow(RangeError)
})

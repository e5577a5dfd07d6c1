import { expect, test } from 'vitest'
import {
  estimateStrengths,
  strengthsOfMatrices,
  strongestPartners,
} from '../../../../engine/explain/interaction-strengths.ts'
import { pairInteraction } from '../../../../engine/explain/pair-interaction.ts'
import { randomStream } from '../../../../engine/random.ts'
import { allRows, numericColumns } from '../../../fixtures/numeric-pipeline.ts'

test('strengths are mean sizes of both halves, and each column’s strongest partner follows', () => {
  const one = [0, 0.5, 0, 0.5, 1, -2, 0, -2, 3]
  const other = [9, -0.5, 0, -0.5, 1, 1, 0, 1, 3]
  const found = strengthsOfMatrices(Float64Array.from([...one, ...other]), 3)
  expect(Array.from(found.strengths)).toEqual([0, 1, 0, 1, 0, 3, 0, 3, 0])
  expect(Array.from(strongestPartners(found, 3))).toEqual([1, 2, 1])
  expect(Array.from(strongestPartners({ strengths: new Float64Array(4), exact: true }, 2))).toEqual([-1, -1])
})

test('estimated from attributions, the partner is found where the effect of one column hangs on another', () => {
  const random = randomStream(2)
  const rows = Array.from({ length: 800 }, () => [random.nextNormal(), random.nextNormal(), random.nextNormal()])
  const columns = numericColumns(rows)
  // v(x) = x0 x1 + x2: the first two share a product, the third stands alone.
  const values = Float64Array.from(rows.flatMap(([a = 0, b = 0, c = 0]) => [(a * b) / 2, (a * b) / 2, c]))
  const found = estimateStrengths(columns, allRows(800), { values, nOutputs: 1, nPlayers: 3 })
  expect(found.exact).toBe(false)
  expect(Array.from(strongestPartners(found, 3)).slice(0, 2)).toEqual([1, 0])
  expect(found.strengths[1]).toBeGreaterThan(10 * (found.strengths[2] as number))
})

test('a sum has no interaction in its dependence, a product of centred columns nothing else', () => {
  const grid = [-1, 0, 1]
  const even = grid.map(() => grid.map(() => 5))
  const table = (value: (a: number, b: number) => number) => grid.map((a) => grid.map((b) => value(a, b)))
  expect(
    pairInteraction(
      table((a, b) => 3 * a - b + 2),
      even,
    ),
  ).toBeCloseTo(0, 14)
  expect(
    pairInteraction(
      table((a, b) => a * b),
      even,
    ),
  ).toBeCloseTo(1, 14)
  // Variances: a has 2/3, a·b has 4/9.
  expect(
    pairInteraction(
      table((a, b) => a + a * b),
      even,
    ),
  ).toBeCloseTo(4 / 9 / (2 / 3 + 4 / 9), 14)
  expect(
    pairInteraction(
      table(() => 0.1),
      even,
    ),
  ).toBe(0)
})

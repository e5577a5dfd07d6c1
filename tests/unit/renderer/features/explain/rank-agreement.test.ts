import { expect, test } from 'vitest'
import { attributionSpan } from '../../../../../renderer/features/explain/attribution-span.ts'
import { rankAgreement } from '../../../../../renderer/features/explain/rank-agreement.ts'

test('agreement is by the order of sizes, whatever the signs and the scale', () => {
  expect(rankAgreement([3, -2, 1], [-30, 20, 10])).toBeCloseTo(1, 14)
  expect(rankAgreement([3, 2, 1], [1, 2, 3])).toBeCloseTo(-1, 14)
  // Ranks 2, 1, 0 against 2, ½, ½: 1.5 of √2·√1.5.
  expect(rankAgreement([3, 2, 1], [9, 4, -4])).toBeCloseTo(1.5 / Math.sqrt(2 * 1.5), 14)
  expect(rankAgreement([1, 1], [5, 5])).toBe(1)
  expect(rankAgreement([1, 2], [5, 5])).toBe(0)
  expect(rankAgreement([1], [5])).toBeNaN()
})

test('one span holds the attributions of both, rounded outwards', () => {
  const explanationOf = (values: number[]) => ({
    features: [{ name: 'a', meanAbs: 0, share: 0, cells: [], points: [{ values, positions: values.map(() => null) }] }],
  })
  expect(attributionSpan([explanationOf([0.312, -0.02]), explanationOf([0.1, -4.11])], 0)).toEqual([-4.2, 0.32])
  expect(attributionSpan([explanationOf([0.5])], 0)).toEqual([-0, 0.5])
})

import { describe, expect, test } from 'vitest'
import type { ThresholdRule } from '../../../../engine/metrics/choose-threshold.ts'
import { chooseThreshold } from '../../../../engine/metrics/choose-threshold.ts'
import { fc } from '../../../fixtures/properties.ts'

const rules: readonly ThresholdRule[] = [
  { kind: 'f', beta: 1 },
  { kind: 'f', beta: 2 },
  { kind: 'balanced' },
  { kind: 'cost', falsePositive: 1, falseNegative: 10 },
  { kind: 'cost', falsePositive: 7, falseNegative: 1 },
]

const row = fc.record({
  label: fc.integer({ min: 0, max: 1 }),
  p: fc.integer({ min: 0, max: 10 }),
  w: fc.integer({ min: 1, max: 3 }),
})
const table = fc
  .array(row, { minLength: 2, maxLength: 40 })
  .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)

/** By the definition of each measure, counting rows one by one. */
function lossAt(
  rows: readonly { label: number; p: number; w: number }[],
  threshold: number,
  rule: ThresholdRule,
): number {
  const weigh = (label: number, isAbove: boolean) =>
    rows.reduce((sum, { label: own, p, w }) => sum + (own === label && p / 10 > threshold === isAbove ? w : 0), 0)
  const [tp, fp, fn, tn] = [weigh(1, true), weigh(0, true), weigh(1, false), weigh(0, false)] as const
  if (rule.kind === 'cost') return rule.falsePositive * fp + rule.falseNegative * fn
  if (rule.kind === 'balanced') return -(tp / (tp + fn) + tn / (tn + fp)) / 2
  if (tp === 0) return 0
  const [precision, recall] = [tp / (tp + fp), tp / (tp + fn)]
  return (-(1 + rule.beta ** 2) * precision * recall) / (rule.beta ** 2 * precision + recall)
}

describe.each(rules.map((rule) => [JSON.stringify(rule), rule] as const))('by %s', (_name, rule) => {
  test('no threshold does better, whatever the weights', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const chosen = chooseThreshold(
          Float64Array.from(rows, ({ label }) => label),
          Float64Array.from(rows, ({ p }) => p / 10),
          Float64Array.from(rows, ({ w }) => w),
          rule,
        )
        const own = lossAt(rows, chosen, rule)
        for (let step = 0; step <= 40; step++) expect(own).toBeLessThanOrEqual(lossAt(rows, step / 40, rule) + 1e-12)
        expect(chosen).toBeGreaterThanOrEqual(0)
        expect(chosen).toBeLessThanOrEqual(1)
      }),
    )
  })
})

test('dear misses lower the threshold, dear alarms raise it', () => {
  const probabilities = Float64Array.from({ length: 1_000 }, (_, at) => (at + 0.5) / 1_000)
  // Calibrated: a share p of the rows at p is positive.
  const labels = Float64Array.from(probabilities, (p, at) => (((at * 7_919) % 1_000) / 1_000 < p ? 1 : 0))
  const at = (falsePositive: number, falseNegative: number) =>
    chooseThreshold(labels, probabilities, null, { kind: 'cost', falsePositive, falseNegative })
  // Of calibrated probabilities the best threshold is the cost of an alarm by that of both (Elkan 2001).
  expect(Math.abs(at(1, 4) - 0.2)).toBeLessThan(0.06)
  expect(Math.abs(at(4, 1) - 0.8)).toBeLessThan(0.06)
})

test('without rows there is none', () => {
  expect(() => chooseThreshold(new Float64Array(0), new Float64Array(0), null, { kind: 'balanced' })).toThrow(
    RangeError,
  )
})

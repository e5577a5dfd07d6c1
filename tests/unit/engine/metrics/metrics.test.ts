import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { MetricName } from '../../../../engine/metrics/metrics.ts'
import { computeMetric } from '../../../../engine/metrics/metrics.ts'
import { rocAuc } from '../../../../engine/metrics/ranking.ts'
import { fc } from '../../../fixtures/properties.ts'

interface Case {
  readonly task: string
  readonly labels: number[]
  readonly values: number[]
  readonly nClasses: number
  readonly weights: number[] | null
  readonly expected: Record<string, number>
}

const cases = JSON.parse(readFileSync('tests/golden/metrics/metrics.json', 'utf8')) as Case[]

describe('metrics equal scikit-learn’s', () => {
  test.each(cases.map((each, at) => [`${at}: ${each.task}${each.weights ? ', weighted' : ''}`, each] as const))(
    '%s',
    (_name, each) => {
      const predictions = { nRows: each.labels.length, nClasses: each.nClasses, values: Float64Array.from(each.values) }
      const weights = each.weights ? Float64Array.from(each.weights) : null
      for (const [name, expected] of Object.entries(each.expected)) {
        const actual = computeMetric(name as MetricName, Float64Array.from(each.labels), predictions, 0.5, weights)
        // Sums of some tens of doubles in another order.
        expect(Math.abs(actual - expected), name).toBeLessThan(1e-12)
      }
    },
  )
})

test('the area under the ROC curve is the share of pairs in the right order, ties counting half', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ positive: fc.boolean(), score: fc.integer({ min: 0, max: 6 }) }), {
        minLength: 2,
        maxLength: 40,
      }),
      (rows) => {
        const positives = rows.filter(({ positive }) => positive)
        const negatives = rows.filter(({ positive }) => !positive)
        const actual = rocAuc(
          Uint8Array.from(rows, ({ positive }) => Number(positive)),
          Float64Array.from(rows, (row) => row.score),
          null,
        )
        if (positives.length === 0 || negatives.length === 0) {
          expect(actual).toBeNaN()
          return
        }
        let right = 0
        for (const p of positives)
          for (const n of negatives) right += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0
        expect(actual).toBeCloseTo(right / (positives.length * negatives.length), 12)
      },
    ),
  )
})

test('whole weights count as copies of their rows', () => {
  const [first] = cases as [Case]
  const weights = first.labels.map((_, i) => i % 3)
  const copies = first.labels.flatMap((label, i) =>
    Array.from({ length: weights[i] as number }, () => ({ label, values: first.values.slice(2 * i, 2 * i + 2) })),
  )
  const whole = { nRows: first.labels.length, nClasses: 2, values: Float64Array.from(first.values) }
  const copied = {
    nRows: copies.length,
    nClasses: 2,
    values: Float64Array.from(copies.flatMap(({ values }) => values)),
  }
  for (const name of Object.keys(first.expected) as MetricName[]) {
    const weighted = computeMetric(name, Float64Array.from(first.labels), whole, 0.5, Float64Array.from(weights))
    expect(weighted, name).toBeCloseTo(
      computeMetric(
        name,
        Float64Array.from(copies, ({ label }) => label),
        copied,
      ),
      12,
    )
  }
})

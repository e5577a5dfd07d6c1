import { expect, test } from 'vitest'
import { computeMetric, score } from '../../../../engine/metrics/metrics.ts'
import { pairedDifferences } from '../../../../engine/metrics/paired-difference.ts'
import { drawPoissonWeights } from '../../../../engine/metrics/poisson-weights.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomPredictions } from '../../../fixtures/random-predictions.ts'

const names = ['roc_auc', 'log_loss', 'accuracy'] as const

function twoModels(nRows: number) {
  const { target, predictions } = randomPredictions(randomStream(4), { nRows, nClasses: 2 })
  const other = randomPredictions(randomStream(9), { nRows, nClasses: 2 }).predictions
  return { labels: target.values, first: predictions, second: other }
}

test('is what weighting both by the same draws gives, one metric at a time', () => {
  const { labels, first, second } = twoModels(50)
  const found = pairedDifferences(score(labels, first), score(labels, second), names, 7, { resamples: 30 })
  for (const { name, first: ofFirst, second: ofSecond, low, high } of found) {
    expect([ofFirst, ofSecond]).toEqual([computeMetric(name, labels, first), computeMetric(name, labels, second)])
    const differences = Array.from({ length: 30 }, (_, round) => {
      const weights = new Float64Array(50)
      drawPoissonWeights(weights, null, 7, round)
      // Counts are whole, so that weighting is repeating rows.
      const rows = Array.from(weights).flatMap((count, row) => Array.from({ length: count }, () => row))
      const of = (predictions: typeof first) =>
        computeMetric(
          name,
          Float64Array.from(rows, (row) => labels[row] as number),
          {
            nRows: rows.length,
            nClasses: 2,
            values: Float64Array.from(rows.flatMap((row) => [...predictions.values.subarray(2 * row, 2 * row + 2)])),
          },
        )
      return of(second) - of(first)
    }).sort((a, b) => a - b)
    const at = (share: number) => {
      const place = share * 29
      const [one, next] = [differences[Math.floor(place)] ?? 0, differences[Math.ceil(place)] ?? 0]
      return one + (place - Math.floor(place)) * (next - one)
    }
    expect(low).toBeCloseTo(at(0.025), 9)
    expect(high).toBeCloseTo(at(0.975), 9)
  }
})

test('a model does not differ from itself', () => {
  const { labels, first } = twoModels(40)
  for (const { low, high } of pairedDifferences(score(labels, first), score(labels, first), names, 1)) {
    expect([low, high]).toEqual([0, 0])
  }
})

test('on a long table a part is resampled, and the interval shrunk to the whole', () => {
  const { labels, first, second } = twoModels(4_000)
  const [a, b] = [score(labels, first), score(labels, second)]
  const [whole] = pairedDifferences(a, b, ['log_loss'], 2)
  const [part] = pairedDifferences(a, b, ['log_loss'], 2, { mostRows: 1_000 })
  const width = ({ low, high }: { low: number; high: number } = { low: 0, high: 0 }) => high - low
  expect(width(part) / width(whole)).toBeGreaterThan(0.7)
  expect(width(part) / width(whole)).toBeLessThan(1.4)
})

test('other labels are refused', () => {
  const { labels, first } = twoModels(10)
  const shifted = labels.map((label) => 1 - label)
  expect(() => pairedDifferences(score(labels, first), score(shifted, first), names, 1)).toThrow(RangeError)
})

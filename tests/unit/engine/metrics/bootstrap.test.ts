import { describe, expect, test } from 'vitest'
import { bootstrapInterval, bootstrapIntervals, takePart } from '../../../../engine/metrics/bootstrap.ts'
import { score } from '../../../../engine/metrics/metrics.ts'
import { drawPoissonWeights } from '../../../../engine/metrics/poisson-weights.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomPredictions } from '../../../fixtures/random-predictions.ts'

function scoredRows(seed: number, nRows: number, nClasses: number) {
  const { target, predictions } = randomPredictions(randomStream(seed), { nRows, nClasses })
  return score(target.values, predictions)
}

test('an interval repeats with its seed, differs with another, and narrows with more rows', () => {
  const small = bootstrapInterval(scoredRows(1, 100, 2), 'roc_auc', 1)
  const large = bootstrapInterval(scoredRows(1, 2_000, 2), 'roc_auc', 1)
  expect(bootstrapInterval(scoredRows(1, 100, 2), 'roc_auc', 1)).toEqual(small)
  expect(bootstrapInterval(scoredRows(1, 100, 2), 'roc_auc', 2)).not.toEqual(small)
  expect(small.low).toBeLessThan(small.value)
  expect(small.high).toBeGreaterThan(small.value)
  expect(large.high - large.low).toBeLessThan(small.high - small.low)
})

test('the interval of a mean has the width that theory gives it', () => {
  const scored = scoredRows(3, 4_000, 0)
  const errors = scored.labels.map((label, i) => Math.abs((scored.predictions.values[i] as number) - label))
  const mean = errors.reduce((sum, value) => sum + value, 0) / errors.length
  const deviation = Math.sqrt(errors.reduce((sum, value) => sum + (value - mean) ** 2, 0) / errors.length)
  const { low, high } = bootstrapInterval(scored, 'mae', 5)
  // 400 resamples know a 95% width to about 5%.
  expect((high - low) / ((2 * 1.96 * deviation) / Math.sqrt(errors.length))).toBeCloseTo(1, 0.8)
})

test('about 95% of intervals hold the value of the whole population', () => {
  let held = 0
  const truth = bootstrapInterval(scoredRows(99, 200_000, 2), 'accuracy', 1, { resamples: 1 }).value
  for (let seed = 0; seed < 200; seed++) {
    const { low, high } = bootstrapInterval(scoredRows(seed, 150, 2), 'accuracy', seed, { resamples: 200 })
    if (low <= truth && truth <= high) held += 1
  }
  // Binomial: 95% of 200 is 190 ± 3; percentile intervals of 150 rows hold a little less.
  expect(held).toBeGreaterThanOrEqual(178)
  expect(held).toBeLessThanOrEqual(199)
})

describe('a table longer than the rows that are resampled', () => {
  const scored = scoredRows(7, 12_000, 2)

  test('keeps its own value and the width of all its rows', () => {
    const names = ['roc_auc', 'log_loss', 'f1'] as const
    const all = bootstrapIntervals(scored, names, 1)
    const part = bootstrapIntervals(scored, names, 1, { mostRows: 3_000 })
    for (const [at, name] of names.entries()) {
      const [whole, shrunk] = [all[at], part[at]] as [(typeof all)[0], (typeof all)[0]]
      expect(shrunk.value, name).toBe(whole.value)
      // Widths are known to about 5% each, of other rows.
      expect((shrunk.high - shrunk.low) / (whole.high - whole.low), name).toBeGreaterThan(0.8)
      expect((shrunk.high - shrunk.low) / (whole.high - whole.low), name).toBeLessThan(1.25)
    }
  })

  test('stays within the range of its metric', () => {
    const perfect = { ...scored, predicted: Int32Array.from(scored.labels) }
    expect(bootstrapInterval(perfect, 'accuracy', 1, { mostRows: 2_000 })).toEqual({ value: 1, low: 1, high: 1 })
  })
})

test('weights of rows are kept in every resample', () => {
  const scored = scoredRows(11, 300, 2)
  const half = { ...scored, weights: scored.labels.map((_, i) => (i < 150 ? 1 : 0)) }
  const only = takePart(
    scored,
    Int32Array.from({ length: 150 }, (_, i) => i),
  )
  const [weighted, taken] = [bootstrapInterval(half, 'accuracy', 1), bootstrapInterval(only, 'accuracy', 1)]
  expect(weighted.value).toBeCloseTo(taken.value, 12)
  // Another draw of the same distribution.
  expect((weighted.high - weighted.low) / (taken.high - taken.low)).toBeGreaterThan(0.75)
  expect((weighted.high - weighted.low) / (taken.high - taken.low)).toBeLessThan(1.35)
})

test('a metric that no resample defines has an interval of no width', () => {
  const { labels, predictions } = scoredRows(1, 50, 2)
  const oneClass = score(
    labels.map(() => 1),
    predictions,
  )
  expect(bootstrapInterval(oneClass, 'roc_auc', 1)).toEqual({ value: Number.NaN, low: Number.NaN, high: Number.NaN })
})

test('resampling counts have the mean and variance of Poisson(1), and repeat', () => {
  const weights = new Float64Array(200_001)
  drawPoissonWeights(weights, null, 4, 2)
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length
  // Standard errors of the mean and variance of 200,001 draws: 0.0022 and 0.0039; six of them.
  expect(Math.abs(mean - 1)).toBeLessThan(0.014)
  expect(Math.abs(variance - 1)).toBeLessThan(0.024)
  const again = new Float64Array(200_001)
  drawPoissonWeights(again, null, 4, 2)
  expect(again).toEqual(weights)
})

import { describe, expect, test } from 'vitest'
import { metricFunctions, score } from '../../../../engine/metrics/metrics.ts'
import { metricsOfTask } from '../../../../engine/metrics/performance.ts'
import { prepareMetrics } from '../../../../engine/metrics/weighted-metrics.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomPredictions } from '../../../fixtures/random-predictions.ts'

// 70 classes are past the size up to which a confusion matrix is summed.
describe.each([0, 2, 3, 5, 70])('with %i classes, prepared metrics are the plain ones', (nClasses) => {
  test.each([false, true])('ties: %s', (ties) => {
    const random = randomStream(nClasses, Number(ties))
    for (let round = 0; round < 6; round++) {
      const { target, predictions } = randomPredictions(random, { nRows: 60, nClasses, ties })
      const names = [...metricsOfTask[target.task], ...(nClasses > 0 ? (['average_precision'] as const) : [])]
      const { rows, evaluate } = prepareMetrics(score(target.values, predictions), names)
      expect(Array.from(rows).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i))
      const weights = Float64Array.from({ length: 60 }, () => random.nextBelow(4))
      const ofPositions = Float64Array.from(rows, (row) => weights[row] as number)
      // The array is overwritten from one resample to the next: nothing may be remembered by it.
      evaluate(ofPositions.map((weight) => weight + 1))
      const prepared = evaluate(ofPositions)
      const weighted = score(target.values, predictions, 0.5, weights)
      for (const [at, name] of names.entries()) {
        // The same sums in another order.
        expect(prepared[at], name).toBeCloseTo(metricFunctions[name](weighted), 9)
      }
    }
  })
})

test('what is undefined under the weights is NaN', () => {
  const { target, predictions } = randomPredictions(randomStream(1), { nRows: 20, nClasses: 2 })
  const { evaluate } = prepareMetrics(score(target.values, predictions), ['roc_auc', 'accuracy', 'f1', 'log_loss'])
  expect(evaluate(new Float64Array(20))).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
})

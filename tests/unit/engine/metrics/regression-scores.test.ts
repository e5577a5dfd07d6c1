import { expect, test } from 'vitest'
import { bootstrapIntervals } from '../../../../engine/metrics/bootstrap.ts'
import { computeMetric, score } from '../../../../engine/metrics/metrics.ts'
import { quantileOfMetric } from '../../../../engine/metrics/regression-scores.ts'
import { randomStream } from '../../../../engine/random.ts'

const random = randomStream(5)
const labels = Float64Array.from({ length: 999 }, () => Math.exp(random.nextNormal()))
const constant = (value: number) => ({ nRows: labels.length, nClasses: 0, values: labels.map(() => value) })

test.each(Object.entries(quantileOfMetric))('%s is least where so many rows stay below', (name, quantile) => {
  const metric = name as keyof typeof quantileOfMetric
  const sorted = labels.toSorted()
  const own = sorted[Math.floor(quantile * sorted.length)] as number
  const least = computeMetric(metric, labels, constant(own))
  for (const other of [0.9 * own, 1.1 * own])
    expect(computeMetric(metric, labels, constant(other))).toBeGreaterThan(least)
})

test('half the pinball loss counts each way: at the median it is half the absolute error', () => {
  const halved = computeMetric('mae', labels, constant(1)) / 2
  expect(computeMetric('pinball_50', labels, constant(1))).toBeCloseTo(halved, 12)
})

test('the Poisson deviance is 0 for what was counted and least at the mean', () => {
  const counts = Float64Array.of(0, 1, 2, 5)
  const of = (values: number[]) =>
    computeMetric('poisson_deviance', counts, { nRows: 4, nClasses: 0, values: Float64Array.from(values) })
  expect(of([0, 1, 2, 5])).toBeCloseTo(0, 9)
  expect(of([1.9, 1.9, 1.9, 1.9])).toBeGreaterThan(of([2, 2, 2, 2]))
  expect(of([2.1, 2.1, 2.1, 2.1])).toBeGreaterThan(of([2, 2, 2, 2]))
  // Written out: 2 (0 + ln ½ + 2 ln 1 + 5 ln 2.5 - 8 + 8) / 4.
  expect(of([2, 2, 2, 2])).toBeCloseTo((Math.log(0.5) + 5 * Math.log(2.5)) / 2, 12)
})

test('intervals are about the value itself', () => {
  const scored = score(labels, constant(2))
  const names = ['pinball_90', 'poisson_deviance'] as const
  for (const [at, { value, low, high }] of bootstrapIntervals(scored, [...names], 1).entries()) {
    expect(value).toBeCloseTo(computeMetric(names[at] as (typeof names)[number], labels, constant(2)), 12)
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  }
})

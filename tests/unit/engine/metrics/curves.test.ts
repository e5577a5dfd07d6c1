import { describe, expect, test } from 'vitest'
import { calibrationBins, precisionRecallCurve, rocCurve, thresholdTable } from '../../../../engine/metrics/curves.ts'
import { computeMetric } from '../../../../engine/metrics/metrics.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomPredictions } from '../../../fixtures/random-predictions.ts'

const drawn = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), ties: fc.boolean() })

describe('the ROC curve', () => {
  test('rises from (0, 0) to (1, 1), and the area under its corners is the AUC', () => {
    fc.assert(
      fc.property(drawn, ({ seed, ties }) => {
        const { target, predictions } = randomPredictions(randomStream(seed), { nRows: 80, nClasses: 2, ties })
        const curve = rocCurve(target.values, predictions, 1)
        if (!curve) throw new Error('both classes were drawn')
        const { auc, points } = curve
        expect(points[0]).toMatchObject({ x: 0, y: 0 })
        expect(points.at(-1)).toMatchObject({ x: 1, y: 1 })
        let area = 0
        for (const [at, { x, y }] of points.slice(1).entries()) {
          const before = points[at] as (typeof points)[0]
          expect(x).toBeGreaterThanOrEqual(before.x)
          expect(y).toBeGreaterThanOrEqual(before.y)
          area += ((x - before.x) * (y + before.y)) / 2
        }
        expect(area).toBeCloseTo(auc, 12)
        expect(auc).toBeCloseTo(computeMetric('roc_auc', target.values, predictions), 12)
      }),
    )
  })

  test('counts what is at or above each threshold', () => {
    const { target, predictions } = randomPredictions(randomStream(3), { nRows: 60, nClasses: 3 })
    const k = 2
    for (const { x, y, threshold } of rocCurve(target.values, predictions, k)?.points.slice(1) ?? []) {
      const above = (isClass: boolean) =>
        Array.from(target.values).filter(
          (label, i) => (label === k) === isClass && (predictions.values[i * 3 + k] as number) >= threshold,
        ).length
      const ofClass = target.values.filter((label) => label === k).length
      expect(y).toBeCloseTo(above(true) / ofClass, 12)
      expect(x).toBeCloseTo(above(false) / (60 - ofClass), 12)
    }
  })

  test('of a long table keeps its shape with few points', () => {
    const { target, predictions } = randomPredictions(randomStream(5), { nRows: 20_000, nClasses: 2 })
    const { auc, points } = rocCurve(target.values, predictions, 1) ?? { auc: 0, points: [] }
    expect(points.length).toBeLessThanOrEqual(400)
    let area = 0
    for (const [at, { x, y }] of points.slice(1).entries()) {
      const before = points[at] as (typeof points)[0]
      area += ((x - before.x) * (y + before.y)) / 2
    }
    expect(Math.abs(area - auc)).toBeLessThan(1e-3)
    expect(points[0]).toMatchObject({ x: 0 })
    expect(points.at(-1)).toMatchObject({ y: 1 })
  })

  test('is none where the rows have one class only', () => {
    const { predictions } = randomPredictions(randomStream(5), { nRows: 10, nClasses: 2 })
    expect(rocCurve(new Float64Array(10), predictions, 1)).toBeNull()
    expect(precisionRecallCurve(new Float64Array(10), predictions, 1)).toBeNull()
    expect(precisionRecallCurve(new Float64Array(10).fill(1), predictions, 1)?.averagePrecision).toBeCloseTo(1, 12)
  })
})

test('precision and recall are those of the rows at or above each threshold', () => {
  fc.assert(
    fc.property(drawn, ({ seed, ties }) => {
      const { target, predictions } = randomPredictions(randomStream(seed), { nRows: 50, nClasses: 2, ties })
      const curve = precisionRecallCurve(target.values, predictions, 1)
      expect(curve?.averagePrecision).toBeCloseTo(computeMetric('average_precision', target.values, predictions), 12)
      const positives = target.values.filter((label) => label === 1).length
      for (const { x, y, threshold } of curve?.points ?? []) {
        const called = Array.from(target.values.keys()).filter(
          (i) => (predictions.values[2 * i + 1] as number) >= threshold,
        )
        const hits = called.filter((i) => target.values[i] === 1).length
        expect(x).toBeCloseTo(hits / positives, 12)
        expect(y).toBeCloseTo(hits / called.length, 12)
      }
    }),
    { numRuns: 50 },
  )
})

test('the table of thresholds is what predicting at each of them gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ label: fc.integer({ min: 0, max: 1 }), hundredths: fc.integer({ min: 0, max: 1000 }) }), {
        minLength: 1,
        maxLength: 40,
      }),
      (rows) => {
        // Probabilities that sit on thresholds, beside them, and anywhere.
        const p = rows.map(({ hundredths }) =>
          hundredths % 3 === 0 ? Math.round(hundredths / 10) / 100 : hundredths / 1000,
        )
        const values = Float64Array.from(p.flatMap((each) => [1 - each, each]))
        const labels = Float64Array.from(rows, ({ label }) => label)
        const table = thresholdTable(labels, { nRows: rows.length, nClasses: 2, values })
        expect(table).toHaveLength(101)
        for (const [step, row] of table.entries()) {
          const count = (label: number, positive: boolean) =>
            p.filter((each, i) => labels[i] === label && each > step / 100 === positive).length
          expect(row).toEqual({
            threshold: step / 100,
            truePositive: count(1, true),
            falsePositive: count(0, true),
            trueNegative: count(0, false),
            falseNegative: count(1, false),
          })
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('calibration bins hold every row once, with its mean probability and its share of the class', () => {
  const { target, predictions } = randomPredictions(randomStream(9), { nRows: 500, nClasses: 2 })
  const bins = calibrationBins(target.values, predictions, 1)
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(500)
  for (const { predicted, observed } of bins) {
    const own = Array.from(target.values.keys()).filter(
      (i) => Math.floor((predictions.values[2 * i + 1] as number) * 10) === Math.floor(predicted * 10),
    )
    expect(observed).toBeCloseTo(own.filter((i) => target.values[i] === 1).length / own.length, 12)
  }
})

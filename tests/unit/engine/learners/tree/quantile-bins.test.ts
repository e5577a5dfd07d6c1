import { describe, expect, test } from 'vitest'
import { sortFloats } from '../../../../../engine/kernels/plain/sort-floats.ts'
import { binCategories } from '../../../../../engine/learners/tree/category-bins.ts'
import {
  quantileThresholds,
  sampleColumn,
  sampleLength,
  thresholdBetween,
} from '../../../../../engine/learners/tree/quantile-bins.ts'
import { randomStream } from '../../../../../engine/random.ts'
import { fc } from '../../../../fixtures/properties.ts'

const float = fc.float({ noNaN: true })

test('a threshold lies between its neighbours: left <= t < right, exactly in float32', () => {
  fc.assert(
    fc.property(float, float, (a, b) => {
      fc.pre(a !== b)
      const [left, right] = a < b ? [a, b] : [b, a]
      const t = thresholdBetween(left, right)
      expect(Math.fround(t)).toBe(t)
      expect(left <= t && t < right).toBe(true)
    }),
    { numRuns: 2000 },
  )
  const neighbours = new Float32Array(new Uint32Array([0x3f800000, 0x3f800001]).buffer)
  expect(thresholdBetween(neighbours[0] as number, neighbours[1] as number)).toBe(1)
  expect(thresholdBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY)
})

describe('borders', () => {
  test('part every two values where there are few of them', () => {
    fc.assert(
      fc.property(fc.array(float, { minLength: 1, maxLength: 200 }), (values) => {
        const sorted = Float32Array.from(values).toSorted()
        const distinct = [...new Set(Array.from(sorted, (value) => value + 0))]
        const thresholds = quantileThresholds(sorted, 255)
        expect(thresholds.length).toBe(distinct.length - 1)
        const bins = distinct.map((value) => thresholds.filter((threshold) => threshold < value).length)
        expect(bins).toEqual(Array.from(distinct.keys()))
      }),
    )
  })

  test('leave every bin but the last its rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(5, 255),
        (values, minRows, maxBins) => {
          const sorted = Float32Array.from(values).toSorted()
          const thresholds = quantileThresholds(sorted, maxBins, minRows)
          const bins = sorted.map((value) => thresholds.filter((threshold) => threshold < value).length)
          for (let bin = 0; bin < thresholds.length; bin++) {
            expect(bins.filter((own) => own === bin).length).toBeGreaterThanOrEqual(minRows)
          }
          // No border could be added at the front: the rows before the last value of the first bin are too few.
          const first = sorted.filter((_, row) => bins[row] === 0)
          if (maxBins === 255) expect(first.indexOf(Math.max(...first))).toBeLessThan(minRows)
        },
      ),
      // A value that fills a bin alone must not close one before it that has too few.
      { numRuns: 500, examples: [[[0, 3, 0, 3, 4, 1, 4, 2, 5, 5, 6], 2, 5]] },
    )
  })

  test('make bins of about equal counts where there are many', () => {
    const random = randomStream(1)
    const sorted = Float32Array.from({ length: 10_000 }, () => random.nextNormal()).toSorted()
    const thresholds = quantileThresholds(sorted, 100)
    expect(thresholds.length).toBe(99)
    let first = 0
    for (const threshold of thresholds) {
      const end = sorted.findIndex((value) => value > threshold)
      expect(Math.abs(end - first - 100)).toBeLessThanOrEqual(1)
      first = end
    }
  })

  test('give a value that fills a bin a bin of its own', () => {
    const random = randomStream(2)
    const values = Float32Array.from({ length: 5000 }, (_, i) => (i % 2 ? 3 : random.nextNormal() * 10)).toSorted()
    const thresholds = quantileThresholds(values, 50)
    const below = thresholds.findLast((threshold) => threshold < 3) as number
    const above = thresholds.find((threshold) => threshold >= 3) as number
    expect(new Set(values.filter((value) => value > below && value <= above))).toEqual(new Set([3]))
    expect(thresholds.length).toBeLessThanOrEqual(49)
  })

  test('never exceed the number of bins, and ascend', () => {
    fc.assert(
      fc.property(
        fc.array(float, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 2, max: 20 }),
        (values, maxBins) => {
          const thresholds = quantileThresholds(Float32Array.from(values).toSorted(), maxBins)
          expect(thresholds.length).toBeLessThan(maxBins)
          expect(Array.from(thresholds)).toEqual([...new Set(thresholds)].sort((a, b) => a - b))
        },
      ),
    )
  })

  test('are none for a column without values', () => {
    expect(quantileThresholds(new Float32Array(0), 255).length).toBe(0)
  })
})

test('the radix sort sorts', () => {
  const random = randomStream(3)
  const values = Float32Array.from({ length: 5000 }, () => random.nextNormal() * 10 ** (random.nextBelow(60) - 30))
  const expected = values.toSorted()
  sortFloats(values)
  expect(values).toEqual(expected)
})

describe('samples', () => {
  test('are all values of the rows, without the missing ones, where there are few rows', () => {
    const column = Float32Array.of(5, Number.NaN, 7, 8)
    const out = new Float32Array(3)
    expect(sampleColumn(column, Int32Array.of(3, 1, 0), () => randomStream(1), out)).toBe(2)
    expect(Array.from(out.subarray(0, 2))).toEqual([8, 5])
  })

  test('take one value from each stretch where there are many, the same for the same seed', () => {
    const nRows = 500_000
    const column = Float32Array.from({ length: nRows }, (_, row) => row)
    const rows = Int32Array.from(column)
    const out = new Float32Array(sampleLength(nRows))
    expect(sampleColumn(column, rows, () => randomStream(1), out)).toBe(200_000)
    expect(out.every((value, i) => value >= Math.floor(2.5 * i) && value < 2.5 * (i + 1))).toBe(true)
    const again = new Float32Array(out.length)
    sampleColumn(column, rows, () => randomStream(1), again)
    expect(again).toEqual(out)
  })
})

describe('categories', () => {
  test('have a bin each where there are few', () => {
    const { binOfCode, nBins } = binCategories(Float32Array.of(2, 0), Int32Array.of(0, 1), 3, 254)
    expect([Array.from(binOfCode), nBins]).toEqual([[0, 1, 2], 3])
  })

  test('share the last bin where they are rare, lower codes first among equals', () => {
    const column = Float32Array.of(4, 4, 4, 1, 1, 0, 2, 3, Number.NaN)
    const rows = Int32Array.from(column.keys())
    const { binOfCode, nBins } = binCategories(column, rows, 6, 4)
    // 4 and 1 are the commonest, then 0 of the single ones; 2, 3 and the absent 5 share bin 3.
    expect([Array.from(binOfCode), nBins]).toEqual([[0, 1, 3, 3, 2, 3], 4])
  })
})

import { describe, expect, test } from 'vitest'
import type { Calibration } from '../../../../engine/calibration/calibration.ts'
import { calibrate, calibratePositive, logOdds } from '../../../../engine/calibration/calibration.ts'
import { chooseCalibration } from '../../../../engine/calibration/choose-calibration.ts'
import type { CalibrationRows } from '../../../../engine/calibration/fit-calibration.ts'
import { fitIsotonic, fitSigmoid, fitTemperature } from '../../../../engine/calibration/fit-calibration.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'

const sigmoid = (score: number) => 1 / (1 + Math.exp(-score))

/** Rows whose true probability is `truth` of what the model says. */
function binaryRows(n: number, truth: (odds: number) => number, seed = 1): CalibrationRows {
  const random = randomStream(seed)
  const values = new Float64Array(2 * n)
  const labels = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const odds = 2 * random.nextNormal()
    values[2 * row + 1] = sigmoid(odds)
    values[2 * row] = 1 - sigmoid(odds)
    labels[row] = random.nextFloat() < truth(odds) ? 1 : 0
  }
  return { values, nClasses: 2, labels, weights: null }
}

const overconfident = (odds: number) => sigmoid(0.4 * odds - 0.5)

describe('a sigmoid', () => {
  test('finds the slope and intercept that the rows were made with', () => {
    const found = fitSigmoid(binaryRows(40_000, overconfident))
    if (found?.kind !== 'sigmoid') throw new Error('it must be fitted')
    // Two standard errors are about 0.02 and 0.05 here.
    expect(Math.abs(found.slope - 0.4)).toBeLessThan(0.03)
    expect(Math.abs(found.intercept + 0.5)).toBeLessThan(0.05)
  })

  test('counts a row of weight three as three rows', () => {
    const rows = binaryRows(300, overconfident)
    const weights = Float64Array.from(rows.labels, (_, row) => (row % 3) + 1)
    const copies = Array.from(weights).flatMap((weight, row) => Array<number>(weight).fill(row))
    const repeated: CalibrationRows = {
      values: Float64Array.from(
        copies.flatMap((row) => [rows.values[2 * row] as number, rows.values[2 * row + 1] as number]),
      ),
      nClasses: 2,
      labels: Float64Array.from(copies, (row) => rows.labels[row] as number),
      weights: null,
    }
    const weighted = fitSigmoid({ ...rows, weights })
    const plain = fitSigmoid(repeated)
    if (weighted?.kind !== 'sigmoid' || plain?.kind !== 'sigmoid') throw new Error('they must be fitted')
    expect(weighted.slope).toBeCloseTo(plain.slope, 8)
    expect(weighted.intercept).toBeCloseTo(plain.intercept, 8)
  })

  test('stays finite where the classes are apart', () => {
    const n = 60
    const values = Float64Array.from({ length: 2 * n }, (_, at) => ((at >> 1) % 2 === at % 2 ? 0.999 : 0.001))
    const found = fitSigmoid({
      values,
      nClasses: 2,
      labels: Float64Array.from({ length: n }, (_, row) => row % 2),
      weights: null,
    })
    expect(found).not.toBeNull()
    const p = calibratePositive(found as Calibration, 0.999)
    // Platt's target for the 30 rows of the class.
    expect(p).toBeCloseTo(31 / 32, 4)
  })
})

describe('an isotonic line', () => {
  test('never falls, and lies between the observed shares', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 20, max: 400 }), (seed, n) => {
        const line = fitIsotonic(binaryRows(n, overconfident, seed))
        if (line?.kind !== 'isotonic') return
        for (let at = 1; at < line.x.length; at++) {
          expect(line.x[at]).toBeGreaterThan(line.x[at - 1] as number)
          expect(line.y[at]).toBeGreaterThanOrEqual(line.y[at - 1] as number)
        }
        let last = 0
        for (let step = 0; step <= 100; step++) {
          const p = calibratePositive(line, step / 100)
          expect(p).toBeGreaterThanOrEqual(last - 1e-12)
          expect(p > 0 && p < 1).toBe(true)
          last = p
        }
      }),
      { numRuns: 40 },
    )
  })

  test('follows what no sigmoid can', () => {
    const steps = (odds: number) => (odds < -1 ? 0.1 : odds < 1 ? 0.5 : 0.9)
    const line = fitIsotonic(binaryRows(40_000, steps)) as Calibration
    for (const [odds, share] of [
      [-2.5, 0.1],
      [0, 0.5],
      [2.5, 0.9],
    ] as const) {
      expect(Math.abs(calibratePositive(line, sigmoid(odds)) - share)).toBeLessThan(0.04)
    }
  })
})

test('a temperature softens what was made too sharp, and keeps sums and order', () => {
  const random = randomStream(3)
  const n = 5_000
  const values = new Float64Array(3 * n)
  const labels = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const scores = [random.nextNormal(), random.nextNormal(), random.nextNormal()]
    const total = (by: number) => scores.reduce((sum, score) => sum + Math.exp(by * score), 0)
    const draw = random.nextFloat() * total(1)
    labels[row] =
      draw < Math.exp(scores[0] as number)
        ? 0
        : draw < Math.exp(scores[0] as number) + Math.exp(scores[1] as number)
          ? 1
          : 2
    for (const [k, score] of scores.entries()) values[3 * row + k] = Math.exp(2.5 * score) / total(2.5)
  }
  const found = fitTemperature({ values, nClasses: 3, labels, weights: null })
  if (found.kind !== 'temperature') throw new Error('it is a temperature')
  expect(Math.abs(found.temperature - 2.5)).toBeLessThan(0.2)
  const soft = values.slice()
  calibrate(found, soft, 3)
  for (let row = 0; row < 50; row++) {
    const [before, after] = [values, soft].map((each) => Array.from(each.subarray(3 * row, 3 * row + 3)))
    expect((after as number[]).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
    expect((after as number[]).indexOf(Math.max(...(after as number[])))).toBe(
      (before as number[]).indexOf(Math.max(...(before as number[]))),
    )
  }
})

describe('what is chosen', () => {
  test('is nothing for probabilities that are right, and for few rows', () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(chooseCalibration(binaryRows(3_000, sigmoid, seed), false, 0)).toBeNull()
    expect(chooseCalibration(binaryRows(40, overconfident), false, 0)).toBeNull()
  })

  test('lowers the loss of rows that it has not seen', () => {
    const chosen = chooseCalibration(binaryRows(3_000, overconfident), false, 0)
    expect(chosen?.after).toBeLessThan(chosen?.before ?? 0)
    const fresh = binaryRows(3_000, overconfident, 99)
    const loss = (values: Float64Array) =>
      -fresh.labels.reduce((sum, label, row) => sum + Math.log(values[2 * row + label] as number), 0) /
      fresh.labels.length
    const corrected = fresh.values.slice()
    calibrate((chosen as { calibration: Calibration }).calibration, corrected, 2)
    expect(loss(corrected)).toBeLessThan(loss(fresh.values) - 0.05)
    // What it promised is what fresh rows show.
    expect(Math.abs(loss(corrected) - (chosen?.after ?? 0))).toBeLessThan(0.03)
  })

  test('is a sigmoid where rows must keep their order', () => {
    const steps = (odds: number) => (odds < -1 ? 0.05 : odds < 1 ? 0.5 : 0.95)
    expect(chooseCalibration(binaryRows(4_000, steps), false, 0)?.calibration.kind).toBe('isotonic')
    expect(chooseCalibration(binaryRows(4_000, steps), true, 0)?.calibration.kind ?? 'none').not.toBe('isotonic')
  })
})

test('log-odds are finite at both ends', () => {
  expect(logOdds(0)).toBeCloseTo(-logOdds(1), 3)
  expect(Number.isFinite(logOdds(0)) && Number.isFinite(logOdds(1))).toBe(true)
})

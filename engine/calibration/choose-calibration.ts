import { randomStream, shuffledIndices } from '../random.ts'
import type { Calibration } from './calibration.ts'
import { calibrate, leastProbability } from './calibration.ts'
import type { CalibrationRows } from './fit-calibration.ts'
import { fitIsotonic, fitSigmoid, fitTemperature } from './fit-calibration.ts'

export interface ChosenCalibration {
  /** Fitted on all rows. */
  readonly calibration: Calibration
  /** The rows' probabilities, each corrected by what was fitted without it: how good the corrected model is. */
  readonly values: Float64Array
  /** Mean log loss before and after, on rows that did not fit it. */
  readonly before: number
  readonly after: number
}

const parts = 5
/** A line of many points needs many rows. */
const leastIsotonicRows = 1_000
const leastRows = 50
/** Less than this share of the loss is not worth another step in the model. */
const leastGain = 0.005

/**
 * The correction that lowers the log loss most on rows that did not fit it; null where none does by more than half a per
 * cent and twice the standard error of the difference. `keepsOrder`: only corrections that never make two rows equal.
 */
export function chooseCalibration(rows: CalibrationRows, keepsOrder: boolean, seed: number): ChosenCalibration | null {
  const n = rows.labels.length
  if (n < leastRows) return null
  const ways = waysFor(rows, keepsOrder)
  const plain = rowLosses(rows, rows.values)
  const before = weightedMean(plain, rows.weights)
  let best: ChosenCalibration | null = null
  for (const fitter of ways) {
    const values = crossFitted(rows, fitter, seed)
    const calibration = fitter(rows)
    if (!values || !calibration) continue
    const losses = rowLosses(rows, values)
    const after = weightedMean(losses, rows.weights)
    const error = standardError(plain.map((loss, row) => loss - (losses[row] as number)))
    const isGain = before - after > Math.max(leastGain * before, 2 * error)
    if (isGain && (best === null || after < best.after)) best = { calibration, values, before, after }
  }
  return best
}

type Fitter = (rows: CalibrationRows) => Calibration | null

function waysFor({ nClasses, labels }: CalibrationRows, keepsOrder: boolean): Fitter[] {
  if (nClasses > 2) return [fitTemperature]
  return labels.length >= leastIsotonicRows && !keepsOrder ? [fitSigmoid, fitIsotonic] : [fitSigmoid]
}

/** Null where some part lets nothing be fitted. */
function crossFitted(rows: CalibrationRows, fitter: Fitter, seed: number): Float64Array | null {
  const { values, nClasses, labels } = rows
  const order = shuffledIndices(labels.length, randomStream(seed, 0xca1))
  const corrected = new Float64Array(values.length)
  for (let part = 0; part < parts; part++) {
    const fitted = fitter(
      takeRows(
        rows,
        order.filter((_, at) => at % parts !== part),
      ),
    )
    if (!fitted) return null
    const held = order.filter((_, at) => at % parts === part)
    const own = takeRows(rows, held).values
    calibrate(fitted, own, nClasses)
    for (const [at, row] of held.entries())
      corrected.set(own.subarray(at * nClasses, (at + 1) * nClasses), row * nClasses)
  }
  return corrected
}

function takeRows({ values, nClasses, labels, weights }: CalibrationRows, rows: Int32Array): CalibrationRows {
  const taken = new Float64Array(rows.length * nClasses)
  for (const [at, row] of rows.entries())
    taken.set(values.subarray(row * nClasses, (row + 1) * nClasses), at * nClasses)
  const pick = (of: Float64Array) => Float64Array.from(rows, (row) => of[row] as number)
  return { values: taken, nClasses, labels: pick(labels), weights: weights && pick(weights) }
}

function rowLosses({ nClasses, labels }: CalibrationRows, values: Float64Array): Float64Array {
  return labels.map((label, row) => -Math.log(Math.max(leastProbability, values[row * nClasses + label] as number)))
}

function weightedMean(losses: Float64Array, weights: Float64Array | null): number {
  if (!weights) return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return losses.reduce((sum, loss, row) => sum + loss * (weights[row] as number), 0) / total
}

function standardError(differences: Float64Array): number {
  const n = differences.length
  const mean = differences.reduce((sum, each) => sum + each, 0) / n
  return Math.sqrt(differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n * (n - 1)))
}

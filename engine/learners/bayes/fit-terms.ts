import type { SquareTerm, StepTerm, TableTerm } from './additive-model.ts'
import type { ClassRows } from './class-rows.ts'

/** Beyond this, float32 values stand for infinities, which would make any variance useless. */
const largestValue = 3.4e38

/**
 * Logarithm of the normal density of each class; missing and infinite values are left out of its mean and variance.
 * A class without a value has those of all rows. Null where all values are the same.
 */
export function gaussianTerm(
  { rows, nClasses, classes, weights }: ClassRows,
  column: Float32Array,
  feature: number,
  varianceSmoothing: number,
): SquareTerm | null {
  // The last entry is all classes together.
  const totals = new Float64Array(nClasses + 1)
  const means = new Float64Array(nClasses + 1)
  const squares = new Float64Array(nClasses + 1)
  const each = (visit: (group: number, value: number, weight: number) => void): void => {
    for (let i = 0; i < rows.length; i++) {
      const value = column[rows[i] as number] as number
      if (!(Math.abs(value) < largestValue)) continue
      visit(classes[i] as number, value, weights[i] as number)
      visit(nClasses, value, weights[i] as number)
    }
  }
  each((group, value, weight) => {
    totals[group] = (totals[group] as number) + weight
    means[group] = (means[group] as number) + weight * value
  })
  for (let group = 0; group <= nClasses; group++) {
    if ((totals[group] as number) > 0) means[group] = (means[group] as number) / (totals[group] as number)
  }
  each((group, value, weight) => {
    squares[group] = (squares[group] as number) + weight * (value - (means[group] as number)) ** 2
  })
  const overall = (squares[nClasses] as number) / (totals[nClasses] as number)
  if (!(overall > 0)) return null
  const ofClass = (of: (group: number) => number) =>
    Float64Array.from({ length: nClasses }, (_, k) => of((totals[k] as number) > 0 ? k : nClasses))
  const variances = ofClass(
    (group) => (squares[group] as number) / (totals[group] as number) + varianceSmoothing * overall,
  )
  return {
    shape: 'square',
    feature,
    centres: ofClass((group) => means[group] as number),
    factors: variances.map((variance) => -0.5 / variance),
    constants: variances.map((variance) => -0.5 * Math.log(2 * Math.PI * variance)),
  }
}

/** Logarithm of the share of each class above the border and not above it, `smoothing` rows added to both. */
export function stepTerm(
  { rows, nClasses, classes, weights }: ClassRows,
  column: Float32Array,
  feature: number,
  threshold: number,
  smoothing: number,
): StepTerm {
  const below = new Float64Array(nClasses)
  const above = new Float64Array(nClasses)
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i] as number] as number
    if (Number.isNaN(value)) continue
    const side = value > threshold ? above : below
    const code = classes[i] as number
    side[code] = (side[code] as number) + (weights[i] as number)
  }
  const share = (side: Float64Array) =>
    side.map((weight, k) =>
      Math.log((weight + smoothing) / ((below[k] as number) + (above[k] as number) + 2 * smoothing)),
    )
  return { shape: 'step', feature, threshold, below: share(below), above: share(above) }
}

/** Logarithm of the share of each class that has a code, `smoothing` rows added to every code. */
export function categoricalTerm(
  { rows, nClasses, classes, weights }: ClassRows,
  column: Float32Array,
  feature: number,
  cardinality: number,
  smoothing: number,
): TableTerm {
  const counts = new Float64Array(cardinality * nClasses)
  const totals = new Float64Array(nClasses)
  for (let i = 0; i < rows.length; i++) {
    const code = column[rows[i] as number] as number
    if (Number.isNaN(code)) continue
    const k = classes[i] as number
    counts[code * nClasses + k] = (counts[code * nClasses + k] as number) + (weights[i] as number)
    totals[k] = (totals[k] as number) + (weights[i] as number)
  }
  const values = counts.map((count, at) =>
    Math.log((count + smoothing) / ((totals[at % nClasses] as number) + smoothing * cardinality)),
  )
  return { shape: 'table', feature, cardinality, values }
}

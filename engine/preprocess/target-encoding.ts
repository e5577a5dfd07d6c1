import type { CodedColumn, Target } from '../frame/frame.ts'
import { randomStream, shuffledIndices } from '../random.ts'
import type { LookupEncoder } from './encoder.ts'

export interface FittedTargetEncoding {
  readonly name: string
  readonly encoder: LookupEncoder
  /** For each training row, the encoding fitted without its fold. */
  readonly outOfFold: Float32Array
}

/** Weight of the overall mean, in rows: a level seen 10 times counts half. */
const smoothing = 10
const folds = 5
/** Rates of more classes than this, the most frequent ones, would be more features than they are worth. */
const mostClasses = 10

/**
 * Mean target of each level, drawn towards the overall mean (m-estimate, Micci-Barreca 2001). The training rows get
 * values fitted on the other folds (as CatBoost and scikit-learn's TargetEncoder do), so that a row never sees its own
 * label; everything else gets the values of all training rows. One encoding a class for multiclass targets, of the ten
 * most frequent classes.
 */
export function fitTargetEncoding(
  column: CodedColumn,
  target: Target,
  rows: Int32Array,
  input: number,
  seed: number,
): FittedTargetEncoding[] {
  const foldOf = new Uint8Array(rows.length)
  for (const [position, i] of shuffledIndices(rows.length, randomStream(seed, input, 0x7a)).entries())
    foldOf[i] = position % folds
  return targetsOf(target, rows).map(({ label, valueFor }) => {
    const values = Float64Array.from(rows, (row) => valueFor(target.values[row] as number))
    const all = sumsOf(column, rows, values, foldOf, -1)
    const outOfFold = new Float32Array(rows.length)
    for (let fold = 0; fold < folds; fold++) {
      const others = sumsOf(column, rows, values, foldOf, fold)
      for (let i = 0; i < rows.length; i++) {
        if (foldOf[i] === fold) outOfFold[i] = smoothed(others, (column.codes[rows[i] as number] as number) + 1)
      }
    }
    const seen = Array.from(column.levels.keys()).filter((code) => (all.counts[code + 1] as number) > 0)
    const encoder: LookupEncoder = {
      kind: 'lookup',
      of: 'target',
      label,
      input,
      levels: seen.map((code) => column.levels[code] as string),
      values: seen.map((code) => Math.fround(smoothed(all, code + 1))),
      unseen: Math.fround(all.mean),
      missing: Math.fround(smoothed(all, 0)),
    }
    return {
      name: label === '' ? `${column.name} (target rate)` : `${column.name} (rate of ${label})`,
      encoder,
      outOfFold,
    }
  })
}

function targetsOf(
  target: Target,
  rows: Int32Array,
): { readonly label: string; readonly valueFor: (value: number) => number }[] {
  if (target.task !== 'multiclass') return [{ label: '', valueFor: (value) => value }]
  const counts = new Float64Array(target.classes.length)
  for (const row of rows) {
    const label = target.values[row] as number
    counts[label] = (counts[label] as number) + 1
  }
  return Array.from(counts.keys())
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
    .slice(0, mostClasses)
    .sort((a, b) => a - b)
    .map((code) => ({ label: target.classes[code] as string, valueFor: (value) => (value === code ? 1 : 0) }))
}

interface LevelSums {
  /** By code + 1; missing is at 0. */
  readonly counts: Float64Array
  readonly sums: Float64Array
  readonly mean: number
}

function sumsOf(
  column: CodedColumn,
  rows: Int32Array,
  values: Float64Array,
  foldOf: Uint8Array,
  without: number,
): LevelSums {
  const counts = new Float64Array(column.levels.length + 1)
  const sums = new Float64Array(column.levels.length + 1)
  let total = 0
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    if (foldOf[i] === without) continue
    const at = (column.codes[rows[i] as number] as number) + 1
    const value = values[i] as number
    counts[at] = (counts[at] as number) + 1
    sums[at] = (sums[at] as number) + value
    total += value
    n += 1
  }
  return { counts, sums, mean: n > 0 ? total / n : 0 }
}

function smoothed({ counts, sums, mean }: LevelSums, at: number): number {
  return ((sums[at] as number) + smoothing * mean) / ((counts[at] as number) + smoothing)
}

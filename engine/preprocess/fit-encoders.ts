import type { CodedColumn, Column, NumericColumn, Target } from '../frame/frame.ts'
import type { PipelineInput } from '../pipeline/pipeline.ts'
import type { DatePartEncoder, Encoder } from './encoder.ts'
import type { FeatureDescription, FeatureMatrix } from './feature-matrix.ts'
import { fitTargetEncoding } from './target-encoding.ts'
import { encodeColumn } from './transform-columns.ts'

/** How a learner wants its features; see `Learner.encoding`. */
export type Encoding = 'tree' | 'tree-ordinal' | 'scaled'

export interface FitEncodersInput {
  /** Raw columns of the pipeline's inputs, in order, with all rows of the table. */
  readonly columns: readonly Column[]
  readonly inputs: readonly PipelineInput[]
  readonly target: Target
  /** Training rows; nothing else is looked at. */
  readonly rows: Int32Array
  readonly encoding: Encoding
  readonly seed: number
}

export interface FittedEncoders {
  readonly encoders: readonly Encoder[]
  readonly features: readonly FeatureDescription[]
  /** The training rows encoded, in order; target encodings are out-of-fold, so that no row sees its own label. */
  readonly trainMatrix: FeatureMatrix
}

/** Native categories up to here: more would make single-row levels that a tree can only learn by heart. */
const nativeLevels = 128
/** One feature a level up to here, for learners that need it. */
const oneHotLevelsOfTrees = 10
const oneHotLevelsOfLinear = 60
/** A level with fewer training rows than this is pooled with the unseen. */
const rareRows = 3

/** Fits the encoders of every input on the training rows. Constant and empty features are left out. */
export function fitEncoders(input: FitEncodersInput): FittedEncoders {
  const encoders: Encoder[] = []
  const features: FeatureDescription[] = []
  const columns: Float32Array[] = []
  const add = (encoder: Encoder, made: readonly FeatureDescription[], values?: readonly Float32Array[]) => {
    const own = values ?? encodeColumn(encoder, input.columns[encoder.input] as Column, input.rows, input.rows.length)
    encoders.push(encoder)
    features.push(...made)
    columns.push(...own)
  }
  for (const [index, { name }] of input.inputs.entries()) {
    const column = input.columns[index] as Column
    if (column.storage === 'codes') addCategory(input, index, column, add)
    else if (column.type === 'datetime') addDate(input, index, column, name, add)
    else addNumber(input, index, column, name, add)
  }
  return { encoders, features, trainMatrix: { nRows: input.rows.length, features, columns } }
}

type Add = (encoder: Encoder, made: readonly FeatureDescription[], values?: readonly Float32Array[]) => void

function feature(name: string, input: number, cardinality = 0): FeatureDescription {
  return { name, input, kind: cardinality > 0 ? 'codes' : 'numeric', cardinality }
}

function addNumber(input: FitEncodersInput, index: number, column: NumericColumn, name: string, add: Add): void {
  const offset = exactOffset(column, input.rows)
  if (input.encoding !== 'scaled') {
    add({ kind: 'numeric', input: index, offset, impute: null, mean: 0, inverseScale: 1 }, [feature(name, index)])
    return
  }
  const present = presentValues(column, input.rows, offset)
  if (present.length === 0) return
  addScaled(index, name, offset, present, input.rows.length - present.length, add)
}

function addScaled(index: number, name: string, offset: number, present: Float64Array, absent: number, add: Add): void {
  const impute = Math.fround(medianOfSorted(present.sort()))
  const { mean, std } = momentsWith(present, impute, absent)
  if (std > 0) {
    add({ kind: 'numeric', input: index, offset, impute, mean, inverseScale: 1 / std }, [feature(name, index)])
  }
  if (absent > 0) add({ kind: 'missing-indicator', input: index }, [feature(`${name} is missing`, index)])
}

/** Finite values of the rows after offset and float32 rounding, as the encoder will see them. */
function presentValues(column: NumericColumn, rows: Int32Array, offset: number): Float64Array {
  const values = Float64Array.from(rows, (row) => Math.fround((column.values[row] as number) - offset))
  return values.filter((value) => Number.isFinite(value))
}

/** An offset that keeps large numbers (ids, times) apart in float32: their minimum, where they go beyond 24 bits. */
function exactOffset(column: NumericColumn, rows: Int32Array): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    const value = column.values[row] as number
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  const largest = Math.max(Math.abs(low), Math.abs(high))
  return Number.isFinite(largest) && largest > 16_777_216 && high - low < largest ? low : 0
}

function addDate(input: FitEncodersInput, index: number, column: NumericColumn, name: string, add: Add): void {
  const origin = firstSecond(column, input.rows)
  if (origin === null) return
  const parts: DatePartEncoder['part'][] = ['elapsed', 'year', 'month', 'day', 'weekday', 'hour', 'day-of-year']
  for (const part of parts) {
    const encoder: DatePartEncoder = { kind: 'date-part', input: index, part, origin }
    const [values] = encodeColumn(encoder, column, input.rows, input.rows.length)
    if (!values || isConstant(values)) continue
    add(encoder, [feature(part === 'elapsed' ? `${name} (days)` : `${name} (${part})`, index)], [values])
  }
  if (input.encoding === 'scaled' && input.rows.some((row) => Number.isNaN(column.values[row] as number))) {
    add({ kind: 'missing-indicator', input: index }, [feature(`${name} is missing`, index)])
  }
}

function firstSecond(column: NumericColumn, rows: Int32Array): number | null {
  let first = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const value = column.values[row] as number
    if (value < first) first = value
  }
  return Number.isFinite(first) ? first : null
}

function addCategory(input: FitEncodersInput, index: number, column: CodedColumn, add: Add): void {
  const { name } = column
  const counts = new Int32Array(column.levels.length)
  let missing = 0
  for (const row of input.rows) {
    const code = column.codes[row] as number
    if (code < 0) missing += 1
    else counts[code] = (counts[code] as number) + 1
  }
  const seen = Array.from(counts.keys()).filter((code) => (counts[code] as number) > 0)
  const common = seen.filter((code) => (counts[code] as number) >= rareRows)
  const levelsOf = (codes: readonly number[]) => codes.map((code) => column.levels[code] as string)
  const few = input.encoding === 'scaled' ? oneHotLevelsOfLinear : oneHotLevelsOfTrees
  if (seen.length === 0) return
  if (input.encoding === 'tree' && common.length > 0 && seen.length <= nativeLevels) {
    const levels = levelsOf(common)
    add({ kind: 'ordinal', input: index, levels }, [feature(name, index, levels.length)])
    return
  }
  if (input.encoding !== 'tree' && seen.length <= few && common.length > 0) {
    const levels = levelsOf(common)
    const made = levels.map((level) => feature(`${name} = ${level}`, index))
    const missingFeature = missing > 0
    if (missingFeature) made.push(feature(`${name} is missing`, index))
    add({ kind: 'one-hot', input: index, levels, missingFeature }, made)
    return
  }
  for (const fitted of fitTargetEncoding(column, input.target, input.rows, index, input.seed)) {
    add(fitted.encoder, [feature(fitted.name, index)], [fitted.outOfFold])
  }
  addFrequency(input, index, column, counts, missing, add)
}

/** How common the level is: the logarithm of its training rows, so that it serves trees and linear models alike. */
function addFrequency(
  input: FitEncodersInput,
  index: number,
  column: CodedColumn,
  counts: Int32Array,
  missing: number,
  add: Add,
): void {
  const seen = Array.from(counts.keys()).filter((code) => (counts[code] as number) > 1)
  const encoder: Encoder = {
    kind: 'lookup',
    of: 'frequency',
    label: '',
    input: index,
    levels: seen.map((code) => column.levels[code] as string),
    values: seen.map((code) => Math.fround(Math.log2(counts[code] as number))),
    // A level seen once in training is as rare as one never seen.
    unseen: 0,
    missing: Math.fround(Math.log2(Math.max(1, missing))),
  }
  const [values] = encodeColumn(encoder, column, input.rows, input.rows.length)
  if (values && !isConstant(values)) add(encoder, [feature(`${column.name} (frequency)`, index)], [values])
}

function isConstant(values: Float32Array): boolean {
  const first = values[0]
  return values.every((value) => value === first || (Number.isNaN(value) && Number.isNaN(first as number)))
}

function medianOfSorted(sorted: Float64Array): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** Mean and standard deviation (population) of values and of `extra` more that are all `impute`; two passes. */
function momentsWith(
  values: Float64Array,
  impute: number,
  extra: number,
): { readonly mean: number; readonly std: number } {
  const n = values.length + extra
  let sum = impute * extra
  for (const value of values) sum += value
  const mean = sum / n
  let squares = extra * (impute - mean) ** 2
  for (const value of values) squares += (value - mean) ** 2
  return { mean, std: Math.sqrt(squares / n) }
}

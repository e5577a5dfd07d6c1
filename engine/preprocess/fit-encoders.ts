import type { CodedColumn, Column, NumericColumn, Target } from '../frame/frame.ts'
import type { PipelineInput } from '../pipeline/pipeline.ts'
import { isCycle } from './cycles.ts'
import type { DatePartEncoder, Encoder, LookupEncoder, NumericEncoder } from './encoder.ts'
import type { FeatureDescription, FeatureMatrix } from './feature-matrix.ts'
import { fitRobustScaling, fitScaling, momentsOf } from './fit-scaling.ts'
import { fitNormalScores } from './normal-scores.ts'
import { fitTargetEncoding } from './target-encoding.ts'
import { fitTerms, isProse } from './text-terms.ts'
import { encodeColumn } from './transform-columns.ts'

/** How a learner wants its features; see `Learner.encoding`. */
export type Encoding = 'tree' | 'tree-ordinal' | 'scaled' | 'scaled-normal' | 'scaled-robust' | 'embedded'

/** Whether numbers are to have mean 0 and deviation 1, and no missing values. */
function isScaled(encoding: Encoding): boolean {
  return encoding.startsWith('scaled') || encoding === 'embedded'
}

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
/** Learned points: each level has some ten weights of its own. */
const embeddedLevels = 1_000
/** One feature a level up to here, for learners that need it. */
const oneHotLevelsOfTrees = 10
const oneHotLevelsOfLinear = 60
/** Share of different texts above which a column is read word by word. */
const proseDistinct = 0.5
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
  const plain: NumericEncoder = { kind: 'numeric', input: index, offset, impute: null, mean: 0, inverseScale: 1 }
  const values = encodeOne(plain, column, input.rows)
  if (!isScaled(input.encoding)) {
    if (!isConstant(values)) add(plain, [feature(name, index)], [values])
    return
  }
  const curve = input.encoding === 'scaled-normal' ? fitNormalScores(values) : null
  const robust = input.encoding === 'scaled-robust' ? fitRobustScaling(values) : null
  const scaling = curve ? null : (robust ?? fitScaling(values))
  if (curve) add({ kind: 'curve', input: index, offset, ...curve }, [feature(name, index)])
  else if (scaling) add({ ...plain, ...scaling }, [feature(name, index)])
  addMissingIndicator(index, column, name, input.rows, add)
}

function addMissingIndicator(index: number, column: NumericColumn, name: string, rows: Int32Array, add: Add): void {
  const encoder: Encoder = { kind: 'missing-indicator', input: index }
  const missing = encodeOne(encoder, column, rows)
  if (!isConstant(missing)) add(encoder, [feature(`${name} is missing`, index)], [missing])
}

/** What an encoder with one feature makes of the training rows. */
function encodeOne(encoder: Encoder, column: Column, rows: Int32Array): Float32Array {
  return encodeColumn(encoder, column, rows, rows.length)[0] as Float32Array
}

/**
 * An offset that keeps numbers apart in float32, which has 24 bits: their minimum, where they are large (ids, times) or
 * lie close together far from zero. 0 where it would not help.
 */
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
  const range = high - low
  const losesBits = largest > 16_777_216 || range < largest / 1_024
  return Number.isFinite(range) && range > 0 && range < largest && losesBits ? low : 0
}

const dateParts: readonly DatePartEncoder['part'][] = [
  'elapsed',
  'year',
  'month',
  'day',
  'weekday',
  'hour',
  'day-of-year',
]

function addDate(input: FitEncodersInput, index: number, column: NumericColumn, name: string, add: Add): void {
  const origin = firstSecond(column, input.rows)
  if (origin === null) return
  for (const part of dateParts) {
    const plain: DatePartEncoder = { kind: 'date-part', input: index, part, origin }
    const values = encodeOne(plain, column, input.rows)
    const made = [feature(part === 'elapsed' ? `${name} (days)` : `${name} (${part})`, index)]
    if (isScaled(input.encoding)) {
      const scaling = fitScaling(values)
      if (scaling) add({ ...plain, scaling }, made)
    } else if (!isConstant(values)) add(plain, made, [values])
  }
  if (!isScaled(input.encoding)) return
  addCycles(input, index, column, name, origin, add)
  addMissingIndicator(index, column, name, input.rows, add)
}

/** Sine and cosine of the parts that come round; trees cut the parts themselves. */
function addCycles(
  input: FitEncodersInput,
  index: number,
  column: NumericColumn,
  name: string,
  origin: number,
  add: Add,
): void {
  for (const part of dateParts.filter(isCycle)) {
    for (const wave of ['sine', 'cosine'] as const) {
      const plain: DatePartEncoder = { kind: 'date-part', input: index, part, origin, wave }
      const scaling = fitScaling(encodeOne(plain, column, input.rows))
      if (scaling) add({ ...plain, scaling }, [feature(`${name} (${wave} of ${part})`, index)])
    }
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
  const few = isScaled(input.encoding) ? oneHotLevelsOfLinear : oneHotLevelsOfTrees
  if (seen.length === 0) return
  const mostCodes = input.encoding === 'tree' ? nativeLevels : input.encoding === 'embedded' ? embeddedLevels : 0
  if (common.length > 0 && seen.length <= mostCodes) {
    const levels = levelsOf(common)
    add({ kind: 'ordinal', input: index, levels }, [feature(name, index, levels.length)])
    return
  }
  if (input.encoding !== 'tree' && input.encoding !== 'embedded' && seen.length <= few && common.length > 0) {
    const levels = levelsOf(common)
    const made = levels.map((level) => feature(`${name} = ${level}`, index))
    const missingFeature = missing > 0
    if (missingFeature) made.push(feature(`${name} is missing`, index))
    add({ kind: 'one-hot', input: index, levels, missingFeature }, made)
    return
  }
  const distinct = seen.length / Math.max(1, input.rows.length - missing)
  if (distinct > proseDistinct && isProse(seen.map((code) => column.levels[code] as string))) {
    addTerms(input, index, column, add)
    return
  }
  for (const fitted of fitTargetEncoding(column, input.target, input.rows, index, input.seed)) {
    addLookup(input, feature(fitted.name, index), fitted.encoder, fitted.outOfFold, add)
  }
  addFrequency(input, index, column, counts, missing, add)
}

/** The words of texts that hardly ever come again as a whole. */
function addTerms(input: FitEncodersInput, index: number, column: CodedColumn, add: Add): void {
  const encoder = fitTerms(column, input.rows, index)
  if (!encoder) return
  const values = encodeColumn(encoder, column, input.rows, input.rows.length)
  const made = encoder.terms.map((term) => feature(`${column.name} has “${term}”`, index))
  if (!isScaled(input.encoding)) {
    add(encoder, made, values)
    return
  }
  // Deviation one, but zeros stay zeros.
  const weights = encoder.weights.map((weight, place) => {
    const { deviation } = momentsOf(values[place] as Float32Array)
    return deviation > 0 ? weight / deviation : weight
  })
  add({ ...encoder, weights }, made)
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
  const encoder: LookupEncoder = {
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
  const made = feature(`${column.name} (frequency)`, index)
  addLookup(input, made, encoder, encodeOne(encoder, column, input.rows), add)
}

/** Adds a lookup with the values that the training rows get, both standardised where features are to be scaled. */
function addLookup(
  { encoding }: FitEncodersInput,
  made: FeatureDescription,
  encoder: LookupEncoder,
  values: Float32Array,
  add: Add,
): void {
  if (isConstant(values)) return
  const { mean, deviation } = momentsOf(values)
  if (!isScaled(encoding) || deviation === 0) {
    add(encoder, [made], [values])
    return
  }
  const scaled = (value: number) => Math.fround((value - mean) / deviation)
  add(
    {
      ...encoder,
      values: encoder.values.map(scaled),
      unseen: scaled(encoder.unseen),
      missing: scaled(encoder.missing),
    },
    [made],
    [values.map(scaled)],
  )
}

function isConstant(values: Float32Array): boolean {
  return values.every((value) => Object.is(value, values[0]) || value === values[0])
}

import type { CodedColumn, Column, NumericColumn } from '../frame/frame.ts'
import { calendarPart } from './calendar.ts'
import { cycleTable } from './cycles.ts'
import type {
  CurveEncoder,
  DatePartEncoder,
  Encoder,
  LookupEncoder,
  NumericEncoder,
  OrdinalEncoder,
  Scaling,
} from './encoder.ts'
import type { FeatureDescription, FeatureMatrix } from './feature-matrix.ts'
import { piecesOf } from './normal-scores.ts'
import { encodeTerms } from './text-terms.ts'

/** The largest finite float32; infinities are clamped to it, so that no arithmetic downstream makes NaN of them. */
const float32Max = 3.4028234663852886e38

/**
 * Encodes rows of aligned columns (all rows for null). `features` describes what the encoders make, in order.
 * Every encoder reads one column, and its features depend on nothing but the row's own value.
 */
export function transformColumns(
  columns: readonly Column[],
  encoders: readonly Encoder[],
  features: readonly FeatureDescription[],
  rows: Int32Array | null,
): FeatureMatrix {
  const nRows = rows?.length ?? rowCount(columns[0])
  const encoded = encoders.flatMap((encoder) => encodeColumn(encoder, columns[encoder.input] as Column, rows, nRows))
  return { nRows, features, columns: encoded }
}

function rowCount(column: Column | undefined): number {
  if (!column) return 0
  return column.storage === 'codes' ? column.codes.length : column.values.length
}

/** The features that one encoder makes of its column. */
export function encodeColumn(encoder: Encoder, column: Column, rows: Int32Array | null, nRows: number): Float32Array[] {
  switch (encoder.kind) {
    case 'numeric':
      return [encodeNumbers(encoder, numeric(column), rows, nRows)]
    case 'missing-indicator':
      return [encodeMissing(column, rows, nRows)]
    case 'one-hot':
      return encodeOneHot(encoder.levels, encoder.missingFeature, coded(column), rows, nRows)
    case 'ordinal':
      return [encodeOrdinal(encoder, coded(column), rows, nRows)]
    case 'lookup':
      return [encodeLookup(encoder, coded(column), rows, nRows)]
    case 'curve':
      return [encodeCurve(encoder, numeric(column), rows, nRows)]
    case 'terms':
      return encodeTerms(encoder, coded(column), rows, nRows)
    case 'date-part':
      return [encodeDatePart(encoder, numeric(column), rows, nRows)]
  }
}

function numeric(column: Column): NumericColumn {
  if (column.storage !== 'float64')
    throw new TypeError(`Column ${column.name} holds texts where the encoder takes numbers.`)
  return column
}

function coded(column: Column): CodedColumn {
  if (column.storage !== 'codes')
    throw new TypeError(`Column ${column.name} holds numbers where the encoder takes texts.`)
  return column
}

function clamp(value: number): number {
  return value > float32Max ? float32Max : value < -float32Max ? -float32Max : Math.fround(value)
}

const unbounded = [-float32Max, float32Max] as const

/** Scales float32 values in place; see `Scaling` for the steps. */
function scaleInPlace(values: Float32Array, { impute, mean, inverseScale, bounds }: Scaling): void {
  if (impute === null && mean === 0 && inverseScale === 1 && !bounds) return
  const [low, high] = bounds ?? unbounded
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const bounded = value < low ? low : value > high ? high : value
    const filled = impute !== null && Number.isNaN(value) ? impute : bounded
    values[i] = clamp((filled - mean) * inverseScale)
  }
}

function encodeNumbers(
  encoder: NumericEncoder,
  column: NumericColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const out = new Float32Array(nRows)
  const { offset } = encoder
  const { values } = column
  for (let i = 0; i < nRows; i++) out[i] = clamp((values[rows ? (rows[i] as number) : i] as number) - offset)
  scaleInPlace(out, encoder)
  return out
}

function encodeCurve(
  encoder: CurveEncoder,
  column: NumericColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const { starts, widths, slopes } = piecesOf(encoder)
  const out = new Float32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    const x = clamp((column.values[rows ? (rows[i] as number) : i] as number) - encoder.offset)
    const filled = Number.isNaN(x) ? encoder.impute : x
    let sum = encoder.values[0] as number
    for (let at = 0; at < starts.length; at++) {
      const beyond = filled - (starts[at] as number)
      const width = widths[at] as number
      sum += (beyond > width ? width : beyond < 0 ? 0 : beyond) * (slopes[at] as number)
    }
    out[i] = clamp(sum)
  }
  return out
}

function encodeMissing(column: Column, rows: Int32Array | null, nRows: number): Float32Array {
  const out = new Float32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    const row = rows ? (rows[i] as number) : i
    const missing = column.storage === 'codes' ? (column.codes[row] as number) < 0 : Number.isNaN(column.values[row])
    if (missing) out[i] = 1
  }
  return out
}

function encodeOneHot(
  levels: readonly string[],
  missingFeature: boolean,
  column: CodedColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array[] {
  const out = Array.from({ length: levels.length + (missingFeature ? 1 : 0) }, () => new Float32Array(nRows))
  const placeOf = placesOfLevels(column.levels, levels)
  const missing = missingFeature ? levels.length : -1
  for (let i = 0; i < nRows; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number
    const place = code < 0 ? missing : (placeOf[code] as number)
    if (place >= 0) (out[place] as Float32Array)[i] = 1
  }
  return out
}

function encodeOrdinal(
  { levels }: OrdinalEncoder,
  column: CodedColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const out = new Float32Array(nRows)
  const placeOf = placesOfLevels(column.levels, levels)
  for (let i = 0; i < nRows; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number
    const place = code < 0 ? -1 : (placeOf[code] as number)
    out[i] = place < 0 ? Number.NaN : place
  }
  return out
}

function encodeLookup(
  { levels, values, unseen, missing }: LookupEncoder,
  column: CodedColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const out = new Float32Array(nRows)
  const placeOf = placesOfLevels(column.levels, levels)
  for (let i = 0; i < nRows; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number
    const place = code < 0 ? -1 : (placeOf[code] as number)
    out[i] = code < 0 ? missing : place < 0 ? unseen : (values[place] as number)
  }
  return out
}

/** Known levels of an encoder → levels of a column → places; both lists are never changed once they are made. */
const knownPlaces = new WeakMap<readonly string[], WeakMap<readonly string[], Int32Array>>()

/** Known levels → the place of each: records bring levels of their own each time, the known ones stay. */
const placeOfKnown = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

/**
 * For each level of the column its place among the known ones, or -1. Remembered, since a table is encoded in many
 * small parts and may have a hundred thousand levels.
 */
function placesOfLevels(levels: readonly string[], known: readonly string[]): Int32Array {
  const ofKnown = knownPlaces.get(known) ?? new WeakMap<readonly string[], Int32Array>()
  knownPlaces.set(known, ofKnown)
  const remembered = ofKnown.get(levels)
  if (remembered) return remembered
  const placeOf = placeOfKnown.get(known) ?? new Map(known.map((level, place) => [level, place]))
  placeOfKnown.set(known, placeOf)
  const places = Int32Array.from(levels, (level) => placeOf.get(level) ?? -1)
  ofKnown.set(levels, places)
  return places
}

function encodeDatePart(
  encoder: DatePartEncoder,
  column: NumericColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const out = new Float32Array(nRows)
  const table = encoder.wave ? cycleTable(encoder.part, encoder.wave) : null
  for (let i = 0; i < nRows; i++) {
    const seconds = column.values[rows ? (rows[i] as number) : i] as number
    const part = encoder.part === 'elapsed' ? (seconds - encoder.origin) / 86_400 : calendarPart(encoder.part, seconds)
    out[i] = table ? (table.values[part - table.first] ?? Number.NaN) : clamp(part)
  }
  if (encoder.scaling) scaleInPlace(out, encoder.scaling)
  return out
}

import type { CodedColumn, Column, NumericColumn } from '../frame/frame.ts'
import { calendarPart } from './calendar.ts'
import type { DatePartEncoder, Encoder, LookupEncoder, NumericEncoder } from './encoder.ts'
import type { FeatureDescription, FeatureMatrix } from './feature-matrix.ts'

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
      return [
        encodeByLevel(
          coded(column),
          rows,
          nRows,
          levelValues(coded(column), encoder.levels, (code) => code, Number.NaN),
          Number.NaN,
        ),
      ]
    case 'lookup':
      return [encodeLookup(encoder, coded(column), rows, nRows)]
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

function encodeNumbers(
  encoder: NumericEncoder,
  column: NumericColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const out = new Float32Array(nRows)
  const { offset, impute, mean, inverseScale } = encoder
  const { values } = column
  for (let i = 0; i < nRows; i++) {
    const shifted = clamp((values[rows ? (rows[i] as number) : i] as number) - offset)
    const filled = impute !== null && Number.isNaN(shifted) ? impute : shifted
    out[i] = clamp((filled - mean) * inverseScale)
  }
  return out
}

function encodeMissing(column: Column, rows: Int32Array | null, nRows: number): Float32Array {
  const out = new Float32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    const row = rows ? (rows[i] as number) : i
    const missing =
      column.storage === 'codes' ? (column.codes[row] as number) < 0 : Number.isNaN(column.values[row] as number)
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
  const placeOf = levelValues(column, levels, (code) => code, -1)
  const missing = missingFeature ? levels.length : -1
  for (let i = 0; i < nRows; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number
    const place = code < 0 ? missing : (placeOf[code] as number)
    if (place >= 0) (out[place] as Float32Array)[i] = 1
  }
  return out
}

function encodeLookup(
  encoder: LookupEncoder,
  column: CodedColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const values = levelValues(column, encoder.levels, (code) => encoder.values[code] as number, encoder.unseen)
  return encodeByLevel(column, rows, nRows, values, encoder.missing)
}

/** For each level of the column, what `valueFor` says of its place among `known`, or `unseen`. */
function levelValues(
  column: CodedColumn,
  known: readonly string[],
  valueFor: (code: number) => number,
  unseen: number,
): Float64Array {
  const placeOf = new Map(known.map((level, place) => [level, place]))
  return Float64Array.from(column.levels, (level) => {
    const place = placeOf.get(level)
    return place === undefined ? unseen : valueFor(place)
  })
}

function encodeByLevel(
  column: CodedColumn,
  rows: Int32Array | null,
  nRows: number,
  values: Float64Array,
  missing: number,
): Float32Array {
  const out = new Float32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number
    out[i] = code < 0 ? missing : (values[code] as number)
  }
  return out
}

function encodeDatePart(
  encoder: DatePartEncoder,
  column: NumericColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array {
  const out = new Float32Array(nRows)
  for (let i = 0; i < nRows; i++) {
    const seconds = column.values[rows ? (rows[i] as number) : i] as number
    out[i] = clamp(
      encoder.part === 'elapsed' ? (seconds - encoder.origin) / 86_400 : calendarPart(encoder.part, seconds),
    )
  }
  return out
}

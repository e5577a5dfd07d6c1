/**
 * One fitted step from one raw column to one or more float32 features, as plain data: the transform, the ONNX export and
 * the explanation all read the same record. Arithmetic is in float64 unless said otherwise, each result rounded to float32.
 */
export type Encoder =
  | NumericEncoder
  | MissingIndicatorEncoder
  | OneHotEncoder
  | OrdinalEncoder
  | LookupEncoder
  | DatePartEncoder
  | TermsEncoder
  | CurveEncoder

interface FromInput {
  /** Index into the pipeline's inputs. */
  readonly input: number
}

/**
 * What linear models need of a number: float32 x → clamped to `bounds` → missing becomes `impute` →
 * float32((x - mean) * inverseScale). Infinities are clamped to ±float32 max at the latest.
 */
export interface Scaling {
  /** Null: missing stays NaN. */
  readonly impute: number | null
  readonly mean: number
  readonly inverseScale: number
  /** What lies further out counts as this far, so that an absurd or infinite value cannot outweigh all others. Default none. */
  readonly bounds?: readonly [low: number, high: number]
}

/** float32(value - offset), then the scaling. */
export interface NumericEncoder extends FromInput, Scaling {
  readonly kind: 'numeric'
  /** Keeps times and large ids exact in float32; 0 for most columns. */
  readonly offset: number
}

/** 1 where the value is missing, else 0. */
export interface MissingIndicatorEncoder extends FromInput {
  readonly kind: 'missing-indicator'
}

/** One feature a level: 1 where the column has it. Unseen and missing give zeros, unless `missingFeature` adds one for missing. */
export interface OneHotEncoder extends FromInput {
  readonly kind: 'one-hot'
  readonly levels: readonly string[]
  readonly missingFeature: boolean
}

/** The position of the level in `levels` as a code (native categories); unseen and missing are NaN. */
export interface OrdinalEncoder extends FromInput {
  readonly kind: 'ordinal'
  readonly levels: readonly string[]
}

/**
 * A number for each level (target or frequency encoding, standardised where the learner wants scaled features); unseen
 * levels and missing values have their own.
 */
export interface LookupEncoder extends FromInput {
  readonly kind: 'lookup'
  readonly of: 'target' | 'frequency'
  /** Names the class whose rate it is, for multiclass target encoding. */
  readonly label: string
  readonly levels: readonly string[]
  readonly values: readonly number[]
  readonly unseen: number
  readonly missing: number
}

/** float32 of a part of a date-time in UTC, from seconds since 1970; missing is NaN. `elapsed` is days since `origin`. */
export interface DatePartEncoder extends FromInput {
  readonly kind: 'date-part'
  readonly part: 'elapsed' | 'year' | 'month' | 'day' | 'weekday' | 'hour' | 'day-of-year'
  readonly origin: number
  /** Of a part that comes round: its place on the circle, so that the last value is next to the first (see cycles.ts). */
  readonly wave?: 'sine' | 'cosine'
  /** Follows for learners that need it. */
  readonly scaling?: Scaling
}

/**
 * One feature a term of a vocabulary: float32 of how often it stands in the text, times its weight (TF-IDF without a
 * length). Words are parted by blanks and looked up among `forms`, spellings of the terms; a missing text has
 * none.
 */
export interface TermsEncoder extends FromInput {
  readonly kind: 'terms'
  readonly terms: readonly string[]
  readonly forms: readonly string[]
  /** The term of each form. */
  readonly termOfForm: readonly number[]
  readonly weights: readonly number[]
}

/**
 * float32(value - offset), missing becomes `impute`, then along a curve of straight pieces through the knots, which rise;
 * flat beyond the first and the last. At least two knots.
 */
export interface CurveEncoder extends FromInput {
  readonly kind: 'curve'
  readonly offset: number
  readonly impute: number
  readonly knots: readonly number[]
  readonly values: readonly number[]
}

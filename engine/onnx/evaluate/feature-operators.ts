import type { NodeAttributes } from '../reader/tensor-values.ts'
import { tensorNumbers, tensorTexts } from '../reader/tensor-values.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { asNumbers, elementTypes, GraphEvaluationError, numbers, texts } from './graph-tensor.ts'
import type { Operator } from './operator.ts'
import { prepared, simple } from './operator.ts'

/** (x − offset) × scale, by column; one number stands for all columns. Computed in float32. */
const scaler: Operator = prepared('elements', ({ attributes }) => {
  const [offsets, scales] = [attributes.numbers('offset'), attributes.numbers('scale')]
  const of = (list: readonly number[], column: number, otherwise: number) =>
    (list.length === 1 ? list[0] : list[column]) ?? otherwise
  return ([x], { exact }) => {
    const given = asNumbers(x, 'Scaler')
    const width = given.shape.at(-1) ?? 1
    const round = exact ? (value: number) => value : Math.fround
    const data = given.data.map(
      (value, at) => round(round(value) - of(offsets, at % width, 0)) * of(scales, at % width, 1),
    )
    return numbers(elementTypes.float, given.shape, data, exact)
  }
})

const imputer: Operator = prepared('elements', ({ attributes }) => {
  const whole = attributes.integers('imputed_value_int64s')
  const isWhole = whole.length > 0
  const values = isWhole ? whole : attributes.numbers('imputed_value_floats')
  const replaced = isWhole
    ? attributes.integer('replaced_value_int64', 0)
    : attributes.has('replaced_value_float')
      ? attributes.float('replaced_value_float', 0)
      : 0
  const isMissing = (value: number) => (Number.isNaN(replaced) ? Number.isNaN(value) : value === replaced)
  return ([x], { exact }) => {
    const given = asNumbers(x, 'Imputer')
    const width = given.shape.at(-1) ?? 1
    const data = given.data.map((value, at) =>
      isMissing(value) ? ((values.length === 1 ? values[0] : values[at % width]) ?? value) : value,
    )
    return numbers(given.type, given.shape, data, exact)
  }
})

const mostElements = 50_000_000

/** A new last axis with 1 in the place of the category; a value that is none of them gives zeros, or fails. */
const oneHotEncoder: Operator = prepared('elements', ({ attributes }) => {
  const ofTexts = attributes.texts('cats_strings')
  const categories = new Map<string | number, number>()
  for (const [at, category] of (ofTexts.length > 0 ? ofTexts : attributes.integers('cats_int64s')).entries()) {
    categories.set(category, at)
  }
  const unknownAllowed = attributes.integer('zeros', 1) === 1
  const width = categories.size
  return ([x], { probe }) => {
    if (!x) throw new GraphEvaluationError('OneHotEncoder lacks its input.')
    if (x.data.length * width > mostElements)
      throw new GraphEvaluationError('One-hot columns are more than are held here.')
    const out = new Float64Array(x.data.length * width)
    for (let at = 0; at < x.data.length; at++) {
      const value = x.data[at] as string | number
      const place = categories.get(typeof value === 'number' ? Math.trunc(value) : value)
      if (place !== undefined) out[at * width + place] = 1
      else if (!unknownAllowed && probe !== true)
        throw new GraphEvaluationError(`OneHotEncoder does not know the category ${value}.`)
    }
    return numbers(elementTypes.float, [...x.shape, width], out)
  }
})

interface Lookup {
  readonly keys: readonly (string | number)[]
  readonly values: readonly (string | number)[]
  readonly otherwise: string | number
  readonly type: number
}

/** The mapping of a LabelEncoder of any version. */
function lookupOf(attributes: NodeAttributes, version: number): Lookup | null {
  if (version < 2) return null
  const keys = pairsOf(attributes, 'keys')
  const values = pairsOf(attributes, 'values')
  if (keys === null || values === null || keys.list.length !== values.list.length) {
    throw new GraphEvaluationError('LabelEncoder has lists that do not fit together.')
  }
  return { keys: keys.list, values: values.list, otherwise: defaultOf(attributes, values.kind), type: values.type }
}

type PairKind = 'strings' | 'int64s' | 'floats'

function pairsOf(attributes: NodeAttributes, name: string) {
  const types: Readonly<Record<PairKind, number>> = {
    strings: 8,
    int64s: elementTypes.int64,
    floats: elementTypes.float,
  }
  for (const kind of ['strings', 'int64s', 'floats'] as const) {
    const list =
      kind === 'strings'
        ? attributes.texts(`${name}_${kind}`)
        : kind === 'int64s'
          ? attributes.integers(`${name}_${kind}`)
          : attributes.numbers(`${name}_${kind}`)
    if (list.length > 0) return { kind, list, type: types[kind] }
  }
  const tensor = attributes.tensor(`${name}_tensor`)
  if (tensor === null) return null
  const list = tensor.elementType === 8 ? tensorTexts(tensor) : tensorNumbers(tensor)
  if (list === null) return null
  const kind: PairKind =
    tensor.elementType === 8 ? 'strings' : tensor.elementType === elementTypes.int64 ? 'int64s' : 'floats'
  return { kind, list, type: tensor.elementType }
}

function defaultOf(attributes: NodeAttributes, kind: PairKind): string | number {
  const tensor = attributes.tensor('default_tensor')
  if (tensor !== null) return (tensor.elementType === 8 ? tensorTexts(tensor)[0] : tensorNumbers(tensor)?.[0]) ?? 0
  if (kind === 'strings') return attributes.text('default_string', '_Unused')
  return kind === 'int64s' ? attributes.integer('default_int64', -1) : attributes.float('default_float', -0)
}

const labelEncoder: Operator = prepared('elements', ({ attributes, version }) => {
  const lookup = lookupOf(attributes, version)
  if (lookup === null) throw new GraphEvaluationError('LabelEncoder of operator set 1 is not evaluated here.')
  const { keys, values, otherwise, type } = lookup
  // The first of equal keys counts; a Map finds NaN too.
  const known = new Map<string | number, string | number>()
  for (const [at, key] of keys.entries()) if (!known.has(key)) known.set(key, values[at] as string | number)
  return ([x]): GraphTensor => {
    if (!x) throw new GraphEvaluationError('LabelEncoder lacks its input.')
    const found = Array.from(x.data as ArrayLike<string | number>, (key) => known.get(key) ?? otherwise)
    return type === 8 ? texts(x.shape, found.map(String)) : numbers(type, x.shape, Float64Array.from(found, Number))
  }
})

/** Each row divided by its largest size (MAX), the sum of sizes (L1) or its length (L2). */
const normalizer: Operator = prepared('rows', ({ attributes }) => {
  const norm = attributes.text('norm', 'MAX')
  return ([x], { exact }) => {
    const given = asNumbers(x, 'Normalizer')
    const width = given.shape.at(-1) ?? 1
    const data = given.data.slice()
    for (let from = 0; from < data.length; from += width) normalise(data.subarray(from, from + width), norm)
    return numbers(elementTypes.float, given.shape, data, exact)
  }
})

function normalise(row: Float64Array, norm: string): void {
  const size =
    norm === 'L1'
      ? row.reduce((sum, value) => sum + Math.abs(value), 0)
      : norm === 'L2'
        ? Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
        : row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (size !== 0) for (const [at, value] of row.entries()) row[at] = value / size
}

const binarizer: Operator = prepared('elements', ({ attributes }) => {
  const threshold = attributes.float('threshold', 0)
  return ([x]) => {
    const given = asNumbers(x, 'Binarizer')
    return numbers(
      given.type,
      given.shape,
      given.data.map((value) => Number(value > threshold)),
    )
  }
})

/** Columns side by side, as float32. */
const featureVectorizer = simple('moves', (inputs) => {
  const all = inputs.map((input) => asNumbers(input, 'FeatureVectorizer'))
  const rows = all[0]?.shape[0] ?? 0
  const widths = all.map(({ data }) => data.length / Math.max(1, rows))
  const width = widths.reduce((sum, each) => sum + each, 0)
  const out = new Float64Array(rows * width)
  let first = 0
  for (const [at, { data }] of all.entries()) {
    const own = widths[at] as number
    for (let row = 0; row < rows; row++) out.set(data.subarray(row * own, (row + 1) * own), row * width + first)
    first += own
  }
  return numbers(elementTypes.float, [rows, width], out)
})

export const featureOperators: Readonly<Record<string, Operator>> = {
  Binarizer: binarizer,
  FeatureVectorizer: featureVectorizer,
  Imputer: imputer,
  LabelEncoder: labelEncoder,
  Normalizer: normalizer,
  OneHotEncoder: oneHotEncoder,
  Scaler: scaler,
}

import { broadcastPlaces, broadcastShape } from './broadcast.ts'
import type { NumberTensor } from './graph-tensor.ts'
import { asNumbers, elementsOf, elementTypes, GraphEvaluationError, numbers, picked, texts } from './graph-tensor.ts'
import type { Operator } from './operator.ts'
import { prepared, simple } from './operator.ts'

function unary(apply: (x: number) => number): Operator {
  return simple('elements', ([x], { exact }) => {
    const given = asNumbers(x, 'The operator')
    return numbers(given.type, given.shape, given.data.map(apply), exact)
  })
}

type Binary = (a: number, b: number) => number

function folded(apply: Binary, whole: Binary = apply): Operator {
  return simple('elements', (inputs, { exact }) => {
    const all = inputs.flatMap((input) => (input === null ? [] : [asNumbers(input, 'The operator')]))
    const [first] = all
    if (first === undefined) throw new GraphEvaluationError('An operator was given nothing.')
    const combine = isWhole(first.type) ? whole : apply
    const shape = broadcastShape(all.map((each) => each.shape))
    let data = spread(first, shape)
    for (const each of all.slice(1)) {
      const other = spread(each, shape)
      data = data.map((value, at) => combine(value, other[at] as number))
    }
    return numbers(first.type, shape, all.length === 1 ? data.slice() : data, exact)
  })
}

function isWhole(type: number): boolean {
  return type !== elementTypes.float && type !== elementTypes.double
}

/** The elements for a larger shape; the tensor's own array where it has that shape already. */
function spread(tensor: NumberTensor, shape: readonly number[]): Float64Array {
  const places = broadcastPlaces(tensor.shape, shape)
  return places === null ? tensor.data : Float64Array.from(places, (at) => tensor.data[at] as number)
}

function comparison(holds: (a: number, b: number) => boolean, ofTexts?: (a: string, b: string) => boolean): Operator {
  return simple('elements', ([a, b]) => {
    if (a?.kind === 'texts' && b?.kind === 'texts' && ofTexts) {
      const shape = broadcastShape([a.shape, b.shape])
      const [one, other] = [broadcastPlaces(a.shape, shape), broadcastPlaces(b.shape, shape)]
      const data = Float64Array.from({ length: elementsOf(shape) }, (_, at) =>
        Number(ofTexts(a.data[one?.[at] ?? at] as string, b.data[other?.[at] ?? at] as string)),
      )
      return numbers(elementTypes.boolean, shape, data)
    }
    const [x, y] = [asNumbers(a, 'A comparison'), asNumbers(b, 'A comparison')]
    const shape = broadcastShape([x.shape, y.shape])
    const others = spread(y, shape)
    return numbers(
      elementTypes.boolean,
      shape,
      spread(x, shape).map((value, at) => Number(holds(value, others[at] as number))),
    )
  })
}

const where = simple('elements', ([condition, a, b]) => {
  if (!condition || !a || !b) throw new GraphEvaluationError('Where lacks an input.')
  const shape = broadcastShape([condition.shape, a.shape, b.shape])
  const chosen = spread(asNumbers(condition, 'Where'), shape)
  if (a.kind === 'texts' && b.kind === 'texts') {
    const [one, other] = [broadcastPlaces(a.shape, shape), broadcastPlaces(b.shape, shape)]
    const data = Array.from(chosen, (is, at) =>
      is === 0 ? (b.data[other?.[at] ?? at] as string) : (a.data[one?.[at] ?? at] as string),
    )
    return texts(shape, data)
  }
  const [x, y] = [asNumbers(a, 'Where'), asNumbers(b, 'Where')]
  const [ones, others] = [spread(x, shape), spread(y, shape)]
  return numbers(
    x.type,
    shape,
    chosen.map((is, at) => (is === 0 ? others[at] : ones[at]) as number),
    true,
  )
})

const clip: Operator = prepared('elements', ({ attributes, version }) => ([x, low, high], { exact }) => {
  const given = asNumbers(x, 'Clip')
  const bound = (input: typeof low, name: string, otherwise: number) =>
    version < 11 ? attributes.float(name, otherwise) : input ? (asNumbers(input, 'Clip').data[0] as number) : otherwise
  const [least, most] = [bound(low, 'min', Number.NEGATIVE_INFINITY), bound(high, 'max', Number.POSITIVE_INFINITY)]
  return numbers(
    given.type,
    given.shape,
    given.data.map((value) => Math.min(most, Math.max(least, value))),
    exact,
  )
})

const cast: Operator = prepared('elements', ({ attributes }) => {
  const to = attributes.integer('to', 0)
  return ([x], { exact }) => {
    if (!x) throw new GraphEvaluationError('Cast lacks its input.')
    if (to === 8) {
      // Labels; how fractions are spelled differs between runtimes, so nothing is computed from them.
      return x.kind === 'texts' ? x : texts(x.shape, Array.from(x.data, String))
    }
    const data = x.kind === 'texts' ? Float64Array.from(x.data, Number) : x.data.slice()
    if (to === elementTypes.boolean)
      return numbers(
        to,
        x.shape,
        data.map((value) => Number(value !== 0)),
      )
    return numbers(to, x.shape, isWhole(to) ? data.map(Math.trunc) : data, exact)
  }
})

/** The error function, Abramowitz & Stegun 7.1.6 near zero and the continued fraction 7.1.14 further out. */
function errorFunction(x: number): number {
  const size = Math.abs(x)
  if (size > 6) return Math.sign(x)
  if (size < 2.5) {
    let term = size
    let sum = size
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
      term *= (2 * size * size) / (2 * n + 1)
      sum += term
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * sum
  }
  let fraction = 0
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (size + fraction)
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)))
}

const gelu: Operator = prepared('elements', ({ attributes }) => {
  const byTanh = attributes.text('approximate', 'none') === 'tanh'
  return ([x], { exact }) => {
    const given = asNumbers(x, 'Gelu')
    const data = given.data.map((value) =>
      byTanh
        ? 0.5 * value * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3)))
        : 0.5 * value * (1 + errorFunction(value / Math.SQRT2)),
    )
    return numbers(given.type, given.shape, data, exact)
  }
})

const leakyRelu: Operator = prepared('elements', ({ attributes }) => {
  const slope = attributes.float('alpha', 0.01)
  return ([x], { exact }) => {
    const given = asNumbers(x, 'LeakyRelu')
    return numbers(
      given.type,
      given.shape,
      given.data.map((value) => (value < 0 ? slope * value : value)),
      exact,
    )
  }
})

const elu: Operator = prepared('elements', ({ attributes }) => {
  const alpha = attributes.float('alpha', 1)
  return ([x], { exact }) => {
    const given = asNumbers(x, 'Elu')
    return numbers(
      given.type,
      given.shape,
      given.data.map((value) => (value < 0 ? alpha * Math.expm1(value) : value)),
      exact,
    )
  }
})

const isNotANumber = simple('elements', ([x]) => {
  const given = asNumbers(x, 'IsNaN')
  return numbers(
    elementTypes.boolean,
    given.shape,
    given.data.map((value) => Number(Number.isNaN(value))),
  )
})

/** Hands on what it is given. */
const identity = simple('elements', ([x]) => {
  if (!x) throw new GraphEvaluationError('Identity lacks its input.')
  return x
})

const expand = simple('elements', ([x, shape]) => {
  if (!x) throw new GraphEvaluationError('Expand lacks its input.')
  const to = broadcastShape([x.shape, Array.from(asNumbers(shape, 'Expand').data)])
  const places = broadcastPlaces(x.shape, to)
  return places === null ? { ...x, shape: to } : picked(x, to, places)
})

/** The logistic function as ONNX Runtime computes it: of the size, then mirrored, so that nothing overflows. */
export function logistic(x: number): number {
  const ofSize = 1 / (1 + Math.exp(-Math.abs(x)))
  return x < 0 ? 1 - ofSize : ofSize
}

export const elementwiseOperators: Readonly<Record<string, Operator>> = {
  Abs: unary(Math.abs),
  Add: folded((a, b) => a + b),
  And: folded((a, b) => Number(a !== 0 && b !== 0)),
  Cast: cast,
  Ceil: unary(Math.ceil),
  Clip: clip,
  Div: folded(
    (a, b) => a / b,
    (a, b) => Math.trunc(a / b),
  ),
  Dropout: identity,
  Elu: elu,
  Equal: comparison(
    (a, b) => a === b,
    (a, b) => a === b,
  ),
  Erf: unary(errorFunction),
  Exp: unary(Math.exp),
  Expand: expand,
  Floor: unary(Math.floor),
  Gelu: gelu,
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Identity: identity,
  IsNaN: isNotANumber,
  LeakyRelu: leakyRelu,
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  Log: unary(Math.log),
  Max: folded(Math.max),
  Min: folded(Math.min),
  Mul: folded((a, b) => a * b),
  Neg: unary((x) => -x),
  Not: unary((x) => Number(x === 0)),
  Or: folded((a, b) => Number(a !== 0 || b !== 0)),
  Pow: folded((a, b) => a ** b),
  Reciprocal: unary((x) => 1 / x),
  // Written so that NaN stays NaN.
  Relu: unary((x) => (x < 0 ? 0 : x)),
  Round: unary((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  Sigmoid: unary(logistic),
  Sign: unary(Math.sign),
  Softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: unary(Math.sqrt),
  Sub: folded((a, b) => a - b),
  Sum: folded((a, b) => a + b),
  Tanh: unary(Math.tanh),
  Where: where,
}

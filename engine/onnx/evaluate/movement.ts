import type { NodeAttributes } from '../reader/tensor-values.ts'
import { tensorNumbers, tensorTexts } from '../reader/tensor-values.ts'
import type { GraphTensor } from './graph-tensor.ts'
import {
  asNumbers,
  axisOf,
  elementsOf,
  elementTypes,
  GraphEvaluationError,
  numbers,
  picked,
  reshaped,
  texts,
} from './graph-tensor.ts'
import type { Operator } from './operator.ts'
import { prepared, simple } from './operator.ts'

function given(tensor: GraphTensor | null | undefined): GraphTensor {
  if (!tensor) throw new GraphEvaluationError('An operator lacks an input.')
  return tensor
}

/** A list that older operator sets have as an attribute and newer ones as an input; null where it is not given. */
function listOf(
  attributes: NodeAttributes,
  name: string,
  input: GraphTensor | null | undefined,
): readonly number[] | null {
  if (input) return Array.from(asNumbers(input, name).data)
  return attributes.has(name) ? attributes.integers(name) : null
}

/** More elements than any table's graph fills up at once. */
const mostFilled = 50_000_000

/** Places of the elements of a tensor cut along its axes: `choices[axis]` are the indices kept there. */
function placesOf(shape: readonly number[], choices: readonly (readonly number[] | null)[]): Int32Array {
  const count = shape.reduce((product, length, axis) => product * (choices[axis]?.length ?? length), 1)
  if (count > mostFilled) throw new GraphEvaluationError('A tensor is larger than is held here.')
  let places: number[] = [0]
  let step = elementsOf(shape)
  for (const [axis, length] of shape.entries()) {
    step /= Math.max(1, length)
    const kept = choices[axis] ?? Array.from({ length }, (_, index) => index)
    const next: number[] = []
    for (const place of places) for (const index of kept) next.push(place + index * step)
    places = next
  }
  return Int32Array.from(places)
}

function cut(tensor: GraphTensor, choices: readonly (readonly number[] | null)[]): GraphTensor {
  const shape = tensor.shape.map((length, axis) => choices[axis]?.length ?? length)
  return picked(tensor, shape, placesOf(tensor.shape, choices))
}

/** One axis cut, the others whole. */
function cutAxis(tensor: GraphTensor, axis: number, kept: readonly number[]): GraphTensor {
  return cut(
    tensor,
    tensor.shape.map((_, each) => (each === axis ? kept : null)),
  )
}

const reshape: Operator = prepared('moves', ({ attributes }) => ([x, shape]) => {
  const tensor = given(x)
  const wanted = listOf(attributes, 'shape', shape) ?? []
  const zeroIsZero = attributes.integer('allowzero', 0) === 1
  const lengths = wanted.map((length, axis) => (length === 0 && !zeroIsZero ? (tensor.shape[axis] ?? 0) : length))
  const known = lengths.reduce((product, length) => (length === -1 ? product : product * length), 1)
  const all = elementsOf(tensor.shape)
  const to = lengths.map((length) => (length === -1 ? all / Math.max(1, known) : length))
  // A part of an element, or fewer than none, may well multiply to the right number.
  if (elementsOf(to) !== all || !to.every((length) => Number.isInteger(length) && length >= 0))
    throw new GraphEvaluationError(`Reshape cannot make ${to.join(' × ')} of ${all} elements.`)
  return reshaped(tensor, to)
})

const flatten: Operator = prepared('moves', ({ attributes }) => ([x]) => {
  const tensor = given(x)
  const axis = attributes.integer('axis', 1)
  const from = axis < 0 ? axis + tensor.shape.length : axis
  return reshaped(tensor, [elementsOf(tensor.shape.slice(0, from)), elementsOf(tensor.shape.slice(from))])
})

const squeeze: Operator = prepared('moves', ({ attributes }) => ([x, input]) => {
  const tensor = given(x)
  const axes = listOf(attributes, 'axes', input)?.map((axis) => axisOf(axis, tensor.shape.length))
  return reshaped(
    tensor,
    tensor.shape.filter((length, axis) => (axes ? !axes.includes(axis) : length !== 1)),
  )
})

const unsqueeze: Operator = prepared('moves', ({ attributes }) => ([x, input]) => {
  const tensor = given(x)
  const wanted = listOf(attributes, 'axes', input) ?? []
  const rank = tensor.shape.length + wanted.length
  const axes = new Set(wanted.map((axis) => axisOf(axis, rank)))
  const lengths = [...tensor.shape]
  return reshaped(
    tensor,
    Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (lengths.shift() ?? 1))),
  )
})

const concat: Operator = prepared('moves', ({ attributes }) => (inputs) => {
  const tensors = inputs.map(given)
  const [first] = tensors
  if (first === undefined) throw new GraphEvaluationError('Concat was given nothing.')
  const axis = axisOf(attributes.integer('axis', 1), first.shape.length)
  const shape = first.shape.map((length, each) =>
    each === axis ? tensors.reduce((sum, tensor) => sum + (tensor.shape[axis] ?? 0), 0) : length,
  )
  if (
    tensors.some(
      ({ shape: own }) =>
        own.length !== shape.length || own.some((length, each) => each !== axis && length !== shape[each]),
    )
  )
    throw new GraphEvaluationError('Concat was given tensors that do not fit together.')
  const outer = elementsOf(shape.slice(0, axis))
  const blocks = tensors.map((tensor) => elementsOf(tensor.shape.slice(axis)))
  if (first.kind === 'texts') {
    const data: string[] = []
    for (let block = 0; block < outer; block++) {
      for (const [at, tensor] of tensors.entries()) {
        if (tensor.kind !== 'texts') throw new GraphEvaluationError('Concat was given texts and numbers.')
        const size = blocks[at] as number
        for (let each = block * size; each < (block + 1) * size; each++) data.push(tensor.data[each] as string)
      }
    }
    return texts(shape, data)
  }
  const data = new Float64Array(elementsOf(shape))
  let to = 0
  for (let block = 0; block < outer; block++) {
    for (const [at, tensor] of tensors.entries()) {
      const size = blocks[at] as number
      data.set(asNumbers(tensor, 'Concat').data.subarray(block * size, (block + 1) * size), to)
      to += size
    }
  }
  return numbers(first.type, shape, data, true)
})

const gather: Operator = prepared('moves', ({ attributes }) => ([x, indices]) => {
  const tensor = given(x)
  const axis = axisOf(attributes.integer('axis', 0), tensor.shape.length)
  const wanted = asNumbers(indices, 'Gather')
  const length = tensor.shape[axis] as number
  const kept = Array.from(wanted.data, (index) => (index < 0 ? index + length : index))
  if (kept.some((index) => !(index >= 0 && index < length))) throw new GraphEvaluationError('Gather reaches outside.')
  const shape = [...tensor.shape.slice(0, axis), ...wanted.shape, ...tensor.shape.slice(axis + 1)]
  return reshaped(cutAxis(tensor, axis, kept), shape)
})

/** Columns of the last axis. */
const arrayFeatureExtractor = simple('moves', ([x, indices]) => {
  const tensor = given(x)
  const kept = Array.from(asNumbers(indices, 'ArrayFeatureExtractor').data)
  const last = tensor.shape.length - 1
  if (kept.some((index) => !(index >= 0 && index < (tensor.shape[last] as number)))) {
    throw new GraphEvaluationError('ArrayFeatureExtractor reaches outside.')
  }
  const out = cutAxis(tensor, last, kept)
  return tensor.shape.length === 1 ? reshaped(out, [1, kept.length]) : out
})

const slice: Operator = prepared('moves', ({ attributes }) => ([x, startsInput, endsInput, axesInput, stepsInput]) => {
  const tensor = given(x)
  const starts = listOf(attributes, 'starts', startsInput) ?? []
  const ends = listOf(attributes, 'ends', endsInput) ?? []
  const axes = listOf(attributes, 'axes', axesInput) ?? starts.map((_, axis) => axis)
  const steps = listOf(attributes, 'steps', stepsInput) ?? starts.map(() => 1)
  const choices: (readonly number[] | null)[] = tensor.shape.map(() => null)
  for (const [at, axis] of axes.entries()) {
    const on = axisOf(axis, tensor.shape.length)
    choices[on] = sliced(tensor.shape[on] as number, starts[at] ?? 0, ends[at] ?? 0, steps[at] ?? 1)
  }
  return cut(tensor, choices)
})

function sliced(length: number, start: number, end: number, step: number): number[] {
  const within = (index: number, least: number, most: number) =>
    Math.min(most, Math.max(least, index < 0 ? index + length : index))
  const kept: number[] = []
  if (step > 0) for (let at = within(start, 0, length); at < within(end, 0, length); at += step) kept.push(at)
  if (step < 0) for (let at = within(start, 0, length - 1); at > within(end, -1, length - 1); at += step) kept.push(at)
  return kept
}

const split: Operator = {
  flow: 'moves',
  prepare:
    ({ attributes, outputs }) =>
    ([x, input]) => {
      const tensor = given(x)
      const axis = axisOf(attributes.integer('axis', 0), tensor.shape.length)
      const length = tensor.shape[axis] as number
      const each = Math.ceil(length / outputs)
      const sizes =
        listOf(attributes, 'split', input) ??
        Array.from({ length: outputs }, (_, at) => Math.max(0, Math.min(each, length - at * each)))
      let from = 0
      return sizes.map((size) => {
        const start = from
        from += size
        return cutAxis(
          tensor,
          axis,
          Array.from({ length: size }, (_, at) => start + at),
        )
      })
    },
}

const transpose: Operator = prepared('moves', ({ attributes }) => ([x]) => {
  const tensor = given(x)
  const rank = tensor.shape.length
  const order = attributes.has('perm') ? attributes.integers('perm') : tensor.shape.map((_, axis) => rank - 1 - axis)
  const shape = order.map((axis) => tensor.shape[axis] as number)
  const steps = tensor.shape.map((_, axis) => elementsOf(tensor.shape.slice(axis + 1)))
  const places = Int32Array.from({ length: elementsOf(shape) }, (_, index) => {
    let rest = index
    let place = 0
    for (let axis = rank - 1; axis >= 0; axis--) {
      const length = shape[axis] as number
      place += (rest % length) * (steps[order[axis] as number] as number)
      rest = Math.floor(rest / length)
    }
    return place
  })
  return picked(tensor, shape, places)
})

const shape: Operator = prepared('rows', ({ attributes }) => ([x]) => {
  const lengths = given(x).shape
  const [from, to] = [attributes.integer('start', 0), attributes.integer('end', lengths.length)]
  const kept = lengths.slice(from, to)
  return numbers(elementTypes.int64, [kept.length], Float64Array.from(kept))
})

const constantOfShape: Operator = prepared('rows', ({ attributes }) => {
  const tensor = attributes.tensor('value')
  const value = tensor === null ? 0 : (tensorNumbers(tensor)?.[0] ?? 0)
  return ([input]) => {
    const lengths = Array.from(asNumbers(input, 'ConstantOfShape').data)
    const count = elementsOf(lengths)
    if (!(count >= 0 && count <= mostFilled))
      throw new GraphEvaluationError('ConstantOfShape makes too large a tensor.')
    return numbers(tensor?.elementType ?? elementTypes.float, lengths, new Float64Array(count).fill(value))
  }
})

const constant: Operator = prepared('rows', ({ attributes }) => {
  const tensor = attributes.tensor('value')
  const value = tensor === null ? constantOf(attributes) : tensorOf(tensor)
  return () => value
})

function constantOf(attributes: NodeAttributes): GraphTensor {
  if (attributes.has('value_float')) {
    return numbers(elementTypes.float, [], Float64Array.of(attributes.float('value_float', 0)))
  }
  if (attributes.has('value_int')) {
    return numbers(elementTypes.int64, [], Float64Array.of(attributes.integer('value_int', 0)))
  }
  if (attributes.has('value_ints')) {
    const list = attributes.integers('value_ints')
    return numbers(elementTypes.int64, [list.length], Float64Array.from(list))
  }
  if (attributes.has('value_floats')) {
    const list = attributes.numbers('value_floats')
    return numbers(elementTypes.float, [list.length], Float64Array.from(list))
  }
  throw new GraphEvaluationError('A constant holds something that is not evaluated here.')
}

/** A tensor of the file. Throws GraphEvaluationError where its element type is not computed in. */
export function tensorOf(tensor: Parameters<typeof tensorNumbers>[0]): GraphTensor {
  if (tensor.elementType === 8) return texts(tensor.dimensions, tensorTexts(tensor))
  const values = tensorNumbers(tensor)
  if (values === null || values.length !== elementsOf(tensor.dimensions)) {
    throw new GraphEvaluationError(`The constant ${tensor.name} holds a kind of number that is not evaluated here.`)
  }
  return numbers(tensor.elementType, tensor.dimensions, Float64Array.from(values), true)
}

export const movementOperators: Readonly<Record<string, Operator>> = {
  ArrayFeatureExtractor: arrayFeatureExtractor,
  Concat: concat,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Flatten: flatten,
  Gather: gather,
  Reshape: reshape,
  Shape: shape,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
}

/** The graph cannot be evaluated here; the message names the operator or what was wrong with its input. */
export class GraphEvaluationError extends Error {
  override readonly name = 'GraphEvaluationError'
}

/** Numbers as doubles, whatever their element type: `type` is the number of onnx.proto (1 float, 7 int64, 11 double …). */
export interface NumberTensor {
  readonly kind: 'numbers'
  readonly type: number
  readonly shape: readonly number[]
  readonly data: Float64Array
}

export interface TextTensor {
  readonly kind: 'texts'
  readonly shape: readonly number[]
  readonly data: readonly string[]
}

export type GraphTensor = NumberTensor | TextTensor

export const elementTypes = { float: 1, int32: 6, int64: 7, boolean: 9, double: 11 } as const

/** A tensor of numbers; those of type float are rounded to float32, as a runtime holds them, unless `exact`. */
export function numbers(type: number, shape: readonly number[], data: Float64Array, exact = false): NumberTensor {
  if (type === elementTypes.float && !exact) {
    for (let at = 0; at < data.length; at++) data[at] = Math.fround(data[at] as number)
  }
  return { kind: 'numbers', type, shape, data }
}

export function texts(shape: readonly number[], data: readonly string[]): TextTensor {
  return { kind: 'texts', shape, data }
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** An axis counted from the front. Throws GraphEvaluationError where the tensor has no such axis. */
export function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(at) || at < 0 || at >= Math.max(1, rank)) {
    throw new GraphEvaluationError(`A tensor of ${rank} dimensions has no axis ${axis}.`)
  }
  return at
}

export function asNumbers(tensor: GraphTensor | null | undefined, what: string): NumberTensor {
  if (tensor?.kind !== 'numbers') throw new GraphEvaluationError(`${what} takes numbers and was given something else.`)
  return tensor
}

/** The same elements in another shape. */
export function reshaped(tensor: GraphTensor, shape: readonly number[]): GraphTensor {
  return tensor.kind === 'texts' ? texts(shape, tensor.data) : { ...tensor, shape }
}

/** Elements at the given places, in their order. */
export function picked(tensor: GraphTensor, shape: readonly number[], places: Int32Array): GraphTensor {
  if (tensor.kind === 'texts')
    return texts(
      shape,
      Array.from(places, (at) => tensor.data[at] as string),
    )
  return { ...tensor, shape, data: Float64Array.from(places, (at) => tensor.data[at] as number) }
}

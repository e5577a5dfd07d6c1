import type { Message } from './protobuf-writer.ts'
import {
  bytesField,
  floatField,
  integerField,
  message,
  messageField,
  packedIntegersField,
  textField,
} from './protobuf-writer.ts'

/** TensorProto.DataType of the element types that our graphs use. */
export const elementTypeCode = { float: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const

export type ElementType = keyof typeof elementTypeCode

/** A constant tensor: numbers row by row, or texts. Booleans are 0 and 1. */
export interface TensorData {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly values: ArrayLike<number> | readonly string[]
}

/** An operator's attribute, by its kind in onnx.proto. */
export type Attribute =
  | { readonly integer: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly floats: ArrayLike<number> }
  | { readonly integers: ArrayLike<number> }
  | { readonly texts: readonly string[] }
  | { readonly tensor: TensorData }

/** The field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (IR version 10). */
const attributeKind = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7, texts: 8 } as const

function attributeMessage(name: string, attribute: Attribute): Message {
  return message(textField(1, name), ...attributeValue(attribute))
}

function attributeValue(attribute: Attribute): (Message | Uint8Array)[] {
  const kind = (code: number) => integerField(20, code)
  if ('integer' in attribute) return [integerField(3, attribute.integer), kind(attributeKind.integer)]
  if ('float' in attribute) return [floatField(2, attribute.float), kind(attributeKind.float)]
  if ('text' in attribute) return [textField(4, attribute.text), kind(attributeKind.text)]
  if ('floats' in attribute) {
    return [bytesField(7, bytesOf(Float32Array.from(attribute.floats))), kind(attributeKind.floats)]
  }
  if ('integers' in attribute) return [packedIntegersField(8, attribute.integers), kind(attributeKind.integers)]
  if ('texts' in attribute) {
    return [...attribute.texts.map((text) => textField(9, text)), kind(attributeKind.texts)]
  }
  return [messageField(5, tensorMessage('', attribute.tensor)), kind(attributeKind.tensor)]
}

export function tensorMessage(name: string, tensor: TensorData): Message {
  const shape = tensor.shape.map((dimension) => integerField(1, dimension))
  return message(...shape, integerField(2, elementTypeCode[tensor.type]), ...tensorContent(tensor), textField(8, name))
}

function tensorContent({ type, values }: TensorData): Message[] {
  if (type === 'string') return Array.from(values as readonly string[], (text) => textField(6, text))
  return [bytesField(9, littleEndianBytes(type, values as ArrayLike<number>))]
}

/** Every platform that Maestro runs on is little-endian, as the format is. */
function littleEndianBytes(type: Exclude<ElementType, 'string'>, values: ArrayLike<number>): Uint8Array {
  if (type === 'double') return bytesOf(Float64Array.from(values))
  if (type === 'float') return bytesOf(Float32Array.from(values))
  if (type === 'int32') return bytesOf(Int32Array.from(values))
  if (type === 'int64') return bytesOf(BigInt64Array.from(Array.from(values, BigInt)))
  return Uint8Array.from(values)
}

function bytesOf(array: Float64Array | Float32Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

export function nodeMessage(node: {
  readonly operator: string
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}): Message {
  return message(
    ...node.inputs.map((input) => textField(1, input)),
    ...node.outputs.map((output) => textField(2, output)),
    textField(3, node.name),
    textField(4, node.operator),
    ...Object.entries(node.attributes).map(([name, attribute]) => messageField(5, attributeMessage(name, attribute))),
    ...(node.domain === '' ? [] : [textField(7, node.domain)]),
  )
}

/** A graph's input or output; a dimension is a length, or the name of one that is known only when it runs. */
export function valueMessage(name: string, type: ElementType, shape: readonly (number | string)[]): Message {
  const dimensions = shape.map((dimension) =>
    messageField(1, message(typeof dimension === 'string' ? textField(2, dimension) : integerField(1, dimension))),
  )
  const tensorType = message(integerField(1, elementTypeCode[type]), messageField(2, message(...dimensions)))
  return message(textField(1, name), messageField(2, message(messageField(1, tensorType))))
}

export function graphMessage(graph: {
  readonly name: string
  readonly nodes: readonly Message[]
  readonly constants: readonly Message[]
  readonly inputs: readonly Message[]
  readonly outputs: readonly Message[]
}): Message {
  return message(
    ...graph.nodes.map((node) => messageField(1, node)),
    textField(2, graph.name),
    ...graph.constants.map((constant) => messageField(5, constant)),
    ...graph.inputs.map((input) => messageField(11, input)),
    ...graph.outputs.map((output) => messageField(12, output)),
  )
}

export function modelMessage(model: {
  readonly irVersion: number
  readonly producer: string
  readonly producerVersion: string
  readonly documentation: string
  readonly graph: Message
  readonly operatorSets: readonly { readonly domain: string; readonly version: number }[]
  readonly metadata: Readonly<Record<string, string>>
}): Message {
  return message(
    integerField(1, model.irVersion),
    textField(2, model.producer),
    textField(3, model.producerVersion),
    textField(6, model.documentation),
    messageField(7, model.graph),
    ...model.operatorSets.map(({ domain, version }) =>
      messageField(8, message(textField(1, domain), integerField(2, version))),
    ),
    ...Object.entries(model.metadata).map(([key, value]) =>
      messageField(14, message(textField(1, key), textField(2, value))),
    ),
  )
}

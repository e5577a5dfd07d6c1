/** What an ONNX file says, as plain data; nothing in it has been checked beyond its form. Names are those of onnx.proto. */
export interface OnnxModel {
  readonly irVersion: number
  readonly producer: string
  readonly producerVersion: string
  readonly documentation: string
  readonly operatorSets: readonly OperatorSet[]
  readonly graph: OnnxGraph | null
  readonly functions: readonly OnnxFunction[]
  readonly metadata: ReadonlyMap<string, string>
}

export interface OperatorSet {
  /** The standard domain is the empty text, however the file spells it. */
  readonly domain: string
  readonly version: number
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly sparseInitializers: number
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly valueInfos: readonly OnnxValue[]
}

/** An operator that the file defines itself. */
export interface OnnxFunction {
  readonly name: string
  readonly domain: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly OnnxNode[]
  readonly operatorSets: readonly OperatorSet[]
}

export interface OnnxNode {
  readonly name: string
  readonly operator: string
  readonly domain: string
  readonly overload: string
  /** An empty name is an optional input that is not given. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly OnnxAttribute[]
}

/** AttributeProto.AttributeType. */
export const attributeKinds = {
  float: 1,
  integer: 2,
  text: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  integers: 7,
  texts: 8,
} as const

export interface OnnxAttribute {
  readonly name: string
  /** One of `attributeKinds`, or another number of the standard; 0 where the file does not say. */
  readonly kind: number
  readonly float: number
  readonly integer: number
  readonly text: Uint8Array
  readonly tensor: OnnxTensor | null
  readonly graph: OnnxGraph | null
  readonly floats: readonly number[]
  readonly integers: readonly number[]
  readonly texts: readonly Uint8Array[]
  readonly tensors: readonly OnnxTensor[]
  readonly graphs: readonly OnnxGraph[]
  /** In a function: the attribute of the call that it stands for. */
  readonly reference: string
}

export interface OnnxTensor {
  readonly name: string
  readonly dimensions: readonly number[]
  readonly elementType: number
  /** Little-endian bytes of the elements; null where they are in one of the lists, or in another file. */
  readonly raw: Uint8Array | null
  /** float_data, double_data, int32_data, int64_data or uint64_data. */
  readonly numbers: readonly number[]
  /** Which of these lists have elements, by their field numbers in onnx.proto. */
  readonly numberFields: readonly number[]
  readonly texts: readonly Uint8Array[]
  /** Where the elements are in another file. */
  readonly external: ReadonlyMap<string, string> | null
  /** Its bytes in the file, so that external data can be put in its place. */
  readonly source: Uint8Array
}

export interface OnnxValue {
  readonly name: string
  readonly type: OnnxType | null
}

export type OnnxType =
  | { readonly kind: 'tensor'; readonly elementType: number; readonly shape: OnnxShape | null }
  | { readonly kind: 'sparse'; readonly elementType: number; readonly shape: OnnxShape | null }
  | { readonly kind: 'sequence'; readonly of: OnnxType }
  | { readonly kind: 'optional'; readonly of: OnnxType }
  | { readonly kind: 'map'; readonly key: number; readonly of: OnnxType }

/** A length, the name of one that is known only when it runs, or null: nothing is said. */
export type OnnxShape = readonly (number | string | null)[]

/** TensorProto.DataType as the standard's texts spell them; undefined for numbers that are no type. */
export const elementTypeNames: Readonly<Record<number, string>> = {
  1: 'float',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'double',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
  24: 'float8e8m0',
  25: 'uint2',
  26: 'int2',
}

/** Bits of one element; texts have none. */
export const elementBits: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
  24: 8,
  25: 2,
  26: 2,
}

/** "tensor(float)", "seq(map(int64,tensor(float)))", as the standard spells types; null where the type is not known. */
export function spellType(type: OnnxType | null): string | null {
  if (type === null) return null
  if (type.kind === 'tensor' || type.kind === 'sparse') {
    const name = elementTypeNames[type.elementType]
    return name === undefined ? null : `${type.kind === 'sparse' ? 'sparse_tensor' : 'tensor'}(${name})`
  }
  const inner = spellType(type.of)
  if (inner === null) return null
  if (type.kind === 'map') return `map(${elementTypeNames[type.key] ?? '?'},${inner})`
  return `${type.kind === 'sequence' ? 'seq' : 'optional'}(${inner})`
}

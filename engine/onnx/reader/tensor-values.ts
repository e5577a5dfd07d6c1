import type { OnnxAttribute, OnnxNode, OnnxTensor } from './onnx-model.ts'

const decoder = new TextDecoder('utf-8')

/** A tensor's numbers as doubles, whichever way the file holds them; null for texts and for types that nobody computes in. */
export function tensorNumbers(tensor: OnnxTensor): number[] | null {
  if (tensor.raw === null) return tensor.texts.length > 0 || tensor.external !== null ? null : [...tensor.numbers]
  const { raw } = tensor
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const read = readers[tensor.elementType]
  if (read === undefined || raw.length % read.size !== 0) return null
  return Array.from({ length: raw.length / read.size }, (_, index) => read.at(view, index * read.size))
}

const readers: Readonly<
  Record<number, { readonly size: number; readonly at: (view: DataView, at: number) => number }>
> = {
  1: { size: 4, at: (view, at) => view.getFloat32(at, true) },
  2: { size: 1, at: (view, at) => view.getUint8(at) },
  3: { size: 1, at: (view, at) => view.getInt8(at) },
  6: { size: 4, at: (view, at) => view.getInt32(at, true) },
  7: { size: 8, at: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { size: 1, at: (view, at) => view.getUint8(at) },
  11: { size: 8, at: (view, at) => view.getFloat64(at, true) },
}

export function tensorTexts(tensor: OnnxTensor): string[] {
  return tensor.texts.map((bytes) => decoder.decode(bytes))
}

/** A node's attributes by name, with what the standard says where one is not given. */
export interface NodeAttributes {
  readonly integer: (name: string, otherwise: number) => number
  readonly float: (name: string, otherwise: number) => number
  readonly text: (name: string, otherwise: string) => string
  readonly integers: (name: string) => readonly number[]
  /** Of `name`, or of the tensor `name_as_tensor` that newer operator sets have instead. */
  readonly numbers: (name: string) => readonly number[]
  readonly texts: (name: string) => readonly string[]
  readonly tensor: (name: string) => OnnxTensor | null
  readonly has: (name: string) => boolean
}

export function nodeAttributes({ attributes }: Pick<OnnxNode, 'attributes'>): NodeAttributes {
  const byName = new Map<string, OnnxAttribute>(attributes.map((attribute) => [attribute.name, attribute]))
  const tensor = (name: string) => byName.get(name)?.tensor ?? null
  return {
    integer: (name, otherwise) => byName.get(name)?.integer ?? otherwise,
    float: (name, otherwise) => byName.get(name)?.float ?? otherwise,
    text: (name, otherwise) => {
      const found = byName.get(name)
      return found === undefined ? otherwise : decoder.decode(found.text)
    },
    integers: (name) => byName.get(name)?.integers ?? [],
    numbers(name) {
      const asTensor = tensor(`${name}_as_tensor`) ?? tensor(name)
      if (asTensor !== null) return tensorNumbers(asTensor) ?? []
      const given = byName.get(name)
      if (given === undefined) return []
      return given.floats.length > 0 ? given.floats : given.integers
    },
    texts: (name) => byName.get(name)?.texts.map((bytes) => decoder.decode(bytes)) ?? [],
    tensor,
    has: (name) => byName.has(name),
  }
}

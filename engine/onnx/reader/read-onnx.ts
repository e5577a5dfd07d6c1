import type {
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValue,
  OperatorSet,
} from './onnx-model.ts'
import type { ReadBudget } from './wire-reader.ts'
import { OnnxReadError, WireReader } from './wire-reader.ts'

export interface ReadLimits {
  /** Graphs inside graphs. */
  readonly depth: number
  readonly nodes: number
  /** Fields of the whole file: what bounds time and memory. */
  readonly fields: number
}

/** Deep enough for every exporter; real models have some ten thousand nodes, large forests some ten million numbers. */
export const usualReadLimits: ReadLimits = { depth: 64, nodes: 200_000, fields: 50_000_000 }

interface Reading extends ReadBudget {
  nodes: number
  readonly depth: number
}

/**
 * Reads an ONNX file by its own bounded walk over the bytes; tensors are views, nothing is run, no other file is opened.
 * A message that is given twice is refused: protobuf merges the two, other readers take the last. Throws OnnxReadError.
 */
export function readOnnx(bytes: Uint8Array, limits: ReadLimits = usualReadLimits): OnnxModel {
  const reading: Reading = { fields: limits.fields, nodes: limits.nodes, depth: limits.depth }
  const reader = new WireReader(bytes, reading)
  const operatorSets: OperatorSet[] = []
  const functions: OnnxFunction[] = []
  const metadata = new Map<string, string>()
  let [irVersion, producer, producerVersion, documentation] = [0, '', '', '']
  let graph: OnnxGraph | null = null
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        irVersion = reader.integer()
        break
      case 2:
        producer = reader.text()
        break
      case 3:
        producerVersion = reader.text()
        break
      case 6:
        documentation = reader.text()
        break
      case 7:
        if (graph !== null) throw new OnnxReadError('The file holds two graphs, so readers disagree on what it does.')
        graph = readGraph(reader.message(), reading, 1)
        break
      case 8:
        operatorSets.push(readOperatorSet(reader.message()))
        break
      case 14: {
        const [key, value] = readEntry(reader.message())
        metadata.set(key, value)
        break
      }
      case 25:
        functions.push(readFunction(reader.message(), reading))
        break
    }
  }
  return { irVersion, producer, producerVersion, documentation, operatorSets, graph, functions, metadata }
}

function standardDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}

function readOperatorSet(reader: WireReader): OperatorSet {
  let [domain, version] = ['', 0]
  while (reader.next()) {
    if (reader.field === 1) domain = reader.text()
    else if (reader.field === 2) version = reader.integer()
  }
  return { domain: standardDomain(domain), version }
}

function readEntry(reader: WireReader): [string, string] {
  let [key, value] = ['', '']
  while (reader.next()) {
    if (reader.field === 1) key = reader.text()
    else if (reader.field === 2) value = reader.text()
  }
  return [key, value]
}

function readGraph(reader: WireReader, reading: Reading, depth: number): OnnxGraph {
  if (depth > reading.depth) throw new OnnxReadError(`Graphs lie in each other more than ${reading.depth} deep.`)
  const nodes: OnnxNode[] = []
  const initializers: OnnxTensor[] = []
  const inputs: OnnxValue[] = []
  const outputs: OnnxValue[] = []
  const valueInfos: OnnxValue[] = []
  let name = ''
  let sparseInitializers = 0
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        nodes.push(readNode(reader.message(), reading, depth))
        break
      case 2:
        name = reader.text()
        break
      case 5:
        initializers.push(readTensor(reader.bytes(), reading))
        break
      case 11:
        inputs.push(readValue(reader.message()))
        break
      case 12:
        outputs.push(readValue(reader.message()))
        break
      case 13:
        valueInfos.push(readValue(reader.message()))
        break
      case 15:
        sparseInitializers++
        break
    }
  }
  return { name, nodes, initializers, sparseInitializers, inputs, outputs, valueInfos }
}

function readFunction(reader: WireReader, reading: Reading): OnnxFunction {
  const inputs: string[] = []
  const outputs: string[] = []
  const nodes: OnnxNode[] = []
  const operatorSets: OperatorSet[] = []
  let [name, domain, overload] = ['', '', '']
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.text()
        break
      case 4:
        inputs.push(reader.text())
        break
      case 5:
        outputs.push(reader.text())
        break
      case 7:
        nodes.push(readNode(reader.message(), reading, 1))
        break
      case 9:
        operatorSets.push(readOperatorSet(reader.message()))
        break
      case 10:
        domain = reader.text()
        break
      case 13:
        overload = reader.text()
        break
    }
  }
  return { name, domain: standardDomain(domain), overload, inputs, outputs, nodes, operatorSets }
}

function readNode(reader: WireReader, reading: Reading, depth: number): OnnxNode {
  if (reading.nodes-- <= 0) throw new OnnxReadError('The file has more nodes than any model needs.')
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: OnnxAttribute[] = []
  let [name, operator, domain, overload] = ['', '', '', '']
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        inputs.push(reader.text())
        break
      case 2:
        outputs.push(reader.text())
        break
      case 3:
        name = reader.text()
        break
      case 4:
        operator = reader.text()
        break
      case 5:
        attributes.push(readAttribute(reader.message(), reading, depth))
        break
      case 7:
        domain = reader.text()
        break
      case 8:
        overload = reader.text()
        break
    }
  }
  return { name, operator, domain: standardDomain(domain), overload, inputs, outputs, attributes }
}

function readAttribute(reader: WireReader, reading: Reading, depth: number): OnnxAttribute {
  const lists = {
    floats: [] as number[],
    integers: [] as number[],
    texts: [] as Uint8Array[],
    tensors: [] as OnnxTensor[],
    graphs: [] as OnnxGraph[],
  }
  let [name, kind, float, integer, reference] = ['', 0, 0, 0, '']
  let text = new Uint8Array(0) as Uint8Array
  let tensor: OnnxTensor | null = null
  let graph: OnnxGraph | null = null
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.text()
        break
      case 2:
        float = reader.float()
        break
      case 3:
        integer = reader.integer()
        break
      case 4:
        text = reader.bytes()
        break
      case 5:
        if (tensor !== null) throw new OnnxReadError(`The attribute ${name} holds two tensors where one is meant.`)
        tensor = readTensor(reader.bytes(), reading)
        break
      case 6:
        if (graph !== null) throw new OnnxReadError(`The attribute ${name} holds two graphs where one is meant.`)
        graph = readGraph(reader.message(), reading, depth + 1)
        break
      case 7:
        reader.floats(lists.floats)
        break
      case 8:
        reader.integers(lists.integers)
        break
      case 9:
        lists.texts.push(reader.bytes())
        break
      case 10:
        lists.tensors.push(readTensor(reader.bytes(), reading))
        break
      case 11:
        lists.graphs.push(readGraph(reader.message(), reading, depth + 1))
        break
      case 20:
        kind = reader.integer()
        break
      case 21:
        reference = reader.text()
        break
      case 22:
      case 23:
        // A runtime would follow what they name in other files; nobody checks that here, so they go no further.
        throw new OnnxReadError(`The attribute ${name} holds a sparse tensor, which Maestro does not read.`)
    }
  }
  return { name, kind, float, integer, text, tensor, graph, reference, ...lists }
}

function readTensor(source: Uint8Array, budget: ReadBudget): OnnxTensor {
  const reader = new WireReader(source, budget)
  const dimensions: number[] = []
  const numbers: number[] = []
  const numberFields = new Set<number>()
  const texts: Uint8Array[] = []
  const external = new Map<string, string>()
  let [name, elementType, location] = ['', 0, 0]
  let raw: Uint8Array | null = null
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        reader.integers(dimensions)
        break
      case 2:
        elementType = reader.integer()
        break
      case 4:
        numberFields.add(4)
        reader.floats(numbers)
        break
      case 5:
      case 7:
      case 11:
        numberFields.add(reader.field)
        reader.integers(numbers)
        break
      case 10:
        numberFields.add(10)
        reader.doubles(numbers)
        break
      case 6:
        texts.push(reader.bytes())
        break
      case 8:
        name = reader.text()
        break
      case 9:
        raw = reader.bytes()
        break
      case 13: {
        const [key, value] = readEntry(reader.message())
        external.set(key, value)
        break
      }
      case 14:
        location = reader.integer()
        break
    }
  }
  return {
    name,
    dimensions,
    elementType,
    raw,
    numbers,
    numberFields: [...numberFields],
    texts,
    external: location === 1 || external.size > 0 ? external : null,
    source,
  }
}

function readValue(reader: WireReader): OnnxValue {
  let name = ''
  let type: OnnxType | null = null
  while (reader.next()) {
    if (reader.field === 1) name = reader.text()
    else if (reader.field === 2) {
      if (type !== null) throw new OnnxReadError(`The type of ${name} is given twice.`)
      type = readType(reader.message(), 0)
    }
  }
  return { name, type }
}

/** Sequences of maps of tensors are three deep; nothing real is deeper. */
const deepestType = 8

function readType(reader: WireReader, depth: number): OnnxType | null {
  if (depth > deepestType) throw new OnnxReadError('A type is nested too deeply.')
  let type: OnnxType | null = null
  while (reader.next()) {
    if (reader.field === 1 || reader.field === 8) {
      type = { kind: reader.field === 1 ? 'tensor' : 'sparse', ...readTensorType(reader.message()) }
    } else if (reader.field === 4 || reader.field === 9) {
      const inner = readElementType(reader.message(), depth)
      if (inner !== null) type = { kind: reader.field === 4 ? 'sequence' : 'optional', of: inner }
    } else if (reader.field === 5) {
      type = readMapType(reader.message(), depth)
    }
  }
  return type
}

function readTensorType(reader: WireReader) {
  let elementType = 0
  let shape: (number | string | null)[] | null = null
  while (reader.next()) {
    if (reader.field === 1) elementType = reader.integer()
    else if (reader.field === 2) {
      shape = []
      const dimensions = reader.message()
      while (dimensions.next()) if (dimensions.field === 1) shape.push(readDimension(dimensions.message()))
    }
  }
  return { elementType, shape }
}

function readDimension(reader: WireReader): number | string | null {
  let dimension: number | string | null = null
  while (reader.next()) {
    if (reader.field === 1) dimension = reader.integer()
    else if (reader.field === 2) dimension = reader.text() || null
  }
  return dimension
}

function readElementType(reader: WireReader, depth: number): OnnxType | null {
  let type: OnnxType | null = null
  while (reader.next()) if (reader.field === 1) type = readType(reader.message(), depth + 1)
  return type
}

function readMapType(reader: WireReader, depth: number): OnnxType | null {
  let key = 0
  let of: OnnxType | null = null
  while (reader.next()) {
    if (reader.field === 1) key = reader.integer()
    else if (reader.field === 2) of = readType(reader.message(), depth + 1)
  }
  return of === null ? null : { kind: 'map', key, of }
}

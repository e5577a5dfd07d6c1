import type { Attribute, ElementType, TensorData } from './onnx-messages.ts'
import { graphMessage, nodeMessage, tensorMessage, valueMessage } from './onnx-messages.ts'
import type { Message } from './protobuf-writer.ts'

type Shape = readonly (number | string)[]

/** The name of a tensor in the graph. */
export type Value = string

/** `current`: opset 21 and ai.onnx.ml 5, trees in double. `portable`: opset 13 and ai.onnx.ml 2, for older runtimes. */
export type Dialect = 'current' | 'portable'

/**
 * Collects the nodes of one graph in the order in which they run. Names of its own are numbered and never meet those of
 * the inputs, which are the user's columns: declare those first.
 */
export interface GraphBuilder {
  /** Which operators there are. */
  readonly dialect: Dialect
  input(name: string, type: ElementType, shape: Shape): Value
  /** Gives a value the name under which the user meets it; no input has that name. */
  output(output: { readonly name: string; readonly type: ElementType; readonly shape: Shape }, value: Value): void
  /** A constant; equal small ones are stored once. */
  constant(type: ElementType, shape: readonly number[], values: TensorData['values']): Value
  /** One operator of the standard domain with one output. */
  node(operator: string, inputs: readonly Value[], attributes?: Readonly<Record<string, Attribute>>): Value
  /** One operator of the standard domain with two outputs. */
  nodeOfTwo(
    operator: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>>,
  ): readonly [Value, Value]
  /** One operator of the domain `ai.onnx.ml` with one output. */
  mlNode(operator: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>>): Value
  build(name: string): Message
}

/** Constants up to this many elements are compared with those that are there. */
const sharedConstantLength = 64

export function createGraphBuilder(dialect: Dialect): GraphBuilder {
  const taken = new Set<string>()
  const inputs: Message[] = []
  const outputs: Message[] = []
  const constants: Message[] = []
  const nodes: Message[] = []
  const knownConstants = new Map<string, Value>()
  let counter = 0

  function freshName(stem: string): string {
    let name: string
    do name = `${stem}_${counter++}`
    while (taken.has(name))
    taken.add(name)
    return name
  }

  function addNode(
    domain: string,
    operator: string,
    from: readonly Value[],
    attributes: Readonly<Record<string, Attribute>>,
  ): Value {
    const value = freshName(operator)
    nodes.push(nodeMessage({ operator, domain, name: value, inputs: from, outputs: [value], attributes }))
    return value
  }

  return {
    dialect,
    input(name, type, shape) {
      taken.add(name)
      inputs.push(valueMessage(name, type, shape))
      return name
    },
    output({ name, type, shape }, value) {
      taken.add(name)
      nodes.push(
        nodeMessage({ operator: 'Identity', domain: '', name, inputs: [value], outputs: [name], attributes: {} }),
      )
      outputs.push(valueMessage(name, type, shape))
    },
    constant(type, shape, values) {
      const key = values.length <= sharedConstantLength ? constantKey(type, shape, values) : null
      const known = key === null ? undefined : knownConstants.get(key)
      if (known !== undefined) return known
      const name = freshName('constant')
      constants.push(tensorMessage(name, { type, shape, values }))
      if (key !== null) knownConstants.set(key, name)
      return name
    },
    node: (operator, from, attributes = {}) => addNode('', operator, from, attributes),
    nodeOfTwo(operator, from, attributes) {
      const outputs = [freshName(operator), freshName(operator)] as const
      nodes.push(nodeMessage({ operator, domain: '', name: outputs[0], inputs: from, outputs, attributes }))
      return outputs
    },
    mlNode: (operator, from, attributes) => addNode('ai.onnx.ml', operator, from, attributes),
    build: (name) => graphMessage({ name, nodes, constants, inputs, outputs }),
  }
}

/** Tells -0 from 0 and knows NaN, which JSON does not. */
function constantKey(type: ElementType, shape: readonly number[], values: TensorData['values']): string {
  const texts = Array.from(values as ArrayLike<number | string>, (value) =>
    typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : `${value}`,
  )
  return `${type}[${shape.join()}]${texts.join()}`
}

import { readFields } from './protobuf-reader.ts'

export interface GraphSummary {
  /** How many nodes of each operator, "ai.onnx.ml.TreeEnsemble" or "Add" of the default domain. */
  readonly operators: ReadonlyMap<string, number>
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Constants held by the graph, in bytes of the file. */
  readonly constantBytes: number
  readonly bytes: number
}

/** What a model file's graph is made of, for a comparison at a glance. Throws ProtobufError where it is not ONNX. */
export function summariseGraph(model: Uint8Array): GraphSummary {
  const graph = messages(model, 7)[0] ?? new Uint8Array()
  const operators = new Map<string, number>()
  for (const node of messages(graph, 1)) {
    const [type = '', domain = ''] = [textOf(node, 4), textOf(node, 7)]
    const name = domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`
    operators.set(name, (operators.get(name) ?? 0) + 1)
  }
  return {
    operators,
    inputs: messages(graph, 11).map((value) => textOf(value, 1) ?? ''),
    outputs: messages(graph, 12).map((value) => textOf(value, 1) ?? ''),
    constantBytes: messages(graph, 5).reduce((sum, tensor) => sum + tensor.length, 0),
    bytes: model.length,
  }
}

function messages(bytes: Uint8Array, field: number): Uint8Array[] {
  return readFields(bytes).flatMap((each) => (each.field === field && each.content ? [each.content] : []))
}

function textOf(bytes: Uint8Array, field: number): string | undefined {
  const [content] = messages(bytes, field)
  return content && new TextDecoder().decode(content)
}

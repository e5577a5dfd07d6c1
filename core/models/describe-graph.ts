import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../../engine/onnx/reader/onnx-model.ts'
import { attributeKinds, elementTypeNames, spellType } from '../../engine/onnx/reader/onnx-model.ts'
import { tensorNumbers, tensorTexts } from '../../engine/onnx/reader/tensor-values.ts'
import type { GraphNode, ModelGraph } from '../../shared/domain/model-graph.ts'

/** Nodes that one answer lists: more than anybody reads, few enough to draw. */
const mostNodes = 2_000
/** Elements of a list that are spelled out. */
const shownElements = 8
const mostText = 400

type Shape = ModelGraph['inputs'][number]['shape']
type Value = ModelGraph['inputs'][number]

/**
 * A graph as it can be looked at: layers, shapes, attributes. `search` keeps nodes whose name, operator or values have
 * that text. `shapes` are those seen by running it, for values that the file does not describe.
 */
export function describeGraph(
  model: OnnxModel,
  search = '',
  shapes: ReadonlyMap<string, readonly (number | string)[]> = new Map(),
): ModelGraph {
  const graph = model.graph ?? emptyGraph
  const values = new Map<string, Value>()
  for (const [name, shape] of shapes) values.set(name, { name, type: null, shape: [...shape] })
  for (const { name, type } of [...graph.valueInfos, ...graph.outputs, ...graph.inputs]) {
    const own = type?.kind === 'tensor' ? (type.shape?.map((length) => length ?? '?') ?? null) : null
    values.set(name, { name, type: spellType(type), shape: shapes.has(name) ? [...(shapes.get(name) ?? [])] : own })
  }
  for (const tensor of graph.initializers) {
    values.set(tensor.name, { name: tensor.name, type: typeOfTensor(tensor), shape: [...tensor.dimensions] })
  }
  const constants = new Set(graph.initializers.map(({ name }) => name))
  const known = (name: string): Value => values.get(name) ?? { name, type: null, shape: null }
  const wanted = search.trim().toLowerCase()
  const layers = layersOf(graph)
  const found = graph.nodes
    .map((node, id) => ({ node, id }))
    .filter(({ node }) => wanted === '' || textsOf(node).some((text) => text.toLowerCase().includes(wanted)))
  return {
    name: graph.name,
    producer: [model.producer, model.producerVersion].filter((text) => text !== '').join(' '),
    documentation: model.documentation.slice(0, mostText),
    operatorSets: model.operatorSets.map(({ domain, version }) => ({ domain, version })),
    inputs: graph.inputs.filter(({ name }) => !constants.has(name)).map(({ name }) => known(name)),
    outputs: graph.outputs.map(({ name }) => known(name)),
    nodes: found.slice(0, mostNodes).map(({ node, id }) => ({
      id,
      name: node.name,
      operator: node.operator,
      domain: node.domain,
      layer: layers[id] as number,
      inputs: node.inputs
        .filter((name) => name !== '')
        .map((name) => ({ ...known(name), constant: constants.has(name) })),
      outputs: node.outputs.filter((name) => name !== '').map(known),
      attributes: node.attributes.map(describeAttribute),
    })),
    total: graph.nodes.length,
    found: found.length,
    constants: {
      count: graph.initializers.length,
      elements: graph.initializers.reduce((sum, { dimensions }) => sum + elements(dimensions), 0),
    },
    metadata: Object.fromEntries([...model.metadata].map(([key, value]) => [key, shorten(value)])),
  }
}

const emptyGraph: OnnxGraph = {
  name: '',
  nodes: [],
  initializers: [],
  sparseInitializers: 0,
  inputs: [],
  outputs: [],
  valueInfos: [],
}

function textsOf(node: OnnxNode): string[] {
  return [node.name, node.operator, node.domain, ...node.inputs, ...node.outputs]
}

function elements(dimensions: readonly number[]): number {
  return dimensions.reduce((product, length) => product * length, 1)
}

/** One more than the deepest node that it waits for; files list nodes in an order in which they can run. */
function layersOf({ nodes }: OnnxGraph): number[] {
  const depth = new Map<string, number>()
  return nodes.map(({ inputs, outputs }) => {
    const layer = inputs.reduce((most, name) => Math.max(most, (depth.get(name) ?? -1) + 1), 0)
    for (const name of outputs) depth.set(name, layer)
    return layer
  })
}

function typeOfTensor({ elementType }: OnnxTensor): string {
  return `tensor(${elementTypeNames[elementType] ?? '?'})`
}

const decoder = new TextDecoder('utf-8')

function describeAttribute(attribute: OnnxAttribute): GraphNode['attributes'][number] {
  const { name, kind } = attribute
  switch (kind) {
    case attributeKinds.float:
      return { name, kind: 'number', text: String(Math.fround(attribute.float)) }
    case attributeKinds.integer:
      return { name, kind: 'whole number', text: String(attribute.integer) }
    case attributeKinds.text:
      return { name, kind: 'text', text: shorten(decoder.decode(attribute.text)) }
    case attributeKinds.floats:
      return { name, kind: 'numbers', text: list(attribute.floats) }
    case attributeKinds.integers:
      return { name, kind: 'whole numbers', text: list(attribute.integers) }
    case attributeKinds.texts:
      return { name, kind: 'texts', text: list(attribute.texts, (text) => decoder.decode(text)) }
    case attributeKinds.tensor:
      return { name, kind: 'tensor', text: attribute.tensor ? describeTensor(attribute.tensor) : '' }
    case attributeKinds.graph:
      return { name, kind: 'graph', text: `a graph of ${attribute.graph?.nodes.length ?? 0} nodes` }
    default:
      return { name, kind: 'other', text: '' }
  }
}

function describeTensor(tensor: OnnxTensor): string {
  const values = tensor.elementType === 8 ? tensorTexts(tensor) : (tensorNumbers(tensor) ?? [])
  const shape: Shape = [...tensor.dimensions]
  return `${typeOfTensor(tensor)} ${shape.join(' × ')}: ${list<number | string>(values)}`
}

function list<Item>(items: readonly Item[], spell: (item: Item) => string = String): string {
  const shown = items.slice(0, shownElements).map(spell).join(', ')
  return shorten(items.length > shownElements ? `${shown}, … (${items.length.toLocaleString('en')} in all)` : shown)
}

function shorten(text: string): string {
  return text.length > mostText ? `${text.slice(0, mostText)}…` : text
}

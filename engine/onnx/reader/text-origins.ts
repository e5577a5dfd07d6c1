import type { OnnxGraph, OnnxNode } from './onnx-model.ts'
import { nodeAttributes, tensorNumbers, tensorTexts } from './tensor-values.ts'

/** A column of texts: its graph input, and its place in it where the input has several; null where they are all one. */
export interface TextColumn {
  readonly input: string
  readonly at: number | null
}

/** What a graph compares a column's texts with. */
export interface KnownTexts extends TextColumn {
  /** Each as the graph spells it. */
  readonly texts: ReadonlySet<string>
  /** Whether the graph does nothing else with them, such as taking them apart into words. */
  readonly onlyCompared: boolean
}

const textType = 8
/** Wider inputs are not kept apart by column. */
const mostColumns = 1_000
/** Elements of a row that are followed one by one. */
const mostElements = 10_000
/** Texts noted in all; a file with more makes none known rather than keeping anybody waiting. */
const mostNoted = 2_000_000

/** The columns whose texts a value holds: one for each element of a row or, where these cannot be told apart, all. */
interface Origin {
  readonly ofElements: readonly number[] | null
  readonly all: readonly number[]
}

/** Operators that hand texts on in an order that is not followed here. */
const shuffling = new Set([
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'Expand',
  'Tile',
  'Slice',
  'Split',
])

/** Attributes that hold the texts that an operator looks its input up in. */
const lookups: Readonly<Record<string, readonly string[]>> = {
  OneHotEncoder: ['cats_strings'],
  LabelEncoder: ['keys_strings', 'classes_strings'],
  CategoryMapper: ['cats_strings'],
}

/**
 * For each column of texts that a graph takes the texts that it is compared with, traced through operators that only hand
 * texts on. Where columns cannot be kept apart, each is given the texts of all.
 */
export function knownTexts(graph: OnnxGraph): KnownTexts[] {
  const columns: TextColumn[] = []
  const origins = new Map<string, Origin>()
  const initialised = new Set(graph.initializers.map(({ name }) => name))
  for (const { name, type } of graph.inputs) {
    if (initialised.has(name)) continue
    if (type?.kind !== 'tensor' || type.elementType !== textType || type.shape === null) continue
    const width = type.shape.length === 1 ? 1 : type.shape[1]
    const places =
      typeof width === 'number' && width > 0 && width <= mostColumns
        ? Array.from({ length: width }, (_, at) => at)
        : null
    const own = (places ?? [null]).map((at) => columns.push({ input: name, at }) - 1)
    origins.set(name, { ofElements: places === null ? null : own, all: own })
  }
  const seen = columns.map(() => ({ texts: new Set<string>(), onlyCompared: true }))
  if (columns.length === 0 || !followAll(graph, origins, seen)) return []
  return columns.map((column, at) => ({ ...column, ...(seen[at] as Seen) }))
}

/** Follows the texts through all nodes; false where that takes too long, or nodes come before those that they read. */
function followAll(graph: OnnxGraph, origins: Map<string, Origin>, seen: readonly Seen[]): boolean {
  const constants = constantsOf(graph)
  const missed = new Set<string>()
  let noted = 0
  for (const node of graph.nodes) {
    for (const name of node.inputs) if (!origins.has(name)) missed.add(name)
    noted += follow(node, origins, constants, seen)
    if (noted > mostNoted || node.outputs.some((name) => missed.has(name) && origins.has(name))) return false
  }
  return true
}

interface Constants {
  readonly texts: ReadonlyMap<string, readonly string[]>
  readonly places: ReadonlyMap<string, readonly number[]>
}

function constantsOf({ initializers, nodes }: OnnxGraph): Constants {
  const texts = new Map<string, readonly string[]>()
  const places = new Map<string, readonly number[]>()
  const tensors = initializers.map((tensor) => [tensor.name, tensor] as const)
  for (const node of nodes) {
    if (node.operator !== 'Constant') continue
    const attributes = nodeAttributes(node)
    const [name = ''] = node.outputs
    const tensor = attributes.tensor('value')
    if (tensor !== null) tensors.push([name, tensor])
    else if (attributes.has('value_string')) texts.set(name, [attributes.text('value_string', '')])
    else if (attributes.has('value_strings')) texts.set(name, attributes.texts('value_strings'))
    else if (attributes.has('value_int')) places.set(name, [attributes.integer('value_int', 0)])
    else if (attributes.has('value_ints')) places.set(name, attributes.integers('value_ints'))
  }
  for (const [name, tensor] of tensors) {
    if (tensor.elementType === textType) texts.set(name, tensorTexts(tensor))
    // Positions; a model's weights are not read here.
    else if (tensor.elementType === 7) places.set(name, tensorNumbers(tensor) ?? [])
  }
  return { texts, places }
}

interface Seen {
  readonly texts: Set<string>
  onlyCompared: boolean
}

/** Gives how many texts were noted. */
function follow(node: OnnxNode, origins: Map<string, Origin>, constants: Constants, seen: readonly Seen[]): number {
  // A graph inside another may read whatever is outside of it.
  if (node.attributes.some(({ graph, graphs }) => graph !== null || graphs.length > 0)) {
    for (const column of seen) column.onlyCompared = false
    return 0
  }
  const read = node.inputs.flatMap((name) => origins.get(name) ?? [])
  if (read.length === 0 || node.operator === 'Shape' || node.operator === 'Size') return 0
  const columns = [...new Set(read.flatMap(({ all }) => all))].map((column) => seen[column] as Seen)
  const keys = keysOf(node, read.length, constants)
  if (keys !== null) {
    if (columns.length * keys.length > mostNoted) return Number.POSITIVE_INFINITY
    for (const { texts } of columns) for (const key of keys) texts.add(key)
    return columns.length * keys.length
  }
  const handedOn = handOn(node, origins, constants)
  if (handedOn === null) for (const column of columns) column.onlyCompared = false
  else for (const name of node.outputs) if (name !== '') origins.set(name, handedOn)
  return 0
}

/** The texts that a node compares its input with; null where it does something else. */
function keysOf(node: OnnxNode, nRead: number, constants: Constants): readonly string[] | null {
  const lookup = lookups[node.operator]
  if (lookup) {
    const attributes = nodeAttributes(node)
    const tensor = attributes.tensor('keys_tensor')
    return [...lookup.flatMap((name) => attributes.texts(name)), ...(tensor === null ? [] : tensorTexts(tensor))]
  }
  const others = node.inputs.flatMap((name) => constants.texts.get(name) ?? [])
  return node.operator === 'Equal' && nRead === 1 && others.length > 0 ? others : null
}

/** Where the texts of a node's output come from; null where it makes something else of them. */
function handOn(node: OnnxNode, origins: ReadonlyMap<string, Origin>, constants: Constants): Origin | null {
  const read = node.inputs.flatMap((name) => origins.get(name) ?? [])
  const all = [...new Set(read.flatMap((origin) => origin.all))]
  const mixed: Origin = { ofElements: all.length === 1 ? all : null, all }
  const [first] = read
  if (node.operator === 'Identity') return first ?? null
  if (node.operator === 'Where' || shuffling.has(node.operator)) return mixed
  const axis = nodeAttributes(node).integer('axis', node.operator === 'Concat' ? 1 : 0)
  if (node.operator === 'Concat') {
    const parts = read.flatMap(({ ofElements }) => (ofElements === null ? [] : [ofElements]))
    const width = parts.reduce((sum, part) => sum + part.length, 0)
    const apart = axis !== 0 && parts.length === node.inputs.length && width <= mostElements
    return apart ? { ofElements: parts.flat(), all } : mixed
  }
  if (node.operator !== 'ArrayFeatureExtractor' && node.operator !== 'Gather') return null
  const wanted = constants.places.get(node.inputs[1] ?? '')
  if (!first?.ofElements || !wanted || wanted.length > mostElements || (node.operator === 'Gather' && axis === 0))
    return mixed
  const { ofElements } = first
  const picked = wanted.flatMap((place) => ofElements.at(place) ?? [])
  return picked.length === wanted.length ? { ofElements: picked, all: [...new Set(picked)] } : mixed
}

import type { Task } from '../../frame/frame.ts'
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from './onnx-model.ts'
import type { SpacedTexts } from './spaced-texts.ts'
import { spacedTexts } from './spaced-texts.ts'
import { nodeAttributes, tensorNumbers, tensorTexts } from './tensor-values.ts'

/** A model that takes or gives something other than tables; the message says what. */
export class ForeignInterfaceError extends Error {
  override readonly name = 'ForeignInterfaceError'
}

/** A column that a foreign model takes. Files rarely name the columns of a wide input: these are numbered. */
export interface ForeignColumn {
  readonly name: string
  readonly type: 'number' | 'category' | 'boolean'
  /** Texts of tables ('' for no value) that are spelled with white space around in the model: see `spacedTexts`. */
  readonly spellings?: SpacedTexts['spellings']
}

/** One input of the graph, and which columns lie in it side by side. */
export interface ForeignInput {
  readonly name: string
  readonly elementType: number
  /** 1: one value a row; 2: a row of columns. */
  readonly rank: 1 | 2
  readonly columns: readonly ForeignColumn[]
  /** Rows that it takes at once, where the file fixes that. */
  readonly rows: number | null
}

/** How a foreign model is used on a table: what goes in, which outputs are the answer, and what it means. */
export interface ForeignInterface {
  readonly task: Task
  /** Labels in the model's own spelling, in the order of the columns of `values`; empty where nobody says them. */
  readonly classes: readonly string[]
  readonly inputs: readonly ForeignInput[]
  /** Output with the label of each row; null where there is none. */
  readonly label: string | null
  /** Outputs whose columns, side by side, are the probabilities, scores or numbers of a row. */
  readonly values: readonly string[]
  /** Values inside the graph that must become outputs: a runtime's lists of dictionaries cannot be fetched, their source can. */
  readonly added: readonly string[]
  /** Numbers a row; null where only running it tells. */
  readonly width: number | null
}

const float = 1
const double = 11
const text = 8
const boolean = 9
const numberTypes: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13])
const labelTypes: ReadonlySet<number> = new Set([3, 5, 6, 7, text, boolean])
/** A table of more columns than this is no table. */
const mostColumns = 10_000
/** A file that fixes more rows than this at once would take more memory than a table's model needs. */
const mostFixedRows = 1_000_000

/**
 * Reads how a model is used from its inputs, outputs and last operators. `widths`: columns that outputs were seen to have,
 * since exporters declare wrong ones. Throws ForeignInterfaceError.
 */
export function foreignInterface(
  { graph }: OnnxModel,
  widths: ReadonlyMap<string, number> = new Map(),
): ForeignInterface {
  if (graph === null) throw new ForeignInterfaceError('It has no graph.')
  const constants = new Set(graph.initializers.map(({ name }) => name))
  const given = graph.inputs.filter(({ name }) => !constants.has(name))
  if (given.length === 0)
    throw new ForeignInterfaceError('It takes no columns: it computes the same whatever it is given.')
  const inputs = withSpellings(
    given.map((input) => readInput(input, graph)),
    graph,
  )
  const writers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  return { inputs, ...readOutputs({ graph, writers, widths }) }
}

function readInput({ name, type }: OnnxValue, graph: OnnxGraph): ForeignInput {
  if (type?.kind !== 'tensor') throw new ForeignInterfaceError(`Its input ${name} is no table.`)
  const { elementType, shape } = type
  if (elementType !== text && !numberTypes.has(elementType)) {
    throw new ForeignInterfaceError(`Its input ${name} takes numbers of a kind that tables do not have.`)
  }
  if (shape === null || shape.length === 0 || shape.length > 2) {
    const what = shape === null ? 'does not say its shape' : `has ${shape.length} dimensions; a table has two`
    throw new ForeignInterfaceError(`Its input ${name} ${what}.`)
  }
  const width = shape.length === 1 ? 1 : (lengthOf(shape[1]) ?? columnsUsed(name, graph))
  if (width === null) throw new ForeignInterfaceError(`Its input ${name} does not say how many columns it takes.`)
  if (width > mostColumns) throw new ForeignInterfaceError(`Its input ${name} takes ${width} columns.`)
  const rows = lengthOf(shape[0])
  if (rows !== null && rows * width > mostFixedRows) {
    throw new ForeignInterfaceError(`Its input ${name} takes ${rows} rows at once, no more and no fewer.`)
  }
  return {
    name,
    elementType,
    rank: shape.length as 1 | 2,
    columns: Array.from({ length: width }, (_, at) => ({
      name: width === 1 ? name : `${name}_${at}`,
      type: elementType === text ? 'category' : elementType === boolean ? 'boolean' : 'number',
    })),
    rows,
  }
}

/** The inputs with what the graph knows of the white space around their texts. */
export function withSpellings(inputs: readonly ForeignInput[], graph: OnnxGraph | null): ForeignInput[] {
  const spaced = graph === null ? [] : spacedTexts(graph)
  return inputs.map((input) => ({
    ...input,
    columns: input.columns.map(({ name, type }, at) => {
      const found = spaced.find((each) => each.input === input.name && (each.at ?? at) === at)
      return found && found.spellings.length > 0 ? { name, type, spellings: found.spellings } : { name, type }
    }),
  }))
}

function lengthOf(length: number | string | null | undefined): number | null {
  return typeof length === 'number' && length > 0 ? length : null
}

/** By the operators that read it, where the declared shape does not say. */
function columnsUsed(input: string, graph: OnnxGraph): number | null {
  let most: number | null = null
  for (const node of graph.nodes) {
    if (node.inputs[0] !== input) continue
    const attributes = nodeAttributes(node)
    const features = attributes.integers('nodes_featureids')
    const width =
      features.length > 0
        ? features.reduce((largest, feature) => Math.max(largest, feature + 1), 0)
        : node.operator.startsWith('Linear')
          ? attributes.numbers('coefficients').length / Math.max(1, attributes.numbers('intercepts').length)
          : 0
    if (width > 0 && Number.isInteger(width)) most = Math.max(most ?? 0, width)
  }
  return most
}

type Writers = ReadonlyMap<string, OnnxNode>

interface Seen {
  readonly graph: OnnxGraph
  readonly writers: Writers
  readonly widths: ReadonlyMap<string, number>
}

type Answers = Omit<ForeignInterface, 'inputs'>

function readOutputs(seen: Seen): Answers {
  const { graph, writers } = seen
  const tensors = graph.outputs.filter(({ type }) => type?.kind === 'tensor')
  const ofType = (types: ReadonlySet<number>) =>
    tensors.filter(({ type }) => type?.kind === 'tensor' && types.has(type.elementType))
  const numbers = ofType(new Set([float, double]))
  const label = ofType(labelTypes)[0]?.name ?? null
  const dictionaries = graph.outputs.flatMap(({ name }) => {
    const writer = writers.get(name)
    return writer?.operator === 'ZipMap' ? [writer] : []
  })
  const [dictionary] = dictionaries
  if (dictionary !== undefined) return readDictionary(dictionary, label, seen)
  if (numbers.length === 0) throw new ForeignInterfaceError('It gives no numbers for each row.')
  if (label === null) return readNumbers(numbers, seen)
  const classes = classLabels(label, seen)
  // One output a class, or one output with a column a class; some exporters give further scores beside.
  const scalars = numbers.length > 1 && numbers.length === classes.length ? numbers : numbers.slice(0, 1)
  const width = scalars.length > 1 ? scalars.length : widthOf(scalars[0], seen)
  const known = width === null || classes.length === width ? classes : numbered(width)
  return {
    task: known.length > 2 ? 'multiclass' : 'binary',
    classes: width === 1 ? [] : known,
    label,
    values: scalars.map(({ name }) => name),
    added: [],
    width,
  }
}

function readDictionary(dictionary: OnnxNode, label: string | null, seen: Seen): Answers {
  const source = dictionary.inputs[0] as string
  const classes = labelsOf(dictionary)
  const known = classes.length > 0 ? classes : label === null ? [] : classLabels(label, seen)
  return {
    task: known.length > 2 ? 'multiclass' : 'binary',
    classes: known,
    label,
    values: [source],
    added: [source],
    width: known.length > 0 ? known.length : null,
  }
}

/** No label: numbers, unless the last thing that happens is a softmax, which makes probabilities of classes. */
function readNumbers(numbers: readonly OnnxValue[], seen: Seen): Answers {
  const [first] = numbers as [OnnxValue]
  const width = widthOf(first, seen)
  const isSoftmax = lastOperator(first.name, seen.writers)?.operator === 'Softmax'
  const classes = isSoftmax && width !== null && width > 1 ? numbered(width) : []
  return {
    task: classes.length === 0 ? 'regression' : classes.length > 2 ? 'multiclass' : 'binary',
    classes,
    label: null,
    values: [first.name],
    added: [],
    width,
  }
}

function numbered(width: number): string[] {
  return Array.from({ length: width }, (_, at) => String(at))
}

function widthOf(value: OnnxValue | undefined, { widths }: Seen): number | null {
  const width = widths.get(value?.name ?? '')
  if (width !== undefined) return width
  if (value?.type?.kind !== 'tensor' || value.type.shape === null) return null
  const { shape } = value.type
  if (shape.length === 1) return 1
  return shape.length === 2 ? lengthOf(shape[1]) : null
}

/** Operators that hand their first input on as it is, or in another shape or type. */
const passing = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'])

/** The operator that made a value, seen through those that only pass it on. */
function lastOperator(name: string, writers: Writers): OnnxNode | null {
  let node = writers.get(name) ?? null
  // As many steps as there are values: a circle cannot be longer.
  for (let steps = 0; node !== null && passing.has(node.operator) && steps < writers.size; steps++) {
    node = writers.get(node.inputs[0] as string) ?? null
  }
  return node
}

function labelsOf(node: OnnxNode): string[] {
  const attributes = nodeAttributes(node)
  const texts = attributes.texts('classlabels_strings')
  if (texts.length > 0) return [...texts]
  const integers = attributes.integers('classlabels_int64s')
  return (integers.length > 0 ? integers : attributes.integers('classlabels_ints')).map(String)
}

/** The labels that a classifier names, or those that an ArrayFeatureExtractor takes out of a list of constants. */
function classLabels(label: string, { graph, writers }: Seen): string[] {
  const maker = lastOperator(label, writers)
  if (maker === null) return []
  const own = labelsOf(maker)
  if (own.length > 0) return own
  const listed = graph.initializers.find(({ name }) => name === maker.inputs[0])
  if (listed !== undefined && (maker.operator === 'ArrayFeatureExtractor' || maker.operator === 'Gather')) {
    const numbers = tensorNumbers(listed)
    return numbers === null ? tensorTexts(listed) : numbers.map(String)
  }
  if (maker.operator === 'LabelEncoder') {
    const attributes = nodeAttributes(maker)
    return attributes.texts('values_strings').length > 0
      ? [...attributes.texts('values_strings')]
      : attributes.integers('values_int64s').map(String)
  }
  return []
}

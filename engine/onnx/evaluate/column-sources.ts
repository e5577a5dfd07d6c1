import { broadcastPlaces } from './broadcast.ts'
import type { GraphProgram, Step } from './graph-program.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { elementsOf, elementTypes, numbers } from './graph-tensor.ts'
import { productWeights } from './matrix.ts'

/** For each element of a value the set of raw columns that it rests on, by number; null: on none. */
type Sources = Int32Array | null

/** Sets of raw columns, each kept once. */
class ColumnSets {
  readonly #sets: (readonly number[])[] = [[]]
  readonly #known = new Map<string, number>([['', 0]])
  readonly #unions = new Map<number, number>()

  of(columns: readonly number[]): number {
    const key = columns.join(' ')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.#sets.length)
    this.#sets.push(columns)
    return this.#sets.length - 1
  }

  columns(set: number): readonly number[] {
    return this.#sets[set] as readonly number[]
  }

  union(a: number, b: number): number {
    if (a === b || b === 0) return a
    if (a === 0) return b
    const key = Math.min(a, b) * 67_108_864 + Math.max(a, b)
    const known = this.#unions.get(key)
    if (known !== undefined) return known
    const all = [...new Set([...this.columns(a), ...this.columns(b)])].sort((one, other) => one - other)
    const union = this.of(all)
    this.#unions.set(key, union)
    return union
  }
}

/**
 * Traces which raw columns the elements of each value rest on, by the operators' own way of handing elements on; what is
 * not known to be kept apart counts as mixed. `given` are rows of a probe: a number that no graph has as a width, so that
 * rows are told from columns. Gives, for a value, the columns behind each element of the first row. Throws
 * GraphEvaluationError.
 */
export function traceColumns(
  program: GraphProgram,
  given: ReadonlyMap<string, GraphTensor>,
  nRows: number,
): (value: string) => readonly (readonly number[])[] {
  const sets = new ColumnSets()
  const values = program.run(given, { exact: true, probe: true })
  const sources = new Map<string, Sources>()
  let first = 0
  for (const [name, { shape }] of given) {
    const width = elementsOf(shape.slice(1))
    sources.set(
      name,
      Int32Array.from({ length: nRows * width }, (_, at) => sets.of([first + (at % width)])),
    )
    first += width
  }
  for (const step of program.steps) {
    for (const [at, output] of traceStep(step, values, sources, sets, nRows).entries()) {
      sources.set(step.node.outputs[at] as string, output)
    }
  }
  return (value) => {
    const shape = values.get(value)?.shape ?? []
    const width = elementsOf(shape.slice(1))
    const found = sources.get(value) ?? null
    return Array.from({ length: width }, (_, at) => sets.columns(found?.[at] ?? 0))
  }
}

type Values = ReadonlyMap<string, GraphTensor>
type Known = ReadonlyMap<string, Sources>

function traceStep(step: Step, values: Values, sources: Known, sets: ColumnSets, nRows: number): Sources[] {
  const { node, operator } = step
  const inputs = node.inputs.filter((name) => name !== '')
  // Shapes tell how many rows there are, and nothing of what is in them.
  if (node.operator === 'Shape' || inputs.every((name) => !sources.get(name))) return node.outputs.map(() => null)
  const traced =
    operator.flow === 'elements'
      ? ofElements(step, values, sources, sets)
      : operator.flow === 'moves'
        ? ofMoves(step, values, sources)
        : operator.flow === 'matrix'
          ? ofProduct(step, values, sources, sets)
          : null
  return traced ?? node.outputs.map((name) => ofRows(values.get(name), inputs, values, sources, sets, nRows))
}

function ofElements({ node }: Step, values: Values, sources: Known, sets: ColumnSets): Sources[] | null {
  const output = values.get(node.outputs[0] as string)
  if (node.outputs.length > 1 || !output) return null
  const all = new Int32Array(elementsOf(output.shape))
  for (const name of node.inputs) {
    const own = name === '' ? null : sources.get(name)
    const shape = values.get(name)?.shape
    if (!own || !shape) continue
    // One-hot columns: each element is written out along a new last axis.
    const isSpread = shape.length + 1 === output.shape.length && all.length % own.length === 0
    const spread = all.length / own.length
    const places = isSpread ? null : broadcastPlaces(shape, output.shape)
    for (let at = 0; at < all.length; at++) {
      const from = isSpread ? Math.floor(at / spread) : (places?.[at] ?? at)
      all[at] = sets.union(all[at] as number, own[from] as number)
    }
  }
  return [all]
}

/** Runs the operator itself on the numbers of the sets in the elements' stead. */
function ofMoves({ node, run }: Step, values: Values, sources: Known): Sources[] | null {
  const takesAll = node.operator === 'Concat' || node.operator === 'FeatureVectorizer'
  // Which elements are taken depends on the row: nothing is kept apart.
  if (!takesAll && node.inputs.slice(1).some((name) => sources.get(name))) return null
  const inputs = node.inputs.map((name, at) => {
    const value = name === '' ? undefined : values.get(name)
    if (!value) return null
    if (at > 0 && !takesAll) {
      return value
    }
    const own = sources.get(name)
    const ids = Float64Array.from({ length: elementsOf(value.shape) }, (_, element) => own?.[element] ?? 0)
    return numbers(elementTypes.int64, value.shape, ids)
  })
  const outputs = run(inputs, { exact: true, probe: true })
  return node.outputs.map((_, at) => {
    const output = outputs[at]
    return output?.kind === 'numbers' ? Int32Array.from(output.data) : null
  })
}

function ofProduct({ node }: Step, values: Values, sources: Known, sets: ColumnSets): Sources[] | null {
  const [left = '', right = ''] = node.inputs
  const own = sources.get(left)
  const weights = values.get(right)
  const output = values.get(node.outputs[0] as string)
  if (!own || sources.get(right) || weights?.kind !== 'numbers' || !output) return null
  const flag = (name: string) => node.attributes.find((attribute) => attribute.name === name)?.integer === 1
  if (flag('transA')) return null
  const product = productWeights(node.operator, weights, flag('transB'))
  if (product === null) return null
  const all = new Int32Array(elementsOf(output.shape))
  for (let at = 0; at < all.length; at++) {
    const row = Math.floor(at / product.outputs)
    for (let input = 0; input < product.inputs; input++) {
      if (product.at(input, at % product.outputs) === 0) continue
      all[at] = sets.union(all[at] as number, own[row * product.inputs + input] as number)
    }
  }
  return [all]
}

/** Each row from the same rows of the inputs; everything from everything where rows cannot be told. */
function ofRows(
  output: GraphTensor | undefined,
  inputs: readonly string[],
  values: Values,
  sources: Known,
  sets: ColumnSets,
  nRows: number,
): Sources {
  if (!output) return null
  const byRow = new Int32Array(nRows)
  let everywhere = 0
  for (const name of inputs) {
    const own = sources.get(name)
    if (!own) continue
    const isRows = values.get(name)?.shape[0] === nRows
    for (let at = 0; at < own.length; at++) {
      const set = own[at] as number
      const row = Math.floor((at * nRows) / own.length)
      if (isRows) byRow[row] = sets.union(byRow[row] as number, set)
      else everywhere = sets.union(everywhere, set)
    }
  }
  const isRows = output.shape[0] === nRows
  if (!isRows) for (const set of byRow) everywhere = sets.union(everywhere, set)
  const count = elementsOf(output.shape)
  return Int32Array.from({ length: count }, (_, at) =>
    isRows ? sets.union(byRow[Math.floor((at * nRows) / count)] as number, everywhere) : everywhere,
  )
}

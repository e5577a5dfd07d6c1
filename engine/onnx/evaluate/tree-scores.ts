import type { TreeEnsemble } from '../../learners/tree/tree-ensemble.ts'
import type { GraphTrees } from './graph-trees.ts'
import { branchModes } from './graph-trees.ts'

/** Columns that hold 1 where a feature's value is in a set, else 0: what comparisons by equality become. */
interface Indicator {
  readonly feature: number
  readonly values: ReadonlySet<number>
  /** Of a missing value. */
  readonly ofMissing: 0 | 1
}

/** Trees of a file as an ensemble of the engine's own form, which compares by ≤ alone. */
export interface TreeScores {
  readonly model: TreeEnsemble
  /** Whether the file counts the training rows of each node. */
  readonly hasCover: boolean
  /** Which column of the operator's input each feature of the model comes from. */
  readonly columnOf: Int32Array
  /** The model's features from the columns of the operator's input. */
  readonly features: (columns: readonly Float64Array[]) => (Float32Array | Float64Array)[]
}

/**
 * Trees whose scores are sums (or means) of leaves, one output for each of `targets`, without base values. Null where they
 * are put together otherwise. x < t is x ≤ the number before t; x ≥ t and x > t are the same with the branches exchanged;
 * equality becomes a column of its own that belongs to the same raw column.
 */
export function treeScores(trees: GraphTrees, nColumns: number, targets: readonly number[]): TreeScores | null {
  if (trees.aggregate === 'MIN' || trees.aggregate === 'MAX') return null
  const nodes = new NodeWriter(trees, nColumns)
  const count = trees.feature.length
  const scale = trees.aggregate === 'AVERAGE' ? 1 / trees.roots.length : 1
  const cover = coverOf(trees)
  const outputOf = new Map(targets.map((target, output) => [target, output]))
  const leafAt = new Int32Array(count).fill(-1)
  const leafValues: number[] = []
  for (let node = 0; node < count; node++) {
    if ((trees.feature[node] as number) >= 0) {
      nodes.write(node)
      continue
    }
    const values = new Float64Array(targets.length)
    for (let at = trees.leafStart[node] as number; at < (trees.leafEnd[node] as number); at++) {
      const output = outputOf.get(trees.leafTarget[at] as number)
      if (output !== undefined) values[output] = (values[output] as number) + scale * (trees.leafWeight[at] as number)
    }
    leafAt[node] = leafValues.length
    leafValues.push(...values)
  }
  const { indicators } = nodes
  return {
    hasCover: cover !== null,
    columnOf: Int32Array.from([...Array(nColumns).keys(), ...indicators.map(({ feature }) => feature)]),
    features: (columns) => featuresOf(columns, indicators, trees.single),
    model: {
      kind: 'trees',
      nFeatures: nColumns + indicators.length,
      nOutputs: targets.length,
      base: new Float64Array(targets.length),
      link: 'identity',
      roots: trees.roots,
      treeOutput: new Int32Array(trees.roots.length).fill(-1),
      ...nodes.lists,
      categorySet: new Int32Array(count).fill(-1),
      categorySets: [],
      cover: cover ?? new Float64Array(count),
      leafAt,
      leafValues: Float64Array.from(leafValues),
    },
  }
}

class NodeWriter {
  readonly indicators: Indicator[] = []
  readonly lists: {
    readonly feature: Int32Array
    readonly threshold: Float64Array
    readonly missingLeft: Uint8Array
    readonly left: Int32Array
    readonly right: Int32Array
  }
  readonly #trees: GraphTrees
  readonly #nColumns: number
  readonly #known = new Map<string, number>()

  constructor(trees: GraphTrees, nColumns: number) {
    this.#trees = trees
    this.#nColumns = nColumns
    const count = trees.feature.length
    this.lists = {
      feature: new Int32Array(count).fill(-1),
      threshold: new Float64Array(count),
      missingLeft: new Uint8Array(count),
      left: new Int32Array(count),
      right: new Int32Array(count),
    }
  }

  write(node: number): void {
    const { mode, threshold, feature, missingTrue, sets, set } = this.#trees
    const split = threshold[node] as number
    const column = feature[node] as number
    const missing = missingTrue[node] === 1
    const put = (...parts: [feature: number, threshold: number, left: 'true' | 'false', missingLeft: boolean]) =>
      this.#put(node, ...parts)
    const indicator = (values: ReadonlySet<number>, missingInside: boolean) =>
      this.#indicator(column, values, missingInside)
    const kind = mode[node]
    if (kind === branchModes.leq) put(column, split, 'true', missing)
    else if (kind === branchModes.lt) put(column, numberBefore(split), 'true', missing)
    else if (kind === branchModes.gte) put(column, numberBefore(split), 'false', !missing)
    else if (kind === branchModes.gt) put(column, split, 'false', !missing)
    else if (kind === branchModes.eq) put(indicator(new Set([split]), missing), 0.5, 'false', false)
    // A missing value differs from every number, so it takes the true branch, as 0 does.
    else if (kind === branchModes.neq) put(indicator(new Set([split]), false), 0.5, 'true', false)
    else put(indicator(sets[set[node] as number] as ReadonlySet<number>, missing), 0.5, 'false', false)
  }

  #put(node: number, feature: number, threshold: number, left: 'true' | 'false', missingLeft: boolean): void {
    const { whenTrue, whenFalse } = this.#trees
    const [trueChild, falseChild] = [whenTrue[node] as number, whenFalse[node] as number]
    this.lists.feature[node] = feature
    this.lists.threshold[node] = threshold
    this.lists.missingLeft[node] = Number(missingLeft)
    this.lists.left[node] = left === 'true' ? trueChild : falseChild
    this.lists.right[node] = left === 'true' ? falseChild : trueChild
  }

  #indicator(feature: number, values: ReadonlySet<number>, missingInside: boolean): number {
    const key = `${feature} ${missingInside} ${[...values].sort((a, b) => a - b).join(' ')}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const index = this.#nColumns + this.indicators.length
    this.#known.set(key, index)
    this.indicators.push({ feature, values, ofMissing: missingInside ? 1 : 0 })
    return index
  }
}

const bits = new DataView(new ArrayBuffer(8))

/** The largest double below x. */
function numberBefore(x: number): number {
  if (Number.isNaN(x) || x === Number.NEGATIVE_INFINITY) return x
  if (x === 0) return -Number.MIN_VALUE
  bits.setFloat64(0, x)
  const next = bits.getBigInt64(0) + (x > 0 ? -1n : 1n)
  bits.setBigInt64(0, next)
  return bits.getFloat64(0)
}

function featuresOf(
  columns: readonly Float64Array[],
  indicators: readonly Indicator[],
  single: boolean,
): (Float32Array | Float64Array)[] {
  const rounded = single ? columns.map((column) => Float32Array.from(column)) : columns
  const extra = indicators.map(({ feature, values, ofMissing }) =>
    Float32Array.from(rounded[feature] as Float32Array, (x) => (Number.isNaN(x) ? ofMissing : Number(values.has(x)))),
  )
  return [...rounded, ...extra]
}

/** Hit rates as training rows; null where they do not add up to those of the parents, so that they count nothing. */
function coverOf({ feature, hitRate, whenTrue, whenFalse }: GraphTrees): Float64Array | null {
  let counted = false
  for (let node = 0; node < feature.length; node++) {
    if ((feature[node] as number) < 0) continue
    const [one, other] = [hitRate[whenTrue[node] as number] as number, hitRate[whenFalse[node] as number] as number]
    const own = hitRate[node] as number
    if (!(own > 0) || Math.abs(one + other - own) > 0.01 * own) return null
    counted = true
  }
  return counted ? hitRate : null
}

import type { NodeAttributes } from '../reader/tensor-values.ts'
import { GraphEvaluationError } from './graph-tensor.ts'

/** How a node compares x with its threshold t to go to its true branch; the numbers are those of `TreeEnsemble`. */
export const branchModes = { leq: 0, lt: 1, gte: 2, gt: 3, eq: 4, neq: 5, member: 6 } as const

export type Aggregate = 'SUM' | 'AVERAGE' | 'MIN' | 'MAX'

/**
 * The trees of one operator as flat lists, one slot a node and all trees after one another, as the file means them:
 * `ai.onnx.ml` 1 and 3 list inner nodes and leaves together, 5 has them apart.
 */
export interface GraphTrees {
  readonly roots: Int32Array
  /** Feature of an inner node; −1 in a leaf. */
  readonly feature: Int32Array
  readonly mode: Uint8Array
  readonly threshold: Float64Array
  /** For `member`: index into `sets`. */
  readonly set: Int32Array
  readonly sets: readonly ReadonlySet<number>[]
  readonly missingTrue: Uint8Array
  readonly whenTrue: Int32Array
  readonly whenFalse: Int32Array
  /** As the file tells it; usually not known. */
  readonly hitRate: Float64Array
  /** Leaf n feeds entries leafStart[n] to leafEnd[n]. */
  readonly leafStart: Int32Array
  readonly leafEnd: Int32Array
  readonly leafTarget: Int32Array
  readonly leafWeight: Float64Array
  readonly nTargets: number
  readonly aggregate: Aggregate
  /** Whether x and t are compared as float32. */
  readonly single: boolean
}

const modeNumbers: ReadonlyMap<string, number> = new Map([
  ['BRANCH_LEQ', branchModes.leq],
  ['BRANCH_LT', branchModes.lt],
  ['BRANCH_GTE', branchModes.gte],
  ['BRANCH_GT', branchModes.gt],
  ['BRANCH_EQ', branchModes.eq],
  ['BRANCH_NEQ', branchModes.neq],
])

/** TreeEnsembleRegressor (`leaves` "target") and TreeEnsembleClassifier ("class"). Throws GraphEvaluationError. */
export function readListedTrees(attributes: NodeAttributes, leaves: 'target' | 'class', nTargets: number): GraphTrees {
  const trees = attributes.integers('nodes_treeids')
  const ids = attributes.integers('nodes_nodeids')
  const modes = attributes.texts('nodes_modes')
  const count = trees.length
  const places = new Map<string, number>(trees.map((tree, at) => [`${tree} ${ids[at]}`, at]))
  const place = (tree: number | undefined, id: number | undefined) => {
    const at = places.get(`${tree} ${id}`)
    if (at === undefined) throw new GraphEvaluationError('A tree leads to a node that is not there.')
    return at
  }
  const isLeaf = modes.map((mode) => mode === 'LEAF')
  const child = (name: string) => {
    const list = attributes.integers(name)
    return Int32Array.from(trees, (tree, at) => (isLeaf[at] ? -1 : place(tree, list[at])))
  }
  const whenTrue = child('nodes_truenodeids')
  const whenFalse = child('nodes_falsenodeids')
  const isChild = new Uint8Array(count)
  for (const list of [whenTrue, whenFalse]) for (const at of list) if (at >= 0) isChild[at] = 1
  const thresholds = attributes.numbers('nodes_values')
  const tracks = attributes.integers('nodes_missing_value_tracks_true')
  const rates = attributes.numbers('nodes_hitrates')
  const features = attributes.integers('nodes_featureids')
  return {
    roots: Int32Array.from(trees.keys()).filter((at) => isChild[at] === 0),
    feature: Int32Array.from(features, (feature, at) => (isLeaf[at] ? -1 : feature)),
    mode: Uint8Array.from(modes, (mode) => modeNumbers.get(mode) ?? branchModes.leq),
    threshold: Float64Array.from(thresholds),
    set: new Int32Array(count).fill(-1),
    sets: [],
    missingTrue: Uint8Array.from(trees, (_, at) => tracks[at] ?? 0),
    whenTrue,
    whenFalse,
    hitRate: Float64Array.from(trees, (_, at) => rates[at] ?? 0),
    ...listedLeaves(attributes, leaves, count, place),
    nTargets,
    aggregate: aggregateOf(attributes.text('aggregate_function', 'SUM')),
    single:
      !attributes.has('nodes_values_as_tensor') || attributes.tensor('nodes_values_as_tensor')?.elementType !== 11,
  }
}

function listedLeaves(
  attributes: NodeAttributes,
  prefix: 'target' | 'class',
  count: number,
  place: (tree: number | undefined, id: number | undefined) => number,
) {
  const trees = attributes.integers(`${prefix}_treeids`)
  const nodes = attributes.integers(`${prefix}_nodeids`)
  const targets = attributes.integers(`${prefix}_ids`)
  const weights = attributes.numbers(`${prefix}_weights`)
  const owners = trees.map((tree, at) => place(tree, nodes[at]))
  const order = [...owners.keys()].sort((a, b) => (owners[a] as number) - (owners[b] as number) || a - b)
  const leafStart = new Int32Array(count)
  const leafEnd = new Int32Array(count)
  for (const [at, entry] of order.entries()) {
    const node = owners[entry] as number
    if (at === 0 || owners[order[at - 1] as number] !== node) leafStart[node] = at
    leafEnd[node] = at + 1
  }
  return {
    leafStart,
    leafEnd,
    leafTarget: Int32Array.from(order, (entry) => targets[entry] as number),
    leafWeight: Float64Array.from(order, (entry) => weights[entry] as number),
  }
}

function aggregateOf(name: string): Aggregate {
  if (name === 'SUM' || name === 'AVERAGE' || name === 'MIN' || name === 'MAX') return name
  throw new GraphEvaluationError(`Trees that are put together by ${name} are not evaluated here.`)
}

const aggregates: readonly Aggregate[] = ['AVERAGE', 'SUM', 'MIN', 'MAX']

/** TreeEnsemble of `ai.onnx.ml` 5: leaf l becomes node (number of inner nodes) + l. Throws GraphEvaluationError. */
export function readTreeEnsemble(attributes: NodeAttributes): GraphTrees {
  const features = attributes.integers('nodes_featureids')
  const inner = features.length
  const targets = attributes.integers('leaf_targetids')
  const weights = attributes.numbers('leaf_weights')
  const count = inner + targets.length
  const child = (ids: readonly number[], leaves: readonly number[]) =>
    Int32Array.from({ length: count }, (_, at) =>
      at >= inner ? -1 : (ids[at] as number) + (leaves[at] === 1 ? inner : 0),
    )
  const modes = attributes.numbers('nodes_modes')
  const { sets, set } = membership(attributes.numbers('membership_values'), modes, count)
  const splits = attributes.numbers('nodes_splits')
  const tracks = attributes.integers('nodes_missing_value_tracks_true')
  const leafAt = Int32Array.from({ length: count }, (_, at) => Math.max(0, at - inner))
  return {
    roots: Int32Array.from(attributes.integers('tree_roots')),
    feature: Int32Array.from({ length: count }, (_, at) => features[at] ?? -1),
    mode: Uint8Array.from({ length: count }, (_, at) => modes[at] ?? 0),
    threshold: Float64Array.from({ length: count }, (_, at) => splits[at] ?? 0),
    set,
    sets,
    missingTrue: Uint8Array.from({ length: count }, (_, at) => tracks[at] ?? 0),
    whenTrue: child(attributes.integers('nodes_truenodeids'), attributes.integers('nodes_trueleafs')),
    whenFalse: child(attributes.integers('nodes_falsenodeids'), attributes.integers('nodes_falseleafs')),
    // Leaves have none in this form, so shares of rows cannot be told.
    hitRate: new Float64Array(count),
    leafStart: leafAt,
    leafEnd: leafAt.map((at, node) => (node < inner ? at : at + 1)),
    leafTarget: Int32Array.from(targets),
    leafWeight: Float64Array.from(weights),
    nTargets: attributes.integer('n_targets', 1),
    aggregate: aggregates[attributes.integer('aggregate_function', 1)] ?? 'SUM',
    single: attributes.tensor('nodes_splits')?.elementType !== 11,
  }
}

/** Sets are listed one after another, each ended by NaN, for the nodes of that mode in their order. */
function membership(values: readonly number[], modes: readonly number[], count: number) {
  const sets: Set<number>[] = []
  let open = new Set<number>()
  for (const value of values) {
    if (Number.isNaN(value)) {
      sets.push(open)
      open = new Set()
    } else open.add(value)
  }
  if (open.size > 0) sets.push(open)
  const set = new Int32Array(count).fill(-1)
  let next = 0
  for (const [at, mode] of modes.entries()) if (mode === branchModes.member) set[at] = next++
  if (next > sets.length) throw new GraphEvaluationError('A node asks for a set that is not there.')
  return { sets, set }
}

/** Whether x goes to the true branch of a node. */
export function goesTrue(trees: GraphTrees, node: number, x: number): boolean {
  if (Number.isNaN(x) && trees.missingTrue[node] === 1) return true
  const threshold = trees.threshold[node] as number
  switch (trees.mode[node] as (typeof branchModes)[keyof typeof branchModes]) {
    case branchModes.leq:
      return x <= threshold
    case branchModes.lt:
      return x < threshold
    case branchModes.gte:
      return x >= threshold
    case branchModes.gt:
      return x > threshold
    case branchModes.eq:
      return x === threshold
    case branchModes.neq:
      return x !== threshold
    case branchModes.member:
      return (trees.sets[trees.set[node] as number] as ReadonlySet<number>).has(x)
  }
}

/** What all trees say of one row: a sum (or mean, least, most) a target, and whether any leaf fed it. */
export interface TargetScores {
  readonly scores: Float64Array
  readonly fed: Uint8Array
}

/**
 * `x(feature)` is the row; the answer is overwritten by the next call. `float32`: leaves are summed as a runtime sums
 * them, rounding after each.
 */
export function treeScorer(trees: GraphTrees, float32: boolean): (x: (feature: number) => number) => TargetScores {
  const round = float32 ? Math.fround : (value: number) => value
  const scores = new Float64Array(trees.nTargets)
  const fed = new Uint8Array(trees.nTargets)
  const { feature, whenTrue, whenFalse, aggregate } = trees
  return (x) => {
    scores.fill(0)
    fed.fill(0)
    for (const root of trees.roots) {
      let node = root
      for (let split = feature[node] as number; split >= 0; split = feature[node] as number) {
        node = (goesTrue(trees, node, x(split)) ? whenTrue[node] : whenFalse[node]) as number
      }
      const end = trees.leafEnd[node] as number
      for (let at = trees.leafStart[node] as number; at < end; at++) {
        const target = trees.leafTarget[at] as number
        const weight = trees.leafWeight[at] as number
        const known = scores[target] as number
        if (aggregate === 'MIN') scores[target] = fed[target] === 1 ? Math.min(known, weight) : weight
        else if (aggregate === 'MAX') scores[target] = fed[target] === 1 ? Math.max(known, weight) : weight
        else scores[target] = round(known + weight)
        fed[target] = 1
      }
    }
    if (aggregate === 'AVERAGE') {
      for (let target = 0; target < scores.length; target++) {
        scores[target] = round((scores[target] as number) / trees.roots.length)
      }
    }
    return { scores, fed }
  }
}

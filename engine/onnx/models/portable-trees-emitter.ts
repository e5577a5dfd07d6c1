import type { TreeEnsemble } from '../../learners/tree/tree-ensemble.ts'
import { add, castTo, choose, concatenateColumns, isGreater } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

/** Leaf values that one gather may bring together for a row: bounds the memory of a batch. */
const gatheredValuesPerRow = 512

/**
 * Scores double [N, nOutputs] by TreeEnsembleRegressor (ai.onnx.ml 1), which computes in float32. It is only asked which
 * leaf each tree reaches: features and thresholds are float32 values and places of leaves whole numbers, so nothing is
 * rounded; the leaves' values are gathered and summed in double. It has no splits by sets: whether a code is in a set is
 * looked up before, a column a set.
 */
export function emitPortableTrees(graph: GraphBuilder, features: Value, model: TreeEnsemble): Value {
  const sets = emitSetColumns(graph, features, model)
  const scalarTrees = new Map<number, number[]>()
  const vectorTrees: number[] = []
  for (const [tree, output] of model.treeOutput.entries()) {
    if (output === -1 && model.nOutputs > 1) vectorTrees.push(tree)
    else scalarTrees.set(Math.max(0, output), [...(scalarTrees.get(Math.max(0, output)) ?? []), tree])
  }
  let scores = graph.constant('double', [1, model.nOutputs], model.base)
  for (const trees of inGroups(vectorTrees, Math.floor(gatheredValuesPerRow / model.nOutputs))) {
    scores = add(graph, scores, emitSum(graph, sets, model, trees, model.nOutputs))
  }
  if (scalarTrees.size === 0) return scores
  const columns = Array.from({ length: model.nOutputs }, (_, output) => {
    const sums = inGroups(scalarTrees.get(output) ?? [], gatheredValuesPerRow).map((trees) =>
      emitSum(graph, sets, model, trees, 1),
    )
    const [first = emptyColumn(graph, features), ...others] = sums
    return others.reduce((sum, other) => add(graph, sum, other), first)
  })
  return add(graph, scores, concatenateColumns(graph, columns))
}

interface SetColumns {
  /** Float: the model's features, then a column for each set, 0 where the code is a member. */
  readonly matrix: Value
  /** The column of a split's set, by `setKey`. */
  readonly columnOf: ReadonlyMap<string, number>
}

function setKey(model: TreeEnsemble, node: number): string {
  return `${model.feature[node] ?? 0} ${model.categorySet[node] ?? -1} ${model.missingLeft[node] ?? 0}`
}

function emitSetColumns(graph: GraphBuilder, features: Value, model: TreeEnsemble): SetColumns {
  const nodesOf = new Map<number, Map<string, number>>()
  for (const [node, set] of model.categorySet.entries()) {
    if (set < 0 || (model.feature[node] as number) < 0) continue
    const feature = model.feature[node] as number
    const ofFeature = nodesOf.get(feature) ?? new Map<string, number>()
    nodesOf.set(feature, ofFeature)
    if (!ofFeature.has(setKey(model, node))) ofFeature.set(setKey(model, node), node)
  }
  const columnOf = new Map<string, number>()
  const parts = [castTo(graph, features, 'float')]
  for (const [feature, nodes] of [...nodesOf].sort(([a], [b]) => a - b)) {
    for (const key of nodes.keys()) columnOf.set(key, model.nFeatures + columnOf.size)
    parts.push(emitMembership(graph, features, feature, model, [...nodes.values()]))
  }
  return { matrix: concatenateColumns(graph, parts), columnOf }
}

/** A table with a row a code, one for greater codes and one for missing; each row of the batch takes its own. */
function emitMembership(
  graph: GraphBuilder,
  features: Value,
  feature: number,
  model: TreeEnsemble,
  nodes: readonly number[],
): Value {
  const setOf = (node: number) => model.categorySets[model.categorySet[node] as number] as Uint32Array
  const nCodes = 32 * Math.max(...nodes.map((node) => setOf(node).length))
  const missing = nCodes + 1
  const table = new Float32Array((nCodes + 2) * nodes.length).fill(1)
  for (const [at, node] of nodes.entries()) {
    const words = setOf(node)
    for (let code = 0; code < 32 * words.length; code++) {
      if ((((words[code >>> 5] as number) >>> (code & 31)) & 1) === 1) table[code * nodes.length + at] = 0
    }
    if (model.missingLeft[node] === 1) table[missing * nodes.length + at] = 0
  }
  const codes = graph.node('Gather', [features, graph.constant('int64', [], [feature])], { axis: { integer: 1 } })
  const within = choose(graph, isGreater(graph, codes, nCodes - 0.5), nCodes, codes)
  const places = castTo(graph, choose(graph, graph.node('IsNaN', [codes]), missing, within), 'int64')
  const rows = graph.constant('float', [nCodes + 2, nodes.length], table)
  return graph.node('Gather', [rows, places], { axis: { integer: 0 } })
}

/** The sum of the values of the leaves that the trees reach, `width` numbers a leaf. */
function emitSum(
  graph: GraphBuilder,
  sets: SetColumns,
  model: TreeEnsemble,
  trees: readonly number[],
  width: number,
): Value {
  const nodes = layOutNodes(model, sets, trees)
  const reached = graph.mlNode('TreeEnsembleRegressor', [sets.matrix], {
    nodes_treeids: { integers: nodes.trees },
    nodes_nodeids: { integers: nodes.ids },
    nodes_featureids: { integers: nodes.features },
    nodes_modes: { texts: nodes.modes },
    nodes_values: { floats: nodes.values },
    nodes_truenodeids: { integers: nodes.whenTrue },
    nodes_falsenodeids: { integers: nodes.whenFalse },
    nodes_missing_value_tracks_true: { integers: nodes.missingGoesTrue },
    target_treeids: { integers: nodes.leaves.map(({ tree }) => tree) },
    target_nodeids: { integers: nodes.leaves.map(({ id }) => id) },
    target_ids: { integers: nodes.leaves.map(({ tree }) => tree) },
    target_weights: { floats: nodes.leaves.map((_, place) => place) },
    n_targets: { integer: trees.length },
    aggregate_function: { text: 'SUM' },
    post_transform: { text: 'NONE' },
  })
  const values = new Float64Array(nodes.leaves.length * width)
  for (const [place, { node }] of nodes.leaves.entries()) {
    const start = model.leafAt[node] as number
    values.set(model.leafValues.subarray(start, start + width), place * width)
  }
  const table = graph.constant('double', width === 1 ? [nodes.leaves.length] : [nodes.leaves.length, width], values)
  const gathered = graph.node('Gather', [table, castTo(graph, reached, 'int64')], { axis: { integer: 0 } })
  const overTrees = graph.constant('int64', [1], [1])
  return graph.node('ReduceSum', [gathered, overTrees], { keepdims: { integer: width === 1 ? 1 : 0 } })
}

/** The nodes of some trees as the operator lists them: true is left. */
function layOutNodes(model: TreeEnsemble, { columnOf }: SetColumns, trees: readonly number[]) {
  const nodes = {
    trees: [] as number[],
    ids: [] as number[],
    features: [] as number[],
    modes: [] as string[],
    values: [] as number[],
    whenTrue: [] as number[],
    whenFalse: [] as number[],
    missingGoesTrue: [] as number[],
    leaves: [] as { readonly tree: number; readonly id: number; readonly node: number }[],
  }
  for (const [tree, original] of trees.entries()) {
    // Numbered as they are found, so that both children of a node have their numbers when it is written.
    const found = [model.roots[original] as number]
    for (let id = 0; id < found.length; id++) {
      const node = found[id] as number
      const isLeaf = (model.feature[node] as number) < 0
      const isSet = (model.categorySet[node] as number) >= 0
      const column = isSet ? (columnOf.get(setKey(model, node)) as number) : Math.max(0, model.feature[node] as number)
      nodes.trees.push(tree)
      nodes.ids.push(id)
      nodes.features.push(isLeaf ? 0 : column)
      nodes.modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ')
      nodes.values.push(isLeaf ? 0 : isSet ? 0.5 : (model.threshold[node] as number))
      nodes.whenTrue.push(isLeaf ? 0 : found.push(model.left[node] as number) - 1)
      nodes.whenFalse.push(isLeaf ? 0 : found.push(model.right[node] as number) - 1)
      nodes.missingGoesTrue.push(isLeaf || isSet ? 0 : (model.missingLeft[node] as number))
      if (isLeaf) nodes.leaves.push({ tree, id, node })
    }
  }
  return nodes
}

function inGroups(trees: readonly number[], size: number): number[][] {
  const groups: number[][] = []
  for (let start = 0; start < trees.length; start += Math.max(1, size))
    groups.push(trees.slice(start, start + Math.max(1, size)))
  return groups
}

/** Zeros, as many rows as the features have. */
function emptyColumn(graph: GraphBuilder, features: Value): Value {
  const first = graph.node('Gather', [features, graph.constant('int64', [1], [0])], { axis: { integer: 1 } })
  return choose(graph, graph.node('IsNaN', [first]), 0, 0)
}

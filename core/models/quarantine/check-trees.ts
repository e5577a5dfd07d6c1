import type { OnnxNode } from '../../../engine/onnx/reader/onnx-model.ts'
import { nodeAttributes } from '../../../engine/onnx/reader/tensor-values.ts'
import type { Findings } from './findings.ts'

const knownModes = new Set(['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ', 'LEAF'])
/** Outputs of one model; a target id beyond writes behind the scores of a row. */
const mostTargets = 100_000

/** The trees of TreeEnsembleRegressor and TreeEnsembleClassifier: every index in range, no circles. */
export function checkTrees(node: OnnxNode, width: number | null, where: string, findings: Findings): void {
  const nodes = readNodes(node)
  const problem = lengthProblem(node, nodes) ?? nodesProblem(nodes, width)
  if (problem !== null) findings.error('TREES', problem, where)
  else {
    const ofLeaves = leavesProblem(node, placesOf(nodes), nodes.modes)
    if (ofLeaves !== null) findings.error('TREES', ofLeaves, where)
  }
}

interface TreeNodes {
  readonly trees: readonly number[]
  readonly ids: readonly number[]
  readonly features: readonly number[]
  readonly modes: readonly string[]
  readonly thresholds: readonly number[]
  readonly whenTrue: readonly number[]
  readonly whenFalse: readonly number[]
}

function readNodes(node: OnnxNode): TreeNodes {
  const attributes = nodeAttributes(node)
  return {
    trees: attributes.integers('nodes_treeids'),
    ids: attributes.integers('nodes_nodeids'),
    features: attributes.integers('nodes_featureids'),
    modes: attributes.texts('nodes_modes'),
    thresholds: attributes.numbers('nodes_values'),
    whenTrue: attributes.integers('nodes_truenodeids'),
    whenFalse: attributes.integers('nodes_falsenodeids'),
  }
}

function lengthProblem(node: OnnxNode, nodes: TreeNodes): string | null {
  const count = nodes.trees.length
  if (count === 0) return 'It has no nodes.'
  const attributes = nodeAttributes(node)
  const optional = ['nodes_missing_value_tracks_true', 'nodes_hitrates'].map((name) => attributes.numbers(name).length)
  const lengths = [
    ...Object.values<readonly unknown[]>({ ...nodes }).map(({ length }) => length),
    ...optional.filter((length) => length !== 0),
  ]
  const other = lengths.find((length) => length !== count)
  return other === undefined ? null : `The lists of its nodes differ in length: ${count} and ${other}.`
}

/** Where each node lies in the lists, by its tree and its number there. */
function placesOf({ trees, ids }: TreeNodes): ReadonlyMap<string, number> {
  return new Map(trees.map((tree, at) => [`${tree} ${ids[at]}`, at]))
}

function nodesProblem(nodes: TreeNodes, width: number | null): string | null {
  const { trees, features, modes, thresholds } = nodes
  const count = trees.length
  const places = placesOf(nodes)
  if (places.size < count) return 'Two nodes of a tree have the same number.'
  const parents = new Int32Array(count)
  const children = new Int32Array(2 * count).fill(-1)
  for (let at = 0; at < count; at++) {
    if (!knownModes.has(modes[at] as string)) return 'A node compares in a way that the standard does not have.'
    if (modes[at] === 'LEAF') continue
    const feature = features[at] as number
    if (feature < 0 || (width !== null && feature >= width)) {
      return `A node reads column ${feature}${width === null ? '' : ` of ${width}`}.`
    }
    if (Number.isNaN(thresholds[at])) return 'A node compares with NaN, so no row ever passes it.'
    for (const [side, list] of [nodes.whenTrue, nodes.whenFalse].entries()) {
      const child = places.get(`${trees[at]} ${list[at]}`)
      if (child === undefined) return `A node leads to node ${list[at]}, which is not there.`
      parents[child] = (parents[child] as number) + 1
      children[2 * at + side] = child
    }
  }
  return pathsProblem(parents, children)
}

/** Ways from the roots to all nodes together; explanations list them. */
const mostPaths = 10_000_000

/**
 * Null where no node leads back to itself and the ways through the nodes can be counted. Two nodes may share a child:
 * exporters write the members of a set of categories as a chain of nodes that all lead to the same place.
 */
export function pathsProblem(parents: Int32Array, children: Int32Array): string | null {
  const paths = new Float64Array(parents.length)
  const waitsFor = parents.slice()
  const ready: number[] = []
  for (let at = 0; at < parents.length; at++) {
    if (parents[at] !== 0) continue
    paths[at] = 1
    ready.push(at)
  }
  let total = 0
  for (let next = 0; next < ready.length; next++) {
    const at = ready[next] as number
    total += paths[at] as number
    for (const child of [children[2 * at] as number, children[2 * at + 1] as number]) {
      if (child < 0) continue
      paths[child] = (paths[child] as number) + (paths[at] as number)
      waitsFor[child] = (waitsFor[child] as number) - 1
      if (waitsFor[child] === 0) ready.push(child)
    }
  }
  if (ready.length < parents.length) return 'A node leads back to itself.'
  return total > mostPaths ? `There are ${total.toPrecision(3)} ways through its nodes.` : null
}

function leavesProblem(node: OnnxNode, places: ReadonlyMap<string, number>, modes: readonly string[]): string | null {
  const attributes = nodeAttributes(node)
  const isClassifier = node.operator === 'TreeEnsembleClassifier'
  const prefix = isClassifier ? 'class' : 'target'
  const trees = attributes.integers(`${prefix}_treeids`)
  const ids = attributes.integers(`${prefix}_nodeids`)
  const outputs = attributes.integers(`${prefix}_ids`)
  const weights = attributes.numbers(`${prefix}_weights`)
  if (trees.length !== ids.length || ids.length !== outputs.length || outputs.length !== weights.length) {
    return 'The lists of its leaves differ in length.'
  }
  const targets = isClassifier
    ? Math.max(attributes.texts('classlabels_strings').length, attributes.integers('classlabels_int64s').length)
    : attributes.integer('n_targets', 1)
  if (targets < 1 || targets > mostTargets) return `It has ${targets} outputs.`
  for (let at = 0; at < ids.length; at++) {
    const place = places.get(`${trees[at]} ${ids[at]}`)
    if (place === undefined) return `A weight belongs to node ${ids[at]}, which is not there.`
    if (modes[place] !== 'LEAF') return `A weight belongs to node ${ids[at]}, which is no leaf.`
    const output = outputs[at] as number
    if (output < 0 || output >= targets) return `A leaf feeds output ${output} of ${targets}.`
    if (Number.isNaN(weights[at])) return 'A leaf is worth NaN.'
  }
  const bases = attributes.numbers('base_values').length
  const fits = bases === 0 || bases === targets || (isClassifier && bases === 1 && targets <= 2)
  return fits ? null : `It has ${bases} base values for ${targets} outputs.`
}

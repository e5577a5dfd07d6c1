import type { OnnxNode } from '../../../engine/onnx/reader/onnx-model.ts'
import { nodeAttributes } from '../../../engine/onnx/reader/tensor-values.ts'
import { pathsProblem } from './check-trees.ts'
import type { Findings } from './findings.ts'

const member = 6
const mostTargets = 100_000

/** The trees of TreeEnsemble (`ai.onnx.ml` 5): inner nodes and leaves in lists of their own. */
export function checkTreeEnsemble(node: OnnxNode, width: number | null, where: string, findings: Findings): void {
  const problem = problemOf(node, width)
  if (problem !== null) findings.error('TREES', problem, where)
}

function problemOf(node: OnnxNode, width: number | null): string | null {
  const attributes = nodeAttributes(node)
  const features = attributes.integers('nodes_featureids')
  const modes = attributes.numbers('nodes_modes')
  const splits = attributes.numbers('nodes_splits')
  const whenTrue = attributes.integers('nodes_truenodeids')
  const whenFalse = attributes.integers('nodes_falsenodeids')
  const trueLeaves = attributes.integers('nodes_trueleafs')
  const falseLeaves = attributes.integers('nodes_falseleafs')
  const count = features.length
  if (count === 0) return 'It has no nodes.'
  for (const list of [modes, splits, whenTrue, whenFalse, trueLeaves, falseLeaves]) {
    if (list.length !== count) return `Its lists differ in length: ${count} and ${list.length}.`
  }
  for (const name of ['nodes_missing_value_tracks_true', 'nodes_hitrates']) {
    const { length } = attributes.numbers(name)
    if (length !== 0 && length !== count) return `Its lists differ in length: ${count} and ${length}.`
  }
  const leafTargets = attributes.integers('leaf_targetids')
  const leaves = leafTargets.length
  if (attributes.numbers('leaf_weights').length !== leaves) return 'The lists of its leaves differ in length.'
  const targets = attributes.integer('n_targets', 1)
  if (targets < 1 || targets > mostTargets) return `It has ${targets} outputs.`
  if (leafTargets.some((target) => target < 0 || target >= targets)) return 'A leaf feeds an output that is not there.'
  const parents = new Int32Array(count)
  const children = new Int32Array(2 * count).fill(-1)
  for (let at = 0; at < count; at++) {
    const feature = features[at] as number
    const mode = modes[at] as number
    if (feature < 0 || (width !== null && feature >= width)) return `A node reads column ${feature}.`
    if (!(mode >= 0 && mode <= member)) return 'A node compares in a way that the standard does not have.'
    if (mode !== member && Number.isNaN(splits[at])) return 'A node compares with NaN, so no row ever passes it.'
    const sides = [
      { to: whenTrue[at] as number, isLeaf: trueLeaves[at] as number },
      { to: whenFalse[at] as number, isLeaf: falseLeaves[at] as number },
    ]
    const leafOnly = sides.every(({ isLeaf }) => isLeaf === 1) && sides[0]?.to === sides[1]?.to
    for (const [side, { to, isLeaf }] of sides.entries()) {
      if (to < 0 || to >= (isLeaf === 1 ? leaves : count)) return `A node leads to ${to}, which is not there.`
      if (isLeaf === 1 || leafOnly) continue
      parents[to] = (parents[to] as number) + 1
      children[2 * at + side] = to
    }
  }
  const roots = attributes.integers('tree_roots')
  if (roots.length === 0) return 'It has no trees.'
  for (const root of roots) {
    if (root < 0 || root >= count) return `A tree begins at node ${root}, which is not there.`
    if (parents[root] !== 0) return 'A tree begins in the middle of another, or leads back to its beginning.'
  }
  return pathsProblem(parents, children) ?? membersProblem(modes, attributes.numbers('membership_values'))
}

/** Each set of members ends with NaN; there is one for each node that asks for membership. */
function membersProblem(modes: readonly number[], members: readonly number[]): string | null {
  const asking = modes.filter((mode) => mode === member).length
  const sets = members.filter((value) => Number.isNaN(value)).length
  const complete = members.length === 0 || Number.isNaN(members.at(-1))
  if (asking === sets && complete) return null
  return `It has ${asking} nodes that ask for members of a set, and ${sets} sets.`
}

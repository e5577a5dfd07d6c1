import type { TreeEnsemble } from '../../learners/tree/tree-ensemble.ts'
import type { Attribute } from '../onnx-messages.ts'

const branchMode = { lessOrEqual: 0, member: 6 } as const

/**
 * How the columns that sets are tested on hold codes. A missing value is a code of its own, a member of the sets that it
 * goes left with: ONNX Runtime 1.30 joins neighbouring sets with equal leaves and forgets the second's way for NaN.
 * No code is 0, which ONNX's own reference evaluator takes for the end of a set.
 */
export const codeShift = { missing: 1, first: 2 } as const

/** Where set tests find their feature: for each feature with such splits, the column of its shifted codes. */
export type CodeColumns = ReadonlyMap<number, number>

/** Some trees in the form of the operator TreeEnsemble (ai.onnx.ml 5): inner nodes and leaves in tables of their own. */
export interface TreeTable {
  readonly roots: number[]
  readonly features: number[]
  readonly modes: number[]
  readonly splits: number[]
  /** The codes of each categorical split, in node order, each set closed by NaN. */
  readonly members: number[]
  readonly missingGoesTrue: number[]
  readonly trueChildren: number[]
  readonly trueIsLeaf: number[]
  readonly falseChildren: number[]
  readonly falseIsLeaf: number[]
  /** The ensemble's node behind each leaf, and the tree it belongs to (counted from the first tree asked for). */
  readonly leafNodes: number[]
  readonly leafTrees: number[]
}

/** Features that are split by sets get a column behind all features; a split by value reads the feature itself. */
export function codeColumnsOf(model: TreeEnsemble): CodeColumns {
  const coded = new Set(model.feature.filter((_, node) => (model.categorySet[node] as number) >= 0))
  return new Map([...coded].sort((a, b) => a - b).map((feature, index) => [feature, model.nFeatures + index]))
}

/** Lays out the given trees. True is left: `value <= threshold`, or the code is a member. */
export function layOutTrees(model: TreeEnsemble, trees: readonly number[], codeColumns: CodeColumns): TreeTable {
  const table: TreeTable = {
    roots: [],
    features: [],
    modes: [],
    splits: [],
    members: [],
    missingGoesTrue: [],
    trueChildren: [],
    trueIsLeaf: [],
    falseChildren: [],
    falseIsLeaf: [],
    leafNodes: [],
    leafTrees: [],
  }
  trees.forEach((tree, index) => {
    table.roots.push(table.features.length)
    layOutTree(table, model, codeColumns, model.roots[tree] as number, index)
  })
  return table
}

function layOutTree(table: TreeTable, model: TreeEnsemble, codeColumns: CodeColumns, root: number, tree: number): void {
  const leaf = (node: number): number => {
    table.leafTrees.push(tree)
    return table.leafNodes.push(node) - 1
  }
  if (isLeaf(model, root)) {
    // The operator knows no tree without a branch: one whose both ways lead to the leaf.
    const only = leaf(root)
    addBranch(table, { feature: 0, mode: branchMode.lessOrEqual, split: 0, missingGoesTrue: 0 })
    setChildren(table, table.features.length - 1, [only, 1], [only, 1])
    return
  }
  const innerNodes = innerNodesOf(model, root)
  const positions = new Map(innerNodes.map((node, index) => [node, table.features.length + index]))
  const child = (node: number): Child => {
    const position = positions.get(node)
    return position === undefined ? [leaf(node), 1] : [position, 0]
  }
  for (const node of innerNodes) addNode(table, model, codeColumns, node)
  for (const [node, position] of positions) {
    const whenTrue = child(model.left[node] as number)
    setChildren(table, position, whenTrue, child(model.right[node] as number))
  }
}

type Child = readonly [position: number, isLeaf: 0 | 1]

function setChildren(table: TreeTable, position: number, whenTrue: Child, whenFalse: Child): void {
  table.trueChildren[position] = whenTrue[0]
  table.trueIsLeaf[position] = whenTrue[1]
  table.falseChildren[position] = whenFalse[0]
  table.falseIsLeaf[position] = whenFalse[1]
}

function addNode(table: TreeTable, model: TreeEnsemble, codeColumns: CodeColumns, node: number): void {
  const feature = model.feature[node] as number
  const missingGoesTrue = model.missingLeft[node] as number
  const setIndex = model.categorySet[node] as number
  const column = codeColumns.get(feature)
  if (setIndex < 0 || column === undefined) {
    const split = model.threshold[node] as number
    addBranch(table, { feature, mode: branchMode.lessOrEqual, split, missingGoesTrue })
    return
  }
  const codes = codesOf(model.categorySets[setIndex] as Uint32Array).map((code) => code + codeShift.first)
  const members = missingGoesTrue === 1 ? [codeShift.missing, ...codes] : codes
  // An empty set is a comparison that no code passes.
  const mode = members.length === 0 ? branchMode.lessOrEqual : branchMode.member
  addBranch(table, { feature: column, mode, split: 0, missingGoesTrue: 0 })
  if (members.length > 0) table.members.push(...members, Number.NaN)
}

function addBranch(
  table: TreeTable,
  branch: {
    readonly feature: number
    readonly mode: number
    readonly split: number
    readonly missingGoesTrue: number
  },
): void {
  table.features.push(branch.feature)
  table.modes.push(branch.mode)
  table.splits.push(branch.split)
  table.missingGoesTrue.push(branch.missingGoesTrue)
}

function isLeaf(model: TreeEnsemble, node: number): boolean {
  return (model.feature[node] as number) < 0
}

/** Depth first, the left side before the right. */
function innerNodesOf(model: TreeEnsemble, root: number): number[] {
  const order: number[] = []
  const waiting = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isLeaf(model, node)) continue
    order.push(node)
    waiting.push(model.right[node] as number, model.left[node] as number)
  }
  return order
}

function codesOf(bits: Uint32Array): number[] {
  const codes: number[] = []
  bits.forEach((word, index) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) codes.push(index * 32 + bit)
  })
  return codes
}

/** The operator's attributes; leaf values and the outputs that they add to are the caller's. */
export function treeAttributes(
  table: TreeTable,
  leaves: {
    readonly values: readonly number[]
    readonly targets: readonly number[]
    readonly nTargets: number
  },
): Record<string, Attribute> {
  const doubles = (values: readonly number[]): Attribute => ({
    tensor: { type: 'double', shape: [values.length], values },
  })
  return {
    tree_roots: { integers: table.roots },
    nodes_featureids: { integers: table.features },
    nodes_modes: { tensor: { type: 'uint8', shape: [table.modes.length], values: table.modes } },
    nodes_splits: doubles(table.splits),
    nodes_truenodeids: { integers: table.trueChildren },
    nodes_trueleafs: { integers: table.trueIsLeaf },
    nodes_falsenodeids: { integers: table.falseChildren },
    nodes_falseleafs: { integers: table.falseIsLeaf },
    nodes_missing_value_tracks_true: { integers: table.missingGoesTrue },
    ...(table.members.length === 0 ? {} : { membership_values: doubles(table.members) }),
    leaf_weights: doubles(leaves.values),
    leaf_targetids: { integers: leaves.targets },
    n_targets: { integer: leaves.nTargets },
    // Sum over the trees, no post-processing: the link is written with plain operators.
    aggregate_function: { integer: 1 },
    post_transform: { integer: 0 },
  }
}

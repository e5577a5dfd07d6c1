import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'

/**
 * The trees as their leaves see them. A player is what shares the credit: a feature, or the raw column that several
 * features come from. A leaf is reached when every player on its path says yes, so its game is a product of K yes-or-no
 * factors, and its Shapley values depend only on which players say yes: on a mask of K bits.
 *
 * Bits are given in the order in which players first appear on the way from the root, so that a node and all leaves
 * below it number their common players alike, and masks can be handed down the tree.
 */
export interface LeafPaths {
  readonly nTrees: number
  readonly nPlayers: number
  /** Inner nodes and leaves of each tree in an order where parents come before children; tree t owns nodeStart[t]..nodeStart[t+1]-1. */
  readonly nodeStart: Int32Array
  /** Node of the ensemble at each of these places. */
  readonly node: Int32Array
  /** Place of the parent within the tree, -1 for the root. */
  readonly parent: Int32Array
  /** 1 where the node is its parent's left child. */
  readonly isLeft: Uint8Array
  /** Bit that the parent's player has on this path (0-based). */
  readonly parentBit: Int32Array
  /** Index of the leaf at this place, -1 for inner nodes. */
  readonly leaf: Int32Array
  /** Players of leaf l are players[leafStart[l]..leafStart[l+1]-1]. */
  readonly leafStart: Int32Array
  readonly players: Int32Array
  /** Share of the training rows that follow the path where the player is unknown: the product of cover fractions. */
  readonly zeroFractions: Float64Array
  readonly leafTree: Int32Array
  readonly leafNode: Int32Array
  /** Most players on one path. */
  readonly maxPlayers: number
}

/** Paths with more entries than this are not kept: they would hold a hundred megabytes. */
const mostKeptEntries = 4_000_000
const kept = new WeakMap<TreeEnsemble, { readonly players: string; readonly paths: LeafPaths }>()

/** As `buildLeafPaths`, remembered for the model as long as it lives: a what-if asks about one row again and again. */
export function leafPathsOf(model: TreeEnsemble, playerOf?: Int32Array): LeafPaths {
  const players = playerOf?.join() ?? ''
  const known = kept.get(model)
  if (known?.players === players) return known.paths
  const paths = buildLeafPaths(model, playerOf)
  if (paths.players.length <= mostKeptEntries) kept.set(model, { players, paths })
  return paths
}

/** Lists the paths of a model; `playerOf[feature]` groups features (default: each feature is a player). */
export function buildLeafPaths(model: TreeEnsemble, playerOf?: Int32Array): LeafPaths {
  const nodeStart = new Int32Array(model.roots.length + 1)
  const node: number[] = []
  const parent: number[] = []
  const isLeft: number[] = []
  const parentBit: number[] = []
  const leaf: number[] = []
  const leafStart: number[] = [0]
  const players: number[] = []
  const zeroFractions: number[] = []
  const leafTree: number[] = []
  const leafNode: number[] = []
  let nPlayers = playerOf ? 0 : model.nFeatures
  if (playerOf) for (const player of playerOf) nPlayers = Math.max(nPlayers, player + 1)
  let maxPlayers = 0

  for (let tree = 0; tree < model.roots.length; tree++) {
    const first = node.length
    nodeStart[tree] = first
    const pending: Pending[] = [
      { node: model.roots[tree] as number, parent: -1, isLeft: 0, parentBit: 0, players: [], zeroFractions: [] },
    ]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const place = node.length - first
      node.push(next.node)
      parent.push(next.parent)
      isLeft.push(next.isLeft)
      parentBit.push(next.parentBit)
      const feature = model.feature[next.node] as number
      if (feature < 0) {
        leaf.push(leafTree.length)
        leafTree.push(tree)
        leafNode.push(next.node)
        for (const player of next.players) players.push(player)
        for (const fraction of next.zeroFractions) zeroFractions.push(fraction)
        leafStart.push(players.length)
        maxPlayers = Math.max(maxPlayers, next.players.length)
        continue
      }
      leaf.push(-1)
      const player = playerOf ? (playerOf[feature] as number) : feature
      pending.push(childOf(model, next, place, player, 0), childOf(model, next, place, player, 1))
    }
  }
  nodeStart[model.roots.length] = node.length
  return {
    nTrees: model.roots.length,
    nPlayers,
    nodeStart,
    node: Int32Array.from(node),
    parent: Int32Array.from(parent),
    isLeft: Uint8Array.from(isLeft),
    parentBit: Int32Array.from(parentBit),
    leaf: Int32Array.from(leaf),
    leafStart: Int32Array.from(leafStart),
    players: Int32Array.from(players),
    zeroFractions: Float64Array.from(zeroFractions),
    leafTree: Int32Array.from(leafTree),
    leafNode: Int32Array.from(leafNode),
    maxPlayers,
  }
}

interface Pending {
  readonly node: number
  readonly parent: number
  readonly isLeft: 0 | 1
  readonly parentBit: number
  readonly players: readonly number[]
  readonly zeroFractions: readonly number[]
}

function childOf(model: TreeEnsemble, from: Pending, place: number, player: number, isLeft: 0 | 1): Pending {
  const child = (isLeft ? model.left[from.node] : model.right[from.node]) as number
  const fraction = shareOfChild(model, from.node, child)
  const known = from.players.indexOf(player)
  const players = known < 0 ? [...from.players, player] : from.players
  const zeroFractions = [...from.zeroFractions]
  const bit = known < 0 ? players.length - 1 : known
  zeroFractions[bit] = (zeroFractions[bit] ?? 1) * fraction
  return { node: child, parent: place, isLeft, parentBit: bit, players, zeroFractions }
}

/**
 * Share of an inner node's training rows that went to one of its children. Of both children's covers, not of the node's
 * own: other libraries round them, and the two shares have to add up to one. A node that no row reached counts in halves.
 */
function shareOfChild(model: TreeEnsemble, node: number, child: number): number {
  const both =
    (model.cover[model.left[node] as number] as number) + (model.cover[model.right[node] as number] as number)
  return both > 0 ? (model.cover[child] as number) / both : 0.5
}

const keptExpected = new WeakMap<TreeEnsemble, Float64Array>()

/** Σ over trees of the cover-weighted mean leaf, plus the base: the expected score of each output. Remembered as paths are. */
export function expectedScores(model: TreeEnsemble): Float64Array {
  const known = keptExpected.get(model) ?? workOutExpected(model)
  keptExpected.set(model, known)
  return known.slice()
}

function workOutExpected(model: TreeEnsemble): Float64Array {
  const expected = Float64Array.from(model.base)
  for (let tree = 0; tree < model.roots.length; tree++) {
    const output = model.treeOutput[tree] as number
    const pending: { node: number; share: number }[] = [{ node: model.roots[tree] as number, share: 1 }]
    for (let next = pending.pop(); next; next = pending.pop()) {
      if ((model.feature[next.node] as number) < 0) {
        const at = model.leafAt[next.node] as number
        if (output >= 0) expected[output] = (expected[output] as number) + next.share * (model.leafValues[at] as number)
        else {
          for (let k = 0; k < model.nOutputs; k++) {
            expected[k] = (expected[k] as number) + next.share * (model.leafValues[at + k] as number)
          }
        }
        continue
      }
      const left = model.left[next.node] as number
      const right = model.right[next.node] as number
      for (const node of [right, left]) pending.push({ node, share: next.share * shareOfChild(model, next.node, node) })
    }
  }
  return expected
}

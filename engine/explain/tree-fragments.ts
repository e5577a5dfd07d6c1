import type { LeafPaths } from './leaf-paths.ts'

/**
 * Bits of the longest key of a fragment. More bits make fewer, larger fragments, hence less work a row, but more keys to
 * solve and a table of 2^bits that leaves the cache. On 100 trees of 31 leaves 10 to 13 were alike, 8 and 16 slower.
 */
export const maximumKeyBits = 13

/**
 * Subtrees that are solved at one go. What the leaves below a node do to a row hangs on which players of the path to that
 * node refuse and on the decisions below it: a key of few bits, where each leaf alone would be looked up by its own mask.
 * Which fragments a tree falls into never depends on the rows, so that sums are taken in the same order for any rows.
 */
export interface TreeFragment {
  /** First place of the subtree within its tree, and one past its last. */
  readonly start: number
  readonly end: number
  /** Players on the path to `start`: so many bits of the key are refusals, the others decisions of inner nodes. */
  readonly pathPlayers: number
  /** Bits of the key; above `maximumKeyBits` only where a single leaf has more players. */
  readonly keyBits: number
}

const kept = new WeakMap<LeafPaths, readonly (readonly TreeFragment[])[]>()

/** Fragments of each tree, from the left: the largest subtrees whose keys fit. Remembered as long as the paths live. */
export function treeFragments(paths: LeafPaths): readonly (readonly TreeFragment[])[] {
  const known = kept.get(paths)
  if (known) return known
  const fragments = Array.from({ length: paths.nTrees }, (_, tree) => fragmentsOf(paths, tree))
  kept.set(paths, fragments)
  return fragments
}

function fragmentsOf(paths: LeafPaths, tree: number): TreeFragment[] {
  const first = paths.nodeStart[tree] as number
  const places = (paths.nodeStart[tree + 1] as number) - first
  const pathPlayers = new Int32Array(places)
  const size = new Int32Array(places).fill(1)
  for (let place = 1; place < places; place++) {
    const parent = paths.parent[first + place] as number
    // Bits are handed out in order, so a path has as many players as its largest bit says.
    pathPlayers[place] = Math.max(pathPlayers[parent] as number, (paths.parentBit[first + place] as number) + 1)
  }
  for (let place = places - 1; place > 0; place--) {
    const parent = paths.parent[first + place] as number
    size[parent] = (size[parent] as number) + (size[place] as number)
  }
  const fragments: TreeFragment[] = []
  for (let place = 0; place < places; ) {
    const inner = ((size[place] as number) - 1) / 2
    const keyBits = (pathPlayers[place] as number) + inner
    if (keyBits > maximumKeyBits && inner > 0) {
      place += 1
      continue
    }
    const end = place + (size[place] as number)
    fragments.push({ start: place, end, pathPlayers: pathPlayers[place] as number, keyBits })
    place = end
  }
  return fragments
}

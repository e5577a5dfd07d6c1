import type { RandomStream } from '../random.ts'
import type { Join } from './column-redundancy.ts'

/** Players in pairs of pairs: a player, or two hierarchies that always stay together. */
export type Hierarchy = number | { readonly left: Hierarchy; readonly right: Hierarchy }

/** The hierarchy that joins describe; the last one is its root. Throws RangeError unless they join all n players. */
export function hierarchyOf(joins: readonly Join[], n: number): Hierarchy {
  if (n === 1) return 0
  if (joins.length !== n - 1) throw new RangeError(`${joins.length} joins do not make one hierarchy of ${n} players.`)
  const made: Hierarchy[] = Array.from({ length: n }, (_, player) => player)
  for (const { left, right } of joins) {
    made.push({ left: made[left] as Hierarchy, right: made[right] as Hierarchy })
  }
  return made[made.length - 1] as Hierarchy
}

/** A random order of the players in which each group comes in one piece; its reverse is one too. */
export function orderWithinHierarchy(hierarchy: Hierarchy, random: RandomStream): number[] {
  if (typeof hierarchy === 'number') return [hierarchy]
  const leftFirst = random.nextBelow(2) === 0
  const left = orderWithinHierarchy(hierarchy.left, random)
  const right = orderWithinHierarchy(hierarchy.right, random)
  return leftFirst ? [...left, ...right] : [...right, ...left]
}

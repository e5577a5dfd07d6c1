import type { CoalitionGame, CoalitionShap } from './coalition-shap.ts'
import { coalitionWorths } from './coalition-shap.ts'
import type { Hierarchy } from './hierarchy.ts'

/**
 * Exact Owen values (Owen 1977), along a hierarchy of pairs (Winter 1989): the mean of what a player adds over all orders
 * in which each group comes in one piece. Columns that say the same share a credit between them rather than each taking
 * some of the others'. They add up as Shapley values do, which they are where every order is allowed.
 */
export function enumerateOwen(game: CoalitionGame, hierarchy: Hierarchy): CoalitionShap {
  const { nPlayers, nOutputs } = game
  const worths = coalitionWorths(game)
  const values = new Float64Array(nOutputs * nPlayers)
  // Coalitions that may have come before, all equally likely.
  const visit = (node: Hierarchy, before: readonly number[]): void => {
    if (typeof node !== 'number') {
      for (const [one, other] of [
        [node.left, node.right],
        [node.right, node.left],
      ] as const) {
        const others = maskOf(other)
        visit(one, [...before, ...before.map((mask) => mask | others)])
      }
      return
    }
    for (const mask of before) {
      for (let k = 0; k < nOutputs; k++) {
        const gain = (worths[(mask | (1 << node)) * nOutputs + k] as number) - (worths[mask * nOutputs + k] as number)
        const at = k * nPlayers + node
        values[at] = (values[at] as number) + gain / before.length
      }
    }
  }
  visit(hierarchy, [0])
  return { values, standardErrors: new Float64Array(values.length) }
}

function maskOf(node: Hierarchy): number {
  return typeof node === 'number' ? 1 << node : maskOf(node.left) | maskOf(node.right)
}

import type { Column } from '../frame/frame.ts'
import { groupRows } from './row-groups.ts'

/** How strongly each two columns act together: [p * nPlayers + q], symmetric, 0 on the diagonal. */
export interface InteractionStrengths {
  readonly strengths: Float64Array
  /** Whether they are mean absolute interaction values; else they are estimates, good only for their order. */
  readonly exact: boolean
}

/** Mean absolute interaction values (both halves) of rows and outputs, from `explainInteractions`. */
export function strengthsOfMatrices(matrices: Float64Array, nPlayers: number): InteractionStrengths {
  const size = nPlayers * nPlayers
  const strengths = new Float64Array(size)
  const nGames = matrices.length / Math.max(1, size)
  for (const [at, value] of matrices.entries()) {
    const pair = at % size
    if (Math.floor(pair / nPlayers) === pair % nPlayers) continue
    strengths[pair] = (strengths[pair] as number) + (2 * Math.abs(value)) / nGames
  }
  return { strengths, exact: true }
}

/** Values alike in one column, and in the other, are put together this finely. */
const groups = 8
const innerGroups = 4

/**
 * An estimate where interaction values are not to be had: among rows alike in column p, how much of the spread of p's
 * attributions goes along with column q, less what would by chance. As a share it is turned into a size by taking the
 * root of the variance explained. Only the order is meant to be read.
 */
export function estimateStrengths(
  columns: readonly Column[],
  rows: Int32Array,
  attributions: Pick<{ values: Float64Array; nOutputs: number; nPlayers: number }, 'values' | 'nOutputs' | 'nPlayers'>,
): InteractionStrengths {
  const { values, nOutputs, nPlayers } = attributions
  const strengths = new Float64Array(nPlayers * nPlayers)
  const outer = columns.map((column) => groupRows(column, rows, groups))
  const inner = columns.map((column) => groupRows(column, rows, innerGroups))
  for (let p = 0; p < nPlayers; p++) {
    for (let q = 0; q < nPlayers; q++) {
      if (p === q) continue
      let explained = 0
      for (let k = 0; k < nOutputs; k++) {
        const own = Float64Array.from(rows, (_, i) => values[(i * nOutputs + k) * nPlayers + p] as number)
        explained += explainedVariance(own, outer[p] as Int32Array, inner[q] as Int32Array)
      }
      const size = Math.sqrt(explained / nOutputs)
      for (const at of [p * nPlayers + q, q * nPlayers + p]) strengths[at] = (strengths[at] as number) + size / 2
    }
  }
  return { strengths, exact: false }
}

/** Variance within the groups of one kind that the groups of the other explain, corrected for chance; a mean a row. */
function explainedVariance(values: Float64Array, outer: Int32Array, inner: Int32Array): number {
  const cells = new Map<number, Map<number, { count: number; sum: number }>>()
  const sums = new Map<number, { count: number; sum: number; squares: number }>()
  for (const [i, value] of values.entries()) {
    const a = outer[i] as number
    const b = inner[i] as number
    const whole = sums.get(a) ?? { count: 0, sum: 0, squares: 0 }
    sums.set(a, { count: whole.count + 1, sum: whole.sum + value, squares: whole.squares + value * value })
    const within = cells.get(a) ?? new Map<number, { count: number; sum: number }>()
    cells.set(a, within)
    const cell = within.get(b) ?? { count: 0, sum: 0 }
    within.set(b, { count: cell.count + 1, sum: cell.sum + value })
  }
  let explained = 0
  for (const [a, within] of cells) {
    const { count, sum, squares } = sums.get(a) as { count: number; sum: number; squares: number }
    if (count <= within.size) continue
    const mean = sum / count
    const total = Math.max(0, squares - count * mean * mean)
    let between = 0
    for (const cell of within.values()) between += cell.count * (cell.sum / cell.count - mean) ** 2
    const byChance = (total * (within.size - 1)) / Math.max(1, count - 1)
    explained += Math.max(0, between - byChance)
  }
  return explained / Math.max(1, values.length)
}

/** The column that acts most strongly together with each; -1 where none does. */
export function strongestPartners({ strengths }: InteractionStrengths, nPlayers: number): Int32Array {
  return Int32Array.from({ length: nPlayers }, (_, p) => {
    let best = -1
    for (let q = 0; q < nPlayers; q++) {
      const strength = strengths[p * nPlayers + q] as number
      if (strength > (best < 0 ? 0 : (strengths[p * nPlayers + best] as number))) best = q
    }
    return best
  })
}

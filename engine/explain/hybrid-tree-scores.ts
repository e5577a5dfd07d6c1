import { nodeDecision } from '../learners/tree/node-decision.ts'
import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { FeatureValues, NumberMatrix } from '../preprocess/feature-matrix.ts'
import type { HybridScores } from './hybrid-scores.ts'

/**
 * Both rows descend a tree together and part only where they disagree about a player that is not bound yet: a leaf
 * reached with the players R bound to the explained row and B to the background row holds for all coalitions between R
 * and the complement of B. A pair reaches few leaves, however many coalitions there are.
 */
export function hybridTreeScores(
  model: TreeEnsemble,
  rows: NumberMatrix,
  background: NumberMatrix,
  nPlayers: number,
): HybridScores {
  const { feature, left, right, leafAt, leafValues, nOutputs, roots, treeOutput, base } = model
  const goesLeft = nodeDecision(model)
  const rowValues = new Float64Array(model.nFeatures)
  const backgroundValues = new Float64Array(model.nFeatures)
  const playerOf = Int32Array.from(rows.features, ({ input }) => input)
  const load = (row: number, other: number) => {
    for (let j = 0; j < model.nFeatures; j++) {
      rowValues[j] = (rows.columns[j] as FeatureValues)[row] as number
      backgroundValues[j] = (background.columns[j] as FeatureValues)[other] as number
    }
  }

  /** Both children of a node: where the explained row goes, and where the background row goes. */
  const next = (node: number, from: Float64Array) =>
    (goesLeft(node, from[feature[node] as number] as number) ? left[node] : right[node]) as number

  let cube: Float64Array | null = null
  let tree = 0
  const addTo = (sums: Float64Array, cell: number, cells: number, node: number) => {
    const only = treeOutput[tree] as number
    const at = leafAt[node] as number
    if (only >= 0) sums[only * cells + cell] = (sums[only * cells + cell] as number) + (leafValues[at] as number)
    else {
      for (let k = 0; k < nOutputs; k++) {
        sums[k * cells + cell] = (sums[k * cells + cell] as number) + (leafValues[at + k] as number)
      }
    }
  }

  // Cells of the cube: one ternary digit a player that differs; 0 free, 1 bound to the background row, 2 to the explained
  // row. Bits and powers are 0 for players that do not differ, who never part the two rows.
  const bits = new Int32Array(nPlayers)
  const powers = new Int32Array(nPlayers)
  let cells = 1
  const prepare = (players: Int32Array) => {
    bits.fill(0)
    powers.fill(0)
    cells = 1
    for (const [at, player] of players.entries()) {
      bits[player] = 1 << at
      powers[player] = cells
      cells *= 3
    }
    const size = cells * nOutputs
    if (cube === null || cube.length < size) cube = new Float64Array(size)
    return cube.subarray(0, size).fill(0)
  }
  const fill = (sums: Float64Array, node: number, cell: number, fromRow: number, fromOther: number): void => {
    let at = node
    for (;;) {
      const split = feature[at] as number
      if (split < 0) {
        addTo(sums, cell, cells, at)
        return
      }
      const player = playerOf[split] as number
      const bit = bits[player] as number
      if (fromRow & bit) at = next(at, rowValues)
      else if (fromOther & bit) at = next(at, backgroundValues)
      else {
        const own = next(at, rowValues)
        const other = bit === 0 ? own : next(at, backgroundValues)
        if (own !== other) {
          const power = powers[player] as number
          fill(sums, own, cell + 2 * power, fromRow | bit, fromOther)
          fill(sums, other, cell + power, fromRow, fromOther | bit)
          return
        }
        at = own
      }
    }
  }

  const walkOrder = (
    sums: Float64Array,
    node: number,
    position: Int32Array,
    first: number,
    last: number,
    steps: number,
  ): void => {
    let at = node
    for (;;) {
      const split = feature[at] as number
      if (split < 0) {
        for (let step = first; step <= last; step++) addTo(sums, step, steps, at)
        return
      }
      // The player is in the coalition from the step after its position on.
      const joins = (position[playerOf[split] as number] as number) + 1
      if (first >= joins) at = next(at, rowValues)
      else if (last < joins) at = next(at, backgroundValues)
      else {
        const own = next(at, rowValues)
        const other = next(at, backgroundValues)
        if (own !== other) {
          walkOrder(sums, own, position, joins, last, steps)
          walkOrder(sums, other, position, first, joins - 1, steps)
          return
        }
        at = own
      }
    }
  }

  return {
    ofAllCoalitions(row, other, players) {
      load(row, other)
      const sums = prepare(players)
      for (tree = 0; tree < roots.length; tree++) fill(sums, roots[tree] as number, 0, 0, 0)
      const scores = new Float64Array(nOutputs << players.length)
      for (let k = 0; k < nOutputs; k++) {
        const folded = foldCube(sums.subarray(k * cells, (k + 1) * cells), players.length)
        for (const [mask, sum] of folded.entries()) scores[mask * nOutputs + k] = (base[k] as number) + sum
      }
      return scores
    },
    alongOrder(row, other, position) {
      load(row, other)
      const steps = nPlayers + 1
      const sums = new Float64Array(nOutputs * steps)
      for (tree = 0; tree < roots.length; tree++) walkOrder(sums, roots[tree] as number, position, 0, nPlayers, steps)
      const scores = new Float64Array(nOutputs * steps)
      for (let step = 0; step < steps; step++) {
        for (let k = 0; k < nOutputs; k++) {
          scores[step * nOutputs + k] = (base[k] as number) + (sums[k * steps + step] as number)
        }
      }
      return scores
    },
  }
}

/** From sums a ternary cell to sums a coalition: a player outside it takes "free" and "background", inside "free" and "row". */
function foldCube(cube: Float64Array, nPlayers: number): Float64Array {
  let from = cube
  let size = cube.length / 3
  for (let blocks = 1; blocks < 1 << nPlayers; blocks *= 2) {
    const to = new Float64Array(2 * blocks * size)
    for (let block = 0; block < blocks; block++) {
      const start = 3 * block * size
      const at = 2 * block * size
      for (let i = 0; i < size; i++) {
        const free = from[start + i] as number
        to[at + i] = free + (from[start + size + i] as number)
        to[at + size + i] = free + (from[start + 2 * size + i] as number)
      }
    }
    from = to
    size /= 3
  }
  return from
}

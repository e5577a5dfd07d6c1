import { missingBin } from '../../kernels/kernels.ts'
import { type BinnedTree, setHas } from '../tree/binned-tree.ts'
import { drawCounts } from './draw-rows.ts'
import type { ForestData } from './forest-data.ts'
import { createTreeRandom } from './tree-random.ts'

/**
 * What a bootstrapped forest answers for each training row by those trees alone that did not see it (Breiman 2001): an
 * estimate of its predictions for new rows without a fold. nOutputs scores a row, in the order of the fit's rows; NaN
 * for a row that every tree saw. Which rows a tree saw is drawn again from its seed.
 */
export function outOfBagScores(data: ForestData, trees: readonly BinnedTree[], seed: number): Float64Array {
  const nOutputs = Math.max(1, data.nClasses === 2 ? 1 : data.nClasses)
  const scores = new Float64Array(data.nRows * nOutputs)
  const answers = new Uint32Array(data.nRows)
  const counts = new Uint32Array(data.nRows)
  const random = createTreeRandom()
  for (const [index, tree] of trees.entries()) {
    random.start(seed, index)
    drawCounts(counts, random, true)
    for (let row = 0; row < data.nRows; row++) {
      if (counts[row] !== 0) continue
      const from = tree.leafAt[findLeaf(tree, data, row)] as number
      for (let k = 0; k < nOutputs; k++) {
        const at = row * nOutputs + k
        scores[at] = (scores[at] as number) + (tree.leafValues[from + k] as number)
      }
      answers[row] = (answers[row] as number) + 1
    }
  }
  // 0 / 0 is NaN where no tree answered.
  return scores.map((score, at) => score / (answers[Math.floor(at / nOutputs)] as number))
}

function findLeaf(tree: BinnedTree, data: ForestData, row: number): number {
  let node = 0
  for (let feature = tree.feature[0] as number; feature >= 0; feature = tree.feature[node] as number) {
    const bin = data.features[feature]?.bins[row] as number
    const set = tree.set[node] as number
    let goesLeft: boolean
    if (bin === missingBin) goesLeft = tree.missingLeft[node] === 1
    else goesLeft = set < 0 ? bin <= (tree.bin[node] as number) : setHas(tree.sets[set] as Uint32Array, bin)
    node = (goesLeft ? tree.left[node] : tree.right[node]) as number
  }
  return node
}

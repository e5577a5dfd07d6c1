import type { BoostingPlan } from './boosting-plan.ts'
import type { BoostingThread } from './boosting-thread.ts'
import type { Leaf } from './leaf.ts'
import { quantileOf } from './weighted-quantile.ts'

/**
 * What each leaf adds, in the leaves' order: the Newton step within the leaf's bounds, or for losses without curvature
 * the quantile of what its rows still miss (Friedman 2001, LAD_TreeBoost), shortened by the learning rate. Every thread
 * gets all of them; ends with a barrier where they have been shared out.
 */
export function leafValues(thread: BoostingThread, leaves: readonly Leaf[]): Float64Array {
  const { plan, space, team } = thread
  const { learningRate } = plan.parameters
  if (plan.loss !== 'absolute' && plan.loss !== 'quantile') {
    return Float64Array.from(leaves, (leaf) => newtonStep(plan, leaf) * learningRate)
  }
  const level = plan.loss === 'absolute' ? 0.5 : plan.parameters.quantile
  const shared = plan.layout.addresses.leafValues >>> 3
  for (let at = team.index; at < leaves.length; at += team.size) {
    space.float64[shared + at] = missingQuantile(thread, leaves[at] as Leaf, level) * learningRate
  }
  team.barrier()
  const values = space.float64.slice(shared, shared + leaves.length)
  // Nobody may write the next tree's before all have read these.
  team.barrier()
  return values
}

/** -G / (H + lambda), no further out than monotone columns allow. */
export function newtonStep({ parameters }: BoostingPlan, leaf: Leaf): number {
  const step = -leaf.sumGradient / (leaf.sumHessian + parameters.lambda)
  return Math.max(leaf.low, Math.min(leaf.high, step))
}

/** The quantile of label minus score over the leaf's rows. */
function missingQuantile({ plan, space, team }: BoostingThread, leaf: Leaf, level: number): number {
  const { training, records } = plan.layout.addresses
  const { recordBytes, recordBinBytes } = plan.layout
  const values = new Float64Array(leaf.nRows)
  const weights = training.weights === 0 ? null : new Float64Array(leaf.nRows)
  let to = 0
  for (let owner = 0; owner < team.size; owner++) {
    for (let at = leaf.begins[owner] as number; at < (leaf.ends[owner] as number); at++, to++) {
      const row =
        leaf.buffer === -1
          ? at
          : (space.uint32[(records[leaf.buffer] + at * recordBytes + recordBinBytes + 8) >>> 2] as number)
      const label = space.float64[(training.labels >>> 3) + row] as number
      values[to] = label - (space.float64[(training.scores >>> 3) + row] as number)
      if (weights) weights[to] = space.float32[(training.weights >>> 2) + row] as number
    }
  }
  return quantileOf(values, weights, level)
}

import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { missingBin } from '../../kernels/kernels.ts'
import { shareOf, type Team } from '../../kernels/team.ts'
import { assembleEnsemble, type EnsembleTree } from '../tree/assemble-ensemble.ts'
import { type BinnedTree, createTreeBuilder, setOf } from '../tree/binned-tree.ts'
import type { Link, TreeEnsemble } from '../tree/tree-ensemble.ts'
import { binFeatures, readBins } from './bin-features.ts'
import { type BoostingLoss, type BoostingPlan, control } from './boosting-plan.ts'
import type { BoostingThread } from './boosting-thread.ts'
import { shareFeatures } from './find-splits.ts'
import { type BoostedTree, growTree } from './grow-tree.ts'
import type { BoostingStart } from './prepare-boosting.ts'
import { sampleFeatures, sampleRows } from './sample-rows.ts'
import {
  chunkShare,
  readValidationLoss,
  renewPlainPairs,
  sumValidationLoss,
  updateTrainingScores,
  updateValidationScores,
} from './update-scores.ts'

/** What the leading thread asks and tells while it boosts. */
export interface BoostingCallbacks {
  readonly shouldStop: () => boolean
  /** After each iteration (counted from 1), with the mean loss on the validation rows. */
  readonly onIteration: (iteration: number, loss: number | null) => void
}

export interface BoostingOutcome {
  readonly model: TreeEnsemble
  readonly learningCurve: readonly number[]
  readonly iterations: number
}

const links: { readonly [loss in BoostingLoss]: Link } = {
  logistic: 'logistic',
  softmax: 'softmax',
  squared: 'identity',
  absolute: 'identity',
  quantile: 'identity',
  huber: 'identity',
  poisson: 'exp',
}

/**
 * Runs a prepared plan. Every thread of the team calls it with the same plan; only the first has callbacks and gets the
 * outcome. The same bits come out for any number of threads and for both kinds of kernels.
 */
export function boost(
  plan: BoostingPlan,
  space: KernelSpace,
  team: Team,
  start: BoostingStart,
  callbacks: BoostingCallbacks | null,
): BoostingOutcome | null {
  const own = plan.layout.addresses.threads[team.index]
  if (!own) throw new RangeError(`The plan has no thread ${team.index}`)
  const thread: BoostingThread = { plan, space, team, own }
  binFeatures(plan, space, team)
  setStartingScores(thread, start)
  team.barrier()
  const leader = callbacks ? new Leader(thread, start, callbacks) : null
  // Without features there is nothing to split on, and the starting scores are all there is.
  const nIterations = plan.matrix.columns.length > 0 ? plan.parameters.nTrees : 0
  for (let iteration = 0; iteration < nIterations; iteration++) {
    boostOnce(thread, iteration, leader)
    leader?.endIteration()
    team.barrier()
    if (space.int32[(plan.layout.addresses.control + control.stopLatched) >>> 2]) break
    // Nobody may set the latch for the next iteration before all have read it for this one.
    team.barrier()
  }
  return leader?.outcome() ?? null
}

/** One tree for each output. Ends before a barrier. */
function boostOnce(thread: BoostingThread, iteration: number, leader: Leader | null): void {
  const { plan, space, team } = thread
  const { layout, nOutputs } = plan
  const nRows = plan.rows.length
  const begin = shareOf(0, nRows, team.index, team.size)
  const end = shareOf(0, nRows, team.index + 1, team.size)
  if (plan.loss === 'softmax') space.kernels.softmaxGradients(layout.addresses.training.lossBlock, begin, end)
  const nSampled = drawSample(thread, iteration)
  for (let output = 0; output < nOutputs; output++) {
    const nFeatures = plan.matrix.columns.length
    const features = sampleFeatures(nFeatures, layout.nActive, plan.seed, iteration * nOutputs + output)
    const active = shareFeatures(thread, features)
    const tree = growTree(thread, { pairs: layout.addresses.pairs + 8 * nRows * output, active, nRows: nSampled })
    leader?.keep(tree, output)
    updateTrainingScores(thread, tree, output)
    if (plan.validationRows) updateValidationScores(thread, tree, output)
    if (output + 1 < nOutputs) team.barrier()
  }
  if (plan.validationRows) {
    sumValidationLoss(thread)
    team.barrier()
  }
}

/** How many rows take part in this iteration. Ends with a barrier where gradients or a sample must be seen by all. */
function drawSample({ plan, space, team }: BoostingThread, iteration: number): number {
  const { extracts, addresses } = plan.layout
  const { rowFraction } = plan.parameters
  const nRows = plan.rows.length
  const size = (addresses.control + control.sampleSize) >>> 2
  if (extracts && team.index === 0 && (iteration === 0 || rowFraction < 1)) {
    const out = space.uint32.subarray(addresses.sample >>> 2, (addresses.sample >>> 2) + nRows)
    space.int32[size] = sampleRows(out, nRows, rowFraction, plan.seed, iteration)
  }
  if (extracts || plan.loss === 'softmax') team.barrier()
  return extracts ? (space.int32[size] as number) : nRows
}

function setStartingScores(thread: BoostingThread, { origin }: BoostingStart): void {
  const { plan, space, team } = thread
  const { training, validation, pairs } = plan.layout.addresses
  const nRows = plan.rows.length
  const nValidation = plan.validationRows?.length ?? 0
  const begin = shareOf(0, nRows, team.index, team.size)
  const end = shareOf(0, nRows, team.index + 1, team.size)
  const chunks = chunkShare(thread, nValidation)
  for (const [output, score] of origin.entries()) {
    const first = (training.scores >>> 3) + output * nRows
    space.float64.fill(score, first + begin, first + end)
    const firstValidation = (validation.scores >>> 3) + output * nValidation
    space.float64.fill(score, firstValidation + chunks.begin, firstValidation + chunks.end)
  }
  if (plan.loss === 'logistic') space.kernels.logisticUpdateRange(training.lossBlock, begin, end, 0)
  renewPlainPairs(thread)
  if (plan.loss !== 'squared') return
  for (let row = begin; row < end; row++) {
    const weight = training.weights === 0 ? 1 : (space.float32[(training.weights >>> 2) + row] as number)
    space.float32[(pairs >>> 2) + 2 * row + 1] = weight
  }
  space.kernels.squaredUpdateRange(training.lossBlock, begin, end, 0)
}

/** What the first thread does besides: keeps the trees, and decides when to stop. */
class Leader {
  private readonly trees: EnsembleTree[] = []
  private readonly curve: number[] = []
  private readonly validationWeight: number
  private iterations = 0
  private bestIteration = 0
  private bestLoss = Number.POSITIVE_INFINITY
  private anySplit = false
  private readonly thread: BoostingThread
  private readonly start: BoostingStart
  private readonly callbacks: BoostingCallbacks

  constructor(thread: BoostingThread, start: BoostingStart, callbacks: BoostingCallbacks) {
    this.thread = thread
    this.start = start
    this.callbacks = callbacks
    this.validationWeight = sumOfValidationWeights(thread)
  }

  keep(tree: BoostedTree, output: number): void {
    if (tree.nodes.length > 1) this.anySplit = true
    this.trees.push({ tree: finishTree(tree, this.start), output })
  }

  endIteration(): void {
    const { plan, space } = this.thread
    this.iterations++
    let loss: number | null = null
    if (this.validationWeight > 0) {
      loss = (readValidationLoss(this.thread) / this.validationWeight) * this.start.lossUnit
      this.curve.push(loss)
      if (loss < this.bestLoss) {
        this.bestLoss = loss
        this.bestIteration = this.iterations
      }
    }
    this.callbacks.onIteration(this.iterations, loss)
    const word = plan.layout.addresses.control >>> 2
    const stop =
      this.hasConverged() ||
      Atomics.load(space.int32, word + control.stopRequested / 4) !== 0 ||
      this.callbacks.shouldStop()
    space.int32[word + control.stopLatched / 4] = stop ? 1 : 0
  }

  outcome(): BoostingOutcome {
    const { plan, space } = this.thread
    const kept = this.curve.length > 0 && !plan.keepsAll ? this.bestIteration : this.iterations
    const model = assembleEnsemble(this.trees.slice(0, kept * plan.nOutputs), readBins(plan, space), {
      nOutputs: plan.nOutputs,
      base: this.start.base,
      link: links[plan.loss],
    })
    return { model, learningCurve: this.curve, iterations: kept }
  }

  private hasConverged(): boolean {
    const { layout, parameters } = this.thread.plan
    const { patience } = parameters
    const stale = this.curve.length > 0 && patience > 0 && this.iterations - this.bestIteration >= patience
    // Without a split now there is none in the next iteration either, unless it draws other rows or features.
    const stuck = !this.anySplit && !layout.extracts
    this.anySplit = false
    return stale || stuck
  }
}

function sumOfValidationWeights({ plan, space }: BoostingThread): number {
  const { weights } = plan.layout.addresses.validation
  const nRows = plan.validationRows?.length ?? 0
  if (weights === 0) return nRows
  let sum = 0
  for (let row = 0; row < nRows; row++) sum += space.float32[(weights >>> 2) + row] as number
  return sum
}

function finishTree(tree: BoostedTree, start: BoostingStart): BinnedTree {
  const builder = createTreeBuilder()
  for (const [index, { split, left, right }] of tree.nodes.entries()) {
    builder.addNode()
    if (!split) continue
    const missingLeft = split.goesLeft[missingBin] === 1
    const set = split.bin < 0 ? setOf(binsOf(split.goesLeft)) : null
    builder.setSplit(index, { feature: split.feature, bin: split.bin, set, missingLeft })
    builder.setChild(index, false, left)
    builder.setChild(index, true, right)
  }
  for (const [at, leaf] of tree.leaves.entries()) {
    const value = (tree.values[at] as number) * start.targetUnit
    builder.setLeaf(leaf.node, leaf.weight * start.meanWeight, [value])
  }
  return builder.build()
}

function binsOf(goesLeft: Uint8Array): number[] {
  return Array.from(goesLeft.keys()).filter((bin) => goesLeft[bin] === 1)
}

import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { lossBlock, powerOfTwoAbove, roundingShift, roundingUnit } from '../../kernels/kernels.ts'
import { log } from '../../kernels/plain/exp-log.ts'
import type { BoostingPlan } from './boosting-plan.ts'

/** Labels and weights of all rows of the matrix. */
export interface BoostingTarget {
  readonly labels: Float64Array
  readonly weights: Float64Array | null
}

/** What the training rows give before the first tree. */
export interface BoostingStart {
  /** The best constant score of each output. */
  readonly base: Float64Array
  /** Weights are divided by it, so that their mean over the training rows is one. */
  readonly meanWeight: number
  /** Numbers to learn are divided by it: a power of two, so exactly. Scores are in its units. */
  readonly targetUnit: number
}

/** A class that the training rows lack gets this probability, not zero, whose logarithm is infinite. */
const leastPrior = 1e-10

/**
 * Writes labels, weights and loss blocks into the memory. One thread does it, before the others start.
 * Throws RangeError where the training rows have no weight or no finite target.
 */
export function prepareBoosting(plan: BoostingPlan, target: BoostingTarget, space: KernelSpace): BoostingStart {
  const { addresses } = plan.layout
  const { rows } = plan
  const meanWeight = target.weights ? sumOver(rows, target.weights) / rows.length : 1
  if (!(meanWeight > 0 && meanWeight < Number.POSITIVE_INFINITY)) {
    throw new RangeError('The weights of the training rows must be finite, not negative, and not all zero')
  }
  space.bytes.fill(0, addresses.barrier, addresses.counts)
  const heaviest = writeWeights(plan, target, space, meanWeight)
  const base = startingScores(plan, target)
  if (!base.every(Number.isFinite)) throw new RangeError('Every training row needs a finite target')
  const targetUnit = plan.loss === 'squared' ? unitOfTarget(plan, target, base[0] as number) : 1
  writeLabels(plan, target.labels, space, targetUnit)
  writeLossBlocks(plan, space, heaviest)
  return { base, meanWeight, targetUnit }
}

/** The power of two that the largest distance from the mean does not exceed. */
function unitOfTarget({ rows }: BoostingPlan, { labels }: BoostingTarget, mean: number): number {
  let largest = 0
  for (const row of rows) largest = Math.max(largest, Math.abs((labels[row] as number) - mean))
  return largest > 0 ? powerOfTwoAbove(largest) : 1
}

/** Weights relative to their mean, rounded so that sums of them are exact. Gives the largest one. */
function writeWeights(
  { layout, rows, validationRows }: BoostingPlan,
  { weights }: BoostingTarget,
  { float32 }: KernelSpace,
  mean: number,
): number {
  if (!weights) return 1
  let heaviest = 0
  for (const row of rows) heaviest = Math.max(heaviest, (weights[row] as number) / mean)
  const shift = roundingShift(rows.length * heaviest)
  const { training, validation } = layout.addresses
  for (const [address, those] of [[training.weights, rows] as const, [validation.weights, validationRows] as const]) {
    for (let i = 0; i < (those?.length ?? 0); i++) {
      float32[(address >>> 2) + i] = (weights[those?.[i] as number] as number) / mean + shift - shift
    }
  }
  return heaviest
}

function writeLabels(
  { layout, loss, rows, validationRows }: BoostingPlan,
  labels: Float64Array,
  space: KernelSpace,
  unit: number,
): void {
  const { training, validation } = layout.addresses
  for (const [address, those] of [[training.labels, rows] as const, [validation.labels, validationRows] as const]) {
    const target = loss === 'squared' ? space.float64 : space.float32
    const first = loss === 'squared' ? address >>> 3 : address >>> 2
    for (let i = 0; i < (those?.length ?? 0); i++) target[first + i] = (labels[those?.[i] as number] as number) / unit
  }
}

function startingScores({ loss, nOutputs, rows }: BoostingPlan, { labels, weights }: BoostingTarget): Float64Array {
  const total = weights ? sumOver(rows, weights) : rows.length
  if (loss === 'squared') {
    let sum = 0
    for (const row of rows) sum += (labels[row] as number) * (weights?.[row] ?? 1)
    return Float64Array.of(sum / total)
  }
  const ofClass = new Float64Array(Math.max(2, nOutputs))
  for (const row of rows) {
    const code = labels[row] as number
    ofClass[code] = (ofClass[code] as number) + (weights?.[row] ?? 1)
  }
  const priors = ofClass.map((sum) => Math.max(sum / total, leastPrior))
  if (loss === 'logistic') return Float64Array.of(log(priors[1] as number) - log(priors[0] as number))
  return priors.map((prior) => log(prior))
}

function writeLossBlocks(plan: BoostingPlan, space: KernelSpace, heaviest: number): void {
  const { addresses } = plan.layout
  const { loss, nOutputs, rows } = plan
  // Friedman's K/(K-1) makes the diagonal hessian of softmax agree with the logistic one for two classes.
  const factor = loss === 'softmax' && nOutputs > 1 ? nOutputs / (nOutputs - 1) : 1
  // Residuals, at most one unit at first, can grow while boosting, though hardly fourfold.
  const steepest = loss === 'squared' ? 4 : 1
  const gradientBound = rows.length * heaviest * steepest
  const hessianBound = rows.length * heaviest * factor
  for (const [at, nRows] of [
    [addresses.training, rows.length] as const,
    [addresses.validation, plan.validationRows?.length ?? 0] as const,
  ]) {
    const word = at.lossBlock >>> 2
    space.uint32[word + lossBlock.scores / 4] = at.scores
    space.uint32[word + lossBlock.labels / 4] = at.labels
    space.uint32[word + lossBlock.weights / 4] = at.weights
    space.uint32[word + lossBlock.pairs / 4] = addresses.pairs
    space.int32[word + lossBlock.rows / 4] = nRows
    space.int32[word + lossBlock.classes / 4] = nOutputs
    const real = at.lossBlock >>> 3
    space.float64[real + lossBlock.roundGradient / 8] = roundingShift(gradientBound)
    space.float64[real + lossBlock.roundHessian / 8] = roundingShift(hessianBound)
    space.float64[real + lossBlock.leastHessian / 8] = roundingUnit(hessianBound)
    space.float64[real + lossBlock.hessianFactor / 8] = factor
  }
}

function sumOver(rows: Int32Array, values: Float64Array): number {
  let sum = 0
  for (const row of rows) sum += values[row] as number
  return sum
}

import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { lossBlock, powerOfTwoAbove, roundingShift, roundingUnit } from '../../kernels/kernels.ts'
import { log } from '../../kernels/plain/exp-log.ts'
import { balancedWeights } from '../class-weights.ts'
import { type BoostingPlan, isRegression } from './boosting-plan.ts'
import { lossParameter } from './regression-losses.ts'
import { quantileOf } from './weighted-quantile.ts'

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
  /** Scores while boosting times this are scores of the model: a power of two, so exactly. */
  readonly targetUnit: number
  /** The starting score of each output while boosting. */
  readonly origin: Float64Array
  /** Validation losses while boosting times this are those of the target itself. */
  readonly lossUnit: number
}

/** A class that the training rows lack gets this probability, not zero, whose logarithm is infinite. */
const leastPrior = 1e-10

/**
 * Writes labels, weights and loss blocks into the memory. One thread does it, before the others start.
 * Throws RangeError where the training rows have no weight or no finite target.
 */
export function prepareBoosting(plan: BoostingPlan, given: BoostingTarget, space: KernelSpace): BoostingStart {
  const { addresses } = plan.layout
  const isBalanced = plan.parameters.classWeights === 'balanced' && !isRegression(plan.loss)
  const target = isBalanced
    ? { ...given, weights: balancedWeights({ ...given, rows: plan.rows }, Math.max(2, plan.nOutputs)) }
    : given
  const { rows } = plan
  const meanWeight = target.weights ? sumOver(rows, target.weights) / rows.length : 1
  if (!(meanWeight > 0 && meanWeight < Number.POSITIVE_INFINITY)) {
    throw new RangeError('The weights of the training rows must be finite, not negative, and not all zero')
  }
  space.bytes.fill(0, addresses.barrier, addresses.counts)
  const heaviest = writeWeights(plan, target, space, meanWeight)
  const centre = startingScores(plan, target)
  if (!centre.every(Number.isFinite)) throw new RangeError('Every training row needs a finite target')
  const units = unitsOf(plan, target, centre)
  writeLabels(plan, target.labels, space, units.label)
  writeLossBlocks(plan, space, heaviest, units)
  return { base: units.base, origin: units.origin, targetUnit: units.score, lossUnit: units.loss, meanWeight }
}

/** How the numbers of the target are scaled, so that gradients have a bound. */
interface Units {
  /** Labels are divided by it. */
  readonly label: number
  /** Scores times this are the model's. */
  readonly score: number
  readonly loss: number
  readonly base: Float64Array
  readonly origin: Float64Array
  /** No gradient or hessian is larger, before weights. */
  readonly bound: number
  /** See `lossParameter`. */
  readonly parameter: number
}

function unitsOf(plan: BoostingPlan, target: BoostingTarget, centre: Float64Array): Units {
  const { loss, nOutputs } = plan
  const middle = centre[0] as number
  if (!isRegression(loss)) {
    // Friedman's K/(K-1) makes the diagonal hessian of softmax agree with the logistic one for two classes.
    const factor = loss === 'softmax' && nOutputs > 1 ? nOutputs / (nOutputs - 1) : 1
    return { label: 1, score: 1, loss: 1, base: centre, origin: centre, bound: 1, parameter: factor }
  }
  if (loss === 'poisson') return poissonUnits(plan, target, middle)
  const unit = unitOfTarget(plan, target, middle)
  const parameter =
    loss === 'squared'
      ? 1
      : lossParameter(loss, plan.parameters.quantile, (plan.parameters.huberDelta * deviationOf(plan, target)) / unit)
  const isLinear = loss === 'absolute' || loss === 'quantile'
  // Residuals, at most one unit at first, can grow while boosting, though hardly fourfold.
  const bound = isLinear ? 1 : 4
  const origin = Float64Array.of(middle / unit)
  return { label: unit, score: unit, loss: isLinear ? unit : unit ** 2, base: centre, origin, bound, parameter }
}

/** Counts are divided by their mean, so that scores start at 0; a rate may become four times the largest. */
function poissonUnits(plan: BoostingPlan, { labels }: BoostingTarget, mean: number): Units {
  let largest = 0
  for (const row of plan.rows) {
    const label = labels[row] as number
    if (label < 0) throw new RangeError('A Poisson target must not be negative')
    largest = Math.max(largest, label)
  }
  if (!(mean > 0)) throw new RangeError('A Poisson target must not be zero in all rows')
  const parameter = lossParameter('poisson', 0, 0)
  const bound = powerOfTwoAbove(4 * parameter * (largest / mean))
  return {
    label: mean,
    score: 1,
    loss: mean,
    base: Float64Array.of(log(mean)),
    origin: Float64Array.of(0),
    bound,
    parameter,
  }
}

/** Standard deviation of the training rows' targets (population). */
function deviationOf({ rows }: BoostingPlan, { labels, weights }: BoostingTarget): number {
  const total = weights ? sumOver(rows, weights) : rows.length
  let sum = 0
  for (const row of rows) sum += (labels[row] as number) * (weights?.[row] ?? 1)
  let squares = 0
  for (const row of rows) squares += ((labels[row] as number) - sum / total) ** 2 * (weights?.[row] ?? 1)
  return squares > 0 ? Math.sqrt(squares / total) : 1
}

/** The power of two that the largest distance from the start does not exceed. */
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
    const target = isRegression(loss) ? space.float64 : space.float32
    const first = isRegression(loss) ? address >>> 3 : address >>> 2
    for (let i = 0; i < (those?.length ?? 0); i++) target[first + i] = (labels[those?.[i] as number] as number) / unit
  }
}

/** The constant that does best: a mean (Poisson: not yet its logarithm), a quantile, or logarithms of the classes' rates. */
function startingScores(
  { loss, nOutputs, rows, parameters }: BoostingPlan,
  { labels, weights }: BoostingTarget,
): Float64Array {
  const total = weights ? sumOver(rows, weights) : rows.length
  if (loss === 'absolute' || loss === 'quantile') {
    const level = loss === 'absolute' ? 0.5 : parameters.quantile
    const own = weights ? Float64Array.from(rows, (row) => weights[row] as number) : null
    return Float64Array.of(
      quantileOf(
        Float64Array.from(rows, (row) => labels[row] as number),
        own,
        level,
      ),
    )
  }
  if (isRegression(loss)) {
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

function writeLossBlocks(plan: BoostingPlan, space: KernelSpace, heaviest: number, { bound, parameter }: Units): void {
  const { addresses } = plan.layout
  const { loss, nOutputs, rows } = plan
  const gradientBound = rows.length * heaviest * bound
  const curvature = loss === 'softmax' ? parameter : loss === 'poisson' ? bound : 1
  const hessianBound = rows.length * heaviest * curvature
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
    space.float64[real + lossBlock.hessianFactor / 8] = parameter
    space.float64[real + lossBlock.bound / 8] = bound
  }
}

function sumOver(rows: Int32Array, values: Float64Array): number {
  let sum = 0
  for (const row of rows) sum += values[row] as number
  return sum
}

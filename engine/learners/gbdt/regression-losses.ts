import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { lossBlock } from '../../kernels/kernels.ts'
import { exp } from '../../kernels/plain/exp-log.ts'
import type { RegressionObjective } from './boosting-parameters.ts'

/** The regression losses that the kernels do not know. Method and constants: LightGBM's regression objectives. */
export type PlainLoss = Exclude<RegressionObjective, 'squared'>

/** Makes Poisson's hessian larger, so that steps are shorter where the rate is small. */
const poissonMaxStep = 0.7

/** The number that a loss block's `hessianFactor` holds: the quantile, Huber's border in target units, or e^0.7. */
export function lossParameter(loss: PlainLoss, quantile: number, huberBorder: number): number {
  switch (loss) {
    case 'absolute':
      return 0.5
    case 'quantile':
      return quantile
    case 'huber':
      return huberBorder
    case 'poisson':
      return exp(poissonMaxStep)
  }
}

/** Derivatives of the loss of one score; for losses without curvature the hessian is 1, as LightGBM has it. */
interface Derivatives {
  gradient: number
  hessian: number
}

function derive(loss: PlainLoss, score: number, label: number, parameter: number, out: Derivatives): void {
  const error = score - label
  out.hessian = 1
  switch (loss) {
    case 'absolute':
      out.gradient = Math.sign(error)
      return
    case 'quantile':
      out.gradient = error >= 0 ? 1 - parameter : -parameter
      return
    case 'huber':
      out.gradient = Math.max(-parameter, Math.min(parameter, error))
      return
    case 'poisson': {
      const rate = exp(score)
      out.gradient = rate - label
      out.hessian = rate * parameter
    }
  }
}

function lossOf(loss: PlainLoss, score: number, label: number, parameter: number): number {
  const error = Math.abs(score - label)
  switch (loss) {
    case 'absolute':
      return error
    case 'quantile':
      return score >= label ? (1 - parameter) * error : parameter * error
    case 'huber':
      return error <= parameter ? 0.5 * error * error : parameter * (error - 0.5 * parameter)
    case 'poisson':
      return exp(score) - label * score
  }
}

/** Renews the pairs of rows first..end-1 from their scores. */
export function renewPairs(loss: PlainLoss, space: KernelSpace, block: number, first: number, end: number): void {
  const { float32, float64 } = space
  const { scores, labels, weights, pairs, parameter, bound, roundGradient, roundHessian, leastHessian } = readBlock(
    space,
    block,
  )
  const derivatives: Derivatives = { gradient: 0, hessian: 1 }
  for (let row = first; row < end; row++) {
    derive(loss, float64[scores + row] as number, float64[labels + row] as number, parameter, derivatives)
    const weight = weights < 0 ? 1 : (float32[weights + row] as number)
    // Within the bound sums are exact; only a rate that runs away is ever further out.
    const gradient = weight * Math.max(-bound, Math.min(bound, derivatives.gradient))
    const hessian = weight * Math.min(bound, derivatives.hessian)
    float32[pairs + 2 * row] = gradient + roundGradient - roundGradient
    float32[pairs + 2 * row + 1] = Math.max(leastHessian, hessian + roundHessian - roundHessian)
  }
}

/** Weighted sum of the loss over rows first..end-1. */
export function sumLoss(loss: PlainLoss, space: KernelSpace, block: number, first: number, end: number): number {
  const { float32, float64 } = space
  const { scores, labels, weights, parameter } = readBlock(space, block)
  let sum = 0
  for (let row = first; row < end; row++) {
    const weight = weights < 0 ? 1 : (float32[weights + row] as number)
    sum += weight * lossOf(loss, float64[scores + row] as number, float64[labels + row] as number, parameter)
  }
  return sum
}

function readBlock({ uint32, float64 }: KernelSpace, address: number) {
  const word = (offset: number) => uint32[(address + offset) >>> 2] as number
  const real = (offset: number) => float64[(address + offset) >>> 3] as number
  const weights = word(lossBlock.weights)
  return {
    scores: word(lossBlock.scores) >>> 3,
    labels: word(lossBlock.labels) >>> 3,
    weights: weights === 0 ? -1 : weights >>> 2,
    pairs: word(lossBlock.pairs) >>> 2,
    parameter: real(lossBlock.hessianFactor),
    bound: real(lossBlock.bound),
    roundGradient: real(lossBlock.roundGradient),
    roundHessian: real(lossBlock.roundHessian),
    leastHessian: real(lossBlock.leastHessian),
  }
}

import type { Kernels } from '../../kernels/kernels.ts'

/** Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019), all in float32. */
export interface Adam {
  /** One step at this learning rate, from the gradients. */
  step(learningRate: number): void
}

/** Parameters that stand together, a multiple of four of them; weights shrink, biases and embeddings do not. */
export interface ParameterRange {
  readonly from: number
  readonly count: number
  readonly decays: boolean
}

/** Addresses of as many float32 each. Moments are zero at first. */
export interface AdamAddresses {
  readonly parameters: number
  readonly gradients: number
  readonly firstMoments: number
  readonly secondMoments: number
}

const firstDecay = 0.9
const secondDecay = 0.999

export function createAdam(
  kernels: Kernels,
  addresses: AdamAddresses,
  ranges: readonly ParameterRange[],
  weightDecay: number,
): Adam {
  const { parameters, gradients, firstMoments, secondMoments } = addresses
  let firstPower = 1
  let secondPower = 1
  return {
    step(learningRate) {
      firstPower *= firstDecay
      secondPower *= secondDecay
      const rate = learningRate / (1 - firstPower)
      const scale = 1 / Math.sqrt(1 - secondPower)
      for (const { from, count, decays } of ranges) {
        const at = 4 * from
        const shrink = decays ? 1 - learningRate * weightDecay : 1
        kernels.adamStep(
          parameters + at,
          gradients + at,
          firstMoments + at,
          secondMoments + at,
          count,
          rate,
          scale,
          shrink,
        )
      }
    },
  }
}

/** Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019), its moments in float32. */
export interface Adam {
  /** One step at this learning rate, from the gradients. */
  step(learningRate: number): void
}

const firstDecay = 0.9
const secondDecay = 0.999
const epsilon = 1e-8

/** `decays` tells which parameters shrink: weights, but no biases. */
export function createAdam(
  parameters: Float32Array,
  gradients: Float32Array,
  decays: Uint8Array,
  weightDecay: number,
): Adam {
  const first = new Float32Array(parameters.length)
  const second = new Float32Array(parameters.length)
  let firstPower = 1
  let secondPower = 1
  return {
    step(learningRate) {
      firstPower *= firstDecay
      secondPower *= secondDecay
      const rate = learningRate / (1 - firstPower)
      const scale = 1 / Math.sqrt(1 - secondPower)
      const shrink = 1 - learningRate * weightDecay
      for (let at = 0; at < parameters.length; at++) {
        const gradient = gradients[at] as number
        const m = firstDecay * (first[at] as number) + (1 - firstDecay) * gradient
        const v = secondDecay * (second[at] as number) + (1 - secondDecay) * gradient * gradient
        first[at] = m
        second[at] = v
        const kept = decays[at] === 1 ? (parameters[at] as number) * shrink : (parameters[at] as number)
        parameters[at] = kept - (rate * m) / (Math.sqrt(v) * scale + epsilon)
      }
    },
  }
}

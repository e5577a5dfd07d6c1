import type { Task } from '../../frame/frame.ts'
import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { factorOrder } from '../../kernels/kernels.ts'
import { exp, log } from '../../kernels/plain/exp-log.ts'
import { deriveSeed } from '../../random.ts'
import type { NetworkPlan, PlannedLayer } from './network-plan.ts'

/** Rows on their way through the network. Codes and labels are those of the batch, in its order. */
export interface Batch {
  readonly nRows: number
  /** Places of the codes in each embedding's table; the last one is missing. */
  readonly codes: readonly Int32Array[]
  readonly labels: Float64Array
  /** Null: all one. */
  readonly weights: Float64Array | null
}

/** How many units of hidden layers are left out, and what decides which ones. */
export interface Dropout {
  readonly share: number
  readonly seed: number
}

/** From this many rows, sums and columns on, rounding the factors costs less than their product saves. */
const leastToRound = 64

/**
 * The product of float32 matrices of m × k and k × n. Large ones are multiplied in whole numbers: what rounding to a grid of
 * thousands of steps changes is far below what the choice of a batch does.
 */
function multiply(
  { kernels }: KernelSpace,
  a: number,
  b: number,
  c: number,
  [m, k, n]: readonly [m: number, k: number, n: number],
  order: number,
  scratch: number,
): void {
  const isLarge = Math.min(m, k, n) >= leastToRound && n % 8 === 0
  if (isLarge) kernels.multiplyRounded(a, b, c, m, k, n, order, scratch)
  else kernels.multiplyFloats(a, b, c, m, k, n, order, scratch)
}

/**
 * Sends a batch, whose numbers stand in the first layer's inputs, forwards: the outputs then stand in the last
 * activations. Without dropout all units take part.
 */
export function sendForwards(plan: NetworkPlan, space: KernelSpace, batch: Batch, dropout: Dropout | null): void {
  const { addresses, layers } = plan
  const { nRows } = batch
  writeEmbeddings(plan, space, batch)
  const { kernels } = space
  const border = dropout ? Math.round(dropout.share * 2 ** 32) : 0
  for (const [index, layer] of layers.entries()) {
    const { nInputs, stride, isHidden, residual } = layer
    const inputs = addresses.activations[index] as number
    const outputs = addresses.activations[index + 1] as number
    const weights = addresses.parameters + 4 * layer.weights
    const bias = addresses.parameters + 4 * layer.bias
    const into = isHidden ? addresses.sums : outputs
    multiply(space, inputs, weights, into, [nRows, nInputs, stride], factorOrder.plain, addresses.scratch)
    if (!isHidden) {
      kernels.addBias(into, bias, nRows, stride)
      continue
    }
    const factors = addresses.factors[index] as number
    const kept = dropout ? 1 / (1 - dropout.share) : 1
    const seed = border > 0 ? deriveSeed(dropout?.seed ?? 0, index) : 0
    kernels.rectify(into, bias, residual ? inputs : 0, factors, outputs, nRows, stride, kept, border, seed)
  }
}

/**
 * The weighted sum of the loss over the batch that has been sent forwards; `derivatives` of the plan become those of the
 * mean loss by the outputs. Labels are class codes, or standardised numbers (half the squared error).
 */
export function judgeOutputs(plan: NetworkPlan, space: KernelSpace, task: Task, batch: Batch): number {
  const { nOutputs, layers, addresses } = plan
  const { float32 } = space
  const stride = layers.at(-1)?.stride as number
  const outputs = (addresses.activations.at(-1) as number) >>> 2
  const derivatives = addresses.derivatives >>> 2
  float32.fill(0, derivatives, derivatives + batch.nRows * stride)
  const share = 1 / batch.nRows
  let loss = 0
  for (let i = 0; i < batch.nRows; i++) {
    const weight = batch.weights ? (batch.weights[i] as number) : 1
    const label = batch.labels[i] as number
    const from = outputs + i * stride
    const to = derivatives + i * stride
    if (task === 'multiclass') {
      let largest = Number.NEGATIVE_INFINITY
      for (let k = 0; k < nOutputs; k++) largest = Math.max(largest, float32[from + k] as number)
      let sum = 0
      for (let k = 0; k < nOutputs; k++) sum += exp((float32[from + k] as number) - largest)
      loss += weight * (log(sum) + largest - (float32[from + label] as number))
      for (let k = 0; k < nOutputs; k++) {
        const probability = exp((float32[from + k] as number) - largest) / sum
        float32[to + k] = weight * share * (probability - (k === label ? 1 : 0))
      }
      continue
    }
    const score = float32[from] as number
    if (task === 'regression') {
      loss += weight * 0.5 * (score - label) ** 2
      float32[to] = weight * share * (score - label)
      continue
    }
    const power = exp(-Math.abs(score))
    loss += weight * (Math.max(score, 0) - label * score + log(1 + power))
    const probability = score >= 0 ? 1 / (1 + power) : power / (1 + power)
    float32[to] = weight * share * (probability - label)
  }
  return loss
}

/** Writes the gradients of all parameters, from the derivatives by the outputs that `judgeOutputs` left. */
export function sendBackwards(plan: NetworkPlan, space: KernelSpace, batch: Batch): void {
  const { addresses, layers, embeddings } = plan
  const { kernels } = space
  const { nRows } = batch
  const { sums, derivatives, inputDerivatives, scratch } = addresses
  const { leftTransposed, rightTransposed } = factorOrder
  for (let index = layers.length - 1; index >= 0; index--) {
    const { nInputs, stride, isHidden, residual, ...layer } = layers[index] as PlannedLayer
    const inputs = addresses.activations[index] as number
    const factors = addresses.factors[index] as number
    const bias = addresses.gradients + 4 * layer.bias
    // What comes in for the outputs stays, since a residual layer hands it on.
    kernels.scaleAndSum(derivatives, factors, sums, bias, nRows, stride)
    const gradients = addresses.gradients + 4 * layer.weights
    multiply(space, inputs, sums, gradients, [nInputs, nRows, stride], leftTransposed, scratch)
    if (index === 0 && embeddings.length === 0) return
    const weights = addresses.parameters + 4 * layer.weights
    const into = residual ? inputDerivatives : derivatives
    multiply(space, sums, weights, into, [nRows, stride, nInputs], rightTransposed, scratch)
    if (residual) kernels.addFloats(inputDerivatives, nRows * nInputs, derivatives)
  }
  spreadToEmbeddings(plan, space, batch)
}

function writeEmbeddings({ embeddings, layers, addresses }: NetworkPlan, { float32 }: KernelSpace, batch: Batch): void {
  const width = layers[0]?.nInputs as number
  const inputs = (addresses.activations[0] as number) >>> 2
  const parameters = addresses.parameters >>> 2
  for (const [index, embedding] of embeddings.entries()) {
    const codes = batch.codes[index] as Int32Array
    for (let i = 0; i < batch.nRows; i++) {
      const from = parameters + embedding.table + (codes[i] as number) * embedding.width
      float32.copyWithin(inputs + i * width + embedding.place, from, from + embedding.width)
    }
  }
}

function spreadToEmbeddings(
  { embeddings, layers, addresses }: NetworkPlan,
  { float32 }: KernelSpace,
  batch: Batch,
): void {
  const width = layers[0]?.nInputs as number
  const derivatives = addresses.derivatives >>> 2
  const gradients = addresses.gradients >>> 2
  for (const [index, embedding] of embeddings.entries()) {
    const first = gradients + embedding.table
    float32.fill(0, first, first + (embedding.cardinality + 1) * embedding.width)
    const codes = batch.codes[index] as Int32Array
    for (let i = 0; i < batch.nRows; i++) {
      const to = first + (codes[i] as number) * embedding.width
      const from = derivatives + i * width + embedding.place
      for (let w = 0; w < embedding.width; w++)
        float32[to + w] = (float32[to + w] as number) + (float32[from + w] as number)
    }
  }
}

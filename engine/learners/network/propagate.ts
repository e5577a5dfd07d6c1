import type { Task } from '../../frame/frame.ts'
import type { KernelSpace } from '../../kernels/kernel-space.ts'
import { exp, log } from '../../kernels/plain/exp-log.ts'
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

/** What a unit of a hidden layer is multiplied by when it is not left out, and which units are. */
export interface Dropout {
  readonly share: number
  /** A random uint32. */
  readonly next: () => number
}

/**
 * Sends a batch, whose numbers stand in the first layer's inputs, forwards: the outputs then stand in the last
 * activations. Without dropout all units take part.
 */
export function sendForwards(plan: NetworkPlan, space: KernelSpace, batch: Batch, dropout: Dropout | null): void {
  const { addresses, layers } = plan
  writeEmbeddings(plan, space, batch)
  for (const [index, layer] of layers.entries()) {
    const inputs = addresses.activations[index] as number
    const outputs = addresses.activations[index + 1] as number
    const weights = addresses.parameters + 4 * layer.weights
    const into = layer.isHidden ? addresses.sums : outputs
    space.kernels.multiplyFloats(inputs, weights, into, batch.nRows, layer.nInputs, layer.stride)
    if (layer.isHidden) activate(plan, space, batch.nRows, index, dropout)
    else addBias(space.float32, into >>> 2, (addresses.parameters >>> 2) + layer.bias, batch.nRows, layer.stride)
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
  const { float32, kernels } = space
  const { nRows } = batch
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index] as PlannedLayer
    const derivatives = addresses.derivatives >>> 2
    const factors = (addresses.factors[index] as number) >>> 2
    const size = nRows * layer.stride
    const sums = addresses.sums >>> 2
    // What comes in for the outputs stays, since a residual layer hands it on.
    if (layer.isHidden)
      for (let at = 0; at < size; at++)
        float32[sums + at] = (float32[derivatives + at] as number) * (float32[factors + at] as number)
    else float32.copyWithin(sums, derivatives, derivatives + size)
    sumColumns(float32, sums, (addresses.gradients >>> 2) + layer.bias, nRows, layer.stride)
    transpose(float32, (addresses.activations[index] as number) >>> 2, addresses.transposed >>> 2, nRows, layer.nInputs)
    const gradients = addresses.gradients + 4 * layer.weights
    kernels.multiplyFloats(addresses.transposed, addresses.sums, gradients, layer.nInputs, nRows, layer.stride)
    if (index === 0 && embeddings.length === 0) return
    const weights = (addresses.parameters >>> 2) + layer.weights
    transpose(float32, weights, addresses.transposed >>> 2, layer.nInputs, layer.stride)
    const into = addresses.inputDerivatives
    kernels.multiplyFloats(addresses.sums, addresses.transposed, into, nRows, layer.stride, layer.nInputs)
    const next = into >>> 2
    if (layer.residual)
      for (let at = 0; at < nRows * layer.nInputs; at++)
        float32[derivatives + at] = (float32[derivatives + at] as number) + (float32[next + at] as number)
    else float32.copyWithin(derivatives, next, next + nRows * layer.nInputs)
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

/** ReLU of sums plus bias, units left out by dropout, the layer's inputs added where it is residual. */
function activate(
  { addresses, layers }: NetworkPlan,
  { float32 }: KernelSpace,
  nRows: number,
  index: number,
  dropout: Dropout | null,
): void {
  const { stride, bias, residual } = layers[index] as PlannedLayer
  const inputs = (addresses.activations[index] as number) >>> 2
  const outputs = (addresses.activations[index + 1] as number) >>> 2
  const factors = (addresses.factors[index] as number) >>> 2
  const sums = addresses.sums >>> 2
  const biases = (addresses.parameters >>> 2) + bias
  const border = dropout ? dropout.share * 2 ** 32 : 0
  const kept = dropout ? 1 / (1 - dropout.share) : 1
  for (let i = 0, at = 0; i < nRows; i++) {
    for (let k = 0; k < stride; k++, at++) {
      const sum = (float32[sums + at] as number) + (float32[biases + k] as number)
      // Drawn for silent units too, so that one unit's sign does not change what the others draw.
      const takesPart = dropout === null || border === 0 || dropout.next() >= border
      const factor = sum > 0 && takesPart ? kept : 0
      float32[factors + at] = factor
      float32[outputs + at] = factor * sum + (residual ? (float32[inputs + at] as number) : 0)
    }
  }
}

function addBias(float32: Float32Array, values: number, bias: number, nRows: number, width: number): void {
  for (let i = 0, at = values; i < nRows; i++) {
    for (let k = 0; k < width; k++, at++) float32[at] = (float32[at] as number) + (float32[bias + k] as number)
  }
}

function sumColumns(float32: Float32Array, values: number, to: number, nRows: number, width: number): void {
  float32.fill(0, to, to + width)
  for (let i = 0, at = values; i < nRows; i++) {
    for (let k = 0; k < width; k++, at++) float32[to + k] = (float32[to + k] as number) + (float32[at] as number)
  }
}

function transpose(float32: Float32Array, from: number, to: number, nRows: number, nColumns: number): void {
  for (let i = 0; i < nRows; i++) {
    const row = from + i * nColumns
    for (let j = 0; j < nColumns; j++) float32[to + j * nRows + i] = float32[row + j] as number
  }
}

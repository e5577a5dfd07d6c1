import { type KernelImplementation, type KernelSpace, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { deriveSeed, type RandomStream, randomStream, shuffledIndices } from '../../random.ts'
import type { FitInput, FitResult, Parameters } from '../learner.ts'
import { createAdam } from './adam.ts'
import type { NetworkModel } from './network-model.ts'
import { type NetworkParameters, readNetworkParameters } from './network-parameters.ts'
import { type NetworkPlan, planNetwork } from './network-plan.ts'
import { type PackedRows, packRows, type TargetScale, targetScale } from './pack-rows.ts'
import { type Batch, judgeOutputs, sendBackwards, sendForwards } from './propagate.ts'

/** Share of the rows that is held out for early stopping where the caller gives none, and rows from which on it is. */
const heldOutShare = 0.1
const leastRowsToHoldOut = 300
/** Share of codes that a step takes for missing, so that the point of missing and unseen codes is learned too. */
const hiddenCodes = 0.02
const warmUpShare = 0.05

/** Trains on the kernels of the given implementation; both give the same bits. */
export function fitNetwork(input: FitInput, given: Parameters, implementation: KernelImplementation): FitResult {
  const parameters = readNetworkParameters(given)
  const { training, validation } = splitRows(input)
  if (training.length === 0) throw new RangeError('There are no rows to train on')
  const plan = planNetwork({
    features: input.matrix.features,
    width: parameters.width,
    depth: parameters.depth,
    nOutputs: input.task === 'multiclass' ? input.nClasses : 1,
    mostRows: Math.min(parameters.batchRows, training.length),
  })
  const space = ownKernelSpace(plan.addresses.size, implementation)
  const first = plan.addresses.parameters >>> 2
  const weights = space.float32.subarray(first, first + plan.nParameters)
  const decays = startingWeights(plan, weights, randomStream(input.seed, 1))
  const scale = targetScale(input, training)
  const trained = train(
    { plan, space, parameters, input, weights, decays },
    packRows(plan, input, training, scale),
    validation.length > 0 ? packRows(plan, input, validation, scale) : null,
  )
  return { ...trained, model: modelOf(plan, trained.weights, input, scale) }
}

interface Training {
  readonly plan: NetworkPlan
  readonly space: KernelSpace
  readonly parameters: NetworkParameters
  readonly input: FitInput
  readonly weights: Float32Array
  readonly decays: Uint8Array
}

function train(
  { plan, space, parameters, input, weights, decays }: Training,
  rows: PackedRows,
  held: PackedRows | null,
) {
  const { epochs, patience, dropout } = parameters
  const gradientsAt = plan.addresses.gradients >>> 2
  const gradients = space.float32.subarray(gradientsAt, gradientsAt + plan.nParameters)
  const adam = createAdam(weights, gradients, decays, parameters.weightDecay)
  const nBatches = Math.ceil(rows.nRows / plan.mostRows)
  const curve: number[] = []
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, weights: weights.slice() }
  let epoch = 0
  for (; epoch < epochs && epoch - best.epoch < patience; epoch++) {
    const order = shuffledIndices(rows.nRows, randomStream(input.seed, 2, epoch))
    let stopped = false
    for (let batch = 0; batch < nBatches && !stopped; batch++) {
      // Batches of nearly the same size: a last one of a few rows would take a step as long as the others.
      const from = Math.floor((batch * rows.nRows) / nBatches)
      const end = Math.floor(((batch + 1) * rows.nRows) / nBatches)
      const next = quickRandom(deriveSeed(input.seed, 3, epoch, batch))
      const chosen = loadBatch(plan, space, rows, order.subarray(from, end), next)
      sendForwards(plan, space, chosen, { share: dropout, next })
      judgeOutputs(plan, space, input.task, chosen)
      sendBackwards(plan, space, chosen)
      adam.step(stepSize(parameters, (epoch + batch / nBatches) / epochs))
      stopped = batch % 16 === 15 && input.shouldStop()
    }
    const loss = held ? meanLoss(plan, space, input, held) : Number.NEGATIVE_INFINITY
    if (held) curve.push(loss)
    // Without rows to judge by, the last weights are the best.
    if (!held || loss < best.loss) best = { loss: held ? loss : best.loss, epoch: epoch + 1, weights: weights.slice() }
    input.onProgress?.({ fraction: (epoch + 1) / epochs, iteration: epoch + 1, loss: held ? loss : null })
    if (stopped || input.shouldStop()) break
  }
  return { weights: best.weights, learningCurve: curve, iterations: best.epoch }
}

/** Rises in a straight line, then falls along half a cosine. */
function stepSize({ learningRate }: NetworkParameters, done: number): number {
  if (done < warmUpShare) return (learningRate * (done + 0.1 * warmUpShare)) / (1.1 * warmUpShare)
  const x = (done - warmUpShare) / (1 - warmUpShare)
  // A polynomial that is within 1e-3 of the cosine, and the same on every machine.
  const y = x * x * (3 - 2 * x)
  return learningRate * (1 - y)
}

function splitRows({ rows, validationRows, seed }: FitInput) {
  if (validationRows && validationRows.length > 0) return { training: rows, validation: validationRows }
  if (rows.length < leastRowsToHoldOut) return { training: rows, validation: new Int32Array(0) }
  const order = shuffledIndices(rows.length, randomStream(seed, 4))
  const count = Math.round(heldOutShare * rows.length)
  const pick = (places: Int32Array) => places.sort().map((place) => rows[place] as number)
  return { training: pick(order.slice(count)), validation: pick(order.slice(0, count)) }
}

/** He et al. 2015 for layers, small points for embeddings. Gives which parameters decay. */
function startingWeights(
  { layers, embeddings, nParameters }: NetworkPlan,
  weights: Float32Array,
  random: RandomStream,
) {
  weights.fill(0)
  const decays = new Uint8Array(nParameters)
  for (const { table, cardinality, width } of embeddings) {
    for (let at = table; at < table + (cardinality + 1) * width; at++) weights[at] = 0.3 * random.nextNormal()
  }
  for (const { nInputs, nOutputs, stride, weights: first, isHidden } of layers) {
    const spread = Math.sqrt((isHidden ? 2 : 1) / nInputs)
    for (let j = 0; j < nInputs; j++) {
      for (let k = 0; k < nOutputs; k++) weights[first + j * stride + k] = spread * random.nextNormal()
    }
    decays.fill(1, first, first + nInputs * stride)
  }
  return decays
}

/** Copies rows into the first layer's inputs; `next` takes some codes for missing. */
function loadBatch(
  plan: NetworkPlan,
  { float32 }: KernelSpace,
  rows: PackedRows,
  chosen: Int32Array,
  next: (() => number) | null,
): Batch {
  const width = plan.layers[0]?.nInputs as number
  const inputs = (plan.addresses.activations[0] as number) >>> 2
  const { values, labels, weights, codes } = rows
  for (const [i, row] of chosen.entries()) {
    float32.set(values.subarray(row * width, (row + 1) * width), inputs + i * width)
  }
  const border = hiddenCodes * 2 ** 32
  return {
    nRows: chosen.length,
    labels: Float64Array.from(chosen, (row) => labels[row] as number),
    weights: weights ? Float64Array.from(chosen, (row) => weights[row] as number) : null,
    codes: codes.map((of, index) => {
      const missing = plan.embeddings[index]?.cardinality as number
      return Int32Array.from(chosen, (row) => (next && next() < border ? missing : (of[row] as number)))
    }),
  }
}

/** Mean loss over all rows; of regressions the mean squared error of the standardised target. */
function meanLoss(plan: NetworkPlan, space: KernelSpace, { task }: FitInput, rows: PackedRows): number {
  let sum = 0
  for (let from = 0; from < rows.nRows; from += plan.mostRows) {
    const count = Math.min(plan.mostRows, rows.nRows - from)
    const batch = loadBatch(
      plan,
      space,
      rows,
      Int32Array.from({ length: count }, (_, i) => from + i),
      null,
    )
    sendForwards(plan, space, batch, null)
    sum += judgeOutputs(plan, space, task, batch)
  }
  return sum / rows.totalWeight
}

/** Marsaglia's xorshift32 (2003): one number a hidden unit and step, which the counter-based stream is too slow for. */
function quickRandom(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

function modelOf(plan: NetworkPlan, weights: Float32Array, input: FitInput, scale: TargetScale): NetworkModel {
  const used = plan.numeric.length + plan.embeddings.reduce((sum, { width }) => sum + width, 0)
  const layers = plan.layers.map((layer, index) => {
    const nInputs = index === 0 ? used : layer.nInputs
    const { nOutputs, stride, isHidden, residual } = layer
    const own = new Float32Array(nInputs * nOutputs)
    for (let j = 0; j < nInputs; j++) {
      const from = layer.weights + j * stride
      own.set(weights.subarray(from, from + nOutputs), j * nOutputs)
    }
    const bias = weights.slice(layer.bias, layer.bias + nOutputs)
    const activation = isHidden ? ('relu' as const) : ('none' as const)
    if (isHidden) return { nInputs, nOutputs, weights: own, bias, activation, residual }
    // The last layer speaks the target's own unit.
    return {
      nInputs,
      nOutputs,
      weights: own.map((weight) => weight * scale.deviation),
      bias: bias.map((value) => value * scale.deviation + scale.mean),
      activation,
      residual,
    }
  })
  return {
    kind: 'network',
    nFeatures: input.matrix.columns.length,
    nOutputs: plan.nOutputs,
    link: input.task === 'regression' ? 'identity' : input.task === 'binary' ? 'logistic' : 'softmax',
    embeddings: plan.embeddings.map(({ feature, cardinality, width, table }) => {
      return { feature, cardinality, width, table: weights.slice(table, table + (cardinality + 1) * width) }
    }),
    layers,
  }
}

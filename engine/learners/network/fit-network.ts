import { type KernelImplementation, type KernelSpace, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { deriveSeed, type RandomStream, randomStream, shuffledIndices } from '../../random.ts'
import type { FitInput, FitResult, Parameters } from '../learner.ts'
import { createAdam, type ParameterRange } from './adam.ts'
import { loadBatch } from './load-batch.ts'
import type { NetworkModel } from './network-model.ts'
import { type NetworkParameters, readNetworkParameters } from './network-parameters.ts'
import { type NetworkPlan, planNetwork } from './network-plan.ts'
import { type PackedRows, packedBytes, packRows, type TargetScale, targetScale } from './pack-rows.ts'
import { judgeOutputs, sendBackwards, sendForwards } from './propagate.ts'

/** Share of the rows that is held out for early stopping where the caller gives none, and rows from which on it is. */
const heldOutShare = 0.1
const leastRowsToHoldOut = 300
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
  const held = plan.addresses.size + packedBytes(plan, training.length)
  const space = ownKernelSpace(held + packedBytes(plan, validation.length), implementation)
  // The memory still holds what another fit left.
  space.bytes.fill(0, plan.addresses.parameters, plan.addresses.size)
  const first = plan.addresses.parameters >>> 2
  const weights = space.float32.subarray(first, first + plan.nParameters)
  startingWeights(plan, weights, randomStream(input.seed, 1))
  const scale = targetScale(input, training)
  const trained = train(
    { plan, space, parameters, input, weights },
    packRows(plan, input, training, scale, { float32: space.float32, address: plan.addresses.size }),
    validation.length > 0 ? packRows(plan, input, validation, scale, { float32: space.float32, address: held }) : null,
  )
  return { ...trained, model: modelOf(plan, trained.weights, input, scale) }
}

interface Training {
  readonly plan: NetworkPlan
  readonly space: KernelSpace
  readonly parameters: NetworkParameters
  readonly input: FitInput
  readonly weights: Float32Array
}

function train({ plan, space, parameters, input, weights }: Training, rows: PackedRows, held: PackedRows | null) {
  const { epochs, patience, dropout } = parameters
  const adam = createAdam(space.kernels, plan.addresses, parameterRanges(plan), parameters.weightDecay)
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
      const seed = deriveSeed(input.seed, 3, epoch, batch)
      const chosen = loadBatch(plan, space, rows, order.subarray(from, end), seed)
      sendForwards(plan, space, chosen, { share: dropout, seed })
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

/** He et al. 2015 for layers, small points for embeddings. */
function startingWeights({ layers, embeddings }: NetworkPlan, weights: Float32Array, random: RandomStream): void {
  for (const { table, cardinality, width } of embeddings) {
    for (let at = table; at < table + (cardinality + 1) * width; at++) weights[at] = 0.3 * random.nextNormal()
  }
  for (const { nInputs, nOutputs, stride, weights: first, isHidden } of layers) {
    const spread = Math.sqrt((isHidden ? 2 : 1) / nInputs)
    for (let j = 0; j < nInputs; j++) {
      for (let k = 0; k < nOutputs; k++) weights[first + j * stride + k] = spread * random.nextNormal()
    }
  }
}

/** Embeddings come first and do not decay, then each layer's weights, which do, and its biases. */
function parameterRanges({ layers }: NetworkPlan): ParameterRange[] {
  const ranges = layers.flatMap(({ weights, bias, stride }) => [
    { from: weights, count: bias - weights, decays: true },
    { from: bias, count: stride, decays: false },
  ])
  return [{ from: 0, count: layers[0]?.weights as number, decays: false }, ...ranges]
}

/** Mean loss over all rows; of regressions the mean squared error of the standardised target. */
function meanLoss(plan: NetworkPlan, space: KernelSpace, { task }: FitInput, rows: PackedRows): number {
  let sum = 0
  const places = Int32Array.from({ length: rows.nRows }, (_, place) => place)
  for (let from = 0; from < rows.nRows; from += plan.mostRows) {
    const count = Math.min(plan.mostRows, rows.nRows - from)
    const batch = loadBatch(plan, space, rows, places.subarray(from, from + count), null)
    sendForwards(plan, space, batch, null)
    sum += judgeOutputs(plan, space, task, batch)
  }
  return sum / rows.totalWeight
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

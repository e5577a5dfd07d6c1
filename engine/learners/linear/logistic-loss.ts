import { createAllocator, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { exp, log } from '../../kernels/plain/exp-log.ts'
import type { FitInput } from '../learner.ts'
import { rowCopier } from './copy-rows.ts'
import type { Objective } from './lbfgs.ts'

/** The smooth part of a logistic fit. A point holds, output by output, a weight a feature and then the intercept. */
export interface LogisticProblem {
  readonly nFeatures: number
  readonly nOutputs: number
  readonly labels: Float64Array
  readonly weights: Float64Array | null
  readonly totalWeight: number
  /** Mean loss plus half of `ridge` times the squared weights. */
  readonly objective: Objective
  /** The same over an eighth of the rows, drawn from all parts of the table. */
  readonly draft: Objective
  /** 0 where these rows carry less than half of the weight that as many others do. */
  readonly draftRows: number
}

/** Of each chunk. */
const chunkDraftRows = 256

/** Even. Rows whose values stay in the second cache between the way forth over the columns and the way back. */
const chunkRows = 2_048

/** Puts the training rows into this thread's kernel memory, where they stay until the next fit. */
export function logisticProblem(
  input: FitInput,
  nOutputs: number,
  ridgeOf: (totalWeight: number) => number,
): LogisticProblem {
  const { rows } = input
  const n = rows.length
  const { columns } = input.matrix
  const nFeatures = columns.length
  const width = nFeatures + 1
  const allocator = createAllocator()
  const columnAt = columns.map(() => allocator.allocate(4 * n))
  const labelsAt = allocator.allocate(8 * n)
  const weightsAt = input.weights ? allocator.allocate(8 * n) : 0
  const scratchAt = allocator.allocate(32)
  const allAt = allocator.allocate(4 * nFeatures)
  const outputs = Array.from({ length: nOutputs }, () => ({
    scoresAt: allocator.allocate(8 * chunkRows),
    // Columns whose weight is not 0, and the weights.
    listAt: allocator.allocate(4 * nFeatures),
    scalesAt: allocator.allocate(8 * nFeatures),
    sumsAt: allocator.allocate(8 * nFeatures),
  }))
  const { float32, float64, uint32, kernels } = ownKernelSpace(allocator.top(), input.kernels ?? 'wasm')
  const view = (address: number, length: number) => float64.subarray(address >>> 3, (address >>> 3) + length)

  const copyRows = rowCopier(rows)
  for (const [j, column] of columns.entries()) copyRows(column, 0, n, float32, (columnAt[j] as number) >>> 2)
  uint32.set(columnAt, allAt >>> 2)
  const labels = view(labelsAt, n)
  const weights = input.weights ? view(weightsAt, n) : null
  for (let i = 0; i < n; i++) {
    const row = rows[i] as number
    labels[i] = input.labels[row] as number
    if (weights) weights[i] = input.weights?.[row] as number
  }
  const totalWeight = weightOf(chunkRows)
  const ridge = ridgeOf(totalWeight)
  const scores = outputs.map(({ scoresAt }) => view(scoresAt, chunkRows))

  /** Lists the columns that a point's weights use; gives how many each output has. */
  function listUsed(point: Float64Array): number[] {
    return outputs.map(({ listAt, scalesAt }, k) => {
      let used = 0
      for (let j = 0; j < nFeatures; j++) {
        const weight = point[k * width + j] as number
        if (weight === 0) continue
        uint32[(listAt >>> 2) + used] = columnAt[j] as number
        float64[(scalesAt >>> 3) + used] = weight
        used++
      }
      return used
    })
  }

  /** Scores of the rows from `start` on. `used` is what `listUsed` gave for the point. */
  function scoreRows(point: Float64Array, used: readonly number[], start: number, count: number): void {
    for (const [k, { scoresAt, listAt, scalesAt }] of outputs.entries()) {
      scores[k]?.fill(point[k * width + nFeatures] as number, 0, count)
      kernels.addColumns(listAt, 4 * start, used[k] as number, count, scalesAt, scoresAt)
    }
  }

  /** Turns the scores into the derivatives of the loss by them; gives the loss. */
  function derive(start: number, count: number): number {
    const [only] = outputs
    if (nOutputs > 1 || !only) return softmaxLoss(scores, labels, weights, start, count)
    const from = 8 * start
    const weightsFrom = weights ? weightsAt + from : 0
    return kernels.deriveLogistic(only.scoresAt, labelsAt + from, weightsFrom, count, scratchAt)
  }

  /** Calls back for each chunk with its start and as many of its rows as are wanted. */
  function eachChunk(most: number, visit: (start: number, count: number) => void): void {
    for (let start = 0; start < n; start += chunkRows) visit(start, Math.min(most, n - start))
  }

  function weightOf(most: number): number {
    let sum = 0
    eachChunk(most, (start, count) => {
      if (!weights) sum += count
      else for (let i = start; i < start + count; i++) sum += weights[i] as number
    })
    return sum
  }

  function evaluate(point: Float64Array, gradient: Float64Array, most: number, total: number): number {
    const used = listUsed(point)
    gradient.fill(0)
    for (const { sumsAt } of outputs) view(sumsAt, nFeatures).fill(0)
    let loss = 0
    eachChunk(most, (start, count) => {
      scoreRows(point, used, start, count)
      loss += derive(start, count)
      for (const [k, { scoresAt, sumsAt }] of outputs.entries()) {
        kernels.dotColumns(allAt, 4 * start, nFeatures, scoresAt, count, sumsAt)
        const derivatives = scores[k] as Float64Array
        let sum = 0
        for (let i = 0; i < count; i++) sum += derivatives[i] as number
        const at = k * width + nFeatures
        gradient[at] = (gradient[at] as number) + sum
      }
    })
    for (const [k, { sumsAt }] of outputs.entries()) gradient.set(view(sumsAt, nFeatures), k * width)
    let value = loss / total
    for (let at = 0; at < gradient.length; at++) {
      gradient[at] = (gradient[at] as number) / total
      if (at % width === nFeatures) continue
      const own = point[at] as number
      gradient[at] = (gradient[at] as number) + ridge * own
      value += 0.5 * ridge * own * own
    }
    return value
  }

  const draftRows = chunkDraftRows * Math.floor(n / chunkRows)
  const draftWeight = weightOf(chunkDraftRows)
  return {
    nFeatures,
    nOutputs,
    labels,
    weights,
    totalWeight,
    objective: (point, gradient) => evaluate(point, gradient, chunkRows, totalWeight),
    draft: (point, gradient) => evaluate(point, gradient, chunkDraftRows, draftWeight),
    draftRows: draftWeight < 0.5 * totalWeight * (draftRows / n) ? 0 : draftRows,
  }
}

function softmaxLoss(
  scores: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array | null,
  start: number,
  count: number,
): number {
  let loss = 0
  for (let i = 0; i < count; i++) {
    const weight = weights ? (weights[start + i] as number) : 1
    let largest = Number.NEGATIVE_INFINITY
    for (const of of scores) largest = Math.max(largest, of[i] as number)
    const label = labels[start + i] as number
    const ownScore = scores[label]?.[i] as number
    let sum = 0
    for (const of of scores) {
      const power = exp((of[i] as number) - largest)
      of[i] = power
      sum += power
    }
    loss += weight * (largest + log(sum) - ownScore)
    for (const [k, of] of scores.entries()) of[i] = weight * ((of[i] as number) / sum - (k === label ? 1 : 0))
  }
  return loss
}

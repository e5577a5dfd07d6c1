import { createAllocator, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { exp, log } from '../../kernels/plain/exp-log.ts'
import type { FitInput } from '../learner.ts'
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
}

/** Rows whose scores and derivatives stay in the cache between the way forth over the columns and the way back. */
const chunkRows = 2_048

/** Puts the training rows into this thread's kernel memory, where they stay until the next fit. */
export function logisticProblem(
  input: FitInput,
  nOutputs: number,
  ridgeOf: (totalWeight: number) => number,
): LogisticProblem {
  const { matrix, rows } = input
  const n = rows.length
  const nFeatures = matrix.columns.length
  const allocator = createAllocator()
  const columnAt = matrix.columns.map(() => allocator.allocate(4 * n))
  const scoresAt = Array.from({ length: nOutputs }, () => allocator.allocate(8 * chunkRows))
  const { float32, float64, kernels } = ownKernelSpace(allocator.top(), 'wasm')
  for (const [j, column] of matrix.columns.entries()) {
    const first = (columnAt[j] as number) >>> 2
    for (let i = 0; i < n; i++) float32[first + i] = column[rows[i] as number] as number
  }
  const labels = Float64Array.from(rows, (row) => input.labels[row] as number)
  const own = input.weights
  const weights = own ? Float64Array.from(rows, (row) => own[row] as number) : null
  const totalWeight = weights ? weights.reduce((sum, weight) => sum + weight, 0) : n
  const width = nFeatures + 1
  const scores = scoresAt.map((address) => float64.subarray(address >>> 3, (address >>> 3) + chunkRows))
  const ridge = ridgeOf(totalWeight)

  function objective(point: Float64Array, gradient: Float64Array): number {
    gradient.fill(0)
    let loss = 0
    for (let start = 0; start < n; start += chunkRows) {
      const count = Math.min(chunkRows, n - start)
      for (let k = 0; k < nOutputs; k++) {
        scores[k]?.fill(point[k * width + nFeatures] as number)
        for (let j = 0; j < nFeatures; j++) {
          const weight = point[k * width + j] as number
          if (weight === 0) continue
          kernels.addColumn((columnAt[j] as number) + 4 * start, count, weight, scoresAt[k] as number)
        }
      }
      // The scores become the derivative of the loss by each score.
      loss +=
        nOutputs === 1
          ? binaryLoss(scores[0] as Float64Array, labels, weights, start, count)
          : softmaxLoss(scores, labels, weights, start, count)
      for (let k = 0; k < nOutputs; k++) {
        const derivative = scores[k] as Float64Array
        for (let j = 0; j < nFeatures; j++) {
          const at = k * width + j
          const sum = kernels.dotColumn((columnAt[j] as number) + 4 * start, scoresAt[k] as number, count)
          gradient[at] = (gradient[at] as number) + sum
        }
        let sum = 0
        for (let i = 0; i < count; i++) sum += derivative[i] as number
        const at = k * width + nFeatures
        gradient[at] = (gradient[at] as number) + sum
      }
    }
    let value = loss / totalWeight
    for (let at = 0; at < gradient.length; at++) {
      gradient[at] = (gradient[at] as number) / totalWeight
      if (at % width === nFeatures) continue
      const weight = point[at] as number
      gradient[at] = (gradient[at] as number) + ridge * weight
      value += 0.5 * ridge * weight * weight
    }
    return value
  }
  return { nFeatures, nOutputs, labels, weights, totalWeight, objective }
}

function binaryLoss(
  scores: Float64Array,
  labels: Float64Array,
  weights: Float64Array | null,
  start: number,
  count: number,
): number {
  let loss = 0
  for (let i = 0; i < count; i++) {
    const score = scores[i] as number
    const label = labels[start + i] as number
    const weight = weights ? (weights[start + i] as number) : 1
    // log(1 + e^s) - y s, without overflow on either side.
    const power = exp(-Math.abs(score))
    loss += weight * (Math.max(score, 0) - label * score + log(1 + power))
    const probability = score >= 0 ? 1 / (1 + power) : power / (1 + power)
    scores[i] = weight * (probability - label)
  }
  return loss
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

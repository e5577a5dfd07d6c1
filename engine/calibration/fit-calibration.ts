import type { Calibration } from './calibration.ts'
import { leastProbability, logOdds } from './calibration.ts'

/** Probabilities of rows that the model has not seen, n × K, with their class codes and weights (null: all one). */
export interface CalibrationRows {
  readonly values: Float64Array
  readonly nClasses: number
  readonly labels: Float64Array
  readonly weights: Float64Array | null
}

const mostSteps = 50
const smallestStep = 1e-10

/**
 * Slope and intercept of the log-odds by maximum likelihood (Newton's method), towards Platt's smoothed targets, which
 * keep them finite where the classes are apart. Null where that finds no rising line.
 */
export function fitSigmoid({ values, labels, weights }: CalibrationRows): Calibration | null {
  const odds = Float64Array.from(labels, (_, row) => logOdds(values[2 * row + 1] as number))
  let positives = 0
  let negatives = 0
  for (const [row, label] of labels.entries()) {
    if (label === 1) positives += weights?.[row] ?? 1
    else negatives += weights?.[row] ?? 1
  }
  const targets = [1 / (negatives + 2), (positives + 1) / (positives + 2)] as const
  let [slope, intercept] = [1, 0]
  for (let step = 0; step < mostSteps; step++) {
    // Gradient and Hessian of the log loss; the ridge keeps a flat one invertible.
    let [gradSlope, gradIntercept, h11, h12, h22] = [0, 0, 1e-9, 0, 1e-9]
    for (const [row, x] of odds.entries()) {
      const p = 1 / (1 + Math.exp(-(slope * x + intercept)))
      const weight = weights?.[row] ?? 1
      const error = weight * (p - targets[labels[row] === 1 ? 1 : 0])
      const curvature = weight * p * (1 - p)
      gradSlope += error * x
      gradIntercept += error
      h11 += curvature * x * x
      h12 += curvature * x
      h22 += curvature
    }
    const determinant = h11 * h22 - h12 * h12
    const moveSlope = (h22 * gradSlope - h12 * gradIntercept) / determinant
    const moveIntercept = (h11 * gradIntercept - h12 * gradSlope) / determinant
    // A step from far away may overshoot; a bounded one comes back.
    const damping = Math.min(1, 2 / Math.max(Math.abs(moveSlope), Math.abs(moveIntercept), smallestStep))
    slope -= damping * moveSlope
    intercept -= damping * moveIntercept
    if (Math.abs(moveSlope) + Math.abs(moveIntercept) < smallestStep) break
  }
  return Number.isFinite(slope) && Number.isFinite(intercept) && slope > 0
    ? { kind: 'sigmoid', slope, intercept }
    : null
}

/** Parts of as many rows each; more points would follow the noise, and make the graph longer. */
const mostParts = 40

/** A rising broken line through the means of up to forty parts of the rows (pool adjacent violators). Null below two points. */
export function fitIsotonic({ values, labels, weights }: CalibrationRows): Calibration | null {
  const order = Int32Array.from(labels.keys()).sort(
    (a, b) => (values[2 * a + 1] as number) - (values[2 * b + 1] as number) || a - b,
  )
  const size = Math.ceil(order.length / mostParts)
  const blocks: { weight: number; x: number; y: number }[] = []
  for (let start = 0; start < order.length; ) {
    let end = Math.min(order.length, start + size)
    const at = (place: number) => values[2 * (order[place] as number) + 1]
    while (end < order.length && at(end) === at(end - 1)) end += 1
    const block = { weight: 0, x: 0, y: 0 }
    for (const row of order.subarray(start, end)) {
      const weight = weights?.[row] ?? 1
      block.weight += weight
      block.x += weight * (values[2 * row + 1] as number)
      block.y += weight * (labels[row] as number)
    }
    start = end
    if (block.weight > 0) pool(blocks, block)
  }
  // As if each end had seen one more row of the other class: nothing is ever certain.
  const points = blocks.map(({ weight, x, y }) => ({ x: x / weight, y: (y + 0.5) / (weight + 1) }))
  const rising = points.filter(({ x }, at) => at === 0 || x > (points[at - 1] as { x: number }).x)
  for (let at = 1; at < rising.length; at++) {
    const point = rising[at] as { x: number; y: number }
    point.y = Math.max(point.y, (rising[at - 1] as { y: number }).y)
  }
  if (rising.length < 2) return null
  return { kind: 'isotonic', x: rising.map(({ x }) => x), y: rising.map(({ y }) => y) }
}

interface Block {
  weight: number
  x: number
  y: number
}

/** Adds a block; those before it whose mean is higher become one with it. */
function pool(blocks: Block[], next: Block): void {
  let block = next
  for (let last = blocks.at(-1); last && last.y / last.weight >= block.y / block.weight; last = blocks.at(-1)) {
    blocks.pop()
    block = { weight: last.weight + block.weight, x: last.x + block.x, y: last.y + block.y }
  }
  blocks.push(block)
}

/** One number for all classes, by golden section of the log loss between 1/20 and 20. */
export function fitTemperature({ values, nClasses, labels, weights }: CalibrationRows): Calibration {
  const logs = values.map((value) => Math.log(Math.max(leastProbability, value)))
  const lossAt = (inverse: number) => {
    let loss = 0
    for (const [row, label] of labels.entries()) {
      let greatest = Number.NEGATIVE_INFINITY
      for (let k = 0; k < nClasses; k++) greatest = Math.max(greatest, (logs[row * nClasses + k] as number) * inverse)
      let total = 0
      for (let k = 0; k < nClasses; k++) total += Math.exp((logs[row * nClasses + k] as number) * inverse - greatest)
      loss += (weights?.[row] ?? 1) * (Math.log(total) + greatest - (logs[row * nClasses + label] as number) * inverse)
    }
    return loss
  }
  const ratio = (Math.sqrt(5) - 1) / 2
  let [low, high] = [Math.log(1 / 20), Math.log(20)]
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)]
  let [atLeft, atRight] = [lossAt(Math.exp(left)), lossAt(Math.exp(right))]
  while (high - low > 1e-4) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - ratio * (high - low)
      atLeft = lossAt(Math.exp(left))
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + ratio * (high - low)
      atRight = lossAt(Math.exp(right))
    }
  }
  return { kind: 'temperature', temperature: 1 / Math.exp((low + high) / 2) }
}

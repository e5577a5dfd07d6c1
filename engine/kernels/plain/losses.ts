import { type Kernels, lossBlock } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'
import { exp, log } from './exp-log.ts'

type LossKernels = Pick<
  Kernels,
  | 'addRange'
  | 'addMarked'
  | 'markLeaf'
  | 'logisticUpdateRange'
  | 'logisticUpdateMarked'
  | 'squaredUpdateRange'
  | 'squaredUpdateMarked'
  | 'softmaxGradients'
  | 'logisticLoss'
  | 'softmaxLoss'
  | 'squaredLoss'
>

/** A loss block, its addresses as indices into the views; weights -1: all one. */
interface Block {
  readonly scores: number
  readonly labels: number
  readonly weights: number
  readonly pairs: number
  readonly rows: number
  readonly classes: number
  readonly roundGradient: number
  readonly roundHessian: number
  readonly leastHessian: number
  readonly hessianFactor: number
}

/** Twin of losses.as.ts. */
export function plainLosses(views: MemoryViews): LossKernels {
  const { uint16, int32, uint32, float32, float64 } = views

  function readBlock(address: number, labelShift: 2 | 3): Block {
    const word = (offset: number) => uint32[(address + offset) >>> 2] as number
    const real = (offset: number) => float64[(address + offset) >>> 3] as number
    const weights = word(lossBlock.weights)
    return {
      scores: word(lossBlock.scores) >>> 3,
      labels: word(lossBlock.labels) >>> labelShift,
      weights: weights === 0 ? -1 : weights >>> 2,
      pairs: word(lossBlock.pairs) >>> 2,
      rows: int32[(address + lossBlock.rows) >>> 2] as number,
      classes: int32[(address + lossBlock.classes) >>> 2] as number,
      roundGradient: real(lossBlock.roundGradient),
      roundHessian: real(lossBlock.roundHessian),
      leastHessian: real(lossBlock.leastHessian),
      hessianFactor: real(lossBlock.hessianFactor),
    }
  }

  function storePair(block: Block, at: number, gradient: number, hessian: number, row: number): void {
    let g = gradient
    let h = hessian
    if (block.weights >= 0) {
      const weight = float32[block.weights + row] as number
      g *= weight
      h *= weight
    }
    g = g + block.roundGradient - block.roundGradient
    h = h + block.roundHessian - block.roundHessian
    float32[at] = g
    float32[at + 1] = h > block.leastHessian ? h : block.leastHessian
  }

  function logisticUpdate(block: Block, row: number, value: number): void {
    const score = (float64[block.scores + row] as number) + value
    float64[block.scores + row] = score
    const p = 1 / (1 + exp(-score))
    storePair(block, block.pairs + 2 * row, p - (float32[block.labels + row] as number), p * (1 - p), row)
  }

  function squaredUpdate(block: Block, row: number, value: number): void {
    const score = (float64[block.scores + row] as number) + value
    float64[block.scores + row] = score
    let gradient = score - (float64[block.labels + row] as number)
    if (block.weights >= 0) gradient *= float32[block.weights + row] as number
    float32[block.pairs + 2 * row] = gradient + block.roundGradient - block.roundGradient
  }

  function markedValue(marks: number, values: number, row: number): number {
    return float64[(values >>> 3) + (uint16[(marks >>> 1) + row] as number)] as number
  }

  function weighted(block: Block, row: number, loss: number): number {
    return block.weights < 0 ? loss : loss * (float32[block.weights + row] as number)
  }

  function softmaxRow(block: Block, row: number): void {
    const { scores, pairs, rows, classes } = block
    let highest = float64[scores + row] as number
    for (let k = 1; k < classes; k++) highest = Math.max(highest, float64[scores + k * rows + row] as number)
    let sum = 0
    for (let k = 0; k < classes; k++) sum += exp((float64[scores + k * rows + row] as number) - highest)
    const label = float32[block.labels + row] as number
    for (let k = 0; k < classes; k++) {
      const p = exp((float64[scores + k * rows + row] as number) - highest) / sum
      const hessian = block.hessianFactor * (p * (1 - p))
      storePair(block, pairs + 2 * (k * rows + row), p - (label === k ? 1 : 0), hessian, row)
    }
  }

  return {
    addRange(scores, first, end, value) {
      for (let at = (scores >>> 3) + first; at < (scores >>> 3) + end; at++) {
        float64[at] = (float64[at] as number) + value
      }
    },
    markLeaf(marks, ids, stride, count, leaf) {
      for (let i = 0, id = ids >>> 2; i < count; i++, id += stride >>> 2) {
        uint16[(marks >>> 1) + (uint32[id] as number)] = leaf
      }
    },
    addMarked(scores, marks, values, first, end) {
      for (let row = first; row < end; row++) {
        const at = (scores >>> 3) + row
        float64[at] = (float64[at] as number) + markedValue(marks, values, row)
      }
    },
    logisticUpdateRange(address, first, end, value) {
      const block = readBlock(address, 2)
      for (let row = first; row < end; row++) logisticUpdate(block, row, value)
    },
    logisticUpdateMarked(address, marks, values, first, end) {
      const block = readBlock(address, 2)
      for (let row = first; row < end; row++) logisticUpdate(block, row, markedValue(marks, values, row))
    },
    squaredUpdateRange(address, first, end, value) {
      const block = readBlock(address, 3)
      for (let row = first; row < end; row++) squaredUpdate(block, row, value)
    },
    squaredUpdateMarked(address, marks, values, first, end) {
      const block = readBlock(address, 3)
      for (let row = first; row < end; row++) squaredUpdate(block, row, markedValue(marks, values, row))
    },
    softmaxGradients(address, first, end) {
      const block = readBlock(address, 2)
      for (let row = first; row < end; row++) softmaxRow(block, row)
    },
    logisticLoss(address, first, end) {
      const block = readBlock(address, 2)
      let sum = 0
      for (let row = first; row < end; row++) {
        const score = float64[block.scores + row] as number
        const margin = float32[block.labels + row] !== 0 ? score : -score
        sum += weighted(block, row, log(1 + exp(-Math.abs(margin))) + Math.max(-margin, 0))
      }
      return sum
    },
    softmaxLoss(address, first, end) {
      const block = readBlock(address, 2)
      const { scores, rows, classes } = block
      let sum = 0
      for (let row = first; row < end; row++) {
        let highest = float64[scores + row] as number
        for (let k = 1; k < classes; k++) highest = Math.max(highest, float64[scores + k * rows + row] as number)
        let total = 0
        for (let k = 0; k < classes; k++) total += exp((float64[scores + k * rows + row] as number) - highest)
        const own = float64[scores + (float32[block.labels + row] as number) * rows + row] as number
        sum += weighted(block, row, log(total) - (own - highest))
      }
      return sum
    },
    squaredLoss(address, first, end) {
      const block = readBlock(address, 3)
      let sum = 0
      for (let row = first; row < end; row++) {
        const error = (float64[block.scores + row] as number) - (float64[block.labels + row] as number)
        sum += weighted(block, row, error * error)
      }
      return sum
    },
  }
}

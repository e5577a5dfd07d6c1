import { missingBin } from '../../kernels/kernels.ts'
import { type BinnedSplit, setHas } from '../tree/binned-tree.ts'
import type { ForestData } from './forest-data.ts'
import type { TreeRandom } from './tree-random.ts'

/** The rows of one tree, node by node in stretches; a split reorders its stretch, keeping each side's order. */
export interface NodeRows {
  readonly ids: Uint32Array
  readonly weights: Float64Array
  /** Class codes of three or more classes, else empty. */
  readonly classes: Uint16Array
  /** Empty where there are classes. */
  readonly targets: Float64Array
}

export interface RowKeeper extends NodeRows {
  /** Draws a tree's rows; gives how many different ones there are. */
  draw(random: TreeRandom, bootstrap: boolean): number
  /** Parts first..end-1; gives where the right side begins. */
  part(bins: Uint8Array, split: BinnedSplit, first: number, end: number): number
  /** Lowest bin on the right side of what was parted last, 255 if all there are missing. */
  lowestRight(): number
}

export function createNodeRows(data: ForestData): RowKeeper {
  const { nRows, nClasses } = data
  const isClasses = nClasses > 2
  const ids = new Uint32Array(nRows)
  const weights = new Float64Array(nRows)
  const classes = new Uint16Array(isClasses ? nRows : 0)
  const targets = new Float64Array(isClasses ? 0 : nRows)
  const heldIds = new Uint32Array(nRows)
  const heldWeights = new Float64Array(nRows)
  const heldClasses = new Uint16Array(classes.length)
  const heldTargets = new Float64Array(targets.length)
  const counts = new Uint32Array(nRows)
  const goesLeft = new Uint8Array(256)
  let lowest: number = missingBin

  return {
    ids,
    weights,
    classes,
    targets,
    draw(random, bootstrap) {
      drawCounts(counts, random, bootstrap)
      let kept = 0
      for (let row = 0; row < nRows; row++) {
        const weight = (counts[row] as number) * (data.weights ? (data.weights[row] as number) : 1)
        if (weight === 0) continue
        ids[kept] = row
        weights[kept] = weight
        if (isClasses) classes[kept] = data.classes[row] as number
        else targets[kept] = data.targets[row] as number
        kept++
      }
      return kept
    },
    part(bins, split, first, end) {
      fillTable(goesLeft, split)
      let left = first
      let right = 0
      let lowestRight: number = missingBin
      for (let i = first; i < end; i++) {
        // Each row is written to both sides and one of them moves on: a branch is guessed wrong every other time.
        const id = ids[i] as number
        const bin = bins[id] as number
        const isLeft = goesLeft[bin] as number
        if (isLeft === 0 && bin < lowestRight) lowestRight = bin
        ids[left] = id
        heldIds[right] = id
        const weight = weights[i] as number
        weights[left] = weight
        heldWeights[right] = weight
        if (isClasses) {
          const code = classes[i] as number
          classes[left] = code
          heldClasses[right] = code
        } else {
          const target = targets[i] as number
          targets[left] = target
          heldTargets[right] = target
        }
        left += isLeft
        right += 1 - isLeft
      }
      for (let i = 0; i < right; i++) {
        ids[left + i] = heldIds[i] as number
        weights[left + i] = heldWeights[i] as number
        if (isClasses) classes[left + i] = heldClasses[i] as number
        else targets[left + i] = heldTargets[i] as number
      }
      lowest = lowestRight
      return left
    },
    lowestRight: () => lowest,
  }
}

function fillTable(goesLeft: Uint8Array, { bin, set, missingLeft }: BinnedSplit): void {
  if (set) for (let at = 0; at < 256; at++) goesLeft[at] = setHas(set, at) ? 1 : 0
  else {
    goesLeft.fill(1, 0, bin + 1)
    goesLeft.fill(0, bin + 1)
  }
  goesLeft[missingBin] = missingLeft ? 1 : 0
}

/** How often each row is drawn: once, or by as many draws with replacement as there are rows. */
export function drawCounts(counts: Uint32Array, random: TreeRandom, bootstrap: boolean): void {
  if (!bootstrap) {
    counts.fill(1)
    return
  }
  counts.fill(0)
  for (let draw = 0; draw < counts.length; draw++) {
    const row = random.nextBelow(counts.length)
    counts[row] = (counts[row] as number) + 1
  }
}

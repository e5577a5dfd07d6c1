import { forestBlock, type Kernels, missingBin } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

type ForestKernels = Pick<Kernels, 'sumNode' | 'findValueCut' | 'takeBins' | 'tryCut' | 'partRows'>

/** Twin of forest.as.ts. */
export function plainForest(views: MemoryViews): ForestKernels {
  const { bytes, int32, uint32, float64 } = views
  const address = (block: number, offset: number) => uint32[(block + offset) >>> 2] as number
  const rowsOf = (block: number) => ({
    ids: address(block, forestBlock.ids) >>> 2,
    weights: address(block, forestBlock.weights) >>> 3,
    targets: address(block, forestBlock.targets) >>> 3,
  })

  /** Keeps the cut if it is better than the one before; gives whether it is. */
  function offerCut(block: number, weight: number, sum: number, bin: number, missingLeft: number): boolean {
    const at = block >>> 3
    const all = float64[at + forestBlock.weight / 8] as number
    const excess = sum * all - (float64[at + forestBlock.sum / 8] as number) * weight
    const spread = weight * (all - weight)
    if (!(excess * excess > (float64[at + forestBlock.score / 8] as number) * spread) || !(spread > 0)) return false
    float64[at + forestBlock.score / 8] = (excess * excess) / spread
    float64[at + forestBlock.leftWeight / 8] = weight
    float64[at + forestBlock.leftSum / 8] = sum
    int32[(block + forestBlock.bin) >>> 2] = bin
    int32[(block + forestBlock.missingLeft) >>> 2] = missingLeft
    return true
  }

  return {
    sumNode(block, first, end) {
      const { weights, targets } = rowsOf(block)
      let weight = 0
      let sum = 0
      let differs = 0
      for (let i = first; i < end; i++) {
        const own = float64[weights + i] as number
        const target = float64[targets + i] as number
        weight += own
        sum += own * target
        if (target !== float64[targets + first]) differs = 1
      }
      float64[(block + forestBlock.weight) >>> 3] = weight
      float64[(block + forestBlock.sum) >>> 3] = sum
      return differs
    },
    findValueCut(block, bins, first, end, fewest) {
      const { ids, weights, targets } = rowsOf(block)
      const cellWeights = new Float64Array(256)
      const cellSums = new Float64Array(256)
      const counts = new Int32Array(256)
      for (let i = first; i < end; i++) {
        const bin = bytes[bins + (uint32[ids + i] as number)] as number
        const own = float64[weights + i] as number
        cellWeights[bin] = (cellWeights[bin] as number) + own
        cellSums[bin] = (cellSums[bin] as number) + own * (float64[targets + i] as number)
        counts[bin] = (counts[bin] as number) + 1
      }
      const present = Array.from(counts.keys()).filter((bin) => (counts[bin] as number) > 0)
      const hasMissing = present.at(-1) === missingBin
      const known = hasMissing ? present.slice(0, -1) : present
      const enough = (rows: number) => rows >= fewest && end - first - rows >= fewest
      let weight = 0
      let sum = 0
      let rows = 0
      let isBetter = false
      for (const [at, bin] of known.entries()) {
        weight += cellWeights[bin] as number
        sum += cellSums[bin] as number
        rows += counts[bin] as number
        const isLast = at === known.length - 1
        if (isLast && !hasMissing) break
        if (enough(rows)) isBetter = offerCut(block, weight, sum, bin, 0) || isBetter
        if (isLast || !hasMissing || !enough(rows + (counts[missingBin] as number))) continue
        const [absentWeight, absentSum] = [cellWeights[missingBin] as number, cellSums[missingBin] as number]
        isBetter = offerCut(block, weight + absentWeight, sum + absentSum, bin, 1) || isBetter
      }
      return present.length < 2 ? 0 : isBetter ? 2 : 1
    },
    takeBins(block, bins, first, end) {
      const { ids } = rowsOf(block)
      const taken = address(block, forestBlock.taken)
      let lowest = 255
      let highest = 0
      let missing = 0
      for (let i = first; i < end; i++) {
        const bin = bytes[bins + (uint32[ids + i] as number)] as number
        bytes[taken + i - first] = bin
        lowest = Math.min(lowest, bin)
        if (bin === missingBin) missing = 1
        else highest = Math.max(highest, bin)
      }
      return lowest | (highest << 8) | (missing << 16)
    },
    tryCut(block, first, end, cut, missingLeft, fewest) {
      const { weights, targets } = rowsOf(block)
      const taken = address(block, forestBlock.taken) - first
      // Every other row is summed apart.
      const weight = [0, 0]
      const sum = [0, 0]
      let rows = 0
      for (let i = first; i < end; i++) {
        const lane = (i - first) & 1
        const bin = bytes[taken + i] as number
        const isLeft = bin === missingBin ? missingLeft : Number(bin <= cut)
        const own = isLeft * (float64[weights + i] as number)
        rows += isLeft
        weight[lane] = (weight[lane] as number) + own
        sum[lane] = (sum[lane] as number) + own * (float64[targets + i] as number)
      }
      if (rows < fewest || end - first - rows < fewest) return 0
      const [even, odd] = weight as [number, number]
      const [evenSum, oddSum] = sum as [number, number]
      return Number(offerCut(block, even + odd, evenSum + oddSum, cut, missingLeft))
    },
    partRows(block, bins, first, end, cut, missingLeft, table) {
      const { ids, weights, targets } = rowsOf(block)
      const heldIds = address(block, forestBlock.heldIds) >>> 2
      const heldWeights = address(block, forestBlock.heldWeights) >>> 3
      const heldTargets = address(block, forestBlock.heldTargets) >>> 3
      let left = first
      let right = 0
      let lowestRight = 255
      for (let i = first; i < end; i++) {
        const id = uint32[ids + i] as number
        const bin = bytes[bins + id] as number
        const byBin = bin === missingBin ? missingLeft : Number(bin <= cut)
        const isLeft = table === 0 ? byBin : (bytes[table + bin] as number)
        if (isLeft === 0) lowestRight = Math.min(lowestRight, bin)
        const weight = float64[weights + i] as number
        const target = float64[targets + i] as number
        uint32[ids + left] = id
        uint32[heldIds + right] = id
        float64[weights + left] = weight
        float64[heldWeights + right] = weight
        float64[targets + left] = target
        float64[heldTargets + right] = target
        left += isLeft
        right += 1 - isLeft
      }
      uint32.copyWithin(ids + left, heldIds, heldIds + right)
      float64.copyWithin(weights + left, heldWeights, heldWeights + right)
      float64.copyWithin(targets + left, heldTargets, heldTargets + right)
      int32[(block + forestBlock.lowestRight) >>> 2] = lowestRight
      return left
    },
  }
}

import { type Kernels, packedNode, packedTree } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

/** Twin of tree-scores.as.ts. */
export function plainTreeScores({ int32, uint32, float32, float64 }: MemoryViews): Pick<Kernels, 'scoreTrees'> {
  const goesLeft = (node: number, row: number): boolean => {
    const word = int32[node >>> 2] as number
    const value = float32[(row + (word & ~3)) >>> 2] as number
    const operand = (node + packedNode.threshold) >>> 2
    if ((word & packedNode.setSplit) === 0) return value <= (float32[operand] as number)
    if (Number.isNaN(value)) return (word & packedNode.missingLeft) !== 0
    const set = (uint32[operand] as number) >>> 2
    const index = value >>> 5
    return index < (uint32[set] as number) && (((uint32[set + 1 + index] as number) >>> (value & 31)) & 1) === 1
  }
  return {
    scoreTrees(trees, nTrees, firstLeaf, block, count, values, scores, nOutputs) {
      for (let tree = 0; tree < nTrees; tree++) {
        const record = trees + tree * packedTree.bytes
        const output = int32[(record + packedTree.output) >>> 2] as number
        for (let i = 0; i < count; i++) {
          let node = uint32[record >>> 2] as number
          while (node < firstLeaf) {
            const side = goesLeft(node, block + 4 * i) ? packedNode.left : packedNode.right
            node = uint32[(node + side) >>> 2] as number
          }
          const from = (values >>> 3) + (uint32[(node + packedNode.threshold) >>> 2] as number)
          const to = (scores >>> 3) + i * nOutputs
          const width = output < 0 ? nOutputs : 1
          for (let k = 0; k < width; k++) {
            const at = to + Math.max(0, output) + k
            float64[at] = (float64[at] as number) + (float64[from + k] as number)
          }
        }
      }
    },
  }
}

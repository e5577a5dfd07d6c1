import { type Kernels, missingBin, treeNode } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'
import { sortFloats } from './sort-floats.ts'

/** Twins of binning.as.ts and tree-walk.as.ts. */
export function plainBinning(views: MemoryViews): Pick<Kernels, 'sortFloats' | 'binColumn' | 'addTree'> {
  const { bytes, int32, float32, float64 } = views
  return {
    sortFloats(values, count) {
      sortFloats(float32.subarray(values >>> 2, (values >>> 2) + count))
    },
    binColumn(values, count, thresholds, out, stride) {
      const first = thresholds >>> 3
      let missing = 0
      for (let i = 0, to = out; i < count; i++, to += stride) {
        const value = float32[(values >>> 2) + i] as number
        let bin = 0
        for (let step = 128; step > 0; step >>= 1) {
          if (value > (float64[first + bin + step - 1] as number)) bin += step
        }
        if (Number.isNaN(value)) {
          bin = missingBin
          missing = 1
        }
        bytes[to] = bin
      }
      return missing
    },
    addTree(nodes, bins, binStride, count, scores) {
      for (let i = 0; i < count; i++) {
        const row = bins + i * binStride
        let node = nodes
        for (;;) {
          const feature = int32[node >>> 2] as number
          if (feature < 0) break
          const goesLeft = bytes[node + treeNode.table + (bytes[row + feature] as number)] as number
          node = nodes + (int32[(node + treeNode.right + 4 * goesLeft) >>> 2] as number) * treeNode.bytes
        }
        const at = (scores >>> 3) + i
        float64[at] = (float64[at] as number) + (float64[(node + treeNode.value) >>> 3] as number)
      }
    },
  }
}

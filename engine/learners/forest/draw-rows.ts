import type { ForestData } from './forest-data.ts'
import type { ForestMemory } from './forest-memory.ts'
import type { TreeRandom } from './tree-random.ts'

/** Draws a tree's rows into the memory; gives how many different ones there are. `counts` has room for one a row. */
export function drawRows(
  data: ForestData,
  { ids, weights, targets }: ForestMemory,
  counts: Uint32Array,
  random: TreeRandom,
  bootstrap: boolean,
): number {
  drawCounts(counts, random, bootstrap)
  let kept = 0
  for (let row = 0; row < data.nRows; row++) {
    const weight = (counts[row] as number) * (data.weights ? (data.weights[row] as number) : 1)
    if (weight === 0) continue
    ids[kept] = row
    weights[kept] = weight
    targets[kept] = data.targets[row] as number
    kept++
  }
  return kept
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

import type { TreeEnsemble } from './tree-ensemble.ts'

/**
 * The columns that trees read of a block of rows. A feature has up to two: as it is, where NaN passes no threshold and so
 * goes right, and with the lowest number for NaN, for the splits where missing values go left.
 */
export interface BlockColumns {
  readonly columns: readonly BlockColumn[]
  /** Index of the column that a node's split reads. */
  columnOf(node: number): number
}

interface BlockColumn {
  readonly feature: number
  /** NaN stands as the lowest number. */
  readonly missingIsLowest: boolean
}

export function blockColumns({ feature, categorySet, missingLeft }: TreeEnsemble): BlockColumns {
  const indexOf = new Map<number, number>()
  const columns: BlockColumn[] = []
  const keyOf = (node: number): number => {
    const isLowest = (categorySet[node] as number) < 0 && missingLeft[node] === 1
    return 2 * (feature[node] as number) + (isLowest ? 1 : 0)
  }
  for (let node = 0; node < feature.length; node++) {
    if ((feature[node] as number) < 0 || indexOf.has(keyOf(node))) continue
    const key = keyOf(node)
    indexOf.set(key, columns.push({ feature: key >>> 1, missingIsLowest: (key & 1) === 1 }) - 1)
  }
  return { columns, columnOf: (node) => indexOf.get(keyOf(node)) as number }
}

/** Writes `count` rows from `first` on (of `rows`, where given) as columns of `blockRows` float32 each. */
export function fillBlock(
  { columns }: BlockColumns,
  features: readonly Float32Array[],
  { rows, first, count }: { readonly rows: Int32Array | null; readonly first: number; readonly count: number },
  target: { readonly float32: Float32Array; readonly from: number; readonly blockRows: number },
): void {
  const { float32, blockRows } = target
  for (const [index, { feature, missingIsLowest }] of columns.entries()) {
    const values = features[feature] as Float32Array
    const to = target.from + index * blockRows
    if (!rows && !missingIsLowest) {
      float32.set(values.subarray(first, first + count), to)
      continue
    }
    for (let i = 0; i < count; i++) {
      const value = values[rows ? (rows[first + i] as number) : first + i] as number
      float32[to + i] = missingIsLowest && Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
    }
  }
}

import type { Column } from '../frame/frame.ts'

/** A value to try in place of a column's own. */
export interface GridPoint {
  /** Code or number; NaN or -1 for missing. */
  readonly value: number
  /** Level, or number (date-times in seconds); null for missing. */
  readonly label: number | string | null
}

/** Numbers at `points` quantiles of the rows, or the most frequent `levels`, missing among them. */
export function dependenceGrid(column: Column, rows: Int32Array, points: number, levels: number): GridPoint[] {
  return column.storage === 'codes' ? categoryGrid(column, rows, levels) : numericGrid(column, rows, points)
}

function categoryGrid(column: Extract<Column, { storage: 'codes' }>, rows: Int32Array, most: number): GridPoint[] {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const code = column.codes[row] as number
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return [...counts]
    .sort(([codeA, a], [codeB, b]) => b - a || codeA - codeB)
    .slice(0, most)
    .map(([code]) => ({ value: code, label: code < 0 ? null : (column.levels[code] as string) }))
}

function numericGrid(column: Extract<Column, { storage: 'float64' }>, rows: Int32Array, points: number): GridPoint[] {
  return distinctQuantiles(sortedNumbers(column.values, rows), points).map((value) => ({ value, label: value }))
}

/** The finite values of `rows`, ascending. */
export function sortedNumbers(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number)
    .filter((value) => Number.isFinite(value))
    .sort()
}

/** Up to `points` different values at evenly spaced ranks, smallest and largest among them. Empty for no values. */
export function distinctQuantiles(sorted: Float64Array, points: number): number[] {
  const values: number[] = []
  for (let point = 0; point < points && sorted.length > 0; point++) {
    const value = sorted[Math.round((point / Math.max(1, points - 1)) * (sorted.length - 1))] as number
    if (values.at(-1) !== value) values.push(value)
  }
  return values
}

/**
 * Which grid point each row is at (levels) or nearest to (numbers, the lower of two equally near; grid ascending); -1 for
 * rows that the grid leaves out: rarer levels, and numbers that are missing or infinite.
 */
export function nearestPoints(column: Column, rows: Int32Array, grid: readonly GridPoint[]): Int32Array {
  if (column.storage === 'codes') {
    const pointOf = new Map(grid.map(({ value }, point) => [value, point]))
    return Int32Array.from(rows, (row) => pointOf.get(column.codes[row] as number) ?? -1)
  }
  return Int32Array.from(rows, (row) => {
    const value = column.values[row] as number
    if (!Number.isFinite(value) || grid.length === 0) return -1
    let low = 0
    let high = grid.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      const here = Math.abs((grid[middle] as GridPoint).value - value)
      if (Math.abs((grid[middle + 1] as GridPoint).value - value) < here) low = middle + 1
      else high = middle
    }
    return low
  })
}

/** A column of the grid's values: row i has those of point i. */
export function gridColumn(column: Column, grid: readonly GridPoint[]): Column {
  if (column.storage === 'codes') return { ...column, codes: Int32Array.from(grid, ({ value }) => value) }
  return { ...column, values: Float64Array.from(grid, ({ value }) => value) }
}

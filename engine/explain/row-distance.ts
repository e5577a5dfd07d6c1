import type { Column } from '../frame/frame.ts'

/** Where rows are compared from: column p of `columns` at `row`. */
export interface Origin {
  readonly columns: readonly Column[]
  readonly row: number
}

/**
 * Mean over the columns (Gower 1971): for texts whether they differ, for numbers the share of the table's values that lie
 * between the two, so that neither unit nor outliers matter; 1 where only one of the two is missing. Columns of texts in
 * which every value is its own say nothing and are left out.
 */
export function distancesFrom(origin: Origin, columns: readonly Column[], rows: Int32Array): Float64Array {
  const distances = new Float64Array(rows.length)
  let counted = 0
  for (const [place, column] of columns.entries()) {
    const own = origin.columns[place] as Column
    const differences =
      column.storage === 'codes'
        ? textDifferences(textAt(own, origin.row), column, rows)
        : rankDifferences(
            own.storage === 'codes' ? Number.NaN : (own.values[origin.row] as number),
            column.values,
            rows,
          )
    if (!differences) continue
    counted += 1
    for (const [i, difference] of differences.entries()) distances[i] = (distances[i] as number) + difference
  }
  return counted === 0 ? distances : distances.map((sum) => sum / counted)
}

/** The `count` nearest rows, nearest first; of equally near ones the earlier. */
export function nearestRows(
  origin: Origin,
  columns: readonly Column[],
  rows: Int32Array,
  count: number,
): { readonly row: number; readonly distance: number }[] {
  const distances = distancesFrom(origin, columns, rows)
  return Array.from(rows, (row, i) => ({ row, distance: distances[i] as number }))
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, count)
}

function textAt(column: Column, row: number): string | null {
  return column.storage === 'codes' ? (column.levels[column.codes[row] as number] ?? null) : null
}

function textDifferences(
  text: string | null,
  column: Extract<Column, { storage: 'codes' }>,
  rows: Int32Array,
): Float64Array | null {
  const seen = new Set<number>()
  for (const row of rows) seen.add(column.codes[row] as number)
  if (rows.length > 2 && seen.size > rows.length / 2) return null
  const code = text === null ? -1 : column.levels.indexOf(text)
  // A level that the table does not know differs from all of its levels, and from missing.
  return Float64Array.from(rows, (row) => (text !== null && code < 0 ? 1 : column.codes[row] === code ? 0 : 1))
}

function rankDifferences(value: number, values: Float64Array, rows: Int32Array): Float64Array {
  const rankOf = shareBelow(
    Float64Array.from(rows, (row) => values[row] as number).filter((each) => !Number.isNaN(each)),
  )
  const own = rankOf(value)
  return Float64Array.from(rows, (row) => {
    const other = values[row] as number
    if (Number.isNaN(other) || Number.isNaN(value)) return Number.isNaN(other) && Number.isNaN(value) ? 0 : 1
    return other === value ? 0 : Math.abs(rankOf(other) - own)
  })
}

/** Where a number stands among others, 0 to 1: the share of them below it, those equal to it counting half. */
export function shareBelow(values: Float64Array): (value: number) => number {
  const sorted = values.slice().sort()
  const firstNotBelow = (value: number, orEqual: boolean) => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      const at = sorted[middle] as number
      if (orEqual ? at <= value : at < value) low = middle + 1
      else high = middle
    }
    return low
  }
  return (value) => (firstNotBelow(value, false) + firstNotBelow(value, true)) / 2 / Math.max(1, sorted.length)
}

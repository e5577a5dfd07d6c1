import type { Column } from '../frame/frame.ts'

/**
 * Puts rows into up to `count` groups of about equally many by their value in a column: numbers by rank, equal ones
 * together; texts each level its own group, the most frequent `count - 1` and one of all others. Missing values are a
 * group of their own, -1.
 */
export function groupRows(column: Column, rows: Int32Array, count: number): Int32Array {
  return column.storage === 'codes' ? byLevel(column.codes, rows, count) : byRank(column.values, rows, count)
}

function byLevel(codes: Int32Array, rows: Int32Array, count: number): Int32Array {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const code = codes[row] as number
    if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const frequent = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([code]) => code)
  const most = frequent.length <= count ? count : count - 1
  const groupOf = new Map(frequent.slice(0, most).map((code, group) => [code, group]))
  return Int32Array.from(rows, (row) => {
    const code = codes[row] as number
    return code < 0 ? -1 : (groupOf.get(code) ?? count - 1)
  })
}

function byRank(values: Float64Array, rows: Int32Array, count: number): Int32Array {
  const sorted = Float64Array.from(rows, (row) => values[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const groupOf = new Map<number, number>()
  for (const [rank, value] of sorted.entries()) {
    if (!groupOf.has(value)) groupOf.set(value, Math.floor((rank / sorted.length) * count))
  }
  return Int32Array.from(rows, (row) => groupOf.get(values[row] as number) ?? -1)
}

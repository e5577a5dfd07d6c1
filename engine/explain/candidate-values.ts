import type { Column } from '../frame/frame.ts'
import { distinctQuantiles, sortedNumbers } from './dependence-grid.ts'
import { shareBelow } from './row-distance.ts'

/** What one column of a row may be changed to, and how much a change is. */
export interface CandidateValues {
  /** The row's own value: a number, or a code into `levels`; NaN or -1 where it is missing. */
  readonly own: number
  /** Values of the table other than the row's own: numbers ascending, or codes, the most frequent first. */
  readonly values: readonly number[]
  /** Levels that codes stand for; empty for numbers. */
  readonly levels: readonly string[]
  /** Values of the table between the row's own and another, that other included, from the own on; empty for texts. */
  between(value: number): readonly number[]
  /** How much a change is: the share of the table's values that lie between (numbers), 1 for another text. */
  cost(value: number): number
  /** A column with these values, one a row. */
  column(values: readonly number[]): Column
}

/** Numbers at so many quantiles, and so many of the most frequent levels, are tried. */
const points = 24
const mostLevels = 24

/** Only values that occur in the `rows` of the table are candidates, so that changes stay within the data's range. */
export function candidateValues(own: Column, row: number, table: Column, rows: Int32Array): CandidateValues {
  if (table.storage === 'codes') return textCandidates(own, row, table, rows)
  const value = own.storage === 'codes' ? Number.NaN : (own.values[row] as number)
  const sorted = sortedNumbers(table.values, rows)
  const distinct = [...new Set(sorted)]
  const rankOf = shareBelow(sorted)
  return {
    own: value,
    values: distinctQuantiles(sorted, points).filter((each) => each !== value),
    levels: [],
    between: (other) =>
      Number.isNaN(value)
        ? [other]
        : other > value
          ? distinct.filter((each) => each > value && each <= other)
          : distinct.filter((each) => each < value && each >= other).reverse(),
    cost: (other) => (Number.isNaN(value) ? 1 : Math.abs(rankOf(other) - rankOf(value))),
    column: (values) => ({ ...table, values: Float64Array.from(values) }),
  }
}

function textCandidates(
  own: Column,
  row: number,
  table: Extract<Column, { storage: 'codes' }>,
  rows: Int32Array,
): CandidateValues {
  const text = own.storage === 'codes' ? (own.levels[own.codes[row] as number] ?? null) : null
  const counts = new Map<number, number>()
  for (const each of rows) {
    const code = table.codes[each] as number
    if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  const frequent = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([code]) => table.levels[code] as string)
  const tried = frequent.filter((level) => level !== text).slice(0, mostLevels)
  // A row from elsewhere may have a level that the table lacks.
  const levels = [...new Set(text === null ? tried : [...tried, text])].sort()
  return {
    own: text === null ? -1 : levels.indexOf(text),
    values: tried.map((level) => levels.indexOf(level)),
    levels,
    between: () => [],
    cost: () => 1,
    column: (values) => ({ ...table, levels, codes: Int32Array.from(values) }),
  }
}

import type { CodedColumn, Column, NumericColumn } from '../frame/frame.ts'

/** A group of rows that a column makes: a level, a quarter of the numbers, or the missing. */
export interface RowGroup {
  readonly value: string
  /** Positions among the rows asked about, in the order in which they were visited. */
  readonly members: Int32Array
}

/** Levels of a column that are looked at: the most frequent ones. */
const mostLevels = 20

/**
 * The groups that a column splits `rows` into. `visit` gives positions among `rows` in the order that members shall have.
 */
export function groupsOf(column: Column, rows: Int32Array, visit: Uint32Array): RowGroup[] {
  const { names, groupOf } = column.storage === 'codes' ? levelsOf(column, rows) : quartersOf(column, rows)
  const sizes = new Int32Array(names.length)
  for (const group of groupOf) if (group >= 0) sizes[group] = (sizes[group] as number) + 1
  const members = Array.from(sizes, (size) => new Int32Array(size))
  const filled = new Int32Array(names.length)
  for (const position of visit) {
    const group = groupOf[position] as number
    if (group < 0) continue
    const at = filled[group] as number
    filled[group] = at + 1
    const own = members[group] as Int32Array
    own[at] = position
  }
  return names.flatMap((value, group) => (sizes[group] === 0 ? [] : [{ value, members: members[group] as Int32Array }]))
}

/** Groups by name, and for each position its group, or -1 for none. */
interface Grouping {
  readonly names: readonly string[]
  readonly groupOf: Int32Array
}

function levelsOf({ codes, levels }: CodedColumn, rows: Int32Array): Grouping {
  // Missing is counted at 0, the levels after it.
  const counts = new Int32Array(levels.length + 1)
  for (const row of rows) {
    const at = (codes[row] as number) + 1
    counts[at] = (counts[at] as number) + 1
  }
  const shown = Array.from(counts.keys())
    .filter((at) => (counts[at] as number) > 0)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
    .slice(0, mostLevels)
  const groupAt = new Int32Array(levels.length + 1).fill(-1)
  for (const [group, at] of shown.entries()) groupAt[at] = group
  return {
    names: shown.map((at) => (at === 0 ? 'missing' : (levels[at - 1] as string))),
    groupOf: Int32Array.from(rows, (row) => groupAt[(codes[row] as number) + 1] as number),
  }
}

/** Four groups of about equal size (fewer where numbers repeat); both values of a boolean. */
function quartersOf(column: NumericColumn, rows: Int32Array): Grouping {
  const values = Float64Array.from(rows, (row) => column.values[row] as number)
  const present = values.filter((value) => !Number.isNaN(value)).sort()
  const quartile = (share: number) => present[Math.floor(share * (present.length - 1))] as number
  // Nothing is above the greatest number, so it is no cut; a boolean is cut between 0 and 1.
  const shares = column.type === 'boolean' ? [0] : [0.25, 0.5, 0.75]
  const cuts = [...new Set(shares.map(quartile))].filter((cut) => cut < (present.at(-1) as number))
  const missing = cuts.length + 1
  const [whenFalse, whenTrue] = column.spelling ?? ['false', 'true']
  const names = [
    ...(column.type === 'boolean' && cuts.length === 1 ? [whenFalse, whenTrue] : rangeNames(column, cuts)),
    'missing',
  ]
  const groupOf = new Int32Array(rows.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    let group = 0
    while (group < cuts.length && value > (cuts[group] as number)) group += 1
    groupOf[i] = Number.isNaN(value) ? missing : group
  }
  return { names, groupOf }
}

function rangeNames({ type }: NumericColumn, cuts: readonly number[]): string[] {
  if (cuts.length === 0) return ['any value']
  const short = (cut: number) =>
    type === 'datetime' ? new Date(cut * 1000).toISOString().slice(0, 10) : String(Number(cut.toPrecision(4)))
  const between = cuts.slice(1).map((cut, at) => `${short(cuts[at] as number)} – ${short(cut)}`)
  return [`≤ ${short(cuts[0] as number)}`, ...between, `> ${short(cuts.at(-1) as number)}`]
}

import { createHash } from 'node:crypto'

/** What cells say when they say nothing, after white space is removed. */
const missing = new Set(['', '?', 'NA', 'N/A', 'NaN', 'nan', 'NULL', 'null'])

/** A CSV file as texts, quotes undone. */
export interface TextTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Split {
  readonly train: TextTable
  readonly test: TextTable
  /** Sorted as text; empty for regressions. */
  readonly classes: readonly string[]
}

/**
 * The 70/30 split of the AutoML protocol, which depends on nothing but the table's name, the seed and a row's position:
 * rows without a target are dropped; in each class (all rows of a regression) the (3n + 5) div 10 rows with the smallest
 * SHA-256 of "name|seed|row" are the test rows, both parts in file order. The target loses the white space around it.
 */
export function splitTable(
  table: TextTable,
  about: { readonly name: string; readonly target: string; readonly task: string; readonly seed: number },
): Split {
  const target = table.header.indexOf(about.target)
  if (target < 0) throw new Error(`${about.name} has no column ${about.target}`)
  const rows = table.rows.map((row) => row.map((cell, at) => (at === target ? cell.trim() : cell)))
  const groups = new Map<string, number[]>()
  for (const [number, row] of rows.entries()) {
    const label = row[target] as string
    if (missing.has(label)) continue
    const group = about.task === 'regression' ? '' : label
    const members = groups.get(group)
    if (members) members.push(number)
    else groups.set(group, [number])
  }
  const key = (row: number) => createHash('sha256').update(`${about.name}|${about.seed}|${row}`).digest('hex')
  const test = new Set<number>()
  for (const members of groups.values()) {
    const keys = new Map(members.map((row) => [row, key(row)]))
    const order = [...members].sort((a, b) => ((keys.get(a) as string) < (keys.get(b) as string) ? -1 : 1))
    for (const row of order.slice(0, Math.floor((3 * members.length + 5) / 10))) test.add(row)
  }
  const kept = [...groups.values()].flat().sort((a, b) => a - b)
  const pick = (isTest: boolean) => ({
    header: table.header,
    rows: kept.filter((row) => test.has(row) === isTest).map((row) => rows[row] as string[]),
  })
  return {
    train: pick(false),
    test: pick(true),
    classes: about.task === 'regression' ? [] : [...groups.keys()].sort(byCodePoint),
  }
}

/** Reads what RFC 4180 allows: quoted cells may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): TextTable {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = () => {
    row.push(cell)
    cell = ''
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') {
        cell += '"'
        at++
      } else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === ',') {
      row.push(cell)
      cell = ''
    } else if (character === '\n') endRow()
    else if (character !== '\r') cell += character
  }
  if (cell !== '' || row.length > 0) endRow()
  const [header = [], ...body] = rows
  return { header, rows: body }
}

export function formatCsv({ header, rows }: TextTable): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
  return `${[header, ...rows].map(line).join('\n')}\n`
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

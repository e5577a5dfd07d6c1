import type { CodedColumn, Column, Frame, NumericColumn } from '../../engine/frame/frame.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { RandomStream } from '../../engine/random.ts'
import { randomStream, shuffledIndices } from '../../engine/random.ts'
import { boundaryValues } from './boundary-values.ts'

/** Rows as they are, and rows in which some cells were replaced by what breaks exports. */
type ParityCase = 'plain' | 'missing' | 'unseen' | 'infinite' | 'threshold' | 'extreme'

export interface ParityRows {
  readonly frame: Frame
  /** For each row of `frame`, the row of the table that it was made from. */
  readonly sourceRows: Int32Array
  readonly cases: Readonly<Partial<Record<ParityCase, number>>>
}

/** Every kind of variant that the columns allow is tried on so many rows at least. */
const fewestVariants = 1_000

const unseenTexts = ['\u0001 never seen', 'NaN', ' ', 'Ünsëen 日本 😀', '0', '"', 'x'.repeat(5_000)]

const extremeNumbers = [
  1e300,
  -1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MIN_VALUE,
  -0,
  1e-40,
  2 ** 24 + 1,
  2 ** 53,
  -(2 ** 53),
  3.4028234663852886e38,
  -3.4028235677973366e38,
]

/** Years 1 to 9999, in seconds since 1970; dates beyond are not dates that a table can hold. */
const extremeTimes = [-62_135_596_800, 253_402_300_799, -2_208_988_800.5, 4_294_967_296, 0.25, -0.25]

/**
 * Real rows, at most `count`, in random order, then variants of them until there are `count` rows and at least 1,000 of
 * each kind. `columns` are the pipeline's inputs, in order.
 */
export function parityRows(
  pipeline: Pipeline,
  columns: readonly Column[],
  nRows: number,
  { count, seed }: { readonly count: number; readonly seed: number },
): ParityRows {
  const random = randomStream(seed, 0x9a71)
  const mutations = mutationsFor(pipeline, columns)
  const plain = shuffledIndices(nRows, random, Math.min(nRows, count))
  const perCase = Math.max(fewestVariants, Math.ceil((count - plain.length) / mutations.length))
  const sourceRows = new Int32Array(plain.length + perCase * mutations.length)
  sourceRows.set(plain)
  for (let row = plain.length; row < sourceRows.length; row++) sourceRows[row] = random.nextBelow(nRows)
  const copies = columns.map((column) => writableCopy(column, sourceRows))
  mutations.forEach(({ applies, change }, index) => {
    const start = plain.length + index * perCase
    for (let row = start; row < start + perCase; row++) {
      for (const column of chosenColumns(random, applies)) change(random, copies[column] as Column, column, row)
    }
  })
  return {
    frame: { nRows: sourceRows.length, columns: copies },
    sourceRows,
    cases: countCases(plain.length, mutations, perCase),
  }
}

function countCases(plain: number, mutations: readonly Mutation[], perCase: number): ParityRows['cases'] {
  const cases: Partial<Record<ParityCase, number>> = { plain }
  for (const { name } of mutations) cases[name] = perCase
  return cases
}

interface Mutation {
  readonly name: ParityCase
  /** Columns that it can change. */
  readonly applies: readonly number[]
  readonly change: (random: RandomStream, column: Column, index: number, row: number) => void
}

function mutationsFor(pipeline: Pipeline, columns: readonly Column[]): Mutation[] {
  const boundaries = boundaryValues(pipeline)
  const indices = columns.map((_, index) => index)
  const unseenCodes = new Map<Column, readonly number[]>()
  const measured = indices.filter((index) => isMeasured(columns[index] as Column))
  const setNumber = (values: (column: NumericColumn, index: number) => readonly number[]): Mutation['change'] => {
    return (random, column, index, row) => {
      if (column.storage === 'float64') column.values[row] = pick(random, values(column, index))
    }
  }
  const all: Mutation[] = [
    {
      name: 'missing',
      applies: indices,
      change(_, column, __, row) {
        if (column.storage === 'codes') column.codes[row] = -1
        else column.values[row] = Number.NaN
      },
    },
    {
      name: 'unseen',
      applies: indices.filter((index) => columns[index]?.storage === 'codes'),
      change(random, column, _, row) {
        if (column.storage !== 'codes') return
        const codes = unseenCodes.get(column) ?? unseenTexts.map((text) => column.levels.indexOf(text))
        unseenCodes.set(column, codes)
        column.codes[row] = pick(random, codes)
      },
    },
    { name: 'infinite', applies: measured, change: setNumber(() => [Infinity, -Infinity]) },
    {
      name: 'threshold',
      applies: indices.filter((index) => (boundaries[index] as number[]).length > 0),
      change: setNumber((_, index) => boundaries[index] as number[]),
    },
    {
      name: 'extreme',
      applies: measured,
      change: setNumber(({ type }) => (type === 'datetime' ? extremeTimes : extremeNumbers)),
    },
  ]
  return all.filter(({ applies }) => applies.length > 0)
}

/** Numbers and date-times; a boolean is never large. */
function isMeasured(column: Column): boolean {
  return column.storage === 'float64' && column.type !== 'boolean'
}

/** Mostly one column, often some, now and then all. */
function chosenColumns(random: RandomStream, applies: readonly number[]): readonly number[] {
  const dice = random.nextFloat()
  if (dice < 0.05) return applies
  const first = pick(random, applies)
  if (dice < 0.6) return [first]
  return applies.filter((column) => column === first || random.nextFloat() < 0.3)
}

function pick<Item>(random: RandomStream, items: readonly Item[]): Item {
  return items[random.nextBelow(items.length)] as Item
}

/** The rows' cells in memory of their own; levels are widened by the unseen texts, in order as frames have them. */
function writableCopy(column: Column, rows: Int32Array): Column {
  if (column.storage === 'float64') {
    return { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) }
  }
  return widenedCopy(column, rows)
}

function widenedCopy(column: CodedColumn, rows: Int32Array): CodedColumn {
  const levels = [...new Set([...column.levels, ...unseenTexts])].sort(byCodeUnits)
  const codeOf = new Map(levels.map((level, code) => [level, code]))
  const codes = column.levels.map((level) => codeOf.get(level) as number)
  return { ...column, levels, codes: rows.map((row) => codes[column.codes[row] as number] ?? -1) }
}

function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

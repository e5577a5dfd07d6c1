import type { CodedColumn, Column, ColumnType, NumericColumn } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { MaestroError } from '../../shared/errors.ts'
import { findDateForm } from './date-forms.ts'
import { numberOfText } from './delimited/cell-values.ts'
import { findNumberForm } from './number-forms.ts'

/** A column as it will be kept, and what was noticed on the way. */
export interface InferredColumn {
  readonly column: Column
  readonly warnings: readonly DatasetWarning[]
}

const booleanPairs: readonly (readonly [string, string])[] = [
  ['false', 'true'],
  ['no', 'yes'],
  ['f', 't'],
  ['n', 'y'],
]
/** Texts with so many words on average are sentences or names, not categories. */
const wordsOfText = 2.5
/** Whole numbers of so many digits are numbers of cards, accounts and orders. */
const digitsOfIdentifier = 16

/** Finds what texts really are: booleans, numbers with signs, dates, identifiers, free text; else categories. */
export function inferTexts(column: CodedColumn, wanted: ColumnType | undefined, prefersComma = false): InferredColumn {
  if (wanted === 'category' || wanted === 'text' || wanted === 'id')
    return { column: { ...column, type: wanted }, warnings: [] }
  if (wanted === 'boolean') return { column: asChosenBoolean(column), warnings: [] }
  if (wanted === 'number') return asNumbers(column, true, prefersComma) ?? { column, warnings: [] }
  if (wanted === 'datetime') return asDates(column, true) ?? { column, warnings: [] }
  // A column without values is of numbers, which every later version of the table can go on with.
  if (column.levels.length === 0) return { column: numbersOf(column, 'number', () => Number.NaN), warnings: [] }
  const boolean = asBoolean(column, booleanPairs)
  if (boolean) return { column: boolean, warnings: [] }
  const known = asNumbers(column, false, prefersComma) ?? asDates(column, false)
  if (known) return known
  const mixed = mixedNumbers(column)
  return { column: { ...column, type: textType(column) }, warnings: mixed ? [mixed] : [] }
}

/** Finds whole numbers that identify rows; gives numbers another type where the user wants it. */
export function inferNumbers(column: NumericColumn, wanted: ColumnType | undefined): InferredColumn {
  if (wanted === 'category' || wanted === 'text' || wanted === 'id')
    return { column: spell(column, wanted), warnings: [] }
  if (wanted === 'boolean') {
    const other = column.values.find((value) => !Number.isNaN(value) && value !== 0 && value !== 1)
    if (other !== undefined) throw notBoolean(column.name, String(other))
    return { column: { ...column, type: 'boolean', spelling: column.spelling ?? ['0', '1'] }, warnings: [] }
  }
  if (wanted === 'datetime') return { column: { ...column, type: 'datetime' }, warnings: [] }
  if (wanted === 'number') return { column: { ...column, type: 'number' }, warnings: [] }
  if (column.type === 'boolean')
    return { column: { ...column, spelling: column.spelling ?? ['false', 'true'] }, warnings: [] }
  if (column.type === 'number' && identifiesRows(column)) return { column: spell(column, 'id'), warnings: [] }
  return { column, warnings: [] }
}

function numbersOf(
  column: CodedColumn,
  type: NumericColumn['type'],
  ofLevel: (level: string, code: number) => number,
): NumericColumn {
  const read = Float64Array.from(column.levels, ofLevel)
  const values = new Float64Array(new SharedArrayBuffer(column.codes.length * 8))
  for (let row = 0; row < values.length; row++) {
    const code = column.codes[row] as number
    values[row] = code < 0 ? Number.NaN : (read[code] as number)
  }
  return { storage: 'float64', name: column.name, type, values }
}

function asBoolean(column: CodedColumn, pairs: typeof booleanPairs): NumericColumn | null {
  if (column.levels.length !== 2) return null
  const lower = column.levels.map((level) => level.toLowerCase())
  const pair = pairs.find(([no, yes]) => lower.includes(no) && lower.includes(yes))
  if (!pair) return null
  const yes = lower.indexOf(pair[1])
  return {
    ...numbersOf(column, 'boolean', (_, code) => (code === yes ? 1 : 0)),
    spelling: [column.levels[1 - yes] as string, column.levels[yes] as string],
  }
}

/** Any two texts are a boolean where the user says so; the later one in order is true. */
function asChosenBoolean(column: CodedColumn): NumericColumn {
  const known = asBoolean(column, booleanPairs)
  if (known) return known
  const [no, yes, third] = column.levels
  if (no === undefined || third !== undefined) throw notBoolean(column.name, third ?? '')
  return {
    ...numbersOf(column, 'boolean', (_, code) => code),
    spelling: [no, yes ?? no],
    ...(yes === undefined ? onlyLevel(column, no) : {}),
  }
}

/** A boolean of which only one value occurs: which one it is, its text says. */
function onlyLevel(column: CodedColumn, level: string): Partial<NumericColumn> {
  const pair = booleanPairs.find(([no, yes]) => [no, yes].includes(level.toLowerCase())) ?? ['0', '1']
  const isTrue = level.toLowerCase() === pair[1]
  const { values } = numbersOf(column, 'boolean', () => (isTrue ? 1 : 0))
  return { values, spelling: isTrue ? [pair[0], level] : [level, pair[1]] }
}

function notBoolean(name: string, value: string): MaestroError {
  return new MaestroError(
    'INPUT_INVALID',
    value === ''
      ? `${name} has no values, so it cannot be boolean.`
      : `${name} has more than two values, ${value} among them, so it cannot be boolean.`,
    'Choose category or number for it.',
    { column: name },
  )
}

function asNumbers(column: CodedColumn, forced: boolean, prefersComma: boolean): InferredColumn | null {
  const { levels, name } = column
  const form = findNumberForm(levels, prefersComma)
  if (!form) return forced ? asNumbersWhereTheyAre(column, prefersComma) : null
  const kept = numbersOf(column, 'number', (level) => form.read(level) ?? Number.NaN)
  if (form.as === null) return { column: kept, warnings: [] }
  const example = levels.find((level) => numberOfText(level) !== form.read(level)) ?? levels[0] ?? ''
  return {
    column: kept,
    warnings: [
      {
        code: form.code,
        severity: form.isAmbiguous ? 'warning' : 'info',
        column: name,
        message: `${name} was read as ${form.as}, e.g. ${example} as ${form.read(example) ?? ''}.`,
        hint: form.isAmbiguous
          ? 'Its commas could mean thousands or decimals: if this is wrong, give the decimal comma when importing.'
          : 'Set the column’s type to category to keep the texts as they are.',
      },
    ],
  }
}

/** Numbers because the user says so; what is none counts as missing. */
function asNumbersWhereTheyAre(column: CodedColumn, prefersComma: boolean): InferredColumn {
  const read = column.levels.map((level) => {
    const plain = prefersComma ? undefined : Number(level)
    return plain !== undefined && !Number.isNaN(plain) ? plain : findNumberForm([level], prefersComma)?.read(level)
  })
  return {
    column: numbersOf(column, 'number', (_, code) => read[code] ?? Number.NaN),
    warnings: lostCells(column, (code) => read[code] === undefined, 'numbers'),
  }
}

function asDates(column: CodedColumn, forced: boolean): InferredColumn | null {
  const form = findDateForm(column.levels)
  if (!form) {
    if (!forced) return null
    const read = column.levels.map((level) => findDateForm([level])?.read(level))
    return {
      column: numbersOf(column, 'datetime', (_, code) => read[code] ?? Number.NaN),
      warnings: lostCells(column, (code) => read[code] === undefined, 'dates'),
    }
  }
  const kept = numbersOf(column, 'datetime', (level) => form.read(level) ?? Number.NaN)
  if (form.ambiguous === null) return { column: kept, warnings: [] }
  return {
    column: kept,
    warnings: [
      {
        code: 'AMBIGUOUS_DATES',
        severity: 'warning',
        column: column.name,
        message: `The dates of ${column.name} were read ${form.ambiguous}, e.g. ${column.levels[0] ?? ''} as ${new Date((form.read(column.levels[0] ?? '') ?? 0) * 1000).toISOString().slice(0, 10)}; both orders fit all of them.`,
        hint: 'If it is the other way round, write the dates as 2024-03-01 in the source, or set the column to category.',
      },
    ],
  }
}

/** What the chosen type cannot hold, with the first row of it. */
function lostCells(column: CodedColumn, isLost: (code: number) => boolean, what: string): DatasetWarning[] {
  let count = 0
  let first = -1
  for (let row = 0; row < column.codes.length; row++) {
    const code = column.codes[row] as number
    if (code < 0 || !isLost(code)) continue
    count += 1
    if (first < 0) first = row
  }
  if (count === 0) return []
  const text = column.levels[column.codes[first] as number] ?? ''
  return [
    {
      code: 'MIXED_TYPES',
      severity: 'warning',
      column: column.name,
      message: `${count} cells of ${column.name} are not ${what} and count as missing; the first is "${text.slice(0, 40)}" in row ${first + 1}.`,
      hint: 'Mend them in the source if they should count.',
    },
  ]
}

/** A column of texts that is nearly all numbers: some cells are probably wrong. Names the first of them. */
function mixedNumbers(column: CodedColumn): DatasetWarning | null {
  const step = Math.ceil(column.levels.length / 1_000)
  const sample = column.levels.filter((_, code) => code % step === 0)
  // With few numbers among many different texts no more need be looked at.
  if (step > 1 && sample.filter((level) => numberOfText(level) !== undefined).length < 0.2 * sample.length) return null
  const isNumber = column.levels.map((level) => numberOfText(level) !== undefined)
  let numbers = 0
  let firstOther = -1
  let present = 0
  for (let row = 0; row < column.codes.length; row++) {
    const code = column.codes[row] as number
    if (code < 0) continue
    present += 1
    if (isNumber[code]) numbers += 1
    else if (firstOther < 0) firstOther = row
  }
  const isCode = column.levels.some((level) => /^[+-]?\d+$/.test(level) && numberOfText(level) === undefined)
  if (firstOther < 0 || numbers < 0.8 * present || isCode) return null
  const text = column.levels[column.codes[firstOther] as number] ?? ''
  return {
    code: 'MIXED_TYPES',
    severity: 'warning',
    column: column.name,
    message: `${column.name} is all numbers but for ${present - numbers} cells; the first is "${text.slice(0, 40)}" in row ${firstOther + 1}.`,
    hint: 'Set its type to number to treat those cells as missing, or mend them in the source.',
  }
}

function textType(column: CodedColumn): 'category' | 'text' | 'id' {
  const distinct = column.levels.length
  let present = 0
  for (let row = 0; row < column.codes.length; row++) if ((column.codes[row] as number) >= 0) present += 1
  if (distinct <= 20 || distinct < 0.5 * present) return 'category'
  const sample = column.levels.slice(0, 2_000)
  const words = sample.reduce((sum, level) => sum + level.split(/\s+/).length, 0) / sample.length
  if (words >= wordsOfText) return 'text'
  const isLongNumber = sample.every((level) => level.length >= digitsOfIdentifier && /^\d+$/.test(level))
  return distinct === present || isLongNumber ? 'id' : 'category'
}

/** Whole numbers, all different: named like an identifier, or counting the rows one by one. */
function identifiesRows(column: NumericColumn): boolean {
  const { values } = column
  if (values.length < 20) return false
  let consecutive = true
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (!Number.isInteger(value)) return false
    if (row > 0 && value !== (values[row - 1] as number) + 1) consecutive = false
  }
  if (consecutive) return true
  if (!/(^|[_\s-])(id|uuid|guid|key)$/i.test(column.name) && !/[a-z]I[dD]$/.test(column.name)) return false
  const sorted = Float64Array.from(values).sort()
  for (let at = 1; at < sorted.length; at++) if (sorted[at] === sorted[at - 1]) return false
  return true
}

/** Numbers as texts, as the source most likely wrote them. */
function spell(column: NumericColumn, type: 'category' | 'text' | 'id'): CodedColumn {
  const texts = new Map<number, string>()
  for (const value of column.values)
    if (!Number.isNaN(value) && !texts.has(value)) texts.set(value, spellValue(column, value))
  const levels = [...new Set(texts.values())].sort()
  const codeOf = new Map(levels.map((level, code) => [level, code]))
  const codes = new Int32Array(new SharedArrayBuffer(column.values.length * 4))
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row] as number
    codes[row] = Number.isNaN(value) ? -1 : (codeOf.get(texts.get(value) as string) as number)
  }
  return { storage: 'codes', name: column.name, type, codes, levels }
}

function spellValue(column: NumericColumn, value: number): string {
  if (column.type === 'datetime') return new Date(value * 1000).toISOString()
  if (column.type === 'boolean') return column.spelling?.[value === 0 ? 0 : 1] ?? String(value)
  return String(value)
}

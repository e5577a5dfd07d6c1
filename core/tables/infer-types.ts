import type { CodedColumn, Column, ColumnType, NumericColumn } from '../../engine/frame/frame.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'

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

/** Finds what texts really are: booleans, numbers with signs, identifiers, free text; else categories. */
export function inferTexts(column: CodedColumn, wanted: ColumnType | undefined): InferredColumn {
  const counts = countLevels(column)
  if (wanted === 'category' || wanted === 'text' || wanted === 'id')
    return { column: { ...column, type: wanted }, warnings: [] }
  if (wanted === undefined || wanted === 'boolean') {
    const boolean = asBoolean(column)
    if (boolean) return { column: boolean, warnings: [] }
  }
  const numbers = column.levels.length > 0 ? asNumbers(column, wanted === 'number') : null
  if (numbers) return numbers
  if (wanted === 'datetime') return { column: asDates(column), warnings: [] }
  const mixed = mixedNumbers(column)
  return { column: { ...column, type: textType(column, counts) }, warnings: mixed ? [mixed] : [] }
}

/** Finds whole numbers that identify rows; gives numbers another type where the user wants it. */
export function inferNumbers(column: NumericColumn, wanted: ColumnType | undefined): InferredColumn {
  if (wanted === 'category' || wanted === 'text' || wanted === 'id')
    return { column: spell(column, wanted), warnings: [] }
  if (wanted === 'boolean') return { column: { ...column, type: 'boolean', spelling: ['0', '1'] }, warnings: [] }
  if (wanted === 'datetime') return { column: { ...column, type: 'datetime' }, warnings: [] }
  if (wanted === undefined && column.type === 'number' && identifiesRows(column))
    return { column: spell(column, 'id'), warnings: [] }
  return { column, warnings: [] }
}

function countLevels(column: CodedColumn): { readonly present: number; readonly distinct: number } {
  let present = 0
  for (const code of column.codes) if (code >= 0) present += 1
  return { present, distinct: column.levels.length }
}

function asBoolean(column: CodedColumn): NumericColumn | null {
  if (column.levels.length !== 2) return null
  const lower = column.levels.map((level) => level.toLowerCase())
  const pair = booleanPairs.find(([no, yes]) => lower.includes(no) && lower.includes(yes))
  if (!pair) return null
  const yes = lower.indexOf(pair[1])
  const values = new Float64Array(new SharedArrayBuffer(column.codes.length * 8))
  for (const [row, code] of column.codes.entries()) values[row] = code < 0 ? Number.NaN : code === yes ? 1 : 0
  return {
    storage: 'float64',
    name: column.name,
    type: 'boolean',
    values,
    spelling: [column.levels[1 - yes] as string, column.levels[yes] as string],
  }
}

/** Ways in which people write numbers that no parser takes; each must fit every value of the column. */
const numberForms: readonly {
  readonly pattern: RegExp
  readonly read: (text: string) => number
  readonly as: string
  readonly code: DatasetWarning['code']
}[] = [
  { pattern: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/, read: Number, as: 'plain numbers', code: 'MIXED_TYPES' },
  {
    pattern: /^[+-]?(\d+[.,]?\d*|[.,]\d+)\s?%$/,
    read: (text) => Number(text.replace('%', '').replace(',', '.').trim()),
    as: 'percentages, kept as the number before the sign',
    code: 'MIXED_TYPES',
  },
  {
    pattern: /^[+-]?[$€£¥]\s?[+-]?\d{1,3}(,?\d{3})*(\.\d+)?$/,
    read: (text) => Number(text.replaceAll(/[$€£¥,\s]/g, '')),
    as: 'amounts, kept without their sign',
    code: 'MIXED_TYPES',
  },
  {
    pattern: /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$|^[+-]?\d{1,3}(\.\d+)?$/,
    read: (text) => Number(text.replaceAll(',', '')),
    as: 'numbers with commas between thousands',
    code: 'MIXED_TYPES',
  },
  {
    pattern: /^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/,
    read: (text) => Number(text.replaceAll('.', '').replace(',', '.')),
    as: 'numbers with a decimal comma',
    code: 'DECIMAL_COMMA',
  },
]

function asNumbers(column: CodedColumn, forced: boolean): InferredColumn | null {
  // Codes such as postcodes keep their leading zeros.
  if (!forced && column.levels.some((level) => /^0\d/.test(level))) return null
  const form = numberForms.find(({ pattern }) => column.levels.every((level) => pattern.test(level)))
  if (!form && !forced) return null
  const read = form?.read ?? Number
  const ofLevel = column.levels.map(read)
  const values = new Float64Array(new SharedArrayBuffer(column.codes.length * 8))
  for (const [row, code] of column.codes.entries()) values[row] = code < 0 ? Number.NaN : (ofLevel[code] as number)
  const kept: NumericColumn = { storage: 'float64', name: column.name, type: 'number', values }
  if (!form || form.read === Number) return { column: kept, warnings: [] }
  return {
    column: kept,
    warnings: [
      {
        code: form.code,
        severity: 'info',
        column: column.name,
        message: `${column.name} was read as ${form.as}, e.g. ${column.levels[0] ?? ''} as ${ofLevel[0] ?? ''}.`,
        hint: 'Set the column’s type to category to keep the texts as they are.',
      },
    ],
  }
}

function asDates(column: CodedColumn): NumericColumn {
  const ofLevel = column.levels.map((level) => {
    const milliseconds = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(level) || !level.includes(':') ? level : `${level}Z`)
    return milliseconds / 1000
  })
  const values = new Float64Array(new SharedArrayBuffer(column.codes.length * 8))
  for (const [row, code] of column.codes.entries()) values[row] = code < 0 ? Number.NaN : (ofLevel[code] as number)
  return { storage: 'float64', name: column.name, type: 'datetime', values }
}

/** A column of texts that is nearly all numbers: some cells are probably wrong. Names the first of them. */
function mixedNumbers(column: CodedColumn): DatasetWarning | null {
  const isNumber = column.levels.map((level) => level !== '' && !Number.isNaN(Number(level)))
  let numbers = 0
  let firstOther = -1
  let present = 0
  for (const [row, code] of column.codes.entries()) {
    if (code < 0) continue
    present += 1
    if (isNumber[code]) numbers += 1
    else if (firstOther < 0) firstOther = row
  }
  if (firstOther < 0 || numbers < 0.8 * present || column.levels.some((level) => /^0\d/.test(level))) return null
  const text = column.levels[column.codes[firstOther] as number] ?? ''
  return {
    code: 'MIXED_TYPES',
    severity: 'warning',
    column: column.name,
    message: `${column.name} is all numbers but for ${present - numbers} cells; the first is "${text.slice(0, 40)}" in row ${firstOther + 1}.`,
    hint: 'Set its type to number to treat those cells as missing, or mend them in the source.',
  }
}

function textType(
  column: CodedColumn,
  counts: { readonly present: number; readonly distinct: number },
): 'category' | 'text' | 'id' {
  if (counts.distinct <= 20 || counts.distinct < 0.5 * counts.present) return 'category'
  const sample = column.levels.slice(0, 2_000)
  const words = sample.reduce((sum, level) => sum + level.split(/\s+/).length, 0) / sample.length
  if (words >= wordsOfText) return 'text'
  return counts.distinct === counts.present ? 'id' : 'category'
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
  for (const [row, value] of column.values.entries())
    codes[row] = Number.isNaN(value) ? -1 : (codeOf.get(texts.get(value) as string) as number)
  return { storage: 'codes', name: column.name, type, codes, levels }
}

function spellValue(column: NumericColumn, value: number): string {
  if (column.type === 'datetime') return new Date(value * 1000).toISOString()
  if (column.type === 'boolean') return column.spelling?.[value === 0 ? 0 : 1] ?? String(value)
  return String(value)
}

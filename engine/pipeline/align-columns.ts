import type { Column, Frame } from '../frame/frame.ts'
import type { PipelineInput } from './pipeline.ts'

/** A table lacks columns that the pipeline takes, or has them in a kind that cannot be read as what it takes. */
export class PipelineInputError extends Error {
  override readonly name = 'PipelineInputError'
  readonly missing: readonly string[]
  constructor(missing: readonly string[]) {
    super(`The table has no ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}.`)
    this.missing = missing
  }
}

/**
 * The columns that a pipeline takes, by name and in its order, as what it takes: texts that look like numbers become
 * numbers where it wants numbers (others are missing), numbers become texts where it wants categories.
 */
export function alignColumns(inputs: readonly PipelineInput[], frame: Frame): Column[] {
  const byName = new Map(frame.columns.map((column) => [column.name, column]))
  const missing = inputs.filter(({ name }) => !byName.has(name)).map(({ name }) => name)
  if (missing.length > 0) throw new PipelineInputError(missing)
  return inputs.map((input) => alignColumn(input, byName.get(input.name) as Column))
}

function alignColumn(input: PipelineInput, column: Column): Column {
  const wantsNumbers = isNumericType(input.type)
  if (column.storage === 'float64') return wantsNumbers ? column : asCodes(input, column)
  return wantsNumbers ? asNumbers(input, column) : column
}

export function isNumericType(type: PipelineInput['type']): type is 'number' | 'datetime' | 'boolean' {
  return type === 'number' || type === 'datetime' || type === 'boolean'
}

function asNumbers(input: PipelineInput, column: Extract<Column, { storage: 'codes' }>): Column {
  const ofLevel = column.levels.map((level) => parseValue(input, level))
  return {
    storage: 'float64',
    name: column.name,
    type: isNumericType(input.type) ? input.type : 'number',
    values: Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : (ofLevel[code] as number))),
  }
}

/** A text as the number that a numeric input stores: seconds for date-times, 0 and 1 for booleans; NaN where it is none. */
export function parseValue(input: PipelineInput, text: string): number {
  const trimmed = text.trim()
  if (trimmed === '') return Number.NaN
  if (input.type === 'boolean') {
    if (trimmed === (input.spelling?.[1] ?? 'true')) return 1
    if (trimmed === (input.spelling?.[0] ?? 'false')) return 0
  }
  if (input.type === 'datetime') {
    const milliseconds = Date.parse(
      /[zZ]|[+-]\d\d:?\d\d$/.test(trimmed) || !trimmed.includes(':') ? trimmed : `${trimmed}Z`,
    )
    if (!Number.isNaN(milliseconds)) return milliseconds / 1000
  }
  return Number(trimmed)
}

function asCodes(input: PipelineInput, column: Extract<Column, { storage: 'float64' }>): Column {
  const spell = (value: number) =>
    column.type === 'boolean'
      ? (column.spelling?.[value === 0 ? 0 : 1] ?? (value === 0 ? 'false' : 'true'))
      : String(value)
  const texts = Array.from(column.values, (value) => (Number.isNaN(value) ? null : spell(value)))
  const levels = [...new Set(texts.filter((text) => text !== null))].sort()
  const codeOf = new Map(levels.map((level, code) => [level, code]))
  return {
    storage: 'codes',
    name: column.name,
    type: isNumericType(input.type) ? 'category' : input.type,
    levels,
    codes: Int32Array.from(texts, (text) => (text === null ? -1 : (codeOf.get(text) as number))),
  }
}

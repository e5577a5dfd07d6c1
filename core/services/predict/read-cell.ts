import type { SignatureInput } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { signatureLevels } from '../../models/describe-signature.ts'
import type { ModelSignature } from '../../models/model-signature.ts'
import type { WarningCode } from './warning-collector.ts'

type Warn = (code: WarningCode, message: string) => void

/** Reads the cells of one input as the model takes them, and says what the training data would not have led it to expect. */
export type InputReader =
  | { readonly name: string; readonly storage: 'float64'; readonly read: (cell: Cell, warn: Warn) => number }
  | { readonly name: string; readonly storage: 'codes'; readonly read: (cell: Cell, warn: Warn) => string | null }

/** Missing values are NaN for numbers and null for texts; what cannot be read counts as missing. */
export function inputReader(input: SignatureInput, { spellings }: ModelSignature): InputReader {
  const { name } = input
  switch (input.type) {
    case 'number':
      return { name, storage: 'float64', read: (cell, warn) => readNumber(input, cell, warn) }
    case 'datetime':
      return { name, storage: 'float64', read: (cell, warn) => readTime(input, cell, warn) }
    case 'boolean': {
      const spelling = spellings.get(name) ?? ['false', 'true']
      return { name, storage: 'float64', read: (cell, warn) => readBoolean(input, spelling, cell, warn) }
    }
    case 'category':
    case 'text':
    case 'id': {
      const levels = new Set(input.levels)
      return { name, storage: 'codes', read: (cell, warn) => readText(input, levels, cell, warn) }
    }
  }
}

function readNumber(input: SignatureInput, cell: Cell, warn: Warn): number {
  if (isMissing(cell)) return missing(input, warn)
  const value = typeof cell === 'string' ? parseNumber(cell) : Number(cell)
  if (value === null) {
    warn('NOT_A_NUMBER', `${input.name} is "${shorten(cell)}", which is not a number; it counts as missing.`)
    return Number.NaN
  }
  warnOfRange(input, value, String, warn)
  return value
}

function readTime(input: SignatureInput, cell: Cell, warn: Warn): number {
  if (isMissing(cell)) return missing(input, warn)
  const value = typeof cell === 'string' ? (parseTime(cell) ?? parseNumber(cell)) : Number(cell)
  if (value === null || typeof cell === 'boolean') {
    const example = 'a date such as 2026-01-31 or 2026-01-31T12:00:00Z'
    warn('NOT_A_NUMBER', `${input.name} is "${shorten(cell)}", which is not ${example}; it counts as missing.`)
    return Number.NaN
  }
  warnOfRange(input, value, spellTime, warn)
  return value
}

function readBoolean(input: SignatureInput, spelling: readonly [string, string], cell: Cell, warn: Warn): number {
  if (isMissing(cell)) return missing(input, warn)
  if (typeof cell === 'boolean') return Number(cell)
  const text = String(cell).trim()
  if (text === spelling[1]) return 1
  if (text === spelling[0]) return 0
  const position = ['false', 'true', '0', '1'].indexOf(text.toLowerCase())
  if (position >= 0) return position % 2
  warn(
    'UNSEEN',
    `${input.name} is "${shorten(cell)}", neither ${spelling[0]} nor ${spelling[1]}; it counts as missing.`,
  )
  return Number.NaN
}

function readText(input: SignatureInput, levels: ReadonlySet<string>, cell: Cell, warn: Warn): string | null {
  if (isMissing(cell)) {
    missing(input, warn)
    return null
  }
  const text = String(cell)
  // A cut list of levels cannot tell what was unseen.
  if (levels.size > 0 && levels.size < signatureLevels && !levels.has(text)) {
    warn('UNSEEN', `${input.name} is "${shorten(cell)}", which the training data did not have.`)
  }
  return text
}

function isMissing(cell: Cell): boolean {
  return cell === null || (typeof cell === 'string' && cell.trim() === '') || Number.isNaN(cell)
}

function missing(input: SignatureInput, warn: Warn): number {
  const comparison = input.missingSeen
    ? 'as in some rows of the training data'
    : 'which no row of the training data was'
  warn('MISSING', `${input.name} is missing, ${comparison}.`)
  return Number.NaN
}

function warnOfRange({ name, min, max }: SignatureInput, value: number, spell: (value: number) => string, warn: Warn) {
  if (!Number.isFinite(value)) {
    warn('INFINITE', `${name} is infinite.`)
  } else if (min !== null && max !== null && (value < min || value > max)) {
    warn('OUT_OF_RANGE', `${name} is ${spell(value)}; the training data has ${spell(min)} to ${spell(max)}.`)
  }
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const infinite = /^([+-]?)inf(?:inity)?$/i

function parseNumber(text: string): number | null {
  const trimmed = text.trim()
  if (decimal.test(trimmed)) return Number(trimmed)
  const sign = infinite.exec(trimmed)?.[1]
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity
  return trimmed.toLowerCase() === 'nan' ? Number.NaN : null
}

const isoTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i

/** ISO 8601 as seconds since 1970; without a zone it is UTC, as in the tables. */
function parseTime(text: string): number | null {
  const parts = isoTime.exec(text.trim())
  if (parts === null) return null
  const [, day, time = '00:00', zone = 'Z'] = parts
  const milliseconds = Date.parse(`${day}T${time}${zone.toUpperCase()}`)
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000
}

/** The largest time that a date can hold, in seconds. */
const lastTime = 8.64e12

function spellTime(seconds: number): string {
  return Math.abs(seconds) <= lastTime ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') : String(seconds)
}

function shorten(cell: Cell): string {
  const text = String(cell)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

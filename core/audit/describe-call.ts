import { hash } from 'node:crypto'
import type { CanonicalValue } from '../trust/canonical-json.ts'
import { canonicalJson } from '../trust/canonical-json.ts'
import type { AuditEntry } from './entry.ts'

/** What a log keeps of a call's input: names of things in the open, words and names of people as commitments. */
export interface CallDescription {
  readonly details: AuditEntry['details']
  /** By field, still in clear: the log turns them into commitments. */
  readonly hidden: Readonly<Record<string, string>>
}

/** Fields that name things, never people. */
const open = new Set([
  'alias',
  'dataset',
  'decision',
  'digest',
  'experiment',
  'format',
  'from',
  'id',
  'job',
  'key',
  'kind',
  'metric',
  'model',
  'role',
  'run',
  'runId',
  'slot',
  'state',
  'store',
  'target',
  'task',
  'tier',
  'to',
  'version',
])
/** Where `name` names a thing. */
const namesThings = /^(automl|datasets|experiments|models|runs)\./
const secret = /phrase|password|secret|token/i
const longest = 2_000

/** Takes the first level of an input apart; what is deeper is kept as one text. Secrets are left out. */
export function describeCall(action: string, input: unknown): CallDescription {
  const details: Record<string, string | number | boolean | null> = {}
  const hidden: Record<string, string> = {}
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { details, hidden }
  for (const [field, value] of Object.entries(input as Record<string, unknown>)) {
    if (secret.test(field) || value === undefined) continue
    if (value === null || typeof value === 'number' || typeof value === 'boolean') {
      if (typeof value !== 'number' || Number.isFinite(value)) details[field] = value
    } else if (typeof value === 'string' && value.length <= 200 && isOpen(action, field)) {
      details[field] = value.toWellFormed()
    } else {
      const text = textOf(value)
      if (text !== null) hidden[field] = text.length <= longest ? text : `sha256:${hash('sha256', text, 'hex')}`
    }
  }
  return { details, hidden }
}

function isOpen(action: string, field: string): boolean {
  return open.has(field) || (field === 'name' && namesThings.test(action))
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.toWellFormed()
  try {
    const text = JSON.stringify(value, (key, inner: unknown) => (secret.test(key) ? undefined : inner))
    return canonicalJson(JSON.parse(text) as CanonicalValue)
  } catch {
    return null
  }
}

import { hash } from 'node:crypto'
import type { CanonicalValue } from '../trust/canonical-json.ts'
import { canonicalJson } from '../trust/canonical-json.ts'

/** How a call ended: as asked; refused by permission, state or policy; or with an error. */
export type Outcome = 'done' | 'refused' | 'failed'

/** One line of the log. What names or quotes a person stands in `hidden`, as commitments. */
export interface AuditEntry {
  readonly sequence: number
  readonly previous: string
  readonly time: string
  /** `models.setAlias`: the procedure, or what happened. */
  readonly action: string
  readonly outcome: Outcome
  readonly role: string
  /** The error's code where it was not done. */
  readonly code?: string
  readonly details: { readonly [key: string]: string | number | boolean | null }
  /** Commitments by field; `actor` is always there. */
  readonly hidden: { readonly [field: string]: string }
}

/** What the first entry follows. */
export const beforeFirst = `sha256:${'0'.repeat(64)}`

/** An entry as it is stored: canonical JSON, and the hash that the next one repeats. */
export function writeEntry(entry: AuditEntry): { readonly text: string; readonly hash: string } {
  const text = canonicalJson(entry as unknown as CanonicalValue)
  return { text, hash: hashOf(text) }
}

/** `sha256:<hex>` of an entry's text in UTF-8. */
export function hashOf(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`
}

/** What stands in the log for a value: without the salt, nobody can find the value by trying. Salt: 32 hexadecimal digits. */
export function commitment(salt: string, value: string): string {
  return `sha256:${hash('sha256', `${salt}:${value}`, 'hex')}`
}

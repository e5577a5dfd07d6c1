import type { Role } from '../../../shared/domain/permissions.ts'
import type { Actor } from '../service-context.ts'
import type { DecisionStatement } from './decision-statement.ts'

/** A signed statement as it was found, and whether it counts. */
export interface OpenedDecision {
  readonly person: string
  readonly role: Role
  readonly fingerprint: string
  /** Why it does not count: forged, an unknown or revoked key, a role that the person has not. Null when it does. */
  readonly problem: string | null
  /** What was signed; null where the envelope cannot be read. */
  readonly statement: DecisionStatement | null
}

export interface AuditEvent {
  readonly action: string
  readonly actor: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** What approvals need of keys, people and the log. */
export interface ApprovalPeople {
  /** Signs with the actor's own key; the answer is a DSSE envelope as JSON. Throws where the actor has no key at hand. */
  sign(actor: Actor, statement: (fingerprint: string) => DecisionStatement): Promise<string>
  open(envelope: string): OpenedDecision
  /** Adds to the audit log, in the transaction that is open. */
  record(event: AuditEvent): void
}

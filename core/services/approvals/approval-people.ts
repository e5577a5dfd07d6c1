import type { Role } from '../../../shared/domain/permissions.ts'
import type { Actor } from '../service-context.ts'

/** A signed statement as it was found, and whether it counts. */
export interface OpenedStatement {
  readonly person: string
  /** Whether the name of who signed was erased since, so that `person` is a pseudonym. */
  readonly isErased?: boolean
  /** At the time of the signature. */
  readonly role: Role
  readonly fingerprint: string
  /** Why it does not count: forged, an unknown or revoked key. Null when it does. */
  readonly problem: string | null
  /** What was signed; null where the envelope cannot be read or its signature is not good. */
  readonly statement: unknown
}

/** Whose key signs. */
export interface SignerKey {
  readonly fingerprint: string
  /** SPKI in PEM. */
  readonly publicKey: string
}

export interface AuditEvent {
  readonly action: string
  readonly actor: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** What approvals need of keys, people and the log. */
export interface ApprovalPeople {
  /** Signs an in-toto statement with the actor's own key; the answer is a DSSE envelope as JSON. Throws where the actor has no key at hand. */
  sign(actor: Actor, statement: (key: SignerKey) => object): Promise<string>
  /** By the people that this workspace knows, as they were at a time (ISO 8601); without one, now. */
  open(envelope: string, at?: string): OpenedStatement
  /** By a key that came along: the statement, or null where it was not signed with it. */
  openWith(envelope: string, publicKey: string): unknown
  /** Adds to the audit log, in the transaction that is open. */
  record(event: AuditEvent): void
}

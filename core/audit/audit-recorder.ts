import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { newId } from '../storage/ids.ts'
import type { AuditRows } from './audit-rows.ts'
import type { AuditEntry, Outcome } from './entry.ts'
import { beforeFirst, commitment, writeEntry } from './entry.ts'

/** What is to be written down. */
export interface AuditEvent {
  readonly action: string
  readonly actor: string
  readonly role: string
  readonly outcome: Outcome
  readonly code?: string
  readonly details: AuditEntry['details']
  readonly hidden: Readonly<Record<string, string>>
  /**
   * Written while a call is done, but not what the call asks for: that it is refused, or that time has passed. The event of
   * the call waits for another transaction, or it would be in the log as done before anybody knows.
   */
  readonly aside?: boolean
}

export interface AuditRecorder {
  /** Adds an event. Within a transaction it is stored with it, or not at all. */
  record(event: AuditEvent): void
  /**
   * Does a call; its event is written in the first transaction that the call commits, or after it where it makes none.
   * What is thrown is left to the caller to record.
   */
  during<Result>(event: AuditEvent, call: () => Promise<Result>): Promise<Result>
}

interface Pending {
  readonly event: AuditEvent
  isRecorded: boolean
  /** Whether the transaction that is open is not the call's own. */
  isAside: boolean
}

/**
 * Writes the log. There is one place at which changes become durable, the commit of a transaction; `beforeCommit` is to be
 * called there.
 */
export function createAuditRecorder(
  rows: AuditRows,
  transaction: (work: () => void) => void,
): AuditRecorder & { beforeCommit(): void; origin(): string; actor(): string | null } {
  const calls = new AsyncLocalStorage<Pending>()

  function append(event: AuditEvent): void {
    if (rows.last() === undefined) {
      const details = { origin: `maestro/${newId()}` }
      write({ action: 'log.created', actor: event.actor, role: event.role, outcome: 'done', details, hidden: {} })
    }
    write(event)
  }

  function write({ action, actor, role, outcome, code, details, hidden }: AuditEvent): void {
    const before = rows.last()
    const sequence = (before?.sequence ?? 0) + 1
    const time = new Date().toISOString()
    const commitments: Record<string, string> = {}
    for (const [field, value] of Object.entries({ ...hidden, actor })) {
      const salt = randomBytes(16).toString('hex')
      commitments[field] = commitment(salt, value)
      rows.insertDisclosure({ sequence, field, person: actor, salt, value })
    }
    const { text, hash } = writeEntry({
      sequence,
      previous: before?.hash ?? beforeFirst,
      time,
      action,
      outcome,
      role,
      ...(code === undefined ? {} : { code }),
      details,
      hidden: commitments,
    })
    rows.insert({ sequence, time, action, outcome, entry: text, hash })
  }

  function record(event: AuditEvent): void {
    transaction(() => {
      append(event)
      const pending = calls.getStore()
      if (pending && event.aside) pending.isAside = true
    })
  }

  return {
    record,
    async during(event, call) {
      const pending: Pending = { event, isRecorded: false, isAside: false }
      try {
        const result = await calls.run(pending, call)
        if (!pending.isRecorded) record(event)
        return result
      } finally {
        // Work that the call left behind must not write under its name.
        pending.isRecorded = true
      }
    },
    beforeCommit() {
      const pending = calls.getStore()
      if (!pending || pending.isRecorded) return
      if (pending.isAside) {
        pending.isAside = false
        return
      }
      pending.isRecorded = true
      try {
        append(pending.event)
      } catch (error) {
        pending.isRecorded = false
        throw error
      }
    },
    /** In whose call this is; null in none. */
    actor: () => calls.getStore()?.event.actor ?? null,
    /** The log's name; the first entry says it. */
    origin(): string {
      const first = rows.firstEntry()
      return first === undefined ? 'maestro/empty' : String((JSON.parse(first) as AuditEntry).details.origin)
    },
  }
}

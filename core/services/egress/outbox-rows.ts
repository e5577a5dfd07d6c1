import type BetterSqlite3 from 'better-sqlite3'
import type { OutboxMessage } from '../../../shared/domain/egress.ts'
import type { Notice } from '../notifications/notification-rows.ts'

/** A message that waits to be sent. */
export interface WaitingMessage extends Notice {
  readonly id: string
  readonly destinationId: string
  readonly attempts: number
  readonly createdAt: string
}

const waitingColumns =
  'id, destination_id AS destinationId, kind, actor, title, text, href, attempts, created_at AS createdAt'
const listed = 200

/** The statements of the outbox. */
export function createOutboxRows(sqlite: BetterSqlite3.Database) {
  const insert = sqlite.prepare<[Notice & { id: string; destinationId: string; now: string }]>(
    `INSERT INTO outbox_message (id, destination_id, kind, actor, title, text, href, state, next_at, created_at)
     VALUES (@id, @destinationId, @kind, @actor, @title, @text, @href, 'waiting', @now, @now)`,
  )
  const due = sqlite.prepare<[string], WaitingMessage>(
    `SELECT ${waitingColumns} FROM outbox_message WHERE state = 'waiting' AND next_at <= ? ORDER BY created_at, id LIMIT 500`,
  )
  const claim = sqlite.prepare<[string, string]>(
    "UPDATE outbox_message SET attempts = attempts + 1, next_at = ? WHERE id = ? AND state = 'waiting'",
  )
  const sent = sqlite.prepare<[string, string]>(
    "UPDATE outbox_message SET state = 'sent', error = '', ended_at = ? WHERE id = ?",
  )
  const later = sqlite.prepare<[{ id: string; nextAt: string; error: string; counts: number }]>(
    'UPDATE outbox_message SET next_at = @nextAt, error = @error, attempts = attempts - 1 + @counts WHERE id = @id',
  )
  const dead = sqlite.prepare<[string, string, string]>(
    "UPDATE outbox_message SET state = 'dead', error = ?, ended_at = ? WHERE id = ?",
  )
  const hurry = sqlite.prepare<[string]>("UPDATE outbox_message SET next_at = ? WHERE state = 'waiting'")
  const revive = sqlite.prepare<[string, string, string]>(
    `UPDATE outbox_message SET state = 'waiting', attempts = 0, next_at = ?, ended_at = NULL
     WHERE state = 'dead' AND (? = '' OR id = ?)`,
  )
  const list = sqlite.prepare<[number], OutboxMessage>(
    `SELECT m.id, d.name AS destination, m.kind, m.title, m.state, m.attempts, m.next_at AS nextAt, m.error,
       m.created_at AS createdAt
     FROM outbox_message m JOIN egress_destination d ON d.id = m.destination_id
     ORDER BY m.state = 'sent', m.created_at DESC, m.id DESC LIMIT ?`,
  )
  const counts = sqlite.prepare<[], { destinationId: string; waiting: number; dead: number }>(
    `SELECT destination_id AS destinationId, sum(state = 'waiting') AS waiting, sum(state = 'dead') AS dead
     FROM outbox_message WHERE state <> 'sent' GROUP BY destination_id`,
  )
  const forget = sqlite.prepare<[string]>("DELETE FROM outbox_message WHERE state = 'sent' AND ended_at < ?")

  return {
    insert: (id: string, destinationId: string, notice: Notice, now: string) =>
      void insert.run({ ...notice, id, destinationId, now }),
    /** Oldest first. */
    due: (now: string) => due.all(now),
    /** Before it is sent: who dies while it is on the way leaves it to be tried again from then on. */
    claim: (id: string, until: string) => claim.run(until, id).changes === 1,
    sent: (id: string, now: string) => void sent.run(now, id),
    /** To be tried again; an attempt that did not get as far as a connection need not count. */
    later: (id: string, nextAt: string, error: string, counts = true) =>
      void later.run({ id, nextAt, error, counts: Number(counts) }),
    dead: (id: string, error: string, now: string) => void dead.run(error, now, id),
    /** Everything that waits is due now. */
    hurry: (now: string) => void hurry.run(now),
    /** What was given up is tried from the start: one, or all of them. */
    revive: (now: string, id = '') => void revive.run(now, id, id),
    list: () => list.all(listed),
    counts: () => counts.all(),
    forgetSentBefore: (time: string) => void forget.run(time),
  }
}

export type OutboxRows = ReturnType<typeof createOutboxRows>

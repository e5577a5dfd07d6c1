import type BetterSqlite3 from 'better-sqlite3'
import type { ApprovalStanding, ApprovalState } from '../../../shared/domain/approval-states.ts'
import type { ApprovalEventKind } from '../../../shared/domain/approvals.ts'
import type { Role } from '../../../shared/domain/permissions.ts'

export interface ApprovalRow extends ApprovalStanding {
  readonly id: string
  readonly versionId: string
  readonly model: string
  readonly version: number
  readonly digest: string
  readonly tier: string
  readonly submitter: string
  readonly message: string
  readonly manifestDigest: string
  readonly policyDigest: string
  readonly submittedAt: string
  readonly dueAt: string
  readonly approvedAt: string | null
}

export interface EventRow {
  readonly time: string
  readonly kind: ApprovalEventKind
  readonly from: ApprovalState | null
  readonly to: ApprovalState | null
  readonly actor: string
  readonly text: string
  readonly item: string | null
}

export interface DecisionRow {
  readonly person: string
  readonly role: Role
  readonly fingerprint: string
  readonly decision: 'approved' | 'rejected'
  readonly reason: string
  /** DSSE, as JSON. */
  readonly envelope: string
  readonly origin: 'here' | 'reply'
  readonly decidedAt: string
  /** When it was stored here: what it says of its own time nobody else has seen. */
  readonly recordedAt: string
}

export interface NewEvent {
  readonly approvalId: string
  readonly kind: ApprovalEventKind
  readonly actor: string
  readonly from?: ApprovalState
  readonly to?: ApprovalState
  readonly text?: string
  readonly item?: string | null
}

const columns = `a.id, a.version_id AS versionId, m.name AS model, v.version, v.digest, a.tier, a.state, a.closed, a.submitter,
  a.message, a.manifest_digest AS manifestDigest, a.policy_digest AS policyDigest, a.submitted_at AS submittedAt,
  a.due_at AS dueAt, a.approved_at AS approvedAt`
const tables = 'approval a JOIN model_version v ON v.id = a.version_id JOIN registered_model m ON m.id = v.model_id'

/** The statements of approvals. */
export function createApprovalRows(sqlite: BetterSqlite3.Database) {
  const select = (rest: string) => sqlite.prepare<unknown[], ApprovalRow>(`SELECT ${columns} FROM ${tables} ${rest}`)
  const byId = select('WHERE a.id = ?')
  // What still stands is taken first: however much was closed since, nothing that waits falls off the end.
  const all = sqlite.prepare<[number], ApprovalRow>(
    `SELECT * FROM (SELECT ${columns} FROM ${tables} ORDER BY a.closed IS NULL DESC, a.submitted_at DESC, a.id DESC LIMIT ?)
     ORDER BY submittedAt DESC, id DESC`,
  )
  // The one that stands is the last one, also where the clock was put back since another was closed.
  const ofVersion = select(
    `WHERE a.version_id = ? ORDER BY a.closed IS NULL AND a.state <> 'rejected' DESC, a.submitted_at DESC, a.id DESC`,
  )
  const startingWith = select('WHERE a.id >= ? AND a.id < ? LIMIT 2')
  const selectEvents = sqlite.prepare<[string], EventRow>(
    `SELECT created_at AS time, kind, from_state AS "from", to_state AS "to", actor, text, item
     FROM approval_event WHERE approval_id = ? ORDER BY id`,
  )
  const selectDecisions = sqlite.prepare<[string], DecisionRow>(
    `SELECT person, role, fingerprint, decision, reason, envelope, origin, decided_at AS decidedAt, recorded_at AS recordedAt
     FROM approval_decision WHERE approval_id = ? ORDER BY recorded_at, id`,
  )
  const insertEvent = sqlite.prepare(
    `INSERT INTO approval_event (approval_id, kind, from_state, to_state, actor, text, item, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const updateStanding = sqlite.prepare(
    `UPDATE approval SET state = ?, closed = ?, approved_at = coalesce(approved_at, ?), updated_at = ? WHERE id = ?`,
  )
  const updateVersion = sqlite.prepare('UPDATE model_version SET state = ? WHERE id = ?')

  return {
    byId: (id: string) => byId.get(id),
    /** By the first digits of its id; two where they are not enough. */
    startingWith: (prefix: string) => startingWith.all(prefix, `${prefix}g`),
    /** Newest first; where there are more, those that are not closed rather than the others. */
    all: (limit: number) => all.all(limit),
    /** The one that waits or holds, then the others, newest first. */
    ofVersion: (versionId: string) => ofVersion.all(versionId),
    events: (id: string) => selectEvents.all(id),
    decisions: (id: string) => selectDecisions.all(id),
    insert(row: Omit<ApprovalRow, 'model' | 'version' | 'digest' | 'state' | 'closed' | 'approvedAt'>): void {
      sqlite
        .prepare(
          `INSERT INTO approval (id, version_id, tier, state, submitter, message, manifest_digest, policy_digest, submitted_at, due_at, updated_at)
           VALUES (?, ?, ?, 'submitted', ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          row.id,
          row.versionId,
          row.tier,
          row.submitter,
          row.message,
          row.manifestDigest,
          row.policyDigest,
          row.submittedAt,
          row.dueAt,
          row.submittedAt,
        )
      updateVersion.run('submitted', row.versionId)
    },
    addEvent({ approvalId, kind, actor, from, to, text, item }: NewEvent, now: string): void {
      insertEvent.run(approvalId, kind, from ?? null, to ?? null, actor, text ?? '', item ?? null, now)
    },
    addDecision(id: string, approvalId: string, decision: Omit<DecisionRow, 'recordedAt'>, now: string): void {
      sqlite
        .prepare(
          `INSERT INTO approval_decision (id, approval_id, person, role, fingerprint, decision, reason, envelope, origin, decided_at, recorded_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          approvalId,
          decision.person,
          decision.role,
          decision.fingerprint,
          decision.decision,
          decision.reason,
          decision.envelope,
          decision.origin,
          decision.decidedAt,
          now,
        )
    },
    /** A version whose approval has ended stands where one does that was never sent. */
    setStanding({ id, versionId }: ApprovalRow, { state, closed }: ApprovalStanding, now: string): void {
      updateStanding.run(state, closed, state === 'approved' ? now : null, now, id)
      updateVersion.run(closed === null ? state : 'none', versionId)
    },
    slots: (versionId: string) =>
      sqlite
        .prepare<[string], { slot: string }>(
          'SELECT slot FROM deployment WHERE version_id = ? AND ended_at IS NULL ORDER BY slot',
        )
        .all(versionId)
        .map(({ slot }) => slot),
  }
}

export type ApprovalRows = ReturnType<typeof createApprovalRows>

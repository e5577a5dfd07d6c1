import type { ApprovalEvent } from '../../../shared/domain/approval-states.ts'
import { applyApprovalEvent, isUndecided } from '../../../shared/domain/approval-states.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ServiceContext } from '../service-context.ts'
import type { ApprovalChecks } from './approval-checks.ts'
import type { ApprovalFacts } from './approval-facts.ts'
import type { ApprovalPeople } from './approval-people.ts'
import type { ApprovalRow, ApprovalRows, NewEvent } from './approval-rows.ts'

/** Who acts where nobody does: time has passed, or content was found changed. */
const maestroItself = 'maestro'
const dayMs = 86_400_000

interface StepSources {
  readonly rows: ApprovalRows
  readonly facts: ApprovalFacts
  readonly tierNamed: ApprovalChecks['tierNamed']
  readonly people: ApprovalPeople
}

/** How an approval moves from state to state, each step with its trace; and what was refused, with its trace too. */
export function createApprovalSteps(
  context: Pick<ServiceContext, 'assertWritable' | 'changed' | 'database'>,
  { rows, facts, tierNamed, people }: StepSources,
) {
  const { database } = context

  /** Ends what has changed or whose time is over, as soon as anybody looks at it. */
  function settle(row: ApprovalRow): ApprovalRow {
    if (row.closed !== null || row.state === 'rejected') return row
    const changed = facts.changedSince(row, { bytes: false })
    const end: { kind: 'voided' | 'expired'; text: string } | null =
      changed.length > 0
        ? { kind: 'voided', text: `Changed since it was submitted: ${changed.join(', ')}.` }
        : isOverdue(row)
          ? { kind: 'expired', text: 'Its time has passed.' }
          : null
    if (end === null) return row
    const closed = { ...row, closed: end.kind }
    if (!database.readOnly && isWritable()) {
      database.transaction(() => step(row, { kind: end.kind }, { actor: maestroItself, text: end.text }))
      context.changed({ topic: 'approvals', id: row.id })
    }
    return closed
  }

  function isWritable(): boolean {
    try {
      context.assertWritable()
      return true
    } catch {
      return false
    }
  }

  function isOverdue(row: ApprovalRow): boolean {
    const tier = tierNamed(row.tier)
    if (!tier) return false
    const over = (since: string | null, days: number | null) =>
      since !== null && days !== null && Date.now() - Date.parse(since) > days * dayMs
    return isUndecided(row.state)
      ? over(row.submittedAt, tier.submissionMaxDays)
      : over(row.approvedAt, tier.approvalMaxDays)
  }

  /** Applies an event and stores it with its trace. Inside a transaction. Throws STATE_REFUSED. */
  function step(row: ApprovalRow, event: ApprovalEvent, trace: Pick<NewEvent, 'actor' | 'text' | 'item'>): ApprovalRow {
    const result = applyApprovalEvent(row, event)
    if (!result.ok) throw stateRefused(row, result.reason)
    const now = new Date().toISOString()
    rows.setStanding(row, result.standing, now)
    const moved = event.kind === 'moved' ? { from: row.state, to: event.to } : {}
    rows.addEvent({ approvalId: row.id, kind: event.kind, ...moved, ...trace }, now)
    people.record({
      action: `approval.${event.kind}`,
      actor: trace.actor,
      subject: `approval:${row.id}`,
      details: {
        model: row.model,
        version: row.version,
        manifest: row.manifestDigest,
        ...moved,
        text: trace.text ?? '',
      },
    })
    return { ...row, ...result.standing }
  }

  /** Does it, or writes down that it was refused, and why. */
  function orRemember<Result>(row: ApprovalRow, actor: string, what: string, work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      rememberRefusal(row, actor, what, error)
      throw error
    }
  }

  function rememberRefusal(row: ApprovalRow, actor: string, what: string, error: unknown): void {
    if (!(error instanceof MaestroError) || !isWritable()) return
    // A key that is locked is a question back, which is answered by the next call.
    if (error.code === 'KEY_LOCKED') return
    const { message } = error
    database.transaction(() => {
      rows.addEvent(
        { approvalId: row.id, kind: 'refused', actor, text: `${what}: ${message}` },
        new Date().toISOString(),
      )
      people.record({
        action: 'approval.refused',
        actor,
        subject: `approval:${row.id}`,
        details: { what, code: error.code, message },
      })
    })
    changed(row)
  }

  function changed(row: ApprovalRow): void {
    context.changed({ topic: 'approvals', id: row.id })
    context.changed({ topic: 'models', id: row.versionId })
  }

  return { settle, step, orRemember, rememberRefusal, changed }
}

export type ApprovalSteps = ReturnType<typeof createApprovalSteps>

export function stateRefused(row: ApprovalRow, reason: string): MaestroError {
  return new MaestroError('STATE_REFUSED', `${row.model} / ${row.version}: ${reason}`, stateHint(row), {
    approval: row.id,
    state: row.state,
    closed: row.closed,
  })
}

function stateHint({ id, state, closed }: ApprovalRow): string {
  if (closed !== null || state === 'rejected')
    return 'Send the version for approval again: maestro approvals submit REF.'
  if (state === 'submitted') return `First: maestro approvals advance ${id} review.`
  if (state === 'review') return `First: maestro approvals advance ${id} testing.`
  return `maestro approvals show ${id} shows what has happened.`
}

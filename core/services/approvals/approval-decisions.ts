import type { ApprovalState } from '../../../shared/domain/approval-states.ts'
import { applyApprovalEvent } from '../../../shared/domain/approval-states.ts'
import { signatureRequirements } from '../../../shared/domain/check-policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { newId } from '../../storage/ids.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { Actor } from '../service-context.ts'
import type { ApprovalChecks } from './approval-checks.ts'
import type { ApprovalFacts } from './approval-facts.ts'
import { openDecision } from './approval-facts.ts'
import type { ApprovalPeople } from './approval-people.ts'
import type { ApprovalRow, ApprovalRows } from './approval-rows.ts'
import type { ApprovalSteps } from './approval-steps.ts'
import { stateRefused } from './approval-steps.ts'
import { mismatch } from './decision-statement.ts'
import { refuseByPolicy } from './refuse-by-policy.ts'

interface DecisionSources {
  readonly rows: ApprovalRows
  readonly facts: ApprovalFacts
  readonly people: ApprovalPeople
  readonly models: Pick<ModelsService, 'assertNotInTrash'>
  readonly checks: ApprovalChecks
  readonly step: ApprovalSteps['step']
  find(reference: string): ApprovalRow
}

/** Who may decide, and what a signed decision does. */
export function createApprovalDecisions({
  rows,
  facts,
  people,
  models,
  checks: { check, tierOf },
  step,
  find,
}: DecisionSources) {
  /** A submission needs its evidence; a rejection only somebody who may, and a submission that still stands. */
  function assertMayDecide(row: ApprovalRow, decision: 'approved' | 'rejected', decider: Actor): void {
    const verdict = check(row, 'decide', { bytes: decision === 'approved', decider })
    const counted =
      decision === 'approved'
        ? verdict.requirements
        : verdict.requirements.filter(
            ({ what }) =>
              ['still valid', 'four eyes', 'role', 'one signature each'].includes(what) || what.startsWith('tier '),
          )
    refuseByPolicy(`${decision === 'approved' ? 'Approving' : 'Rejecting'} ${row.model} / ${row.version}`, counted)
  }

  function assertMove(row: ApprovalRow, to: ApprovalState, reason: string): void {
    const result = applyApprovalEvent(row, { kind: 'moved', to, reason })
    if (!result.ok) throw stateRefused(row, result.reason)
    models.assertNotInTrash(row.versionId)
  }

  /**
   * Checks and stores a signed decision, and moves the approval when it was enough. Inside a transaction. What was checked
   * before signing may have changed meanwhile.
   */
  function record(given: ApprovalRow, envelope: string, origin: 'here' | 'reply'): ApprovalRow {
    const row = find(given.id)
    const opened = openDecision(people, envelope)
    const { statement, role } = opened
    if (statement) {
      const { decision, reason } = statement.predicate
      assertMove(row, decision, reason)
      assertMayDecide(row, decision, { name: opened.person, role })
    }
    const problem =
      opened.problem ??
      (statement === null ? 'it cannot be read' : (mismatch(statement, row) ?? nameProblem(opened, origin)))
    if (problem !== null || statement === null) {
      throw new MaestroError('POLICY_REFUSED', `The signature does not count: ${problem ?? ''}.`)
    }
    const { person, fingerprint, decision, reason, decidedAt } = statement.predicate
    const now = new Date().toISOString()
    rows.addDecision(newId(), row.id, { person, role, fingerprint, decision, reason, envelope, origin, decidedAt }, now)
    rows.addEvent({ approvalId: row.id, kind: 'signed', actor: person, text: `${decision}: ${reason}` }, now)
    people.record({
      action: 'approval.signed',
      actor: person,
      subject: `approval:${row.id}`,
      details: { decision, reason, fingerprint, origin, manifest: row.manifestDigest },
    })
    if (decision === 'rejected') {
      return step(row, { kind: 'moved', to: 'rejected', reason }, { actor: person, text: reason })
    }
    const open = signatureRequirements(tierOf(row.tier), facts.submission(row, { bytes: false }))
    if (!open.every(({ met }) => met)) return row
    return step(row, { kind: 'moved', to: 'approved', reason }, { actor: person, text: reason })
  }

  return { assertMayDecide, assertMove, record }
}

/**
 * Why a signature is not of whom the decision names. Whoever signs elsewhere has another role there, often the owner's; what
 * counts is the role that the person has here.
 */
function nameProblem(
  { statement, person, role, fingerprint }: ReturnType<typeof openDecision>,
  origin: 'here' | 'reply',
): string | null {
  const named = statement?.predicate
  if (named?.person !== person || named.fingerprint !== fingerprint) return 'it names somebody else than who signed'
  return origin === 'reply' || named.role === role ? null : `it says ${named.role}, but ${person} is ${role}`
}

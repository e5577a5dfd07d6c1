import type { Approval } from '../../../shared/domain/approvals.ts'
import type { ReviewFinding, ReviewReply } from '../../../shared/domain/reviews.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { openDecision } from '../approvals/approval-facts.ts'
import type { ApprovalPeople } from '../approvals/approval-people.ts'
import type { ApprovalRow } from '../approvals/approval-rows.ts'
import type { ApprovalsService } from '../approvals/approvals-service.ts'
import type { DecisionStatement } from '../approvals/decision-statement.ts'
import { mismatch } from '../approvals/decision-statement.ts'
import type { Actor, ServiceContext } from '../service-context.ts'

/** How far the clocks of two machines may differ. */
const clockSkewMs = 24 * 3_600_000

interface Imported {
  readonly verified: boolean
  readonly findings: ReviewFinding[]
  readonly approval: Approval | null
}

/** Takes a decision in that was signed elsewhere, or says why it does not count. Nothing is trusted but the signature. */
export function importReply(
  sources: { readonly context: ServiceContext; readonly approvals: ApprovalsService; readonly people: ApprovalPeople },
  reply: ReviewReply,
  actor: Actor,
): Imported {
  const { context, approvals, people } = sources
  const { statement, problem, person, fingerprint } = openDecision(people, reply.envelope)
  const finding = signatureFinding(reply, problem, statement)
  if (finding || statement === null) {
    people.record({
      action: 'review.refused',
      actor: actor.name,
      subject: statement ? `approval:${statement.predicate.approval}` : 'approval:unknown',
      details: { ...finding, fingerprint: reply.signer.fingerprint },
    })
    return { verified: false, findings: finding ? [finding] : [], approval: null }
  }
  const row = find(approvals, statement)
  if (row === null) {
    return failed('STATE', 'It is about a submission that this workspace does not have.')
  }
  const refusal = contentFinding(row, statement, person, fingerprint) ?? replayFinding(approvals, row, person)
  if (refusal) {
    approvals.rememberRefusal(row, person, 'import a reply', new MaestroError('POLICY_REFUSED', refusal.message))
    return { verified: false, findings: [refusal], approval: approvals.get(row.id) }
  }
  try {
    context.database.transaction(() => {
      const ready = approvals.advanceForReply(row, statement.predicate.decision, person)
      approvals.record(ready, reply.envelope, 'reply')
    })
  } catch (error) {
    if (!(error instanceof MaestroError)) throw error
    approvals.rememberRefusal(row, person, 'import a reply', error)
    const code = /four eyes/.test(error.message) ? 'SELF_APPROVAL' : error.code === 'STATE_REFUSED' ? 'STATE' : 'POLICY'
    return { ...failed(code, error.message), approval: approvals.get(row.id) }
  }
  context.changed({ topic: 'approvals', id: row.id })
  const signed: ReviewFinding = {
    code: 'INTACT',
    severity: 'note',
    message: `${person} has signed "${statement.predicate.decision}" over the manifest as submitted (${fingerprint}).`,
  }
  return { verified: true, findings: [signed], approval: approvals.get(row.id) }
}

function find(approvals: ApprovalsService, { predicate }: DecisionStatement): ApprovalRow | null {
  try {
    return approvals.row(predicate.approval)
  } catch {
    return null
  }
}

function signatureFinding(
  { signer }: ReviewReply,
  problem: string | null,
  statement: DecisionStatement | null,
): ReviewFinding | null {
  if (problem !== null && /revoked/.test(problem)) {
    return { code: 'KEY_REVOKED', severity: 'error', message: `The key of ${signer.name} does not count: ${problem}.` }
  }
  if (problem !== null) {
    return {
      code: /unknown|nobody/.test(problem) ? 'SIGNER_UNKNOWN' : 'SIGNATURE',
      severity: 'error',
      message: `The signature does not count: ${problem}.`,
    }
  }
  return statement === null
    ? { code: 'SIGNATURE', severity: 'error', message: 'What was signed is not a decision on a submission.' }
    : null
}

/** Whether the decision is about this submission, by whom it says, at a time that can be. */
function contentFinding(
  row: ApprovalRow,
  statement: DecisionStatement,
  person: string,
  fingerprint: string,
): ReviewFinding | null {
  const error = (code: ReviewFinding['code'], message: string): ReviewFinding => ({ code, severity: 'error', message })
  const other = mismatch(statement, row)
  if (other !== null) return error('DIGEST', `The decision does not fit the submission: ${other}.`)
  const { predicate } = statement
  if (predicate.person !== person || predicate.fingerprint !== fingerprint) {
    return error('SIGNATURE', 'The decision names somebody else than who signed it.')
  }
  if (person === row.submitter) return error('SELF_APPROVAL', `${person} has submitted it and cannot decide on it.`)
  if (row.closed === 'expired') return error('EXPIRED', 'The time to decide on it has ended. Submit the version again.')
  const decidedAt = Date.parse(predicate.decidedAt)
  if (decidedAt < Date.parse(row.submittedAt) - clockSkewMs || decidedAt > Date.now() + clockSkewMs) {
    return error('EXPIRED', `It says that it was signed at ${predicate.decidedAt}, which cannot be.`)
  }
  return null
}

function replayFinding(approvals: ApprovalsService, row: ApprovalRow, person: string): ReviewFinding | null {
  return approvals.rows.decisions(row.id).some((each) => each.person === person)
    ? { code: 'REPLAYED', severity: 'error', message: `The decision of ${person} is here already.` }
    : null
}

function failed(code: ReviewFinding['code'], message: string): Imported {
  return { verified: false, findings: [{ code, severity: 'error', message }], approval: null }
}

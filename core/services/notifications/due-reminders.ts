import type { ApprovalState } from '../../../shared/domain/approval-states.ts'
import { isUndecided } from '../../../shared/domain/approval-states.ts'
import type { RiskTier } from '../../../shared/domain/policy.ts'
import { remindersOf } from '../../../shared/domain/policy.ts'

/** What passes with time alone: reminders, and the end. Each happens once to an approval. */
export type ReminderKind = 'reminder' | 'overdue' | 'escalated' | 'expiring' | 'ended'

/** An approval that still waits, or holds. Times are in milliseconds since 1970. */
export interface OpenApproval {
  readonly id: string
  readonly state: ApprovalState
  readonly submittedAt: number
  /** By when somebody should have decided. */
  readonly dueAt: number
  readonly approvedAt: number | null
  readonly tier: RiskTier
}

export interface Reminder {
  readonly approvalId: string
  readonly kind: ReminderKind
}

const dayMs = 86_400_000
/** An approval for a year is spoken of two weeks before its end; one for days, in the last tenth of them. */
const longestWarningMs = 14 * dayMs
const warningShare = 0.1

/**
 * What is to be said now. It depends on the moment and on what was said already, not on when it was last asked: after a
 * night in which the machine slept, everything that became due is there once, except what the night made pointless (a
 * reminder that time is running out when it is over). A clock that is set back says nothing twice.
 *
 * @param now Milliseconds since 1970.
 * @param sent What was said before, in any order.
 */
export function dueReminders(
  now: number,
  approvals: readonly OpenApproval[],
  sent: readonly Reminder[],
): readonly Reminder[] {
  const said = new Set(sent.map(({ approvalId, kind }) => `${approvalId} ${kind}`))
  return approvals.flatMap((approval) =>
    (isUndecided(approval.state) ? whileItWaits(now, approval) : whileItHolds(now, approval))
      .map((kind) => ({ approvalId: approval.id, kind }))
      .filter(({ approvalId, kind }) => !said.has(`${approvalId} ${kind}`)),
  )
}

function whileItWaits(now: number, { submittedAt, dueAt, tier }: OpenApproval): ReminderKind[] {
  const { submissionMaxDays } = tier
  if (submissionMaxDays !== null && now > submittedAt + submissionMaxDays * dayMs) return ['ended']
  const { remindAt, escalateAt, escalateTo } = remindersOf(tier)
  const share = (now - submittedAt) / (dueAt - submittedAt)
  if (now < dueAt) return share >= remindAt ? ['reminder'] : []
  return escalateTo !== null && share >= escalateAt ? ['overdue', 'escalated'] : ['overdue']
}

function whileItHolds(now: number, { approvedAt, tier: { approvalMaxDays } }: OpenApproval): ReminderKind[] {
  if (approvedAt === null || approvalMaxDays === null) return []
  const lasts = approvalMaxDays * dayMs
  if (now > approvedAt + lasts) return ['ended']
  return now >= approvedAt + lasts - Math.min(longestWarningMs, warningShare * lasts) ? ['expiring'] : []
}

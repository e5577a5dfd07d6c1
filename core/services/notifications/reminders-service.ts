import { limits } from '../../../shared/domain/limits.ts'
import type { RiskTier } from '../../../shared/domain/policy.ts'
import { remindersOf } from '../../../shared/domain/policy.ts'
import type { ApprovalPeople } from '../approvals/approval-people.ts'
import type { ApprovalRow } from '../approvals/approval-rows.ts'
import type { ApprovalsService } from '../approvals/approvals-service.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { tierNamed } from './approval-notices.ts'
import type { OpenApproval, Reminder, ReminderKind } from './due-reminders.ts'
import { dueReminders } from './due-reminders.ts'

const maestroItself = 'maestro'

/** Reminds of approvals that wait, hands late ones up, and ends what is over, whenever it is asked to. */
export function createRemindersService(
  context: Pick<ServiceContext, 'database' | 'changed'> & { readonly isWritable: () => boolean },
  approvals: ApprovalsService,
  policies: PolicyService,
  people: Pick<ApprovalPeople, 'record'>,
) {
  const { database, changed } = context
  const { sqlite } = database
  const selectOpen = sqlite.prepare<[], StoredApproval>(
    `SELECT id, tier, state, submitted_at AS submittedAt, due_at AS dueAt, approved_at AS approvedAt
     FROM approval WHERE closed IS NULL AND state <> 'rejected' ORDER BY submitted_at, id`,
  )
  const selectSent = sqlite.prepare<[], Reminder>(
    `SELECT e.approval_id AS approvalId, e.kind FROM approval_event e JOIN approval a ON a.id = e.approval_id
     WHERE a.closed IS NULL AND e.kind IN ('reminder', 'overdue', 'escalated', 'expiring')`,
  )

  function remind(id: string, kind: ReminderKind, now: number): void {
    // Looking at it ends it where its content has changed or its time is over.
    const row = approvals.row(id)
    const tier = tierNamed(policies.inForce().policy, row.tier)
    if (row.closed !== null || kind === 'ended' || tier === undefined) return
    const text = wordsOf(kind, row, tier)
    database.transaction(() => {
      approvals.rows.addEvent({ approvalId: id, kind, actor: maestroItself, text }, new Date(now).toISOString())
      people.record({
        action: `approval.${kind}`,
        actor: maestroItself,
        subject: `approval:${id}`,
        details: { model: row.model, version: row.version, text, ...roleOf(kind, tier) },
      })
    })
    changed({ topic: 'approvals', id })
  }

  return {
    /** Says everything that is due and was not said. Cheap where nothing is; does nothing while the workspace cannot be written to. */
    runDue(now: number = Date.now()): readonly Reminder[] {
      if (database.readOnly || !context.isWritable()) return []
      const { policy } = policies.inForce()
      const open = selectOpen.all().flatMap((row) => {
        const tier = tierNamed(policy, row.tier)
        return tier === undefined ? [] : [toOpen(row, tier)]
      })
      if (open.length === 0) return []
      const due = dueReminders(now, open, selectSent.all())
      for (const { approvalId, kind } of due) remind(approvalId, kind, now)
      return due
    },
  }
}

export type RemindersService = ReturnType<typeof createRemindersService>

interface StoredApproval {
  readonly id: string
  readonly tier: string
  readonly state: OpenApproval['state']
  readonly submittedAt: string
  readonly dueAt: string
  readonly approvedAt: string | null
}

function toOpen({ id, state, submittedAt, dueAt, approvedAt }: StoredApproval, tier: RiskTier): OpenApproval {
  return {
    id,
    state,
    submittedAt: Date.parse(submittedAt),
    dueAt: Date.parse(dueAt),
    approvedAt: approvedAt === null ? null : Date.parse(approvedAt),
    tier,
  }
}

function roleOf(kind: ReminderKind, tier: RiskTier): { role?: string } {
  const { escalateTo } = remindersOf(tier)
  return kind === 'escalated' && escalateTo !== null ? { role: escalateTo } : {}
}

function wordsOf(kind: ReminderKind, { dueAt }: ApprovalRow, tier: RiskTier): string {
  const due = `${dueAt.slice(0, 16).replace('T', ' ')} UTC`
  if (kind === 'reminder') return `It is to be decided by ${due}.`
  if (kind === 'overdue') return `It was to be decided by ${due}, within ${limits.approvalHours} hours.`
  if (kind === 'escalated')
    return `Nobody has decided since ${due}; who is ${remindersOf(tier).escalateTo ?? ''} is asked.`
  return `It holds for ${tier.approvalMaxDays ?? 0} days. Send the version for approval again before they are over.`
}

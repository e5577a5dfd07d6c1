import type BetterSqlite3 from 'better-sqlite3'
import type { AuditEvent } from '../approvals/approval-people.ts'
import { createApprovalRows } from '../approvals/approval-rows.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import { approvalNotice, tierNamed } from './approval-notices.ts'
import type { Recipient } from './notification-rows.ts'
import type { Notify } from './notifications-service.ts'

/** Tells people what happens to approvals, beside the audit log and in the same transaction. */
export function tellOfApprovals(
  sqlite: BetterSqlite3.Database,
  policies: PolicyService,
  people: () => readonly Recipient[],
  notify: Notify,
): (event: AuditEvent) => void {
  const rows = createApprovalRows(sqlite)
  return (event) => {
    const id = /^approval:([0-9a-f]{32})$/.exec(event.subject)?.[1]
    const approval = id === undefined ? undefined : rows.byId(id)
    if (!approval) return
    const addressed = approvalNotice(event, {
      approval,
      tier: tierNamed(policies.inForce().policy, approval.tier),
      signed: rows.decisions(approval.id).map(({ person }) => person),
      people: people(),
    })
    if (addressed) notify(addressed.notice, addressed.recipients)
  }
}

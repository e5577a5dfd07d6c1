import { isAtLeast } from '../../../shared/domain/check-policy.ts'
import { isAllowed, roles } from '../../../shared/domain/permissions.ts'
import type { Policy, RiskTier } from '../../../shared/domain/policy.ts'
import type { AuditEvent } from '../approvals/approval-people.ts'
import type { ApprovalRow } from '../approvals/approval-rows.ts'
import type { Notice, Recipient } from './notification-rows.ts'

/** A notice and the names of those who get it. */
export interface Addressed {
  readonly notice: Notice
  readonly recipients: readonly string[]
}

/** What is known when something happens to an approval. */
export interface ApprovalSituation {
  readonly approval: ApprovalRow
  /** Undefined where the policy has no such tier any more. */
  readonly tier: RiskTier | undefined
  /** Those who have signed. */
  readonly signed: readonly string[]
  /** Everybody whose identity is in force. */
  readonly people: readonly Recipient[]
}

/**
 * Who is told what when something happens to an approval; null where nobody is. Nobody is told of what they have done
 * themselves.
 */
export function approvalNotice(event: AuditEvent, situation: ApprovalSituation): Addressed | null {
  const { approval } = situation
  const name = `${approval.model} / ${approval.version}`
  const { actor, details } = event
  const told = (kind: Notice['kind'], title: string, text: unknown, recipients: readonly string[]): Addressed => ({
    notice: { kind, actor, title, text: plain(text), href: `/approvals/${approval.id}` },
    recipients: recipients.filter((person) => person !== actor),
  })
  const involved = [approval.submitter, ...situation.signed]
  switch (event.action) {
    case 'approval.submitted':
      return told(
        'approval-waiting',
        `${name} waits for your approval`,
        approval.message,
        situation.people.filter(({ role }) => isAllowed(role, 'approvals:review')).map((each) => each.name),
      )
    case 'approval.moved':
      if (details.to === 'approved' || details.to === 'rejected')
        return told('approval-decided', `${name} was ${String(details.to)} by ${actor}`, details.text, involved)
      return null
    case 'approval.changes-requested':
      return told('changes-requested', `${actor} asks for changes to ${name}`, details.text, [approval.submitter])
    case 'approval.commented':
    case 'approval.changes-settled':
      return told('comment', `${actor} commented on ${name}`, details.text, involved)
    case 'approval.withdrawn':
    case 'approval.expired':
    case 'approval.voided':
    case 'approval.revoked':
      return told(
        'approval-ended',
        `The approval of ${name} ${endings[event.action]}`,
        details.text,
        event.action === 'approval.withdrawn' ? deciders(situation) : involved,
      )
    case 'approval.refused':
      if (details.code !== 'POLICY_REFUSED') return null
      return told('policy-refused', `${actor} was refused: ${plain(details.what)} ${name}`, details.message, involved)
    case 'approval.reminder':
      return told('reminder', `${name} is to be decided soon`, details.text, deciders(situation))
    case 'approval.overdue':
      return told('overdue', `${name} should have been decided by now`, details.text, [
        ...deciders(situation),
        approval.submitter,
      ])
    case 'approval.escalated':
      return told('escalated', `${name} is late and was handed up`, details.text, [
        ...above(situation, plain(details.role)),
        approval.submitter,
      ])
    case 'approval.expiring':
      return told('expiring', `The approval of ${name} will soon no longer hold`, details.text, involved)
    default:
      return null
  }
}

const endings = {
  'approval.withdrawn': 'was withdrawn',
  'approval.expired': 'has expired',
  'approval.voided': 'no longer holds: what was submitted has changed',
  'approval.revoked': 'was taken back',
} as const

/** Those whose signature would count, and who have not signed yet. */
export function deciders({ approval, tier, signed, people }: ApprovalSituation): string[] {
  const asked = tier === undefined || tier.roles.length === 0 ? (['approver'] as const) : tier.roles
  return people
    .filter(
      ({ name, role }) =>
        name !== approval.submitter && !signed.includes(name) && asked.some((least) => isAtLeast(role, least)),
    )
    .map(({ name }) => name)
}

function above({ approval, people }: ApprovalSituation, role: string): string[] {
  const least = roles.find((each) => each === role)
  return least === undefined
    ? []
    : people.filter((each) => each.name !== approval.submitter && isAtLeast(each.role, least)).map(({ name }) => name)
}

/** A tier of the policy; undefined where it has no such one. */
export function tierNamed({ tiers }: Policy, name: string): RiskTier | undefined {
  return Object.hasOwn(tiers, name) ? tiers[name] : undefined
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 2_000) : ''
}

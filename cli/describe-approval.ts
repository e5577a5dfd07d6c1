import type { Approval, ApprovalSummary } from '../shared/domain/approvals.ts'
import type { Requirement } from '../shared/domain/check-policy.ts'
import { table } from './format.ts'

const minute = (time: string) => time.slice(0, 16).replace('T', ' ')

export function describeApprovals(approvals: readonly ApprovalSummary[]): string {
  const rows = approvals.map((each) => [
    each.id.slice(0, 12),
    `${each.model}/${each.version}`,
    stateOf(each),
    each.tier,
    each.submitter,
    minute(each.submittedAt),
    each.isLate ? 'LATE' : minute(each.dueAt),
  ])
  return (
    table(['id', 'version', 'state', 'tier', 'by', 'sent', 'due'], rows) ||
    'Nothing was sent for approval. maestro approvals submit REF sends a version.'
  )
}

export function describeApproval(approval: Approval): string {
  const { decisions, history, manifest } = approval
  const changed = manifest.filter(({ intact }) => !intact)
  return [
    `${approval.id}  ${approval.model}/${approval.version}  ${stateOf(approval).toUpperCase()}  tier ${approval.tier}`,
    `manifest ${approval.manifestDigest}, ${manifest.length} items${changed.length > 0 ? `; CHANGED: ${changed.map(({ name }) => name).join(', ')}` : ', all as submitted'}`,
    `sent by ${approval.submitter} ${minute(approval.submittedAt)}, due ${minute(approval.dueAt)}${approval.isLate ? ' LATE' : ''}`,
    approval.replaces ? `replaces ${approval.model}/${approval.replaces.version} in ${approval.replaces.slot}` : '',
    approval.slots.length > 0 ? `deployed to ${approval.slots.join(', ')}` : '',
    describeRequirements(approval.requirements),
    ...decisions.map(
      ({ person, role, decision, reason, fingerprint, problem }) =>
        `${decision} by ${person} (${role}, ${fingerprint}): ${reason}${problem === null ? '' : `  DOES NOT COUNT: ${problem}`}`,
    ),
    table(
      ['when', 'who', 'what', ''],
      history.map(({ time, actor, kind, to, text, item }) => [
        minute(time),
        actor,
        kind === 'moved' ? `to ${to}` : kind,
        [item, text].filter(Boolean).join(': '),
      ]),
    ),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** One line each, what is missing first. */
export function describeRequirements(requirements: readonly Requirement[]): string {
  return table(
    ['', 'asked for', ''],
    [...requirements]
      .sort((a, b) => Number(a.met) - Number(b.met))
      .map(({ what, met, detail }) => [met ? 'ok' : 'MISSING', what, detail]),
  )
}

function stateOf({ state, closed }: ApprovalSummary): string {
  return closed === null ? state : `${closed} (was ${state})`
}

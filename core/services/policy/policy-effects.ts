import { isGranted, isUndecided } from '../../../shared/domain/approval-states.ts'
import type { PolicyFacts, Requirement } from '../../../shared/domain/check-policy.ts'
import { checkPolicy, signatureRequirements } from '../../../shared/domain/check-policy.ts'
import type { AffectedApproval, Policy } from '../../../shared/domain/policy.ts'
import type { ApprovalRow } from '../approvals/approval-rows.ts'

const dayMs = 86_400_000

/** What is known of a submission that has not ended. */
export interface OpenApproval {
  readonly row: ApprovalRow
  readonly facts: Pick<PolicyFacts, 'evidence'> & { readonly submission: NonNullable<PolicyFacts['submission']> }
}

/** Which submissions would stand otherwise under another policy, and how. `now` is in milliseconds since 1970. */
export function policyEffects(
  before: Policy,
  after: Policy,
  approvals: readonly OpenApproval[],
  now: number,
): AffectedApproval[] {
  return approvals.flatMap((open) => {
    const becomes = differences(standing(before, open, now), standing(after, open, now))
    const { id, model, version, state, tier } = open.row
    return becomes.length === 0 ? [] : [{ id, model, version, state, tier, becomes }]
  })
}

/** Everything that a policy asks of a submission at its next step, and whether it has time left. */
function standing(policy: Policy, { row, facts }: OpenApproval, now: number): Requirement[] {
  const tier = Object.hasOwn(policy.tiers, row.tier) ? policy.tiers[row.tier] : undefined
  if (!tier) return [{ what: `tier ${row.tier}`, met: false, detail: 'The policy has no such tier.' }]
  const moment = isGranted(row.state) ? 'deploy' : 'decide'
  const { requirements } = checkPolicy(policy, row.tier, moment, { now, ...facts })
  const signatures = moment === 'decide' ? signatureRequirements(tier, facts.submission) : []
  const [since, days] = isUndecided(row.state)
    ? [row.submittedAt, tier.submissionMaxDays]
    : [row.approvedAt, tier.approvalMaxDays]
  const isOver = since !== null && days !== null && now - Date.parse(since) > days * dayMs
  const time = { what: 'its time', met: !isOver, detail: isOver ? `more than ${days} days have passed` : 'not over' }
  return [time, ...requirements, ...signatures]
}

function differences(before: readonly Requirement[], after: readonly Requirement[]): string[] {
  const was = new Map(before.map((each) => [each.what, each.met]))
  const is = new Map(after.map((each) => [each.what, each.met]))
  return [
    ...after
      .filter(({ what, met }) => !met && was.get(what) !== false)
      .map(({ what, detail }) => `${was.has(what) ? 'no longer met' : 'asked for, and missing'}: ${what} (${detail})`),
    ...before
      .filter(({ what, met }) => !met && is.get(what) !== false)
      .map(({ what }) => (is.has(what) ? `met from now on: ${what}` : `no longer asked for: ${what}`)),
  ]
}

import type { PolicyFacts, PolicyMoment, PolicyVerdict, Requirement } from '../../../shared/domain/check-policy.ts'
import { checkPolicy } from '../../../shared/domain/check-policy.ts'
import type { RiskTier } from '../../../shared/domain/policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import type { ApprovalFacts } from './approval-facts.ts'
import type { ApprovalRow } from './approval-rows.ts'

/** What the policy in force says of a submission. */
export function createApprovalChecks(policies: PolicyService, facts: ApprovalFacts) {
  /** The tier of this name in the policy in force, which may have lost it since a submission. */
  function tierNamed(name: string): RiskTier | undefined {
    const { tiers } = policies.inForce().policy
    return Object.hasOwn(tiers, name) ? tiers[name] : undefined
  }

  function tierOf(name: string): RiskTier {
    const tier = tierNamed(name)
    if (tier) return tier
    throw new MaestroError(
      'POLICY_REFUSED',
      `The policy has no tier ${name}.`,
      `It has ${Object.keys(policies.inForce().policy.tiers).join(', ')}. maestro policy show prints it.`,
      { tier: name },
    )
  }

  /** What is missing where the tier of a submission is not in the policy that is in force now; null where it is. */
  function missingTier(name: string): Requirement | null {
    if (tierNamed(name)) return null
    return { what: `tier ${name}`, met: false, detail: 'The policy has no such tier any more.' }
  }

  function check(
    row: ApprovalRow,
    moment: PolicyMoment,
    more: Partial<PolicyFacts> & { bytes: boolean },
  ): PolicyVerdict {
    const gone = missingTier(row.tier)
    if (gone) return { allowed: false, requirements: [gone] }
    return checkPolicy(policies.inForce().policy, row.tier, moment, {
      now: Date.now(),
      evidence: facts.evidence(row.versionId),
      submission: facts.submission(row, more),
      decider: more.decider,
    })
  }

  return { tierNamed, tierOf, missingTier, check }
}

export type ApprovalChecks = ReturnType<typeof createApprovalChecks>

import type { ApprovalStanding } from './approval-states.ts'
import { isGranted } from './approval-states.ts'
import type { Role } from './permissions.ts'
import { roles } from './permissions.ts'
import type { Policy, RiskTier } from './policy.ts'

/** One thing that is asked for, and whether it is there. */
export interface Requirement {
  readonly what: string
  readonly met: boolean
  readonly detail: string
}

export interface PolicyVerdict {
  readonly allowed: boolean
  readonly requirements: Requirement[]
}

/** When the policy is asked. `serve` is each time that a deployed version is loaded. */
export type PolicyMoment = 'submit' | 'decide' | 'deploy' | 'serve'

export interface DecisionFact {
  readonly person: string
  readonly role: Role
  readonly decision: 'approved' | 'rejected'
  /** Why its signature does not count; null when it does. */
  readonly problem: string | null
}

/** What is known of a version, its submission and who has decided. Times are milliseconds since 1970. */
export interface PolicyFacts {
  readonly now: number
  readonly evidence: readonly { readonly kind: string; readonly createdAt: number }[]
  /** Null for a version that was never submitted. */
  readonly submission: {
    readonly submitter: string
    readonly submittedAt: number
    readonly approvedAt: number | null
    readonly standing: ApprovalStanding
    /** What has changed since it was submitted; empty when nothing has. */
    readonly changed: readonly string[]
    /** How many requests for changes are not settled. */
    readonly openRequests: number
    readonly decisions: readonly DecisionFact[]
  } | null
  /** Who is about to decide; only looked at then. */
  readonly decider?: { readonly name: string; readonly role: Role } | undefined
}

const dayMs = 86_400_000

/** What a tier of the policy asks at a moment, and what of it is met. Throws RangeError for a tier that the policy has not. */
export function checkPolicy(policy: Policy, tierName: string, moment: PolicyMoment, facts: PolicyFacts): PolicyVerdict {
  const tier = Object.hasOwn(policy.tiers, tierName) ? policy.tiers[tierName] : undefined
  if (!tier) throw new RangeError(`the policy has no tier ${tierName}`)
  const requirements = [
    ...tier.evidence.map((kinds) => evidenceRequirement(kinds, tier, moment, facts)),
    ...(moment === 'submit' ? [] : submissionRequirements(tier, moment, facts)),
  ]
  return { allowed: requirements.every(({ met }) => met), requirements }
}

/** Whether a role is another one or above it. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

/** Whether a slot may be filled without an approval. */
export function isOpenSlot(policy: Policy, slot: string): boolean {
  return policy.openSlots.includes(slot)
}

function evidenceRequirement(kinds: string, tier: RiskTier, moment: PolicyMoment, facts: PolicyFacts): Requirement {
  const what = `evidence: ${kinds}`
  const wanted = kinds.split(' or ')
  const found = facts.evidence.filter(({ kind }) => wanted.includes(kind))
  if (found.length === 0) return { what, met: false, detail: `The version has no ${kinds}.` }
  const newest = Math.max(...found.map(({ createdAt }) => createdAt))
  const ageDays = Math.max(0, (facts.now - newest) / dayMs)
  // What is approved stays so until the approval itself ends: its evidence was fresh when it was decided on.
  const isTooOld =
    (moment === 'submit' || moment === 'decide') && tier.evidenceMaxDays !== null && ageDays > tier.evidenceMaxDays
  const detail = `${found.map(({ kind }) => kind).join(', ')}, ${wholeDays(ageDays)} old`
  return isTooOld
    ? { what, met: false, detail: `${detail}; at most ${wholeDays(tier.evidenceMaxDays ?? 0)} are allowed.` }
    : { what, met: true, detail }
}

function submissionRequirements(tier: RiskTier, moment: PolicyMoment, { submission, decider, now }: PolicyFacts) {
  if (submission === null) {
    return [{ what: 'submission', met: false, detail: 'The version was never sent for approval.' }]
  }
  const { standing, changed } = submission
  const requirements: Requirement[] = [
    { what: 'still valid', met: standing.closed === null, detail: standing.closed ?? 'nothing has ended it' },
    {
      what: 'unchanged since submission',
      met: changed.length === 0,
      detail: changed.length === 0 ? 'every digest is as submitted' : `changed: ${changed.join(', ')}`,
    },
  ]
  if (moment === 'decide') {
    requirements.push(...decisionRequirements(tier, submission, decider, now))
  } else {
    requirements.push(stateRequirement(standing), ...signatureRequirements(tier, submission))
    requirements.push(approvalAge(tier, submission.approvedAt, now))
  }
  return requirements
}

type Submission = NonNullable<PolicyFacts['submission']>

function decisionRequirements(
  tier: RiskTier,
  submission: Submission,
  decider: PolicyFacts['decider'],
  now: number,
): Requirement[] {
  const ageDays = (now - submission.submittedAt) / dayMs
  const requirements: Requirement[] = [
    {
      what: 'in time',
      met: tier.submissionMaxDays === null || ageDays <= tier.submissionMaxDays,
      detail:
        tier.submissionMaxDays === null ? 'no limit' : `${wholeDays(ageDays)} of ${wholeDays(tier.submissionMaxDays)}`,
    },
    {
      what: 'no open request for changes',
      met: submission.openRequests === 0,
      detail: submission.openRequests === 0 ? 'none' : `${submission.openRequests} open`,
    },
  ]
  if (!decider) return requirements
  const accepted = acceptedRoles(tier)
  const before = submission.decisions.some(({ person, problem }) => problem === null && person === decider.name)
  return [
    ...requirements,
    {
      what: 'four eyes',
      met: decider.name !== submission.submitter,
      detail:
        decider.name === submission.submitter
          ? `${decider.name} has submitted it and cannot decide on it.`
          : `submitted by ${submission.submitter}`,
    },
    {
      what: 'role',
      met: accepted.some((role) => isAtLeast(decider.role, role)),
      detail: `${decider.name} is ${decider.role}; it takes ${accepted.join(' or ')}`,
    },
    {
      what: 'one signature each',
      met: !before,
      detail: before ? `${decider.name} has signed already.` : 'not signed yet',
    },
  ]
}

/** The quorum may be filled by anybody with one of the roles that are asked for. */
function acceptedRoles({ roles: asked }: RiskTier): Role[] {
  return asked.length === 0 ? ['approver'] : asked
}

function stateRequirement({ state }: ApprovalStanding): Requirement {
  return { what: 'approved', met: isGranted(state), detail: `it is ${state}` }
}

/** Quorum, roles and four eyes, over the signatures that count. Also what tells whether one more approval is enough. */
export function signatureRequirements(tier: RiskTier, { submitter, decisions }: Submission): Requirement[] {
  const approvals = decisions.filter(({ decision }) => decision === 'approved')
  const valid = distinct(approvals.filter(({ person, problem }) => problem === null && person !== submitter))
  const refused = approvals.filter(({ problem }) => problem !== null)
  const accepted = acceptedRoles(tier)
  const counted = valid.filter(({ role }) => accepted.some((least) => isAtLeast(role, least)))
  const missing = rolesWithoutPerson(tier.roles, counted)
  return [
    {
      what: `quorum of ${tier.quorum}`,
      met: counted.length >= tier.quorum,
      detail: [
        counted.length === 0 ? 'nobody has approved' : `approved by ${counted.map(({ person }) => person).join(', ')}`,
        ...refused.map(({ person, problem }) => `${person} does not count: ${problem}`),
      ].join('; '),
    },
    {
      what: `roles: ${tier.roles.length === 0 ? 'none asked for' : tier.roles.join(', ')}`,
      met: missing.length === 0,
      detail: missing.length === 0 ? 'all there' : `missing: ${missing.join(', ')}`,
    },
  ]
}

function distinct(decisions: readonly DecisionFact[]): DecisionFact[] {
  return [...new Map(decisions.map((each) => [each.person, each])).values()]
}

/** Roles that are left when each is given to a person of its own: the highest roles first, to the lowest people that fit. */
function rolesWithoutPerson(asked: readonly Role[], people: readonly DecisionFact[]): Role[] {
  const byRank = (a: Role, b: Role) => roles.indexOf(a) - roles.indexOf(b)
  const free = people.map(({ role }) => role).sort(byRank)
  return [...asked]
    .sort((a, b) => byRank(b, a))
    .filter((role) => {
      const at = free.findIndex((each) => isAtLeast(each, role))
      if (at >= 0) free.splice(at, 1)
      return at < 0
    })
}

function approvalAge({ approvalMaxDays }: RiskTier, approvedAt: number | null, now: number): Requirement {
  const ageDays = approvedAt === null ? 0 : Math.max(0, (now - approvedAt) / dayMs)
  return {
    what: 'approval in force',
    met: approvedAt !== null && (approvalMaxDays === null || ageDays <= approvalMaxDays),
    detail:
      approvedAt === null
        ? 'not approved'
        : `${wholeDays(ageDays)} old${approvalMaxDays === null ? '' : `, holds for ${wholeDays(approvalMaxDays)}`}`,
  }
}

function wholeDays(days: number): string {
  const whole = Math.floor(days * 100) / 100
  const shown = whole >= 10 || Number.isInteger(whole) ? Math.floor(whole) : Math.floor(whole * 10) / 10
  return `${shown} ${shown === 1 ? 'day' : 'days'}`
}

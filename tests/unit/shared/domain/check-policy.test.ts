import { describe, expect, test } from 'vitest'
import type { DecisionFact, PolicyFacts, PolicyMoment } from '../../../../shared/domain/check-policy.ts'
import { checkPolicy } from '../../../../shared/domain/check-policy.ts'
import type { Role } from '../../../../shared/domain/permissions.ts'
import type { RiskTier } from '../../../../shared/domain/policy.ts'
import { defaultPolicy, policy } from '../../../../shared/domain/policy.ts'

const day = 86_400_000
const now = 1_000 * day

function policyWith(tier: Partial<RiskTier>) {
  return policy.parse({ version: 1, defaultTier: 'only', tiers: { only: { roles: [], quorum: 1, ...tier } } })
}

type Submission = NonNullable<PolicyFacts['submission']>

function facts(submission: Partial<Submission> | null = {}, more: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    now,
    evidence: [],
    submission: submission && {
      submitter: 'ada',
      submittedAt: now - day,
      approvedAt: now - day,
      standing: { state: 'approved', closed: null },
      changed: [],
      openRequests: 0,
      decisions: [],
      ...submission,
    },
    ...more,
  }
}

const yes = (person: string, role: Role = 'approver', problem: string | null = null): DecisionFact => ({
  person,
  role,
  decision: 'approved',
  problem,
})

function unmet(tier: Partial<RiskTier>, moment: PolicyMoment, given: PolicyFacts): string[] {
  const { allowed, requirements } = checkPolicy(policyWith(tier), 'only', moment, given)
  const missing = requirements.filter(({ met }) => !met).map(({ what }) => what)
  expect(allowed).toBe(missing.length === 0)
  return missing
}

describe('evidence', () => {
  const evidence = (kind: string, ageDays: number) => ({ evidence: [{ kind, createdAt: now - ageDays * day }] })

  test('is asked for by kind, or one of several kinds', () => {
    const tier = { evidence: ['parity or quarantine', 'performance'] }
    expect(unmet(tier, 'submit', facts(null))).toEqual(['evidence: parity or quarantine', 'evidence: performance'])
    expect(unmet(tier, 'submit', facts(null, evidence('quarantine', 0)))).toEqual(['evidence: performance'])
  })

  test('is too old after its days when it is decided on, not when what was approved is used', () => {
    const tier = { evidence: ['parity'], evidenceMaxDays: 10 }
    expect(unmet(tier, 'submit', facts(null, evidence('parity', 10)))).toEqual([])
    expect(unmet(tier, 'submit', facts(null, evidence('parity', 10.01)))).toEqual(['evidence: parity'])
    expect(unmet(tier, 'decide', facts({}, evidence('parity', 11)))).toEqual(['evidence: parity'])
    expect(unmet(tier, 'serve', facts({ decisions: [yes('bob')] }, evidence('parity', 11)))).toEqual([])
  })
})

describe('a decision', () => {
  const decider = { name: 'bob', role: 'approver' as Role }

  test('is never the submitter’s', () => {
    expect(unmet({}, 'decide', facts({}, { decider: { name: 'ada', role: 'superadmin' } }))).toEqual(['four eyes'])
    expect(unmet({}, 'decide', facts({}, { decider }))).toEqual([])
  })

  test('needs one of the roles, is made once, in time, and with no request open', () => {
    expect(unmet({}, 'decide', facts({}, { decider: { name: 'bob', role: 'reviewer' } }))).toEqual(['role'])
    expect(unmet({ roles: ['reviewer'] }, 'decide', facts({}, { decider: { name: 'bob', role: 'reviewer' } }))).toEqual(
      [],
    )
    expect(unmet({}, 'decide', facts({ decisions: [yes('bob')] }, { decider }))).toEqual(['one signature each'])
    expect(unmet({ submissionMaxDays: 2 }, 'decide', facts({ submittedAt: now - 2.1 * day }, { decider }))).toEqual([
      'in time',
    ])
    expect(unmet({}, 'decide', facts({ openRequests: 1 }, { decider }))).toEqual(['no open request for changes'])
  })

  test('is not made on what has changed or ended', () => {
    expect(unmet({}, 'decide', facts({ changed: ['performance'] }, { decider }))).toEqual([
      'unchanged since submission',
    ])
    expect(unmet({}, 'decide', facts({ standing: { state: 'testing', closed: 'withdrawn' } }, { decider }))).toEqual([
      'still valid',
    ])
  })
})

describe.each(['deploy', 'serve'] as const)('to %s', (moment) => {
  test('a version must have been sent and approved', () => {
    expect(unmet({}, moment, facts(null))).toEqual(['submission'])
    const testing = { standing: { state: 'testing', closed: null }, approvedAt: null } as const
    expect(unmet({}, moment, facts(testing))).toEqual(['approved', 'quorum of 1', 'approval in force'])
  })

  test('the quorum counts people whose signature holds and who did not submit', () => {
    const of = (...decisions: DecisionFact[]) => unmet({ quorum: 2 }, moment, facts({ decisions }))
    expect(of(yes('bob'), yes('eve'))).toEqual([])
    expect(of(yes('bob'), yes('bob'))).toEqual(['quorum of 2'])
    expect(of(yes('bob'), yes('ada'))).toEqual(['quorum of 2'])
    expect(of(yes('bob'), yes('eve', 'approver', 'the key was revoked'))).toEqual(['quorum of 2'])
    expect(of(yes('bob'), yes('eve', 'reviewer'))).toEqual(['quorum of 2'])
    expect(of(yes('bob'), { ...yes('eve'), decision: 'rejected' })).toEqual(['quorum of 2'])
  })

  test('each role that is asked for takes a person of its own', () => {
    const tier: Partial<RiskTier> = { quorum: 2, roles: ['approver', 'reviewer'] }
    const of = (...decisions: DecisionFact[]) => unmet(tier, moment, facts({ decisions }))
    expect(of(yes('bob'), yes('eve', 'reviewer'))).toEqual([])
    expect(of(yes('bob'), yes('eve', 'admin'))).toEqual([])
    expect(of(yes('bob', 'reviewer'), yes('eve', 'reviewer'))).toEqual(['roles: approver, reviewer'])
    expect(unmet({ quorum: 2, roles: ['approver', 'approver'] }, moment, facts({ decisions: [yes('bob')] }))).toEqual([
      'quorum of 2',
      'roles: approver, approver',
    ])
  })

  test('an approval holds for its days, and not after it was changed or revoked', () => {
    const decisions = [yes('bob')]
    expect(unmet({ approvalMaxDays: 5 }, moment, facts({ decisions, approvedAt: now - 5.1 * day }))).toEqual([
      'approval in force',
    ])
    expect(unmet({ approvalMaxDays: null }, moment, facts({ decisions, approvedAt: 0 }))).toEqual([])
    expect(unmet({}, moment, facts({ decisions, standing: { state: 'deployed', closed: 'revoked' } }))).toEqual([
      'still valid',
    ])
    expect(unmet({}, moment, facts({ decisions, changed: ['model'] }))).toEqual(['unchanged since submission'])
  })
})

describe('the file', () => {
  test('the default names three tiers', () => {
    expect(Object.keys(defaultPolicy.tiers)).toEqual(['low', 'medium', 'high'])
  })

  test.each([
    ['a default tier that is not there', { version: 1, defaultTier: 'x', tiers: { a: {} } }],
    ['more roles than people', { version: 1, defaultTier: 'a', tiers: { a: { roles: ['approver', 'reviewer'] } } }],
    ['an unknown word', { version: 1, defaultTier: 'a', tiers: { a: { quorun: 2 } } }],
    ['an unknown role', { version: 1, defaultTier: 'a', tiers: { a: { roles: ['king'] } } }],
    ['no approval at all', { version: 1, defaultTier: 'a', tiers: { a: { quorum: 0, roles: [] } } }],
  ])('refuses %s', (_, document) => {
    expect(policy.safeParse(document).success).toBe(false)
  })

  test('a tier that is not there is a defect of the caller', () => {
    expect(() => checkPolicy(defaultPolicy, 'constructor', 'submit', facts(null))).toThrow(RangeError)
  })
})

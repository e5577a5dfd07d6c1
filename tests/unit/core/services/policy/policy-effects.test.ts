import { expect, test } from 'vitest'
import type { ApprovalRow } from '../../../../../core/services/approvals/approval-rows.ts'
import { policyEffects } from '../../../../../core/services/policy/policy-effects.ts'
import { policy } from '../../../../../shared/domain/policy.ts'

const now = Date.parse('2026-06-01T00:00:00.000Z')
const day = 86_400_000
const rules = (tier: object) => policy.parse({ version: 1, defaultTier: 'only', tiers: { only: tier } })

function open(state: 'testing' | 'approved', ageDays: number) {
  const time = new Date(now - ageDays * day).toISOString()
  const row = {
    id: '0'.repeat(32),
    model: 'titanic',
    version: 3,
    tier: 'only',
    state,
    closed: null,
    submittedAt: time,
    approvedAt: state === 'approved' ? time : null,
  } as ApprovalRow
  const submission = {
    submitter: 'ada',
    submittedAt: now - ageDays * day,
    approvedAt: state === 'approved' ? now - ageDays * day : null,
    standing: { state, closed: null },
    changed: [],
    openRequests: 0,
    decisions:
      state === 'approved'
        ? [{ person: 'bob', role: 'approver' as const, decision: 'approved' as const, problem: null }]
        : [],
  }
  return { row, facts: { evidence: [{ kind: 'parity', createdAt: now - ageDays * day }], submission } }
}

const becomes = (before: object, after: object, approval: ReturnType<typeof open>) =>
  policyEffects(rules(before), rules(after), [approval], now).flatMap((each) => each.becomes)

test('the same policy changes nothing', () => {
  expect(becomes({ evidence: ['parity'] }, { evidence: ['parity'] }, open('testing', 1))).toEqual([])
})

test('evidence that is asked for newly is named where it is missing, and not where it is there', () => {
  expect(becomes({}, { evidence: ['parity', 'card'] }, open('testing', 1))).toEqual([
    expect.stringMatching(/^asked for, and missing: evidence: card/),
  ])
  expect(becomes({ evidence: ['card'] }, {}, open('testing', 1))).toEqual(['no longer asked for: evidence: card'])
})

test('what is approved stands under the new quorum too', () => {
  expect(becomes({}, { quorum: 2 }, open('approved', 1))).toEqual([
    expect.stringMatching(/^asked for, and missing: quorum of 2 \(approved by bob\)/),
  ])
})

test('a shorter time ends what is older, a longer one lets it go on', () => {
  const [ends] = becomes({ approvalMaxDays: 365 }, { approvalMaxDays: 30 }, open('approved', 40))
  expect(ends).toMatch(/^no longer met: its time \(more than 30 days/)
  expect(becomes({ approvalMaxDays: 365 }, { approvalMaxDays: 50 }, open('approved', 40))).toEqual([])
})

test('a tier that is taken away leaves its submissions without rules', () => {
  const without = policy.parse({ version: 1, defaultTier: 'other', tiers: { other: {} } })
  const [effect] = policyEffects(rules({}), without, [open('testing', 1)], now)
  expect(effect?.becomes.join(' ')).toContain('tier only')
})

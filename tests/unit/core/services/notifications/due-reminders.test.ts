import { describe, expect, test } from 'vitest'
import type { OpenApproval } from '../../../../../core/services/notifications/due-reminders.ts'
import { dueReminders } from '../../../../../core/services/notifications/due-reminders.ts'
import { defaultPolicy, policy as policySchema, remindersOf } from '../../../../../shared/domain/policy.ts'

const hour = 3_600_000
const day = 24 * hour
const submittedAt = Date.UTC(2026, 2, 28, 12)
const tiers = policySchema.parse({
  version: 1,
  defaultTier: 'plain',
  tiers: {
    plain: {},
    own: { reminders: { remindAt: 0.5, escalateAt: 3, escalateTo: 'superadmin' } },
    quiet: { reminders: { escalateTo: null }, submissionMaxDays: null, approvalMaxDays: null },
    short: { approvalMaxDays: 10 },
  },
}).tiers

function waiting(tier: string, change: Partial<OpenApproval> = {}): OpenApproval {
  return {
    id: 'a',
    state: 'review',
    submittedAt,
    dueAt: submittedAt + 24 * hour,
    approvedAt: null,
    tier: tiers[tier] as OpenApproval['tier'],
    ...change,
  }
}

const kinds = (now: number, approval: OpenApproval, sent: readonly string[] = []) =>
  dueReminders(
    now,
    [approval],
    sent.map((kind) => ({ approvalId: 'a', kind: kind as 'reminder' })),
  ).map(({ kind }) => kind)

describe('what waits', () => {
  test.each([
    [18 * hour - 1, []],
    [18 * hour, ['reminder']],
    [24 * hour - 1, ['reminder']],
    [24 * hour, ['overdue']],
    [36 * hour - 1, ['overdue']],
    [36 * hour, ['overdue', 'escalated']],
    [30 * day, ['overdue', 'escalated']],
    [30 * day + 1, ['ended']],
  ])('%d ms after it was submitted', (after, expected) => {
    expect(kinds(submittedAt + after, waiting('plain'))).toEqual(expected)
  })

  test('says each thing once, also after the clock was set back', () => {
    expect(kinds(submittedAt + 20 * hour, waiting('plain'), ['reminder'])).toEqual([])
    expect(kinds(submittedAt + 40 * hour, waiting('plain'), ['reminder', 'overdue'])).toEqual(['escalated'])
    expect(kinds(submittedAt + 40 * hour, waiting('plain'), ['overdue', 'escalated'])).toEqual([])
    expect(kinds(submittedAt - 5 * day, waiting('plain'), ['overdue'])).toEqual([])
  })

  test('keeps what was said of one apart from what was said of another', () => {
    const sent = [{ approvalId: 'a', kind: 'reminder' as const }]
    const due = dueReminders(submittedAt + 19 * hour, [waiting('plain'), waiting('plain', { id: 'b' })], sent)
    expect(due).toEqual([{ approvalId: 'b', kind: 'reminder' }])
  })

  test('follows the policy', () => {
    expect(kinds(submittedAt + 12 * hour, waiting('own'))).toEqual(['reminder'])
    expect(kinds(submittedAt + 71 * hour, waiting('own'))).toEqual(['overdue'])
    expect(kinds(submittedAt + 72 * hour, waiting('own'))).toEqual(['overdue', 'escalated'])
    expect(kinds(submittedAt + 400 * day, waiting('quiet'))).toEqual(['overdue'])
  })
})

describe('what holds', () => {
  const approved = (tier: string) => waiting(tier, { state: 'deployed', approvedAt: submittedAt })
  test.each([
    ['plain', 351 * day - 1, []],
    ['plain', 351 * day, ['expiring']],
    ['plain', 365 * day, ['expiring']],
    ['plain', 365 * day + 1, ['ended']],
    ['short', 9 * day - 1, []],
    ['short', 9 * day, ['expiring']],
    ['quiet', 5_000 * day, []],
  ])('in the tier %s, %d ms after it was approved', (tier, after, expected) => {
    expect(kinds(submittedAt + after, approved(tier))).toEqual(expected)
  })
})

test('the next role is the one above the highest that is asked for', () => {
  expect(remindersOf(tiers.plain as OpenApproval['tier'])).toEqual({
    remindAt: 0.75,
    escalateAt: 1.5,
    escalateTo: 'admin',
  })
  const asks = (role: string) =>
    policySchema.parse({ ...defaultPolicy, tiers: { medium: { roles: [role] } } }).tiers.medium as OpenApproval['tier']
  expect(remindersOf(asks('reviewer')).escalateTo).toBe('approver')
  expect(remindersOf(asks('superadmin')).escalateTo).toBeNull()
})

test('a policy without reminders keeps its digest', () => {
  expect(JSON.stringify(defaultPolicy)).not.toContain('reminders')
})

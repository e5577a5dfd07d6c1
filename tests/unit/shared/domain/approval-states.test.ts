import { describe, expect, test } from 'vitest'
import type { ApprovalEvent, ApprovalState } from '../../../../shared/domain/approval-states.ts'
import { applyApprovalEvent, approvalClosures, approvalStates } from '../../../../shared/domain/approval-states.ts'

/** The six pairs that the governance rules allow, written out: whatever is not here is refused. */
const allowed = new Set([
  'submitted review',
  'review testing',
  'review rejected',
  'testing approved',
  'testing rejected',
  'approved deployed',
])
const pairs = approvalStates.flatMap((from) => approvalStates.map((to) => [from, to] as const))

test('there are 36 ordered pairs of states', () => {
  expect(pairs).toHaveLength(36)
})

test.each(pairs)('%s to %s', (from, to) => {
  const step = applyApprovalEvent({ state: from, closed: null }, { kind: 'moved', to, reason: 'because' })
  if (allowed.has(`${from} ${to}`)) expect(step).toEqual({ ok: true, standing: { state: to, closed: null } })
  else expect(step).toEqual({ ok: false, reason: expect.stringContaining(`It is ${from} and can go `) })
})

test.each(pairs)('%s to %s is refused once it is closed', (from, to) => {
  for (const closed of approvalClosures) {
    expect(applyApprovalEvent({ state: from, closed }, { kind: 'moved', to, reason: 'because' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining(closed),
    })
  }
})

test.each(['review', 'testing'] as const)('a rejection of what is in %s needs a reason', (state) => {
  const reject = (reason: string) =>
    applyApprovalEvent({ state, closed: null }, { kind: 'moved', to: 'rejected', reason })
  expect(reject('  ')).toEqual({ ok: false, reason: 'A rejection needs a reason.' })
  expect(reject('drift').ok).toBe(true)
})

describe('events that are no states', () => {
  const from: Record<Exclude<ApprovalEvent['kind'], 'moved' | 'commented'>, readonly ApprovalState[]> = {
    withdrawn: ['submitted', 'review', 'testing'],
    expired: ['submitted', 'review', 'testing', 'approved', 'deployed'],
    voided: ['submitted', 'review', 'testing', 'approved', 'deployed'],
    revoked: ['approved', 'deployed'],
    superseded: ['deployed'],
    'rolled-back': ['deployed'],
  }
  const cases = Object.entries(from).flatMap(([kind, states]) =>
    approvalStates.map((state) => [kind as keyof typeof from, state, states.includes(state)] as const),
  )

  test.each(cases)('%s while %s: %s', (kind, state, isAllowed) => {
    const step = applyApprovalEvent({ state, closed: null }, { kind })
    expect(step.ok).toBe(isAllowed)
    const closes = (approvalClosures as readonly string[]).includes(kind)
    if (step.ok) expect(step.standing).toEqual({ state, closed: closes ? kind : null })
    for (const closed of approvalClosures) expect(applyApprovalEvent({ state, closed }, { kind }).ok).toBe(false)
  })

  test('a comment may come at any time and changes nothing', () => {
    for (const state of approvalStates) {
      for (const closed of [null, ...approvalClosures]) {
        expect(applyApprovalEvent({ state, closed }, { kind: 'commented' })).toEqual({
          ok: true,
          standing: { state, closed },
        })
      }
    }
  })
})

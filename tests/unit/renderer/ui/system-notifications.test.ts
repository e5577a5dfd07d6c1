import { expect, test } from 'vitest'
import { newToTell } from '../../../../renderer/ui/system-notifications.ts'
import type { Notification } from '../../../../shared/domain/notifications.ts'

const told = (id: number, kind: Notification['kind'], readAt: string | null = null): Notification => ({
  id,
  kind,
  title: `${id}`,
  text: '',
  actor: 'bob',
  href: '/',
  createdAt: '2026-01-01T00:00:00.000Z',
  readAt,
})

test('the system is told only of what is new, unread and asks for something, three at the most, oldest first', () => {
  const list = [
    told(9, 'approval-waiting'),
    told(8, 'comment'),
    told(7, 'overdue'),
    told(6, 'job-failed', '2026-01-01T00:00:00.000Z'),
    told(5, 'approval-decided'),
    told(4, 'job-finished'),
    told(3, 'approval-waiting'),
  ]
  expect(newToTell(list, 3).map(({ id }) => id)).toEqual([5, 7, 9])
  expect(newToTell(list, 5).map(({ id }) => id)).toEqual([7, 9])
  expect(newToTell(list, 9)).toEqual([])
})

import * as z from 'zod'
import { timestamp } from './values.ts'

/** What people are told of. */
export const notificationKinds = [
  'approval-waiting',
  'approval-decided',
  'changes-requested',
  'comment',
  'reminder',
  'overdue',
  'escalated',
  'expiring',
  'approval-ended',
  'policy-refused',
  'job-finished',
  'job-failed',
] as const
export type NotificationKind = (typeof notificationKinds)[number]

/** One sentence for the choice of what is sent on. */
export const notificationTitles: Readonly<Record<NotificationKind, string>> = {
  'approval-waiting': 'A model waits for approval',
  'approval-decided': 'A model was approved or rejected',
  'changes-requested': 'Somebody asked for changes',
  comment: 'Somebody commented',
  reminder: 'The time to decide is running out',
  overdue: 'The time to decide is over',
  escalated: 'A late approval went to the next role',
  expiring: 'An approval will soon no longer hold',
  'approval-ended': 'An approval ended: withdrawn, revoked, expired or changed',
  'policy-refused': 'The policy refused something',
  'job-finished': 'A long job finished',
  'job-failed': 'A job failed',
}

/** A list of them is a request to somebody, not only news. */
export const asksForAction: ReadonlySet<NotificationKind> = new Set<NotificationKind>([
  'approval-waiting',
  'changes-requested',
  'reminder',
  'overdue',
  'escalated',
  'job-failed',
])

export const notification = z.object({
  id: z.int(),
  kind: z.enum(notificationKinds),
  title: z.string(),
  text: z.string(),
  actor: z.string(),
  /** The page that it is about: `/approvals/…`. */
  href: z.string(),
  createdAt: timestamp,
  readAt: timestamp.nullable(),
})

export const notificationPage = z.object({
  notifications: z.array(notification),
  /** All that were not read, listed or not. */
  unread: z.int(),
})

export type Notification = z.infer<typeof notification>
export type NotificationPage = z.infer<typeof notificationPage>

import * as z from 'zod'
import { notificationPage } from '../domain/notifications.ts'
import { command, query } from './base.ts'

export const notificationsContract = {
  notifications: {
    /** Those of who asks, newest first. */
    list: query('notifications:read', '/notifications')
      .input(z.object({ unread: z.boolean().default(false), limit: z.int().min(1).max(500).default(100) }).prefault({}))
      .output(notificationPage),
    /** Marks as read: some, or all that there are. */
    read: command('notifications:read', '/notifications/read')
      .input(z.object({ ids: z.array(z.int().min(1)).max(500).optional() }))
      .output(z.object({ read: z.int(), unread: z.int() })),
  },
}

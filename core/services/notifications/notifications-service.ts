import type { NotificationPage } from '../../../shared/domain/notifications.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import type { Notice } from './notification-rows.ts'
import { createNotificationRows } from './notification-rows.ts'

/** Tells people something; `recipients` are names. */
export type Notify = (notice: Notice, recipients: readonly string[]) => void

export interface NotificationsOptions {
  /** Takes a notice along to where it is sent on, in the same transaction. */
  readonly forward: (notice: Notice) => void
  /** Reminders that have become due; see reminders-service.ts. */
  readonly catchUp: () => void
}

/** What each person was told, and whether they have read it. */
export function createNotificationsService(
  context: Pick<ServiceContext, 'database' | 'changed' | 'assertWritable'>,
  options: NotificationsOptions,
) {
  const { database, changed } = context
  const rows = createNotificationRows(database.sqlite)

  const notify: Notify = (notice, recipients) => {
    database.transaction(() => {
      const now = new Date().toISOString()
      for (const recipient of new Set(recipients)) rows.insert(recipient, notice, now)
      options.forward(notice)
    })
    changed({ topic: 'notifications', id: null })
  }

  return {
    /** In the transaction that is open: people hear of what is stored, and of nothing else. */
    notify,
    toldSince: rows.toldSince,

    list(actor: Actor, filter: { readonly unread: boolean; readonly limit: number }): NotificationPage {
      options.catchUp()
      return {
        notifications: rows.list(actor.name, filter.unread, filter.limit),
        unread: rows.unread(actor.name),
      }
    },

    /** Marks own ones as read; those of others are left alone, and those that are not there are no error. */
    read(actor: Actor, ids: readonly number[] | undefined): { read: number; unread: number } {
      context.assertWritable()
      const read = database.transaction(() => rows.read(actor.name, ids, new Date().toISOString()))
      if (read > 0) changed({ topic: 'notifications', id: null })
      return { read, unread: rows.unread(actor.name) }
    },
  }
}

export type NotificationsService = ReturnType<typeof createNotificationsService>

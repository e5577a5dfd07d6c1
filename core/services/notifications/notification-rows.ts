import type BetterSqlite3 from 'better-sqlite3'
import type { Notification, NotificationKind } from '../../../shared/domain/notifications.ts'
import type { Role } from '../../../shared/domain/permissions.ts'

/** Something that people are told of, whoever they are. */
export interface Notice {
  readonly kind: NotificationKind
  readonly actor: string
  readonly title: string
  readonly text: string
  readonly href: string
}

/** Somebody who can be told something. */
export interface Recipient {
  readonly name: string
  readonly role: Role
}

const columns = 'id, kind, title, text, actor, href, created_at AS createdAt, read_at AS readAt'
/** Read ones beyond this number are forgotten, so that a workspace of years does not drag them along. */
const keptOfEach = 1_000

/** The statements of notifications. */
export function createNotificationRows(sqlite: BetterSqlite3.Database) {
  const insert = sqlite.prepare<[Notice & { recipient: string; createdAt: string }]>(
    `INSERT INTO notification (recipient, actor, kind, title, text, href, created_at)
     VALUES (@recipient, @actor, @kind, @title, @text, @href, @createdAt)`,
  )
  const list = sqlite.prepare<[string, number, number], Notification>(
    `SELECT ${columns} FROM notification WHERE recipient = ? AND (? = 0 OR read_at IS NULL) ORDER BY id DESC LIMIT ?`,
  )
  const unread = sqlite.prepare<[string], { count: number }>(
    'SELECT count(*) AS count FROM notification WHERE recipient = ? AND read_at IS NULL',
  )
  const readOne = sqlite.prepare<[string, string, number]>(
    'UPDATE notification SET read_at = ? WHERE recipient = ? AND id = ? AND read_at IS NULL',
  )
  const readAll = sqlite.prepare<[string, string]>(
    'UPDATE notification SET read_at = ? WHERE recipient = ? AND read_at IS NULL',
  )
  const forget = sqlite.prepare<[string, string, number]>(
    `DELETE FROM notification WHERE recipient = ? AND read_at IS NOT NULL
       AND id <= (SELECT id FROM notification WHERE recipient = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
  )
  const told = sqlite.prepare<[string, string, string], { found: number }>(
    'SELECT 1 AS found FROM notification WHERE kind = ? AND href = ? AND created_at > ? LIMIT 1',
  )

  return {
    insert(recipient: string, notice: Notice, createdAt: string): void {
      insert.run({ ...notice, recipient, createdAt })
      forget.run(recipient, recipient, keptOfEach)
    },
    list: (recipient: string, onlyUnread: boolean, limit: number) => list.all(recipient, Number(onlyUnread), limit),
    unread: (recipient: string) => unread.get(recipient)?.count ?? 0,
    read: (recipient: string, ids: readonly number[] | undefined, now: string): number =>
      ids === undefined
        ? readAll.run(now, recipient).changes
        : ids.reduce((sum, id) => sum + readOne.run(now, recipient, id).changes, 0),
    /** Whether somebody was told the same of the same page since a moment. */
    toldSince: (kind: NotificationKind, href: string, since: string) => told.get(kind, href, since) !== undefined,
  }
}

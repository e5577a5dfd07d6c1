import { useEffect, useRef } from 'react'
import type { Notification as Told } from '../../shared/domain/notifications.ts'
import { asksForAction } from '../../shared/domain/notifications.ts'
import { readRemembered, remember } from './remembered.ts'

/** More at once would only be a wall. */
const atOnce = 3

/** Whether this window also tells the system; off until somebody switches it on here. */
export function tellsSystem(): boolean {
  return (
    readRemembered('system-notifications') === 'on' && 'Notification' in window && Notification.permission === 'granted'
  )
}

/** Asks the system for leave, and remembers the answer. Gives whether it tells the system from now on. */
export async function switchSystemNotifications(on: boolean): Promise<boolean> {
  const granted = on && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  remember('system-notifications', granted ? 'on' : 'off')
  return granted
}

/** Which of the unread are new since the list was last seen, and ask for something or end a long wait. Oldest first. */
export function newToTell(list: readonly Told[], seenUpTo: number): readonly Told[] {
  return list
    .filter(
      ({ id, kind, readAt }) =>
        id > seenUpTo &&
        readAt === null &&
        (asksForAction.has(kind) || kind === 'job-finished' || kind === 'approval-decided'),
    )
    .slice(0, atOnce)
    .reverse()
}

/** Shows what is new through the system, where somebody has switched that on. What was there before the window is not new. */
export function useSystemNotifications(list: readonly Told[] | undefined): void {
  const seen = useRef<number | null>(null)
  useEffect(() => {
    if (list === undefined) return
    const newest = list[0]?.id ?? 0
    const before = seen.current
    seen.current = Math.max(newest, before ?? 0)
    // Somebody who looks at the page sees the bell.
    if (before === null || document.hasFocus() || !tellsSystem()) return
    for (const { id, title, href } of newToTell(list, before)) {
      const shown = new Notification(title, { tag: `maestro-${id}` })
      shown.onclick = () => {
        window.focus()
        location.hash = href
        shown.close()
      }
    }
  }, [list])
}

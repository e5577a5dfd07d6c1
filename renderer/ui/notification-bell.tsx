import { IconBell, IconBellRinging } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../api/client-context.tsx'
import { NotificationsDrawer } from './notifications-drawer.tsx'
import { useSystemNotifications } from './system-notifications.ts'

/** Enough for the list that is shown; older ones are found with the command line. */
const shown = 100

/** How much a person was told and has not read yet, in the status bar; opens the list. */
export function NotificationBell() {
  const client = useClient()
  const [opened, setOpened] = useState(false)
  const page = useQuery({
    queryKey: ['notifications'],
    queryFn: () => client.notifications.list({ limit: shown }),
    // Reminders become due without anything happening.
    refetchInterval: 60_000,
  })
  const unread = page.data?.unread ?? 0
  useSystemNotifications(page.data?.notifications)
  return (
    <>
      <button
        type="button"
        className="plain-button bell"
        onClick={() => setOpened(true)}
        aria-label={unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`}
      >
        {unread === 0 ? <IconBell size={16} /> : <IconBellRinging size={16} />}
        {unread > 0 && <strong>{unread} unread</strong>}
      </button>
      <NotificationsDrawer opened={opened} onClose={() => setOpened(false)} page={page} />
    </>
  )
}

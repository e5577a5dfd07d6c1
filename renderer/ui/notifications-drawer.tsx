import { Anchor, Button, Drawer, Group, Stack, Text } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBellRinging,
  IconCircleCheck,
  IconClockExclamation,
  IconMessage,
  IconShieldX,
} from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Notification, NotificationKind, NotificationPage } from '../../shared/domain/notifications.ts'
import { useClient } from '../api/client-context.tsx'
import { RelativeTime } from './numbers.tsx'
import { EmptyState, Loaded } from './states.tsx'

/** Everything that a person was told, newest first, each with the page that it is about. */
export function NotificationsDrawer({
  opened,
  onClose,
  page,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly page: UseQueryResult<NotificationPage>
}) {
  const client = useClient()
  const queries = useQueryClient()
  const read = useMutation({
    mutationFn: (ids: number[] | null) => client.notifications.read(ids === null ? {} : { ids }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['notifications'] }),
  })
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title="Notifications"
      closeButtonProps={{ 'aria-label': 'Close the notifications' }}
    >
      <Loaded query={page}>
        {({ notifications, unread }) => (
          <>
            <Group justify="space-between" mb="sm">
              <Anchor component={Link} to="/settings/notifications" size="sm" onClick={onClose}>
                Settings
              </Anchor>
              <Button
                size="compact-sm"
                variant="default"
                disabled={unread === 0}
                loading={read.isPending}
                onClick={() => read.mutate(null)}
              >
                Mark all as read
              </Button>
            </Group>
            {notifications.length === 0 ? (
              <EmptyState title="Nothing yet">
                You hear here of approvals that wait for you, of decisions, and of long jobs that end.
              </EmptyState>
            ) : (
              <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
                {notifications.map((each) => (
                  <NotificationCard
                    key={each.id}
                    notification={each}
                    onOpen={() => {
                      if (each.readAt === null) read.mutate([each.id])
                      onClose()
                    }}
                    onRead={() => read.mutate([each.id])}
                  />
                ))}
              </Stack>
            )}
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

const icons: Readonly<Record<NotificationKind, ReactNode>> = {
  'approval-waiting': <IconBellRinging size={18} />,
  'approval-decided': <IconCircleCheck size={18} />,
  'changes-requested': <IconMessage size={18} />,
  comment: <IconMessage size={18} />,
  reminder: <IconClockExclamation size={18} />,
  overdue: <IconClockExclamation size={18} />,
  escalated: <IconClockExclamation size={18} />,
  expiring: <IconClockExclamation size={18} />,
  'approval-ended': <IconShieldX size={18} />,
  'policy-refused': <IconShieldX size={18} />,
  'job-finished': <IconCircleCheck size={18} />,
  'job-failed': <IconAlertTriangle size={18} />,
}

function NotificationCard({
  notification: { kind, title, text, href, createdAt, readAt },
  onOpen,
  onRead,
}: {
  readonly notification: Notification
  readonly onOpen: () => void
  readonly onRead: () => void
}) {
  return (
    <li className="card">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <span aria-hidden="true">{icons[kind]}</span>
        <div style={{ minWidth: 0, flex: 1 }}>
          <Anchor component={Link} to={href} size="sm" fw={readAt === null ? 600 : 400} onClick={onOpen}>
            {title}
          </Anchor>
          {text !== '' && (
            <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
              {text}
            </Text>
          )}
          <Group gap="xs" mt={2}>
            <Text size="xs" c="dimmed" component="span">
              <RelativeTime time={createdAt} /> · {readAt === null ? 'unread' : 'read'}
            </Text>
            {readAt === null && (
              <Button size="compact-xs" variant="subtle" onClick={onRead}>
                Mark as read
              </Button>
            )}
          </Group>
        </div>
      </Group>
    </li>
  )
}

import { Alert, Button, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLock, IconPlugConnected } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { EgressEntry, EgressHost, EgressStatus } from '../../../shared/domain/egress.ts'
import { isAllowed } from '../../../shared/domain/permissions.ts'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatBytes, RelativeTime, StatusBadge } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { switchSystemNotifications, tellsSystem } from '../../ui/system-notifications.ts'
import { tellFailure } from '../../ui/tell-failure.ts'
import { DestinationForm } from './destination-form.tsx'
import { DestinationList } from './destination-list.tsx'

/** Log entries that are shown at once; older ones are in the export and the command line. */
const shown = 1_000

/** How a person is told of things, what may leave the computer for that, and what has. */
export function NotificationsPage() {
  const client = useClient()
  const [adding, setAdding] = useState(false)
  const egress = useQuery({ queryKey: ['egress'], queryFn: () => client.egress.status() })
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const mayManage = status.data !== undefined && isAllowed(status.data.actor.role, 'egress:manage')
  return (
    <>
      <PageHead
        title="Notifications"
        parents={[{ label: 'Settings', to: '/settings' }]}
        actions={mayManage && <Button onClick={() => setAdding(true)}>Add a destination</Button>}
      />
      <Stack>
        <OnThisComputer />
        <Loaded query={egress}>
          {(data) => (
            <>
              <Outside status={data} mayManage={mayManage} />
              <section className="card">
                <Title order={2} size="h4" mb="xs">
                  Destinations
                </Title>
                {data.destinations.length === 0 ? (
                  <EmptyState title="Nowhere to send to yet">
                    An e-mail address, a Slack channel, or a web address of your own can be told what happens here.
                  </EmptyState>
                ) : (
                  <DestinationList status={data} mayManage={mayManage} />
                )}
              </section>
            </>
          )}
        </Loaded>
        <LogOfWhatLeft />
      </Stack>
      {adding && egress.data && <DestinationForm hosts={egress.data.hosts} onClose={() => setAdding(false)} />}
    </>
  )
}

function OnThisComputer() {
  const [on, setOn] = useState(tellsSystem)
  const canTell = 'Notification' in window
  return (
    <section className="card">
      <Title order={2} size="h4" mb="xs">
        On this computer
      </Title>
      <Text size="sm" mb="sm">
        The bell at the bottom of the window always shows what you were told.
      </Text>
      <Switch
        label="Also show what waits for me as a notification of the system"
        description={
          canTell ? 'For this window only; while you look elsewhere' : 'This browser cannot show notifications'
        }
        disabled={!canTell}
        checked={on}
        onChange={(event) => {
          const wanted = event.currentTarget.checked
          void switchSystemNotifications(wanted).then((granted) => {
            setOn(granted)
            if (wanted && !granted)
              notifications.show({
                color: 'red',
                title: 'The system does not allow it',
                message: 'Allow notifications for Maestro in the settings of the browser or the system, and try again.',
              })
          })
        }}
      />
    </section>
  )
}

/** The one switch, and in words what it means now. */
function Outside({ status, mayManage }: { readonly status: EgressStatus; readonly mayManage: boolean }) {
  const client = useClient()
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (on: boolean) => client.egress.switch({ on }),
    onSuccess: (next) => queries.setQueryData(['egress'], next),
    onError: tellFailure(),
  })
  const { on, hosts, waiting, dead } = status
  return (
    <section className="card">
      <Title order={2} size="h4" mb="xs">
        What may leave this computer
      </Title>
      <Stack gap="sm">
        <Alert
          color={on ? 'yellow' : 'green'}
          variant="light"
          icon={on ? <IconPlugConnected /> : <IconLock />}
          title={on ? 'Notifications may leave, for the destinations below' : 'Nothing leaves this computer'}
        >
          <Text size="sm">
            {on
              ? 'Only to the hosts that are listed here, and every connection is written down at the bottom of this page.'
              : 'Maestro opens no connection to anywhere. Destinations can be set up, but are not used.'}
          </Text>
        </Alert>
        <Switch
          label="Send notifications to the destinations below"
          description={mayManage ? undefined : 'An administrator can change this'}
          disabled={!mayManage || change.isPending}
          checked={on}
          onChange={(event) => change.mutate(event.currentTarget.checked)}
        />
        {hosts.length > 0 && <Hosts hosts={hosts} mayManage={mayManage} />}
        {waiting + dead > 0 && <Waiting status={status} mayManage={mayManage} />}
      </Stack>
    </section>
  )
}

/** Only these are ever connected to. */
function Hosts({ hosts, mayManage }: { readonly hosts: readonly EgressHost[]; readonly mayManage: boolean }) {
  const client = useClient()
  const queries = useQueryClient()
  const disallow = useMutation({
    mutationFn: ({ host, port }: EgressHost) => client.egress.disallow({ host, port }),
    onSuccess: (next) => queries.setQueryData(['egress'], next),
    onError: tellFailure(),
  })
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        Hosts that may be connected to
      </Text>
      <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {hosts.map((each) => {
          const place = `${each.host}:${each.port}`
          return (
            <Group key={place} component="li" gap="xs">
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {place}
                {each.privateAllowed && ' (may be in the own network)'}
              </Text>
              {mayManage && (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Do not allow ${place} any more`}
                  onClick={() => disallow.mutate(each)}
                >
                  Do not allow
                </Button>
              )}
            </Group>
          )
        })}
      </Stack>
    </div>
  )
}

function Waiting({
  status: { on, waiting, dead },
  mayManage,
}: {
  readonly status: EgressStatus
  readonly mayManage: boolean
}) {
  const client = useClient()
  const queries = useQueryClient()
  const send = useMutation({
    mutationFn: () => client.egress.send({ dead: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['egress'] }),
    onSuccess: ({ sent, failed }) => notifications.show({ message: `${sent} sent, ${failed} failed.` }),
    onError: tellFailure(),
  })
  return (
    <Group>
      <Text size="sm">
        {waiting} {waiting === 1 ? 'message waits' : 'messages wait'} to be sent
        {dead > 0 && `, ${dead} ${dead === 1 ? 'was' : 'were'} given up`}.
      </Text>
      {mayManage && on && (
        <Button size="compact-sm" variant="default" loading={send.isPending} onClick={() => send.mutate()}>
          Try again now
        </Button>
      )}
    </Group>
  )
}

function LogOfWhatLeft() {
  const client = useClient()
  const log = useQuery({ queryKey: ['egress', 'log'], queryFn: () => client.egress.log({ limit: shown }) })
  return (
    <section className="card">
      <Title order={2} size="h4" mb="xs">
        What has left
      </Title>
      <Loaded query={log}>
        {({ entries, total }) =>
          entries.length === 0 ? (
            <EmptyState title="Nothing has left this computer">
              Every connection that is opened or refused is listed here, with what it was for.
            </EmptyState>
          ) : (
            <DataTable
              label="Connections"
              view="egress-log"
              rows={entries}
              rowKey={({ id }) => String(id)}
              columns={columns}
              height={320}
              tools={
                <Text size="sm">
                  {total > entries.length ? `The newest ${entries.length} of ${total}` : `${total} connections`}
                </Text>
              }
            />
          )
        }
      </Loaded>
    </section>
  )
}

const columns = [
  {
    key: 'time',
    title: 'When',
    value: ({ time }: EgressEntry) => time,
    render: ({ time }: EgressEntry) => <RelativeTime time={time} />,
    width: 120,
  },
  { key: 'destination', title: 'Destination', value: ({ destination }: EgressEntry) => destination, width: 150 },
  { key: 'host', title: 'Host', value: ({ host, port }: EgressEntry) => `${host}:${port}`, width: 210 },
  { key: 'kind', title: 'About', value: ({ kind }: EgressEntry) => kind.replaceAll('-', ' '), width: 150 },
  {
    key: 'bytes',
    title: 'Left',
    value: ({ bytes }: EgressEntry) => bytes,
    render: ({ bytes }: EgressEntry) => formatBytes(bytes),
    width: 90,
  },
  {
    key: 'outcome',
    title: 'Outcome',
    value: ({ outcome }: EgressEntry) => outcome,
    render: ({ outcome }: EgressEntry) => <StatusBadge status={outcome === 'sent' ? 'done' : outcome} />,
    width: 120,
  },
  { key: 'detail', title: 'Why', value: ({ detail }: EgressEntry) => detail, width: 380 },
]

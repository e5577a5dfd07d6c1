import { Button, Group, PasswordInput, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Destination, EgressStatus } from '../../../shared/domain/egress.ts'
import { notificationKinds } from '../../../shared/domain/notifications.ts'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { StatusBadge } from '../../ui/numbers.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

const kinds = { email: 'E-mail', slack: 'Slack channel', webhook: 'Web address' } as const

/** Where notifications are sent, each with what stands in the way. */
export function DestinationList({
  status: { on, destinations },
  mayManage,
}: {
  readonly status: EgressStatus
  readonly mayManage: boolean
}) {
  return (
    <Table aria-label="Destinations">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Kind</Table.Th>
          <Table.Th>Host</Table.Th>
          <Table.Th>Gets</Table.Th>
          <Table.Th>State</Table.Th>
          {mayManage && <Table.Th ta="right">Do</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {destinations.map((each) => (
          <Table.Tr key={each.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{each.options.name}</Table.Td>
            <Table.Td>{kinds[each.kind]}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {each.host}:{each.port}
            </Table.Td>
            <Table.Td>
              {each.options.kinds.length === notificationKinds.length
                ? 'everything'
                : `${each.options.kinds.length} of ${notificationKinds.length} kinds`}
              {each.options.includesText ? ', with words' : ''}
            </Table.Td>
            <Table.Td>
              <StateOf destination={each} />
            </Table.Td>
            {mayManage && (
              <Table.Td>
                <Actions destination={each} on={on} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function StateOf({ destination }: { readonly destination: Destination }) {
  const { enabled, allowed, locked, waiting, dead, pausedUntil } = destination
  const [status, why] = !enabled
    ? ['cancelled', 'switched off']
    : !allowed
      ? ['refused', 'its host is not allowed any more']
      : locked
        ? ['warning', 'its secret is locked']
        : pausedUntil !== null
          ? ['failed', 'does not answer; it is tried again later']
          : dead > 0
            ? ['warning', `${dead} given up`]
            : ['ok', waiting > 0 ? `${waiting} waiting` : '']
  return (
    <Group gap={6}>
      {enabled ? <StatusBadge status={status} /> : null}
      <Text size="sm">{why}</Text>
    </Group>
  )
}

function Actions({ destination, on }: { readonly destination: Destination; readonly on: boolean }) {
  const client = useClient()
  const queries = useQueryClient()
  const [removing, setRemoving] = useState(false)
  const [unlocking, setUnlocking] = useState(false)
  const { name } = destination.options
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: ['egress'] }) }
  const failed = tellFailure()
  const test = useMutation({
    mutationFn: () => client.egress.test({ name }),
    onSuccess: ({ entry: { outcome, detail } }) =>
      notifications.show(
        outcome === 'sent'
          ? { message: `The trial message was sent to ${name}.` }
          : { color: 'red', title: 'The trial message was not sent', message: detail },
      ),
    onError: failed,
    ...settled,
  })
  const enable = useMutation({
    mutationFn: () => client.egress.enable({ name, enabled: !destination.enabled }),
    onError: failed,
    ...settled,
  })
  const remove = useMutation({ mutationFn: () => client.egress.remove({ name }), ...settled })
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {destination.locked && (
        <Button size="compact-xs" variant="default" onClick={() => setUnlocking(true)}>
          Unlock…
        </Button>
      )}
      <Button
        size="compact-xs"
        variant="default"
        disabled={!on}
        title={on ? undefined : 'Switch sending on first'}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        Send a trial
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => enable.mutate()}>
        {destination.enabled ? 'Switch off' : 'Switch on'}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setRemoving(true)}>
        Remove…
      </Button>
      {removing && (
        <FormDialog
          title={`Remove ${name}?`}
          action="Remove"
          dismiss="Keep"
          color="red"
          change={remove}
          onClose={() => setRemoving(false)}
        >
          <Text size="sm">What waits for it is not sent any more. What has left stays in the log.</Text>
        </FormDialog>
      )}
      {unlocking && <Unlock onClose={() => setUnlocking(false)} />}
    </Group>
  )
}

function Unlock({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [passphrase, setPassphrase] = useState('')
  const unlock = useMutation({
    mutationFn: () => client.egress.unlock({ passphrase }),
    onSuccess: (next) => {
      queries.setQueryData(['egress'], next)
      onClose()
    },
  })
  return (
    <FormDialog title="Unlock the secret" action="Unlock" change={unlock} onClose={onClose}>
      <PasswordInput
        label="Passphrase"
        description="It is kept open until Maestro is closed."
        required
        data-autofocus
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

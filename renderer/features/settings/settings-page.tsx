import { Anchor, Button, Group, Modal, NumberInput, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Settings } from '../../../shared/domain/workspace.ts'
import { useClient } from '../../api/client-context.tsx'
import { formatBytes, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { DamageCard } from './damage-card.tsx'

export function SettingsPage() {
  const client = useClient()
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => client.settings.get() })
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  return (
    <>
      <PageHead title="Settings" />
      <DamageCard />
      <Stack>
        <Loaded query={settings}>{(data) => <SettingsForm settings={data} />}</Loaded>
        <section className="card">
          <Group justify="space-between">
            <div>
              <Title order={2} size="h4">
                Notifications
              </Title>
              <Text size="sm">What you are told, where it is sent, and what has left this computer.</Text>
            </div>
            <Button component={Link} to="/settings/notifications" variant="default">
              Set up notifications
            </Button>
          </Group>
        </section>
        <Backups />
        <section className="card">
          <Title order={2} size="h4" mb="xs">
            This workspace
          </Title>
          <Loaded query={status}>
            {(data) => (
              <Stack gap={4}>
                <Text size="sm">{data.path}</Text>
                <Text size="sm">
                  Maestro {data.version}; database {formatBytes(data.bytes.database)}, files{' '}
                  {formatBytes(data.bytes.blobs)}, {formatBytes(data.bytes.free)} free on the disk
                </Text>
                <Text size="sm">
                  There is no account, no telemetry and no licence check. Nothing leaves this computer but{' '}
                  <Anchor component={Link} to="/settings/notifications" size="sm">
                    notifications that you let leave
                  </Anchor>
                  .
                </Text>
              </Stack>
            )}
          </Loaded>
        </section>
      </Stack>
    </>
  )
}

function SettingsForm({ settings }: { readonly settings: Settings }) {
  const client = useClient()
  const queries = useQueryClient()
  const failed = tellFailure('The setting was not saved')
  const set = useMutation({
    mutationFn: (change: Partial<Settings>) => client.settings.set(change),
    onSuccess: (next) => queries.setQueryData(['settings'], next),
    onError: failed,
  })
  const reset = useMutation({
    mutationFn: () => client.settings.reset(),
    onSuccess: (next) => queries.setQueryData(['settings'], next),
    onError: failed,
  })
  return (
    <section className="card">
      <Stack>
        <div>
          <Text size="sm" fw="var(--mantine-font-weight-medium)" id="theme-label" mb={4}>
            Theme
          </Text>
          <SegmentedControl
            aria-labelledby="theme-label"
            value={settings.theme}
            onChange={(theme) => set.mutate({ theme })}
            data={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
              { value: 'contrast', label: 'High contrast' },
            ]}
          />
        </div>
        <div>
          <Text size="sm" fw="var(--mantine-font-weight-medium)" id="density-label" mb={4}>
            Rows of tables
          </Text>
          <SegmentedControl
            aria-labelledby="density-label"
            value={settings.density}
            onChange={(density) => set.mutate({ density })}
            data={[
              { value: 'compact', label: 'Compact' },
              { value: 'comfortable', label: 'Comfortable' },
            ]}
          />
        </div>
        <Group align="flex-end">
          <NumberInput
            label="Threads for training"
            description="0: as many as there are cores"
            min={0}
            max={256}
            value={settings.threads}
            onChange={(value) => typeof value === 'number' && set.mutate({ threads: value })}
          />
          <NumberInput
            label="Usual time for a search"
            suffix=" s"
            min={5}
            value={settings.defaultBudgetSeconds}
            onChange={(value) => Number(value) >= 5 && set.mutate({ defaultBudgetSeconds: Number(value) })}
          />
          <NumberInput
            label="Daily backups kept"
            min={0}
            max={365}
            value={settings.backups.daily}
            onChange={(value) =>
              typeof value === 'number' && set.mutate({ backups: { ...settings.backups, daily: value } })
            }
          />
          <NumberInput
            label="Weekly backups kept"
            min={0}
            max={365}
            value={settings.backups.weekly}
            onChange={(value) =>
              typeof value === 'number' && set.mutate({ backups: { ...settings.backups, weekly: value } })
            }
          />
        </Group>
        <Button variant="default" w="fit-content" onClick={() => reset.mutate()}>
          Back to the defaults
        </Button>
      </Stack>
    </section>
  )
}

function Backups() {
  const client = useClient()
  const queries = useQueryClient()
  const failed = tellFailure()
  const backups = useQuery({ queryKey: ['backups'], queryFn: () => client.backups.list() })
  const create = useMutation({
    mutationFn: () => client.backups.create(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['backups'] }),
    onError: failed,
  })
  const verify = useMutation({
    mutationFn: (file: string) => client.backups.verify({ file }),
    onSuccess: ({ problems }) =>
      notifications.show(
        problems.length === 0
          ? { message: 'The backup is sound.' }
          : { color: 'red', title: 'The backup is damaged', message: problems[0] ?? '' },
      ),
    onError: failed,
  })
  const [chosen, setChosen] = useState<{ readonly path: string; readonly createdAt: string } | null>(null)
  const restore = useMutation({
    mutationFn: (file: string) => client.backups.restore({ file }),
    onSuccess: () => {
      setChosen(null)
      notifications.show({
        message: 'Close Maestro and open it again: the backup will then be in place.',
        autoClose: false,
      })
    },
    onError: failed,
  })
  return (
    <section className="card">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Backups
        </Title>
        <Button variant="default" loading={create.isPending} onClick={() => create.mutate()}>
          Back up now
        </Button>
      </Group>
      <Loaded query={backups}>
        {(data) =>
          data.backups.length === 0 ? (
            <EmptyState title="No backups yet">One is made every day, and one every week.</EmptyState>
          ) : (
            <Table aria-label="Backups">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Kind</Table.Th>
                  <Table.Th>Made</Table.Th>
                  <Table.Th>Size</Table.Th>
                  <Table.Th ta="right">Do</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.backups.map(({ name, kind, bytes, createdAt, path }) => (
                  <Table.Tr key={name}>
                    <Table.Td>{kind}</Table.Td>
                    <Table.Td>
                      <RelativeTime time={createdAt} />
                    </Table.Td>
                    <Table.Td>{formatBytes(bytes)}</Table.Td>
                    <Table.Td>
                      <Group gap="xs" justify="flex-end">
                        <Button size="compact-xs" variant="default" onClick={() => verify.mutate(path)}>
                          Verify
                        </Button>
                        <Button size="compact-xs" variant="default" onClick={() => setChosen({ path, createdAt })}>
                          Restore…
                        </Button>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} title="Restore this backup?">
        <Stack>
          <Text size="sm">
            The workspace goes back to how it was on {chosen && new Date(chosen.createdAt).toLocaleString()}, when it is
            next opened. The present one is kept in a file beside it.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setChosen(null)}>
              Cancel
            </Button>
            <Button color="red" loading={restore.isPending} onClick={() => chosen && restore.mutate(chosen.path)}>
              Restore the backup
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  )
}

import { Button, Group, NumberInput, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Settings } from '../../../shared/domain/workspace.ts'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { formatBytes, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'

export function SettingsPage() {
  const client = useClient()
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => client.settings.get() })
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  return (
    <>
      <PageHead title="Settings" />
      <Stack>
        <Loaded query={settings}>{(data) => <SettingsForm settings={data} />}</Loaded>
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
                  Nothing leaves this computer: there is no account, no telemetry and no licence check.
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
  const failed = (error: unknown) =>
    notifications.show({ color: 'red', title: 'The setting was not saved', message: readError(error).message })
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
          <Text size="sm" fw={500} id="theme-label" mb={4}>
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
        <Group>
          <NumberInput
            label="Threads for training"
            description="0: as many as there are cores"
            min={0}
            max={256}
            value={settings.threads}
            onChange={(value) => set.mutate({ threads: Number(value) })}
          />
          <NumberInput
            label="Usual time for a search"
            suffix=" s"
            min={5}
            value={settings.defaultBudgetSeconds}
            onChange={(value) => Number(value) > 0 && set.mutate({ defaultBudgetSeconds: Number(value) })}
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
  const failed = (error: unknown) =>
    notifications.show({ color: 'red', title: 'That did not work', message: readError(error).message })
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
  const restore = useMutation({
    mutationFn: (file: string) => client.backups.restore({ file }),
    onSuccess: () =>
      notifications.show({
        message: 'Close Maestro and open it again: the backup will then be in place.',
        autoClose: false,
      }),
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
                        <Button size="compact-xs" variant="default" onClick={() => restore.mutate(path)}>
                          Restore
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
    </section>
  )
}

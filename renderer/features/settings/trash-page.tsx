import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { formatBytes, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'

interface Trashed {
  readonly kind: 'dataset' | 'model' | 'experiment'
  readonly id: string
  readonly name: string
  readonly deletedAt: string | null
}

/** What was deleted, until it is restored or given up for good. */
export function TrashPage() {
  const client = useClient()
  const queries = useQueryClient()
  const [giveUp, setGiveUp] = useState<Trashed | null>(null)
  const trash = useQuery({
    queryKey: ['models', 'datasets', 'trash'],
    queryFn: async (): Promise<Trashed[]> => {
      const [{ datasets }, { models }, { experiments }] = await Promise.all([
        client.datasets.list({ deleted: true }),
        client.models.list({ deleted: true }),
        client.experiments.list({ deleted: true }),
      ])
      return [
        ...datasets.map(({ id, name, deletedAt }) => ({ kind: 'dataset' as const, id, name, deletedAt })),
        ...models.map(({ id, name, deletedAt }) => ({ kind: 'model' as const, id, name, deletedAt })),
        ...experiments.map(({ id, name, deletedAt }) => ({ kind: 'experiment' as const, id, name, deletedAt })),
      ].sort((a, b) => (b.deletedAt ?? '').localeCompare(a.deletedAt ?? ''))
    },
    staleTime: 0,
  })
  const failed = (error: unknown) =>
    notifications.show({
      color: 'red',
      title: 'That did not work',
      message: `${readError(error).message} ${readError(error).hint}`,
    })
  const restore = useMutation({
    mutationFn: async ({ kind, id, name }: Trashed) => {
      if (kind === 'dataset') await client.datasets.restore({ dataset: id })
      else if (kind === 'model') await client.models.restore({ model: name })
      else await client.experiments.restore({ id })
    },
    onSuccess: () => queries.invalidateQueries(),
    onError: failed,
  })
  const purge = useMutation({
    mutationFn: ({ kind, id, name }: Trashed) =>
      kind === 'dataset' ? client.datasets.purge({ dataset: id }) : client.models.purge({ model: name }),
    onSuccess: ({ freedBytes }) => {
      setGiveUp(null)
      notifications.show({ message: `${formatBytes(freedBytes)} were freed.` })
      return queries.invalidateQueries()
    },
    onError: failed,
  })
  return (
    <>
      <PageHead title="Trash" />
      <Loaded query={trash}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="The trash is empty">
              What you delete waits here until you restore it or give it up.
            </EmptyState>
          ) : (
            <Table aria-label="Trash" className="card">
              <Table.Tbody>
                {items.map((item) => (
                  <Table.Tr key={item.id}>
                    <Table.Td>{item.kind}</Table.Td>
                    <Table.Td>{item.name}</Table.Td>
                    <Table.Td>
                      <RelativeTime time={item.deletedAt} />
                    </Table.Td>
                    <Table.Td>
                      <Group gap="xs" justify="flex-end">
                        <Button size="compact-xs" variant="default" onClick={() => restore.mutate(item)}>
                          Restore
                        </Button>
                        {item.kind !== 'experiment' && (
                          <Button size="compact-xs" variant="default" onClick={() => setGiveUp(item)}>
                            Give up for good…
                          </Button>
                        )}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
      <Modal
        opened={giveUp !== null}
        onClose={() => setGiveUp(null)}
        title={`Give up ${giveUp?.name ?? ''} for good?`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text size="sm">It cannot be restored afterwards, except from a backup.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setGiveUp(null)}>
              Keep it
            </Button>
            <Button color="red" loading={purge.isPending} onClick={() => giveUp && purge.mutate(giveUp)}>
              Give it up
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

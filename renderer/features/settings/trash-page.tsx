import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MaestroClient } from '../../api/client.ts'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { formatBytes, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

interface Trashed {
  readonly kind: 'dataset' | 'model' | 'experiment' | 'run'
  readonly id: string
  readonly name: string
  /** What it belonged to. */
  readonly from: string
  readonly deletedAt: string | null
}

/** Deleted runs that are shown; as many as one answer of the host may hold. */
const mostRuns = 5_000

/** What was deleted, until it is restored or given up for good. */
export function TrashPage() {
  const client = useClient()
  const queries = useQueryClient()
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const [givingUp, setGivingUp] = useState(false)
  const trash = useQuery({ queryKey: ['trash'], queryFn: () => readTrash(client), staleTime: 0 })
  const chosen = (trash.data ?? []).filter(({ id }) => selection.has(id))
  const isPurgeable = chosen.every(({ kind }) => kind === 'dataset' || kind === 'model')
  const failed = tellFailure()
  // Also after a failure: what came before it was done.
  const onSettled = () => queries.invalidateQueries()
  const restore = useMutation({
    mutationFn: () => restoreAll(client, chosen),
    onSuccess: () => {
      setSelection(new Set())
      notifications.show({ message: `${countOf(chosen)} restored.` })
    },
    onError: failed,
    onSettled,
  })
  const purge = useMutation({
    mutationFn: async () => {
      let freed = 0
      for (const { kind, id, name } of chosen) {
        const { freedBytes } =
          kind === 'dataset' ? await client.datasets.purge({ dataset: id }) : await client.models.purge({ model: name })
        freed += freedBytes
      }
      return freed
    },
    onSuccess: (freed) => {
      setSelection(new Set())
      notifications.show({ message: `${formatBytes(freed)} were freed.` })
    },
    onError: failed,
    onSettled: () => {
      setGivingUp(false)
      return onSettled()
    },
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
            <DataTable
              label="Trash"
              rows={items}
              rowKey={({ id }) => id}
              rowName={({ kind, name }) => `${kind} ${name}`}
              selection={selection}
              onSelect={setSelection}
              tools={<Text size="sm">Select what you want back.</Text>}
              bulkActions={
                <>
                  <Button size="compact-xs" loading={restore.isPending} onClick={() => restore.mutate()}>
                    Restore
                  </Button>
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={!isPurgeable}
                    title={
                      isPurgeable ? '' : 'Runs and experiments take no room to speak of; they can only be restored'
                    }
                    onClick={() => setGivingUp(true)}
                  >
                    Give up for good…
                  </Button>
                </>
              }
              columns={trashColumns}
              height={620}
            />
          )
        }
      </Loaded>
      {givingUp && (
        <FormDialog
          title={`Give up ${countOf(chosen)} for good?`}
          action="Give up for good"
          dismiss="Keep"
          color="red"
          change={purge}
          onClose={() => setGivingUp(false)}
        >
          <Text size="sm">{chosen.map(({ kind, name }) => `${kind} ${name}`).join(', ')}</Text>
          <Text size="sm">It cannot be restored afterwards, except from a backup.</Text>
        </FormDialog>
      )}
    </>
  )
}

const trashColumns = [
  { key: 'kind', title: 'What', value: ({ kind }: Trashed) => kind, width: 120 },
  { key: 'name', title: 'Name', value: ({ name }: Trashed) => name, width: 360 },
  { key: 'from', title: 'From', value: ({ from }: Trashed) => from, width: 260 },
  {
    key: 'deleted',
    title: 'Deleted',
    value: ({ deletedAt }: Trashed) => deletedAt,
    render: ({ deletedAt }: Trashed) => <RelativeTime time={deletedAt} />,
    width: 160,
  },
]

function countOf(items: readonly Trashed[]): string {
  const [only] = items
  return items.length === 1 && only ? `${only.kind} ${only.name}` : `${items.length} things`
}

async function readTrash(client: MaestroClient): Promise<Trashed[]> {
  const [{ datasets }, { models }, { experiments }, { runs }] = await Promise.all([
    client.datasets.list({ deleted: true }),
    client.models.list({ deleted: true }),
    client.experiments.list({ deleted: true }),
    client.runs.list({ deleted: true, limit: mostRuns }),
  ])
  const items = (kind: Trashed['kind'], found: readonly Omit<Trashed, 'kind' | 'from'>[]): Trashed[] =>
    found.map(({ id, name, deletedAt }) => ({ kind, id, name, from: '', deletedAt }))
  return [
    ...items('dataset', datasets),
    ...items('model', models),
    ...items('experiment', experiments),
    ...runs.map(({ id, name, deletedAt, experimentName }) => ({
      kind: 'run' as const,
      id,
      name,
      from: experimentName,
      deletedAt,
    })),
  ].sort((a, b) => (b.deletedAt ?? '').localeCompare(a.deletedAt ?? ''))
}

/** Experiments first, so that their runs have a place to come back to. */
async function restoreAll(client: MaestroClient, items: readonly Trashed[]): Promise<void> {
  for (const { kind, id, name } of items) {
    if (kind === 'experiment') await client.experiments.restore({ id })
    else if (kind === 'dataset') await client.datasets.restore({ dataset: id })
    else if (kind === 'model') await client.models.restore({ model: name })
  }
  const ids = items.filter(({ kind }) => kind === 'run').map(({ id }) => id)
  if (ids.length > 0) await client.runs.restore({ ids })
}

import { Button, Text, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Run } from '../../../shared/domain/training.ts'
import { useClient } from '../../api/client-context.tsx'
import { usePathParameters } from '../../routes/parameters.ts'
import type { DataColumn } from '../../ui/data-table.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { RelativeTime, StatusBadge } from '../../ui/numbers.tsx'
import { offerUndo } from '../../ui/offer-undo.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, ErrorState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

/** Runs that are shown at once; the filter language narrows what is more. */
const mostRuns = 5_000
/** Runs that are read first, so that the page stands at once; all others follow. */
const firstRuns = 100

export function RunsPage() {
  const { id } = usePathParameters()
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const [filter, setFilter] = useState('')
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const experiment = useQuery({ queryKey: ['experiments', id], queryFn: () => client.experiments.get({ id }) })
  const first = useQuery({
    queryKey: ['runs', id, filter, 'first'],
    queryFn: () => client.runs.list({ experimentIds: [id], filter, limit: firstRuns }),
    placeholderData: keepPreviousData,
  })
  const all = useQuery({
    queryKey: ['runs', id, filter, 'all'],
    queryFn: () => client.runs.list({ experimentIds: [id], filter, limit: mostRuns }),
    enabled: first.isSuccess && !first.isPlaceholderData && first.data.nextPage !== null,
  })
  const runs = all.data ? all : first
  const remove = useMutation({
    mutationFn: () => client.runs.delete({ ids: [...selection] }),
    onSuccess: async ({ ids }) => {
      setSelection(new Set())
      await queries.invalidateQueries({ queryKey: ['runs'] })
      offerUndo(`${ids.length} runs are in the trash.`, () =>
        client.runs.restore({ ids }).then(() => queries.invalidateQueries({ queryKey: ['runs'] })),
      )
    },
    onError: tellFailure('The runs were not deleted'),
  })
  return (
    <>
      <PageHead
        title={experiment.data?.name ?? 'Experiment'}
        parents={[{ label: 'Experiments', to: '/experiments' }]}
        actions={
          <>
            <Button variant="default" disabled={selection.size === 0} onClick={() => remove.mutate()}>
              Move to the trash
            </Button>
            <Button
              disabled={selection.size < 2 || selection.size > 20}
              onClick={() => void navigate({ to: '/compare', search: { ids: [...selection].join(',') } })}
            >
              Compare {selection.size > 1 ? selection.size : ''}
            </Button>
          </>
        }
      />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setFilter(typed)
        }}
      >
        <TextInput
          mb="sm"
          label="Only runs where"
          placeholder="metrics.roc_auc > 0.85 and params.learner = 'gradient-boosting'"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </form>
      {runs.error ? (
        <ErrorState error={runs.error} />
      ) : (
        <Loaded query={runs}>
          {(data) =>
            data.total === 0 ? (
              <EmptyState title="No runs match">Change the condition, or clear it.</EmptyState>
            ) : (
              <DataTable
                label="Runs"
                view="runs"
                rows={data.runs}
                rowKey={(run) => run.id}
                selection={selection}
                onSelect={setSelection}
                onOpen={(run) => void navigate({ to: '/runs/$id', params: { id: run.id } })}
                columns={runColumns(data.runs)}
                height={620}
                tools={
                  data.total > mostRuns && (
                    <Text size="xs" c="dimmed">
                      The newest {mostRuns.toLocaleString('en')} of {data.total.toLocaleString('en')}; a condition
                      narrows them.
                    </Text>
                  )
                }
              />
            )
          }
        </Loaded>
      )}
    </>
  )
}

/** What AutoML logs of every trial beside its quality, in words with the unit. */
const costTitles: Readonly<Record<string, string>> = {
  fit_seconds: 'Training, s',
  predict_micros_per_row: 'Scoring, µs a row',
  size_bytes: 'Size, bytes',
  validation_loss: 'Validation loss',
}

/** A column for every metric and parameter that some run has: quality, then cost; those that most have come first. */
function runColumns(runs: readonly Run[]): DataColumn<Run>[] {
  const count = (of: (run: Run) => Readonly<Record<string, unknown>>) => {
    const counts = new Map<string, number>()
    for (const run of runs) for (const key of Object.keys(of(run))) counts.set(key, (counts.get(key) ?? 0) + 1)
    return [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key)
  }
  const metrics = count((run) => run.metrics).sort((a, b) => Number(a in costTitles) - Number(b in costTitles))
  const params = count((run) => run.params)
  return [
    { key: 'name', title: 'Run', value: (run) => run.name, width: 200 },
    {
      key: 'status',
      title: 'State',
      value: (run) => run.status,
      render: (run) => <StatusBadge status={run.status} />,
      width: 120,
    },
    ...metrics.map((key, at) => ({
      key: `metrics.${key}`,
      title: costTitles[key] ?? key,
      value: (run: Run) => run.metrics[key] ?? null,
      width: key in costTitles ? 150 : 120,
      hidden: at > 5,
    })),
    ...params.map((key, at) => ({
      key: `params.${key}`,
      title: key,
      value: (run: Run) => asNumber(run.params[key]),
      width: 130,
      hidden: at > 6,
    })),
    {
      key: 'started',
      title: 'Started',
      value: (run) => run.startedAt,
      render: (run) => <RelativeTime time={run.startedAt} />,
      width: 130,
    },
  ]
}

function asNumber(value: string | undefined): string | number | null {
  if (value === undefined) return null
  return value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value
}

import { Button, Switch, Text, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { useMetricNames } from '../../ui/metric-names.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, ErrorState, Loaded } from '../../ui/states.tsx'
import { RetentionDialog } from './retention-dialog.tsx'
import { VersionBulkActions } from './version-bulk-actions.tsx'
import { versionColumns } from './version-columns.tsx'

/** Versions that are shown at once; the filter language narrows what is more. */
const mostVersions = 5_000

/** Versions of all models: filtered in MLflow's language, and changed many at a time. */
export function AllVersionsPage() {
  const client = useClient()
  const navigate = useNavigate()
  const columns = versionColumns(useMetricNames())
  const { name, version, aliases, tags, state, learner, score, metric, created } = columns
  const [typed, setTyped] = useState('')
  const [filter, setFilter] = useState('')
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const [tidying, setTidying] = useState(false)
  const [deleted, setDeleted] = useState(false)
  const versions = useQuery({
    queryKey: ['models', 'versions', filter, deleted],
    queryFn: () => client.models.versions({ filter, deleted, limit: mostVersions }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHead
        title="All versions"
        parents={[{ label: 'Models', to: '/models' }]}
        actions={
          <>
            <Switch
              label="In the trash"
              checked={deleted}
              onChange={(event) => {
                setDeleted(event.currentTarget.checked)
                setSelection(new Set())
              }}
            />
            <Button variant="default" onClick={() => setTidying(true)}>
              Tidy up
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
          label="Only versions where"
          description="Enter applies it. Names: name, version, score, learner, task, state, alias, dataset, created_at, tags.…, params.…, metrics.…"
          placeholder="score > 0.85 and alias = 'production'"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </form>
      {versions.error ? (
        <ErrorState error={versions.error} />
      ) : (
        <Loaded query={versions}>
          {(data) =>
            data.total === 0 ? (
              <EmptyState
                title={filter !== '' ? 'No versions match' : deleted ? 'No versions in the trash' : 'No versions yet'}
              >
                {deleted && filter === ''
                  ? 'What is moved to the trash waits here.'
                  : filter === ''
                    ? 'Register a run, and it shows up here.'
                    : 'Change the condition, or clear it.'}
              </EmptyState>
            ) : (
              <>
                {data.total > data.versions.length && (
                  <Text size="sm" mb="xs">
                    The newest {data.versions.length.toLocaleString('en')} of {data.total.toLocaleString('en')}; a
                    condition narrows them.
                  </Text>
                )}
                <DataTable
                  label="Versions"
                  view="all-versions"
                  rows={data.versions}
                  rowKey={({ id }) => id}
                  rowName={({ name, version }) => `${name} / ${version}`}
                  selection={selection}
                  onSelect={setSelection}
                  bulkActions={
                    <VersionBulkActions ids={[...selection]} deleted={deleted} onDone={() => setSelection(new Set())} />
                  }
                  onOpen={({ name, version }) =>
                    void navigate({ to: '/models/$name/$version', params: { name, version: String(version) } })
                  }
                  columns={[name, version, aliases, tags, state, learner, score, metric, created]}
                  height={600}
                />
              </>
            )
          }
        </Loaded>
      )}
      {tidying && <RetentionDialog onClose={() => setTidying(false)} />}
    </>
  )
}

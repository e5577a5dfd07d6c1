import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'

export function ExperimentsPage() {
  const client = useClient()
  const navigate = useNavigate()
  const experiments = useQuery({ queryKey: ['experiments'], queryFn: () => client.experiments.list() })
  return (
    <>
      <PageHead title="Experiments" />
      <Loaded query={experiments}>
        {(data) =>
          data.experiments.length === 0 ? (
            <EmptyState title="No experiments yet">
              Find a model on a table; every model that is tried becomes a run here.
            </EmptyState>
          ) : (
            <DataTable
              label="Experiments"
              view="experiments"
              rows={data.experiments}
              rowKey={(row) => row.id}
              onOpen={(row) => void navigate({ to: '/experiments/$id', params: { id: row.id } })}
              columns={[
                { key: 'name', title: 'Name', value: (row) => row.name, width: 360 },
                { key: 'runs', title: 'Runs', value: (row) => row.runs, width: 100 },
                {
                  key: 'last',
                  title: 'Last run',
                  value: (row) => row.lastRunAt,
                  render: (row) => <RelativeTime time={row.lastRunAt} />,
                  width: 160,
                },
                {
                  key: 'created',
                  title: 'Made',
                  value: (row) => row.createdAt,
                  render: (row) => <RelativeTime time={row.createdAt} />,
                  width: 160,
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  )
}

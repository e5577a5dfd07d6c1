import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { useMetricNames } from '../../ui/metric-names.tsx'
import { EstimateText, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'

export function ModelsPage() {
  const client = useClient()
  const navigate = useNavigate()
  const nameOf = useMetricNames()
  const models = useQuery({ queryKey: ['models'], queryFn: () => client.models.list() })
  return (
    <>
      <PageHead
        title="Models"
        actions={
          <Button variant="default" component={Link} to="/model-versions">
            All versions
          </Button>
        }
      />
      <Loaded query={models}>
        {(data) =>
          data.models.length === 0 ? (
            <EmptyState title="No models yet">
              Find a model on a table, then register it: it gets a version, a certificate and an explanation.
            </EmptyState>
          ) : (
            <DataTable
              label="Models"
              view="models"
              rows={data.models}
              rowKey={(row) => row.id}
              onOpen={(row) => void navigate({ to: '/models/$name', params: { name: row.name } })}
              columns={[
                { key: 'name', title: 'Name', value: (row) => row.name, width: 240 },
                { key: 'versions', title: 'Versions', value: (row) => row.versionCount, width: 90 },
                { key: 'learner', title: 'Newest', value: (row) => row.versions[0]?.learner ?? null, width: 180 },
                {
                  key: 'score',
                  title: 'Score',
                  value: (row) => row.versions[0]?.score?.value ?? null,
                  render: (row) => <EstimateText estimate={row.versions[0]?.score ?? null} />,
                  width: 230,
                },
                {
                  key: 'metric',
                  title: 'Metric',
                  value: (row) => (row.versions[0]?.metric ? nameOf(row.versions[0].metric) : null),
                  width: 250,
                },
                {
                  key: 'aliases',
                  title: 'Aliases',
                  value: (row) =>
                    row.versions
                      .flatMap(({ aliases, version }) => aliases.map((alias) => `@${alias} → ${version}`))
                      .join(', '),
                  width: 180,
                },
                {
                  key: 'changed',
                  title: 'Changed',
                  value: (row) => row.updatedAt,
                  render: (row) => <RelativeTime time={row.updatedAt} />,
                  width: 140,
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  )
}

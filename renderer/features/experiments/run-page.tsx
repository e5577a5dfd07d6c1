import { Alert, Anchor, Group, SimpleGrid, Stack, Table, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RunDetail } from '../../../shared/domain/training.ts'
import { useClient } from '../../api/client-context.tsx'
import { usePathParameters } from '../../routes/parameters.ts'
import { FileTable } from '../../ui/file-table.tsx'
import { useMetricNames } from '../../ui/metric-names.tsx'
import { Digest, formatNumber, RelativeTime, StatusBadge } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { ExplainTab } from '../models/explain-tab.tsx'
import { PerformanceView } from '../models/performance-view.tsx'
import { RegisterButton } from '../models/register-button.tsx'

export function RunPage() {
  const { id } = usePathParameters()
  const client = useClient()
  const run = useQuery({ queryKey: ['runs', 'detail', id], queryFn: () => client.runs.get({ id }) })
  return <Loaded query={run}>{(detail) => <RunView run={detail} />}</Loaded>
}

function RunView({ run }: { readonly run: RunDetail }) {
  const name = run.datasets[0]?.name ?? 'model'
  return (
    <>
      <PageHead
        title={run.name}
        parents={[
          { label: 'Experiments', to: '/experiments' },
          { label: run.experimentName, to: `/experiments/${run.experimentId}` },
        ]}
        beside={<StatusBadge status={run.status} />}
        actions={run.canRegister && <RegisterButton runId={run.id} suggestion={name} />}
      />
      {!run.canRegister && run.status === 'FINISHED' && (
        <Alert color="gray" mb="md">
          The model of this run was not kept: only those of the best runs are. Its parameters and scores are.
        </Alert>
      )}
      <Tabs defaultValue={run.performance ? 'performance' : 'overview'} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="performance" disabled={!run.performance}>
            Performance
          </Tabs.Tab>
          <Tabs.Tab value="explain" disabled={!run.canRegister}>
            Explain
          </Tabs.Tab>
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="files">Files</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="performance">
          {run.performance && <PerformanceView performance={run.performance} />}
        </Tabs.Panel>
        <Tabs.Panel value="explain">
          <ExplainTab model={`run:${run.id}`} />
        </Tabs.Panel>
        <Tabs.Panel value="overview">
          <Overview run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <Files run={run} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Overview({ run }: { readonly run: RunDetail }) {
  const nameOf = useMetricNames()
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <PairTable
        title="Metrics"
        pairs={Object.entries(run.metrics).map(([key, value]) => [nameOf(key), formatNumber(value)])}
      />
      <PairTable title="Parameters" pairs={Object.entries(run.params)} />
      <Stack className="card" gap="xs">
        <Text size="sm">
          Started <RelativeTime time={run.startedAt} />, ended <RelativeTime time={run.endedAt} />.
        </Text>
        {run.datasets.map((dataset) => (
          <Group key={dataset.digest} gap="xs">
            <Text size="sm">Trained on</Text>
            <Anchor component={Link} to={`/data/${encodeURIComponent(dataset.name)}`} size="sm">
              {dataset.name}
            </Anchor>
            <Digest value={dataset.digest} />
          </Group>
        ))}
        {run.jobId && (
          <Anchor component={Link} to={`/automl/${run.jobId}`} size="sm">
            The search that made it
          </Anchor>
        )}
        {run.versions.map(({ model, version }) => (
          <Anchor
            key={`${model}/${version}`}
            component={Link}
            to={`/models/${encodeURIComponent(model)}/${version}`}
            size="sm"
          >
            Registered as {model} / {version}
          </Anchor>
        ))}
      </Stack>
    </SimpleGrid>
  )
}

export function PairTable({
  title,
  pairs,
}: {
  readonly title: string
  readonly pairs: readonly (readonly [string, string])[]
}) {
  return (
    <div className="card">
      <Text fw={600} size="sm" mb="xs" component="h2" mt={0}>
        {title}
      </Text>
      {pairs.length === 0 ? (
        <EmptyState title="None" />
      ) : (
        <Table aria-label={title}>
          <Table.Tbody>
            {pairs.map(([key, value]) => (
              <Table.Tr key={key}>
                <Table.Td>{key}</Table.Td>
                <Table.Td ta="right" className="numeric">
                  {value}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  )
}

function Files({ run }: { readonly run: RunDetail }) {
  if (run.artifacts.length === 0)
    return <EmptyState title="No files">Only the best runs of a search keep their model.</EmptyState>
  return <FileTable files={run.artifacts} />
}

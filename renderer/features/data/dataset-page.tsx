import { Anchor, Button, Group, Menu, Stack, Tabs, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DatasetDetail } from '../../../shared/domain/datasets.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { usePathParameters } from '../../routes/parameters.ts'
import { Digest, formatBytes, NumberText, RelativeTime } from '../../ui/numbers.tsx'
import { offerUndo } from '../../ui/offer-undo.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { LineageView } from '../lineage/lineage-view.tsx'
import { ColumnsTab } from './columns-tab.tsx'
import { RowsTab } from './rows-tab.tsx'
import { WarningList } from './warning-list.tsx'

export function DatasetPage() {
  const { name } = usePathParameters()
  const client = useClient()
  const dataset = useQuery({ queryKey: ['datasets', name], queryFn: () => client.datasets.get({ dataset: name }) })
  return <Loaded query={dataset}>{(detail) => <DatasetView detail={detail} />}</Loaded>
}

function DatasetView({ detail }: { readonly detail: DatasetDetail }) {
  const serious = detail.warnings.filter(({ severity }) => severity !== 'info').length
  return (
    <>
      <PageHead
        title={detail.name}
        parents={[{ label: 'Data', to: '/data' }]}
        beside={
          <Group gap="xs">
            <Text size="sm">v{detail.version}</Text>
            <Text size="sm" c="dimmed">
              {detail.rows.toLocaleString('en')} rows × {detail.columnCount}
            </Text>
            <Digest value={detail.digest} />
          </Group>
        }
        actions={<DatasetActions detail={detail} />}
      />
      <Tabs defaultValue="columns" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="columns">Columns</Tabs.Tab>
          <Tabs.Tab value="rows">Rows</Tabs.Tab>
          <Tabs.Tab value="quality">Quality{serious > 0 ? ` (${serious})` : ''}</Tabs.Tab>
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="used">Used by</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="columns">
          <ColumnsTab detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="rows">
          <RowsTab dataset={detail.versionId} name={detail.name} />
        </Tabs.Panel>
        <Tabs.Panel value="quality">
          {detail.warnings.length === 0 ? (
            <EmptyState title="Nothing stands out">No constant, duplicate or suspicious columns were found.</EmptyState>
          ) : (
            <WarningList warnings={detail.warnings} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="overview">
          <Overview detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <LineageView start={{ kind: 'dataset', reference: detail.versionId }} />
        </Tabs.Panel>
        <Tabs.Panel value="used">
          <UsedBy name={detail.name} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function DatasetActions({ detail }: { readonly detail: DatasetDetail }) {
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const failed = tellFailure()
  const remove = useMutation({
    mutationFn: () => client.datasets.delete({ dataset: detail.name }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['datasets'] })
      offerUndo(`${detail.name} is in the trash.`, () =>
        client.datasets
          .restore({ dataset: detail.name })
          .then(() => navigate({ to: '/data/$name', params: { name: detail.name } })),
      )
      await navigate({ to: '/data' })
    },
    onError: failed,
  })
  const save = useMutation({
    mutationFn: () => client.datasets.export({ dataset: detail.name }),
    onSuccess: ({ href, out }) => href && saveUrl(out, href),
    onError: failed,
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => save.mutate()}>Export as CSV</Menu.Item>
          <Menu.Item onClick={() => remove.mutate()}>Move to the trash</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button component={Link} to={`/automl?dataset=${encodeURIComponent(detail.name)}`}>
        Find a model
      </Button>
    </>
  )
}

function Overview({ detail }: { readonly detail: DatasetDetail }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Source', detail.source],
    ['Size of the source', formatBytes(detail.bytes)],
    ['Imported', <RelativeTime key="t" time={detail.createdAt} />],
    ...Object.entries(detail.reading).map(([key, value]) => [key, value === '\t' ? 'tab' : value || 'none'] as const),
    [
      'Versions',
      detail.versions.map(({ version, rows }) => `v${version} (${rows.toLocaleString('en')} rows)`).join(', '),
    ],
  ]
  return (
    <Stack className="card" gap="xs">
      {detail.description !== '' && <Text>{detail.description}</Text>}
      {facts.map(([label, value]) => (
        <Group key={label}>
          <Text size="sm" c="dimmed" w={160}>
            {label}
          </Text>
          <Text size="sm" component="div">
            {value}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}

function UsedBy({ name }: { readonly name: string }) {
  const client = useClient()
  const used = useQuery({
    queryKey: ['datasets', 'used', name],
    queryFn: () => client.datasets.usedBy({ dataset: name }),
  })
  return (
    <Loaded query={used}>
      {({ experiments, versions }) =>
        experiments.length + versions.length === 0 ? (
          <EmptyState title="Not used yet">Find a model on it, and the search shows up here.</EmptyState>
        ) : (
          <Stack className="card" gap="xs">
            {versions.map(({ model, version }) => (
              <Anchor
                key={`${model}/${version}`}
                component={Link}
                to={`/models/${encodeURIComponent(model)}/${version}`}
              >
                {model} / {version}
              </Anchor>
            ))}
            {experiments.map(({ id, name: title, runs }) => (
              <Group key={id}>
                <Anchor component={Link} to={`/experiments/${id}`}>
                  {title}
                </Anchor>
                <Text size="sm" c="dimmed">
                  <NumberText value={runs} /> runs
                </Text>
              </Group>
            ))}
          </Stack>
        )
      }
    </Loaded>
  )
}

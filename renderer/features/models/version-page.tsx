import { Anchor, Badge, Button, Group, Menu, SimpleGrid, Stack, Table, Tabs, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { VersionDetail } from '../../../shared/domain/models.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { usePathParameters } from '../../routes/parameters.ts'
import { FileTable } from '../../ui/file-table.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { MetricLabel } from '../../ui/metric-names.tsx'
import { Digest, EstimateText, formatBytes, formatNumber, formatPlain, RelativeTime } from '../../ui/numbers.tsx'
import { offerUndo } from '../../ui/offer-undo.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { SubmitButton } from '../approvals/submit-button.tsx'
import { VersionApprovalActions, VersionApprovalBadge } from '../approvals/version-approval.tsx'
import { PairTable } from '../experiments/run-page.tsx'
import { LineageView } from '../lineage/lineage-view.tsx'
import { CardTab } from './card-tab.tsx'
import { EvidenceItem } from './evidence-item.tsx'
import { ExplainTab } from './explain-tab.tsx'
import { GraphTab } from './graph-tab.tsx'
import { NativeParityNote } from './native-parity-note.tsx'
import { PerformanceView } from './performance-view.tsx'
import { PortableExportModal } from './portable-export-modal.tsx'
import { RebuildModal } from './rebuild-modal.tsx'

export function VersionPage() {
  const { name, version } = usePathParameters()
  const client = useClient()
  const reference = `${name}/${version}`
  const detail = useQuery({
    queryKey: ['models', 'version', reference],
    queryFn: () => client.models.version({ model: reference }),
  })
  return <Loaded query={detail}>{(data) => <VersionView detail={data} reference={reference} />}</Loaded>
}

function VersionView({ detail, reference }: { readonly detail: VersionDetail; readonly reference: string }) {
  return (
    <>
      <PageHead
        title={`${detail.name} / ${detail.version}`}
        parents={[
          { label: 'Models', to: '/models' },
          { label: detail.name, to: `/models/${encodeURIComponent(detail.name)}` },
        ]}
        beside={
          <Group gap="xs">
            <VersionApprovalBadge id={detail.approvalId} />
            {detail.aliases.map((alias) => (
              <Badge key={alias} tt="none" radius="sm" variant="light">
                @{alias}
              </Badge>
            ))}
            <Digest value={detail.digest} />
          </Group>
        }
        actions={<VersionActions detail={detail} reference={reference} />}
      />
      <Tabs defaultValue="overview" keepMounted={false}>
        <Tabs.List mb="md">
          {['Overview', 'Performance', 'Explain', 'Graph', 'Lineage', 'Card', 'Files', 'Activity'].map((tab) => (
            <Tabs.Tab key={tab} value={tab.toLowerCase()}>
              {tab}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="performance">
          {detail.performance ? (
            <PerformanceView performance={detail.performance} />
          ) : (
            <EmptyState title="It was not judged when it was trained">
              Score a table with the true answers to see how good it is.
            </EmptyState>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="explain">
          <ExplainTab model={reference} />
        </Tabs.Panel>
        <Tabs.Panel value="graph">
          <GraphTab model={reference} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <LineageView start={{ kind: 'version', reference }} />
        </Tabs.Panel>
        <Tabs.Panel value="card">
          <CardTab reference={reference} approval={detail.state} />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <FileTable files={detail.files} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <Stack className="card" gap={6}>
            {detail.activity.map(({ time, actor, what }) => (
              <Text key={`${time} ${what}`} size="sm">
                {actor} {what} <RelativeTime time={time} />
              </Text>
            ))}
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function VersionActions({ detail, reference }: { readonly detail: VersionDetail; readonly reference: string }) {
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [naming, setNaming] = useState(false)
  const [rebuilding, setRebuilding] = useState(false)
  const [exporting, setExporting] = useState(false)
  const [alias, setAlias] = useState('production')
  const failed = tellFailure()
  const refresh = () => queries.invalidateQueries({ queryKey: ['models'] })
  const name = useMutation({
    mutationFn: () => client.models.setAlias({ model: reference, alias }),
    onSuccess: () => {
      setNaming(false)
      return refresh()
    },
  })
  const unname = useMutation({
    mutationFn: (which: string) => client.models.removeAlias({ name: detail.name, alias: which }),
    onSuccess: refresh,
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: () => client.models.delete({ model: reference }),
    onSuccess: async () => {
      await refresh()
      offerUndo(`${detail.name} / ${detail.version} is in the trash.`, () =>
        client.models.restore({ model: detail.id }).then(refresh),
      )
      await navigate({ to: '/models/$name', params: { name: detail.name } })
    },
    onError: failed,
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setNaming(true)}>Give it an alias…</Menu.Item>
          {detail.aliases.map((each) => (
            <Menu.Item key={each} onClick={() => unname.mutate(each)}>
              Take @{each} away
            </Menu.Item>
          ))}
          {detail.evidence.some(({ kind }) => kind === 'recipe') && (
            <Menu.Item onClick={() => setRebuilding(true)}>Rebuild…</Menu.Item>
          )}
          {detail.source.runId && <Menu.Item onClick={() => setExporting(true)}>Export for older runtimes…</Menu.Item>}
          <EvidenceItem reference={reference} />
          <Menu.Item onClick={() => remove.mutate()}>Move to the trash</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {(detail.state === 'none' || detail.state === 'rejected') && <SubmitButton reference={reference} />}
      <VersionApprovalActions id={detail.approvalId} />
      <Button variant="default" onClick={() => void navigate({ to: '/predict', search: { model: reference } })}>
        Try it
      </Button>
      <Button
        onClick={() =>
          saveUrl(
            `${detail.name}.onnx`,
            `/files/${detail.digest.replace('sha256:', '')}/${encodeURIComponent(`${detail.name}.onnx`)}`,
          )
        }
      >
        Export ONNX
      </Button>
      <PortableExportModal reference={reference} opened={exporting} onClose={() => setExporting(false)} />
      <RebuildModal reference={reference} opened={rebuilding} onClose={() => setRebuilding(false)} />
      {naming && (
        <FormDialog
          title="Give this version an alias"
          action="Set alias"
          change={name}
          isReady={alias.trim() !== ''}
          onClose={() => setNaming(false)}
        >
          <TextInput
            label="Alias"
            description="A movable name, such as production: another version that has it loses it"
            value={alias}
            onChange={(event) => setAlias(event.currentTarget.value)}
            data-autofocus
          />
        </FormDialog>
      )}
    </>
  )
}

function Overview({ detail }: { readonly detail: VersionDetail }) {
  const { signature, parity, source, dataset } = detail
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Stack className="card" gap="xs">
        {detail.description !== '' && <Markdown text={detail.description} />}
        <Text>
          Predicts <strong>{signature.target}</strong> ({signature.task}
          {signature.classes.length > 0 ? `: ${signature.classes.slice(0, 6).join(', ')}` : ''})
        </Text>
        <Text component="div">
          {detail.metric ? <MetricLabel name={detail.metric} /> : 'Score'}: <EstimateText estimate={detail.score} />
        </Text>
        <Text size="sm">
          {detail.learner}, {formatBytes(detail.onnxBytes)}, registered <RelativeTime time={detail.createdAt} />
        </Text>
        {parity && (
          <Text size="sm">
            {parity.passed ? '✓ ' : '✗ '}ONNX file and engine compared on {parity.rows.toLocaleString('en')} rows:{' '}
            {parity.labelFlips} labels differ, largest difference {formatNumber(parity.maxAbsDiff)}
          </Text>
        )}
        {detail.rebuild && (
          <Text size="sm">
            {detail.rebuild.identical
              ? '✓ Rebuilt by its recipe: the file came out identical'
              : `✗ Rebuilt by its recipe: the file came out different in ${detail.rebuild.differences.length} ways`}
          </Text>
        )}
        {detail.nativeParity && <NativeParityNote parity={detail.nativeParity} />}
        {dataset && (
          <Text size="sm">
            {source.runId ? 'Trained on' : 'Tried on the sample'}{' '}
            <Anchor component={Link} to={`/data/${encodeURIComponent(dataset.name)}`}>
              {dataset.name} / {dataset.version}
            </Anchor>
          </Text>
        )}
        {source.runId && (
          <Anchor component={Link} to={`/runs/${source.runId}`} size="sm">
            The run it came from
          </Anchor>
        )}
      </Stack>
      <div className="card">
        <Text fw={600} size="sm" component="h2" mt={0}>
          What it takes
        </Text>
        <Table aria-label="Signature">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Type</Table.Th>
              <Table.Th>{source.runId ? 'Seen in training' : 'Seen in the sample'}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {signature.inputs.map(({ name, type, min, max, levels }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{type}</Table.Td>
                <Table.Td>
                  {levels
                    ? `${levels.slice(0, 4).join(', ')}${levels.length > 4 ? ` and ${levels.length - 4} more` : ''}`
                    : min === null || max === null
                      ? '–'
                      : `${formatPlain(min)} to ${formatPlain(max)}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <PairTable title="Parameters" pairs={Object.entries(detail.params)} />
    </SimpleGrid>
  )
}

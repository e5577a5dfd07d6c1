import { Alert, Badge, Group, Modal, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { sharesChart } from '../../../shared/charts/comparison-charts.ts'
import type { VersionDiff } from '../../../shared/domain/version-diff.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { useSearchParameters } from '../../routes/parameters.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { MetricLabel } from '../../ui/metric-names.tsx'
import { formatEstimate } from '../../ui/number-format.ts'
import { EstimateText, formatNumber } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { SideBySide } from '../explain/side-by-side.tsx'
import { CardDifferences } from './card-differences.tsx'
import { OneRow } from './row-explanation.tsx'
import { SaveDiff } from './save-diff.tsx'
import { SliceDifferences } from './slice-differences.tsx'

/** Two versions on one screen: only what differs, and what it does to predictions. */
export function CompareVersionsPage() {
  const { a = '', b = '' } = useSearchParameters()
  return (
    <>
      <PageHead title="Compare versions" parents={[{ label: 'Models', to: '/models' }]} />
      <VersionPickers a={a} b={b} />
      {a === '' || b === '' || a === b ? (
        <EmptyState title="Choose two versions">The older one as A, the one that is to follow it as B.</EmptyState>
      ) : (
        <VersionDifferences a={a} b={b} />
      )}
    </>
  )
}

/** What differs between two versions, by their references. */
export function VersionDifferences({ a, b }: { readonly a: string; readonly b: string }) {
  const client = useClient()
  const diff = useQuery({ queryKey: ['models', 'diff', a, b], queryFn: () => client.explain.diff({ a, b }) })
  return <Loaded query={diff}>{(data) => <Differences diff={data} references={[a, b]} />}</Loaded>
}

function VersionPickers({ a, b }: { readonly a: string; readonly b: string }) {
  const client = useClient()
  const navigate = useNavigate()
  const models = useQuery({ queryKey: ['models'], queryFn: () => client.models.list({}) })
  const choices = (models.data?.models ?? []).flatMap((model) =>
    model.versions.map(({ name, version, aliases }) => ({
      value: `${name}/${version}`,
      label: `${name} / ${version}${aliases.map((alias) => ` @${alias}`).join('')}`,
    })),
  )
  const go = (search: { a: string; b: string }) => void navigate({ to: '/compare-versions', search })
  return (
    <Group mb="md">
      <Select label="A" searchable data={choices} value={a || null} onChange={(to) => go({ a: to ?? '', b })} w={280} />
      <Select label="B" searchable data={choices} value={b || null} onChange={(to) => go({ a, b: to ?? '' })} w={280} />
    </Group>
  )
}

function Differences({
  diff,
  references,
}: {
  readonly diff: VersionDiff
  readonly references: readonly [string, string]
}) {
  const labels = [diff.a.label, diff.b.label] as const
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="lg" fw={600} component="h2" m={0}>
          {readDiff(diff)}
        </Text>
        <SaveDiff references={references} />
      </Group>
      {diff.a.task !== diff.b.task && (
        <Alert
          color="yellow"
          title="They predict different kinds of things, so their predictions cannot be compared."
        />
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Judged diff={diff} labels={labels} />
        <Metrics diff={diff} labels={labels} />
      </SimpleGrid>
      <SliceDifferences diff={diff} labels={labels} />
      <Flips diff={diff} references={references} />
      <SideBySide references={references} labels={labels} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <ChartCard
          title={readShares(diff)}
          subtitle="Share of each column in the mean absolute attributions"
          height={70 + 36 * Math.min(diff.shap.length, 15)}
          option={(look) => sharesChart(diff.shap.slice(0, 15), labels, look)}
          table={[['column', ...labels], ...diff.shap.map(({ feature, a, b }) => [feature, a, b])]}
        />
        <Stack>
          <Pairs
            title="Parameters"
            labels={labels}
            rows={diff.parameters.map(({ key, ...pair }) => ({ name: key, ...pair }))}
          />
          <Pairs
            title="Signature"
            labels={labels}
            rows={diff.schema.map(({ what, ...pair }) => ({ name: what, ...pair }))}
          />
        </Stack>
        <Pairs
          title="ONNX graph"
          labels={labels}
          rows={diff.graph.map(({ what, ...pair }) => ({ name: what, ...pair }))}
        />
        <Moved data={diff.data} />
        <CardDifferences card={diff.card} labels={labels} />
      </SimpleGrid>
    </Stack>
  )
}

/** The message of the page in a sentence. */
function readDiff({ dataset, flipCount, b }: VersionDiff): string {
  if (!dataset || dataset.rows === 0) return 'There are no rows on which both could be compared.'
  const share = ((100 * flipCount) / dataset.rows).toLocaleString('en', { maximumSignificantDigits: 2 })
  return flipCount === 0
    ? `${b.label} predicts the same for all ${dataset.rows} rows of ${dataset.label}.`
    : `${b.label} changes the prediction of ${flipCount} of ${dataset.rows} rows of ${dataset.label} (${share}%).`
}

function readShares({ shap }: VersionDiff): string {
  const [first] = shap
  if (!first || Math.abs(first.b - first.a) < 0.01) return 'The same columns matter as much'
  return `${first.feature} matters ${first.b > first.a ? 'more' : 'less'}: ${formatNumber(100 * first.a)}% then, ${formatNumber(100 * first.b)}% now`
}

type Labels = readonly [string, string]

function Judged({ diff: { judged }, labels }: { readonly diff: VersionDiff; readonly labels: Labels }) {
  if (judged.length === 0) return null
  return (
    <div className="card">
      <Text fw={600} size="sm">
        As judged on rows they had not seen
      </Text>
      <Table aria-label="As judged at training">
        <Head labels={labels} last={[]} />
        <Table.Tbody>
          {judged.map(({ name, a, b }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <MetricLabel name={name} />
              </Table.Td>
              <Table.Td ta="right">
                <EstimateText estimate={a} />
              </Table.Td>
              <Table.Td ta="right">
                <EstimateText estimate={b} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

const seen = {
  neither: 'Neither learned from these rows.',
  a: 'A learned from these rows, which flatters it.',
  b: 'B learned from these rows, which flatters it.',
  both: 'Both learned from these rows, which flatters both.',
} as const

function Metrics({ diff: { metrics, dataset }, labels }: { readonly diff: VersionDiff; readonly labels: Labels }) {
  if (metrics.length === 0 || !dataset) return null
  return (
    <div className="card">
      <Text fw={600} size="sm">
        On the same {dataset.rows} rows of {dataset.label}
      </Text>
      <Text size="xs" c="dimmed">
        {seen[dataset.trainedOn]} The interval is of B less A, both resampled alike.
      </Text>
      <Table aria-label="On the same rows">
        <Head labels={labels} last={['B less A, 95%']} />
        <Table.Tbody>
          {metrics.map((metric) => (
            <MetricRow key={metric.name} metric={metric} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function MetricRow({ metric: { name, a, b, ciLow, ciHigh } }: { readonly metric: VersionDiff['metrics'][number] }) {
  // The difference with as many decimals as the scores that it is of.
  const { value, low, high } = formatEstimate({ value: a, low: ciLow, high: ciHigh })
  return (
    <Table.Tr>
      <Table.Td>
        <MetricLabel name={name} />
      </Table.Td>
      <Table.Td ta="right" className="numeric">
        {value}
      </Table.Td>
      <Table.Td ta="right" className="numeric">
        {formatEstimate({ value: b, low: ciLow, high: ciHigh }).value}
      </Table.Td>
      <Table.Td ta="right" className="numeric">
        <span className="interval">
          {low} to {high}
        </span>{' '}
        {ciLow <= 0 && ciHigh >= 0 && (
          <Badge size="xs" variant="light" color="gray" tt="none">
            not sure
          </Badge>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function Head({ labels, last }: { readonly labels: Labels; readonly last: readonly string[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th>What</Table.Th>
        {[...labels, ...last].map((label) => (
          <Table.Th key={label} ta="right">
            {label}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  )
}

function Flips({ diff, references }: { readonly diff: VersionDiff; readonly references: readonly [string, string] }) {
  const [chosen, setChosen] = useState<number | null>(null)
  const { flips, flipCount, dataset } = diff
  if (!dataset || flips.length === 0) return null
  return (
    <div>
      <Text fw={600} component="h2" size="md">
        Rows that are predicted differently
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {flips.length < flipCount ? `The ${flips.length} greatest changes of ${flipCount}. ` : ''}Open one to see why
        each says what it says.
      </Text>
      <DataTable
        label="Rows that are predicted differently"
        rows={flips}
        rowKey={({ row }) => String(row)}
        onOpen={({ row }) => setChosen(row)}
        height={300}
        columns={[
          { key: 'row', title: 'Row', value: ({ row }) => row, width: 90 },
          { key: 'a', title: diff.a.label, value: ({ a }) => a, width: 200 },
          { key: 'b', title: diff.b.label, value: ({ b }) => b, width: 200 },
          { key: 'truth', title: 'In truth', value: ({ truth }) => truth, width: 160 },
          { key: 'change', title: 'Change', value: ({ change }) => change, width: 120 },
        ]}
      />
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} title={`Row ${chosen ?? ''}`} size="90%">
        {chosen !== null && (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {references.map((reference, at) => (
              <RowOf
                key={reference}
                model={reference}
                label={at === 0 ? diff.a.label : diff.b.label}
                data={dataset.label.replaceAll(' ', '')}
                row={chosen}
              />
            ))}
          </SimpleGrid>
        )}
      </Modal>
    </div>
  )
}

interface RowOfProps {
  readonly model: string
  readonly label: string
  readonly data: string
  readonly row: number
}

function RowOf({ model, label, data, row }: RowOfProps) {
  const client = useClient()
  const explanation = useQuery({
    queryKey: ['explain-row', model, data, row],
    queryFn: () => client.explain.rows({ model, data, rows: [row] }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <section aria-label={label}>
      <Text fw={600}>{label}</Text>
      <Loaded query={explanation}>{(found) => <OneRow explanation={found} />}</Loaded>
    </section>
  )
}

interface PairsProps {
  readonly title: string
  readonly labels: Labels
  readonly rows: readonly { readonly name: string; readonly a: string | null; readonly b: string | null }[]
}

function Pairs({ title, labels, rows }: PairsProps) {
  if (rows.length === 0) return null
  return (
    <div className="card">
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Table.ScrollContainer
        minWidth={400}
        mah={420}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': title } }}
      >
        <Table aria-label={title}>
          <Head labels={labels} last={[]} />
          <Table.Tbody>
            {rows.map(({ name, a, b }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                {[a, b].map((text, at) => (
                  <Table.Td key={labels[at]} ta="right" maw={260}>
                    <Text size="sm" lineClamp={2} title={text ?? ''}>
                      {text ?? '–'}
                    </Text>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}

/** By custom: below 0.1 little, above 0.25 much. */
function Moved({ data }: { readonly data: VersionDiff['data'] }) {
  if (data.length === 0) return null
  const word = (psi: number) => (psi < 0.1 ? 'little' : psi < 0.25 ? 'some' : 'much')
  return (
    <div className="card">
      <Text fw={600} size="sm">
        How far the training data moved
      </Text>
      <Text size="xs" c="dimmed">
        Population stability index; below 0.1 little, above 0.25 much
      </Text>
      <Table aria-label="How far the training data moved">
        <Table.Tbody>
          {data.slice(0, 20).map(({ column, psi }) => (
            <Table.Tr key={column}>
              <Table.Td>{column}</Table.Td>
              <Table.Td ta="right" className="numeric">
                {formatNumber(psi)}
              </Table.Td>
              <Table.Td>{word(psi)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

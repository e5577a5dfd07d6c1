import { Group, Select, Stack, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { barChart, histogramChart } from '../../../shared/charts/performance-charts.ts'
import type { ColumnProfile, DatasetDetail } from '../../../shared/domain/datasets.ts'
import type { ColumnTypeName } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber, formatPlain } from '../../ui/numbers.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { WithInspector } from '../../ui/with-inspector.tsx'
import { columnTypes } from './column-types.ts'

/** Every column with its type, gaps and shape; the chosen one large beside. */
export function ColumnsTab({ detail }: { readonly detail: DatasetDetail }) {
  const [chosen, setChosen] = useState(detail.columns[0]?.name ?? '')
  const [opened, setOpened] = useState(false)
  const column = detail.columns.find(({ name }) => name === chosen)
  return (
    <WithInspector
      name="columns"
      title={`Column ${chosen}`}
      opened={opened}
      onClose={() => setOpened(false)}
      inspector={column && <ColumnInspector column={column} />}
    >
      <Table.ScrollContainer minWidth={480} maxHeight={640} className="card flush">
        <Table aria-label="Columns" stickyHeader highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Type</Table.Th>
              <Table.Th>Missing</Table.Th>
              <Table.Th ta="right">Distinct</Table.Th>
              <Table.Th>Shape</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {detail.columns.map((each) => (
              <Table.Tr key={each.name} bg={each.name === chosen ? 'var(--accent-soft)' : ''}>
                <Table.Td>
                  <button
                    type="button"
                    className="plain-button"
                    onClick={() => {
                      setChosen(each.name)
                      setOpened(true)
                    }}
                  >
                    {each.name}
                  </button>
                </Table.Td>
                <Table.Td>
                  <TypeSelect detail={detail} column={each} />
                </Table.Td>
                <Table.Td>
                  <MissingBar column={each} />
                </Table.Td>
                <Table.Td ta="right" className="numeric">
                  {each.distinct.toLocaleString('en')}
                </Table.Td>
                <Table.Td>
                  <Shape column={each} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </WithInspector>
  )
}

function TypeSelect({ detail, column }: { readonly detail: DatasetDetail; readonly column: ColumnProfile }) {
  const client = useClient()
  const queries = useQueryClient()
  const retype = useMutation({
    mutationFn: async (type: ColumnTypeName) => {
      const { job } = await client.datasets.retype({ dataset: detail.name, types: { [column.name]: type } })
      await followJob(client, job.id)
    },
    onSuccess: () => {
      notifications.show({ message: `${column.name} was read again; this is a new version.` })
      return queries.invalidateQueries({ queryKey: ['datasets'] })
    },
    onError: tellFailure('The type was not changed'),
  })
  return (
    <Select
      size="xs"
      w={120}
      aria-label={`Type of ${column.name}`}
      data={columnTypes}
      value={column.type}
      disabled={retype.isPending}
      allowDeselect={false}
      onChange={(type) => type && type !== column.type && retype.mutate(type as ColumnTypeName)}
    />
  )
}

function MissingBar({ column }: { readonly column: ColumnProfile }) {
  const share = column.rows > 0 ? column.missing / column.rows : 0
  return (
    <Group gap={6} wrap="nowrap">
      <span className="missing-bar" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <Text size="xs" className="numeric">
        {column.missing === 0 ? 'none' : `${(share * 100).toPrecision(2)}%`}
      </Text>
    </Group>
  )
}

/** A histogram as small as a word; what it shows is in the inspector too. */
function Shape({ column }: { readonly column: ColumnProfile }) {
  const counts = column.numeric?.histogram.counts ?? column.top?.slice(0, 12).map(({ count }) => count) ?? []
  const most = Math.max(1, ...counts)
  return (
    <svg width={90} height={20} aria-hidden="true">
      {counts.map((count, at) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bars are their places
          key={at}
          x={(at * 90) / counts.length}
          width={Math.max(1, 90 / counts.length - 1)}
          y={20 - (18 * count) / most}
          height={(18 * count) / most}
          fill="var(--chart-first)"
        />
      ))}
    </svg>
  )
}

function ColumnInspector({ column }: { readonly column: ColumnProfile }) {
  const { numeric, top } = column
  const facts: readonly (readonly [string, string])[] = numeric
    ? [
        ['mean', formatNumber(numeric.mean)],
        ['standard deviation', formatNumber(numeric.std)],
        ['least', formatNumber(numeric.min)],
        ['median', formatNumber(numeric.quantiles[3] ?? Number.NaN)],
        ['greatest', formatNumber(numeric.max)],
        ['zeros', formatNumber(numeric.zeros)],
      ]
    : [
        ['distinct', formatNumber(column.distinct)],
        ['missing', formatNumber(column.missing)],
        ['mean length', formatNumber(column.lengths?.mean ?? Number.NaN)],
      ]
  return (
    <Stack>
      {numeric ? (
        <ChartCard
          title={`${column.name} lies between ${formatPlain(numeric.min)} and ${formatPlain(numeric.max)}`}
          option={(look) => histogramChart(numeric.histogram, column.name, look)}
          table={[
            ['from', 'to', 'rows'],
            ...numeric.histogram.counts.map((count, at) => [
              numeric.histogram.edges[at] ?? null,
              numeric.histogram.edges[at + 1] ?? null,
              count,
            ]),
          ]}
        />
      ) : (
        <ChartCard
          title={top?.[0] ? `${top[0].value} is the most frequent ${column.name}` : `${column.name} has no values`}
          option={(look) =>
            barChart(
              (top ?? []).map(({ value, count }) => ({ name: value, value: count })),
              'rows',
              look,
            )
          }
          table={[['value', 'rows'], ...(top ?? []).map(({ value, count }) => [value, count])]}
        />
      )}
      <Group className="card" gap="xl">
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
            <Text className="numeric">{value}</Text>
          </div>
        ))}
      </Group>
    </Stack>
  )
}

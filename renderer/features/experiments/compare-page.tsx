import { Switch, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { barChart } from '../../../shared/charts/performance-charts.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { useSearchParameters } from '../../routes/parameters.ts'
import { MetricLabel, useMetricNames } from '../../ui/metric-names.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'

/** Runs side by side; by default only what differs. */
export function ComparePage() {
  const { ids = '' } = useSearchParameters()
  const client = useClient()
  const [onlyDifferent, setOnlyDifferent] = useState(true)
  const nameOf = useMetricNames()
  const chosen = ids.split(',').filter((id) => id !== '')
  const compared = useQuery({
    queryKey: ['runs', 'compare', ids],
    queryFn: () => client.runs.compare({ ids: chosen }),
    enabled: chosen.length > 1,
  })
  if (chosen.length < 2)
    return <EmptyState title="Choose at least two runs">Select them in an experiment and press Compare.</EmptyState>
  return (
    <>
      <PageHead
        title="Compare"
        parents={[{ label: 'Experiments', to: '/experiments' }]}
        actions={
          <Switch
            label="Only what differs"
            checked={onlyDifferent}
            onChange={(event) => setOnlyDifferent(event.currentTarget.checked)}
          />
        }
      />
      <Loaded query={compared}>
        {({ runs, params, metrics }) => {
          const shown = <Value,>(rows: readonly { key: string; values: readonly Value[]; differs: boolean }[]) =>
            rows.filter(({ differs }) => differs || !onlyDifferent)
          const main = shown(metrics).find(({ values }) => values.every((value) => value !== null))
          return (
            <>
              {main && (
                <ChartCard
                  title={`${nameOf(main.key)} of ${runs.length} runs`}
                  height={60 + runs.length * 28}
                  option={(look) =>
                    barChart(
                      runs.map(({ name }, at) => ({ name, value: main.values[at] ?? 0 })),
                      main.key,
                      look,
                    )
                  }
                  table={[['run', main.key], ...runs.map(({ name }, at) => [name, main.values[at] ?? null])]}
                />
              )}
              <Table.ScrollContainer minWidth={600} mt="md">
                <Table aria-label="Comparison" className="card">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>What</Table.Th>
                      {runs.map(({ id, name }) => (
                        <Table.Th key={id} ta="right">
                          <Link to="/runs/$id" params={{ id }}>
                            {name}
                          </Link>
                        </Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {shown(metrics).map(({ key, values }) => (
                      <Table.Tr key={key}>
                        <Table.Td>
                          <MetricLabel name={key} />
                        </Table.Td>
                        {values.map((value, at) => (
                          <Table.Td key={runs[at]?.id} ta="right" className="numeric" title={String(value)}>
                            {value === null ? '–' : formatNumber(value)}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                    {shown(params).map(({ key, values }) => (
                      <Table.Tr key={key}>
                        <Table.Td>
                          {key}{' '}
                          <Text span size="xs" c="dimmed">
                            parameter
                          </Text>
                        </Table.Td>
                        {values.map((value, at) => (
                          <Table.Td key={runs[at]?.id} ta="right" className="numeric">
                            {value ?? '–'}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </>
          )
        }}
      </Loaded>
    </>
  )
}

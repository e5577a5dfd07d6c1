import { Button, Group, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { decisionChart } from '../../../shared/charts/row-charts.ts'
import { describeUnanswered } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { Loaded } from '../../ui/states.tsx'

/** Lines beyond are hard to tell apart. */
export const mostRows = 12

/** Several rows in one decision plot: where they go together, and which column parts them. */
export function SeveralRows({
  model,
  rows,
  onRemove,
}: {
  readonly model: string
  readonly rows: readonly number[]
  readonly onRemove: (row: number) => void
}) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['explain-several', model, rows],
    queryFn: () => client.explain.rows({ model, rows: [...rows] }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
  if (rows.length < 2) {
    return (
      <Text size="sm" c="dimmed">
        Keep two or more rows to compare them: choose a row, then “Keep to compare”.
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {rows.map((row) => (
          <Button
            key={row}
            size="compact-xs"
            variant="default"
            aria-label={`Take row ${row} out`}
            onClick={() => onRemove(row)}
          >
            row {row} ×
          </Button>
        ))}
      </Group>
      <Loaded query={query}>
        {(data) => {
          const k = data.task === 'multiclass' ? Math.max(0, data.classes.indexOf(String(data.rows[0]?.prediction))) : 0
          const missing = describeUnanswered(data)
          return (
            <ChartCard
              title={partingColumn(data, k)}
              subtitle={`Each line is a row, from the average at the bottom to its score at the top (decision plot)${missing === '' ? '' : `; ${missing}`}`}
              height={120 + 24 * Math.min(16, data.features.length + 2)}
              option={(look) => decisionChart(data, k, look)}
              table={[
                ['row', 'prediction', ...data.features],
                ...data.rows.map((row) => [row.row, row.prediction, ...(row.values[k] ?? [])]),
              ]}
            />
          )
        }}
      </Loaded>
    </Stack>
  )
}

/** "sex parts these rows most". */
function partingColumn(
  { features, rows }: { features: readonly string[]; rows: readonly { values: readonly (readonly number[])[] }[] },
  k: number,
): string {
  let best = { name: '', range: 0 }
  for (const [at, name] of features.entries()) {
    const values = rows.map((row) => row.values[k]?.[at] ?? 0)
    const range = Math.max(...values) - Math.min(...values)
    if (range > best.range) best = { name, range }
  }
  return best.range === 0 ? 'These rows are scored alike, column by column' : `${best.name} parts these rows most`
}

import { Group, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { beeswarmChart } from '../../../shared/charts/explanation-charts.ts'
import type { ChartOption } from '../../../shared/charts/look.ts'
import type { GlobalExplanation } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { Loaded } from '../../ui/states.tsx'
import { attributionSpan } from './attribution-span.ts'

/** What drives two versions, beside each other on one scale and in one order of columns. */
export function SideBySide({
  references,
  labels,
}: {
  readonly references: readonly [string, string]
  readonly labels: readonly [string, string]
}) {
  const client = useClient()
  const [a, b] = references
  const query = useQuery({
    queryKey: ['explain', 'side by side', a, b],
    queryFn: () => Promise.all([client.explain.global({ model: a }), client.explain.global({ model: b })]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <Loaded query={query}>{(both) => <Both both={both} labels={labels} />}</Loaded>
}

function Both({
  both,
  labels,
}: {
  readonly both: readonly [GlobalExplanation, GlobalExplanation]
  readonly labels: readonly [string, string]
}) {
  const [k, setK] = useState('0')
  const [first, second] = both
  const comparable = first.output === second.output && first.task === second.task
  const span = comparable ? attributionSpan(both, Number(k)) : null
  const order = first.features.map(({ name }) => name)
  return (
    <Stack gap="xs">
      <Group>
        <Text fw={600}>What drives them, side by side</Text>
        {first.task === 'multiclass' && (
          <Select
            aria-label="Class"
            size="xs"
            data={first.classes.map((label, at) => ({ value: String(at), label }))}
            value={k}
            onChange={(value) => setK(value ?? '0')}
            allowDeselect={false}
            w={180}
          />
        )}
        {!comparable && (
          <Text size="sm" c="dimmed">
            {first.task === second.task
              ? 'One explains scores and the other probabilities: compare the order, not the widths.'
              : 'They predict different things: compare the order, not the widths.'}
          </Text>
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {both.map((explanation, side) => {
          const features = inOrder(explanation, order)
          return (
            <ChartCard
              key={labels[side]}
              title={`${labels[side] ?? ''}: ${explanation.reading}`}
              subtitle={`A dot is one of ${explanation.rows.toLocaleString('en')} rows; columns in the order of ${labels[0]}`}
              height={80 + 26 * Math.min(15, features.length)}
              option={(look) => onScale(beeswarmChart({ ...explanation, features }, Number(k), look), span)}
              table={[
                ['column', 'mean size', 'share'],
                ...features.map(({ name, meanAbs, share }) => [name, meanAbs, share]),
              ]}
            />
          )
        })}
      </SimpleGrid>
    </Stack>
  )
}

/** The columns of the other version first, in its order; then those that only this one has. */
function inOrder({ features }: GlobalExplanation, order: readonly string[]): GlobalExplanation['features'] {
  const place = (name: string) => {
    const at = order.indexOf(name)
    return at < 0 ? order.length : at
  }
  return [...features].sort((a, b) => place(a.name) - place(b.name))
}

function onScale(option: ChartOption, span: readonly [number, number] | null): ChartOption {
  if (!span) return option
  return { ...option, xAxis: { ...(option.xAxis as object), min: span[0], max: span[1] } }
}

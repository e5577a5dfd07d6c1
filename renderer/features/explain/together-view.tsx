import { Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pairsChart } from '../../../shared/charts/column-charts.ts'
import { treeChart } from '../../../shared/charts/tree-chart.ts'
import type { Surrogate } from '../../../shared/domain/inspections.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'

const forever = { staleTime: Number.POSITIVE_INFINITY }
/** More would not be read as shades. */
const shownColumns = 12

/** The model as a small tree, which columns act together, and which say the same. */
export function TogetherView({ model }: { readonly model: string }) {
  return (
    <Stack>
      <SmallTree model={model} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <ActTogether model={model} />
        <SayTheSame model={model} />
      </SimpleGrid>
    </Stack>
  )
}

function SmallTree({ model }: { readonly model: string }) {
  const client = useClient()
  const [leaves, setLeaves] = useState(6)
  const surrogate = useQuery({
    queryKey: ['surrogate', model, leaves],
    queryFn: () => client.explain.surrogate({ model, leaves }),
    ...forever,
  })
  return (
    <Stack gap="xs">
      <NumberInput
        label="Leaves of the small tree"
        size="xs"
        min={2}
        max={12}
        value={leaves}
        onChange={(value) => setLeaves(Math.min(12, Math.max(2, Math.floor(Number(value)) || 6)))}
        w={170}
      />
      <Loaded query={surrogate}>
        {(data) => (
          <ChartCard
            title={data.reading}
            subtitle={`The model as one small tree (surrogate): mean ${data.output}, and rows; measured on ${data.fidelity.rows.toLocaleString('en')} rows that the tree was not grown on, R² ${data.fidelity.r2 === null ? '–' : formatNumber(data.fidelity.r2)}`}
            height={90 + 78 * depthOf(data.nodes)}
            option={(look) => treeChart(data, look)}
            table={[
              ['node', 'question', 'yes', 'no', data.output, 'rows'],
              ...data.nodes.map((node, at) => [
                at,
                node.feature === null
                  ? null
                  : `${node.feature} ${node.levels ? `is ${node.levels.join(' or ')}` : `<= ${String(node.threshold)}`}`,
                node.left,
                node.right,
                node.value,
                node.rows,
              ]),
            ]}
          />
        )}
      </Loaded>
    </Stack>
  )
}

function depthOf(nodes: Surrogate['nodes'], at = 0): number {
  const node = nodes[at]
  if (!node || node.left === null || node.right === null) return 0
  return 1 + Math.max(depthOf(nodes, node.left), depthOf(nodes, node.right))
}

function ActTogether({ model }: { readonly model: string }) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['interactions', model],
    queryFn: () => client.explain.interactions({ model }),
    ...forever,
  })
  return (
    <Loaded query={query}>
      {({ reading, features, strengths, exact, rows }) => (
        <Pairs
          title={reading}
          subtitle={`How much two columns do only together: ${exact ? 'mean size of exact interaction values' : 'estimated, read the order only'}, ${rows.toLocaleString('en')} rows`}
          features={features}
          table={strengths}
        />
      )}
    </Loaded>
  )
}

function SayTheSame({ model }: { readonly model: string }) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['redundancy', model],
    queryFn: () => client.explain.redundancy({ model }),
    ...forever,
  })
  return (
    <Loaded query={query}>
      {({ reading, features, redundancy, groups }) => (
        <Stack gap="xs">
          <Pairs
            title={reading}
            subtitle="How much two columns say about each other: 0 nothing, 1 the same (rank correlation, Cramér's V)"
            features={features}
            table={redundancy}
          />
          {groups.length > 0 && (
            <Group className="card" gap="xs">
              <Text size="sm" fw={600}>
                Groups that say nearly the same:
              </Text>
              {groups.map((group) => (
                <Text key={group.join()} size="sm">
                  {group.join(' + ')}
                </Text>
              ))}
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  )
}

function Pairs({
  title,
  subtitle,
  features,
  table,
}: {
  readonly title: string
  readonly subtitle: string
  readonly features: readonly string[]
  readonly table: readonly (readonly number[])[]
}) {
  // Those with the greatest single number are worth a place.
  const kept = features
    .map((_, at) => at)
    .sort((a, b) => greatest(table, b) - greatest(table, a))
    .slice(0, shownColumns)
    .sort((a, b) => a - b)
  const names = kept.map((at) => features[at] ?? '')
  const shades = kept.map((p) => kept.map((q) => table[p]?.[q] ?? 0))
  return (
    <ChartCard
      title={title}
      subtitle={`${subtitle}${features.length > shownColumns ? `; ${shownColumns} of ${features.length} columns` : ''}`}
      height={120 + 28 * names.length}
      option={(look) => pairsChart(names, shades, look)}
      table={[['column', ...features], ...features.map((name, p) => [name, ...(table[p] ?? [])])]}
    />
  )
}

function greatest(table: readonly (readonly number[])[], at: number): number {
  return (table[at] ?? []).reduce((most, value, other) => (other === at ? most : Math.max(most, value)), 0)
}

import { Alert, Group, SegmentedControl, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { beeswarmChart, dependenceChart } from '../../../shared/charts/explanation-charts.ts'
import { barChart } from '../../../shared/charts/performance-charts.ts'
import type { GlobalExplanation } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'
import { MethodBadge } from './method-badge.tsx'
import { RowExplanation } from './row-explanation.tsx'

/** What drives a model: over all rows, for one row, and for one column. */
export function ExplainTab({ model }: { readonly model: string }) {
  const client = useClient()
  const [view, setView] = useState('all')
  const global = useQuery({
    queryKey: ['explain', model],
    queryFn: () => client.explain.global({ model }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Stack>
      <SegmentedControl
        value={view}
        onChange={setView}
        aria-label="What to explain"
        data={[
          { value: 'all', label: 'All rows' },
          { value: 'row', label: 'One row' },
          { value: 'column', label: 'One column' },
        ]}
        w="fit-content"
      />
      <Loaded query={global}>
        {(explanation) =>
          view === 'all' ? (
            <AllRows model={model} explanation={explanation} />
          ) : view === 'row' ? (
            <RowExplanation model={model} />
          ) : (
            <OneColumn model={model} names={explanation.features.map(({ name }) => name)} unit={unitOf(explanation)} />
          )
        }
      </Loaded>
    </Stack>
  )
}

function unitOf({ task, classes }: Pick<GlobalExplanation, 'task' | 'classes'>): string {
  return task === 'regression' ? 'prediction' : task === 'binary' ? `probability of ${classes[1] ?? ''}` : 'probability'
}

function AllRows({ model, explanation }: { readonly model: string; readonly explanation: GlobalExplanation }) {
  const client = useClient()
  const [k, setK] = useState(0)
  const importance = useQuery({
    queryKey: ['importance', model],
    queryFn: () => client.explain.importance({ model }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const multiclass = explanation.task === 'multiclass'
  return (
    <>
      <Group>
        <Text size="lg" fw={600}>
          {explanation.reading}
        </Text>
        <MethodBadge method={explanation.method} exact={explanation.exact} />
      </Group>
      {multiclass && (
        <Select
          label="Class"
          data={explanation.classes.map((label, at) => ({ value: String(at), label }))}
          value={String(k)}
          onChange={(value) => setK(Number(value))}
          w={200}
          allowDeselect={false}
        />
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <ChartCard
          title="What each column adds, row by row"
          subtitle={`A dot is one of ${explanation.rows.toLocaleString('en')} rows; red dots have high values, blue ones low, grey ones are categories`}
          height={80 + 26 * Math.min(15, explanation.features.length)}
          option={(look) => beeswarmChart(explanation, k, look)}
          table={[
            ['column', 'row', 'value', 'added'],
            ...explanation.features.flatMap((feature) =>
              explanation.rowNumbers.map((row, at) => [
                feature.name,
                row,
                String(feature.cells[at] ?? ''),
                feature.points[k]?.values[at] ?? null,
              ]),
            ),
          ]}
        />
        <ChartCard
          title="How much each column moves the score"
          subtitle="Mean size of what it adds"
          height={80 + 26 * Math.min(15, explanation.features.length)}
          option={(look) =>
            barChart(
              explanation.features.slice(0, 15).map(({ name, meanAbs }) => ({ name, value: meanAbs })),
              'mean size',
              look,
            )
          }
          table={[
            ['column', 'mean size', 'share'],
            ...explanation.features.map(({ name, meanAbs, share }) => [name, meanAbs, share]),
          ]}
        />
        {importance.data && (
          <ChartCard
            title={importance.data.reading}
            subtitle={`Loss of ${importance.data.metric} when a column is shuffled; lines are 95% intervals.${importance.data.onTrainingRows ? ' Measured on the rows it was trained on: read the order, not the size.' : ''}`}
            height={80 + 26 * Math.min(15, importance.data.features.length)}
            option={(look) =>
              barChart(
                importance.data.features
                  .slice(0, 15)
                  .map(({ name, mean, low, high }) => ({ name, value: mean, low, high })),
                `loss of ${importance.data.metric}`,
                look,
              )
            }
            table={[
              ['column', 'loss', 'low', 'high'],
              ...importance.data.features.map(({ name, mean, low, high }) => [name, mean, low, high]),
            ]}
          />
        )}
      </SimpleGrid>
      {!explanation.exact && (
        <Alert color="yellow">
          This ensemble averages probabilities, so its attributions are estimated; they still add up exactly to each
          prediction.
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        Attributions add up to the score within {formatNumber(explanation.additivity.maxAbsError)}.
      </Text>
    </>
  )
}

function OneColumn({
  model,
  names,
  unit,
}: {
  readonly model: string
  readonly names: readonly string[]
  readonly unit: string
}) {
  const client = useClient()
  const [feature, setFeature] = useState(names[0] ?? '')
  const [ice, setIce] = useState(false)
  const dependence = useQuery({
    queryKey: ['dependence', model, feature, ice],
    queryFn: () => client.explain.dependence({ model, feature, ice }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <Group align="flex-end">
        <Select
          label="Column"
          data={[...names]}
          value={feature}
          onChange={(value) => setFeature(value ?? '')}
          searchable
          allowDeselect={false}
          w={260}
        />
        <Switch
          label="Show single rows"
          checked={ice}
          onChange={(event) => setIce(event.currentTarget.checked)}
          mb={8}
        />
      </Group>
      <Loaded query={dependence}>
        {(data) => (
          <ChartCard
            title={data.reading}
            subtitle="Mean prediction as this column is set to each value for all rows, the others staying as they are"
            height={360}
            option={(look) => dependenceChart(data, unit, look)}
            table={[
              [data.feature, ...(data.classes.length > 0 ? data.classes : [unit]), 'rows'],
              ...data.grid.map((value, at) => [
                value === null ? 'missing' : typeof value === 'boolean' ? String(value) : value,
                ...data.mean.map((line) => line[at] ?? null),
                data.counts[at] ?? null,
              ]),
            ]}
          />
        )}
      </Loaded>
    </>
  )
}

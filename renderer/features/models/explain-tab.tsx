import { Alert, Group, SegmentedControl, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { beeswarmChart } from '../../../shared/charts/explanation-charts.ts'
import type { Look } from '../../../shared/charts/look.ts'
import { barChart } from '../../../shared/charts/performance-charts.ts'
import type { GlobalExplanation } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'
import { ColumnView } from '../explain/column-view.tsx'
import { PlainView } from '../explain/plain-view.tsx'
import { PlainWords } from '../explain/plain-words.ts'
import { StabilityView } from '../explain/stability-view.tsx'
import { TogetherView } from '../explain/together-view.tsx'
import { usePlainWordsChoice } from '../explain/use-plain-words-choice.ts'
import { WhatIfView } from '../explain/what-if-view.tsx'
import { MethodBadge } from './method-badge.tsx'
import { RowExplanation } from './row-explanation.tsx'

const views = [
  { value: 'all', label: 'All rows' },
  { value: 'row', label: 'One row' },
  { value: 'column', label: 'One column' },
  { value: 'together', label: 'Columns together' },
  { value: 'what-if', label: 'What if' },
  { value: 'stability', label: 'Stability' },
] as const
type View = (typeof views)[number]['value']

/** What drives a model: over all rows, for one row, for one column, for columns together; and what a change would do. */
export function ExplainTab({ model }: { readonly model: string }) {
  const client = useClient()
  const [view, setView] = useState<View>('all')
  const [plain, setPlain] = usePlainWordsChoice()
  const global = useQuery({
    queryKey: ['explain', model],
    queryFn: () => client.explain.global({ model }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <PlainWords value={plain}>
      <Stack>
        <Group justify="space-between">
          {plain ? (
            <div />
          ) : (
            <SegmentedControl
              value={view}
              onChange={(value) => setView(views.find((each) => each.value === value)?.value ?? 'all')}
              aria-label="What to explain"
              data={[...views]}
              w="fit-content"
            />
          )}
          <Switch label="In plain words" checked={plain} onChange={(event) => setPlain(event.currentTarget.checked)} />
        </Group>
        <Loaded query={global}>
          {(explanation) =>
            plain ? (
              <PlainView model={model} explanation={explanation} onDetails={() => setPlain(false)} />
            ) : (
              <Explained view={view} model={model} explanation={explanation} />
            )
          }
        </Loaded>
      </Stack>
    </PlainWords>
  )
}

function Explained({
  view,
  model,
  explanation,
}: {
  readonly view: View
  readonly model: string
  readonly explanation: GlobalExplanation
}) {
  switch (view) {
    case 'all':
      return <AllRows model={model} explanation={explanation} />
    case 'row':
      return <RowExplanation model={model} />
    case 'column':
      return <ColumnView model={model} explanation={explanation} />
    case 'together':
      return <TogetherView model={model} />
    case 'what-if':
      return <WhatIfView model={model} />
    case 'stability':
      return <StabilityView model={model} />
  }
}

function AllRows({ model, explanation }: { readonly model: string; readonly explanation: GlobalExplanation }) {
  const client = useClient()
  const [k, setK] = useState(0)
  const importance = useQuery({
    queryKey: ['importance', model],
    queryFn: () => client.explain.importance({ model }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  // The same function each time: tens of thousands of dots are placed and drawn once.
  const beeswarm = useCallback((look: Look) => beeswarmChart(explanation, k, look), [explanation, k])
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
          option={beeswarm}
          table={() => [
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
          No exact explanation is known for a model of this kind with so many columns, so its attributions are estimated
          from samples; they still add up exactly to each prediction.
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        Attributions add up to the score within {formatNumber(explanation.additivity.maxAbsError)}.
      </Text>
    </>
  )
}

import { Accordion, Button, Group, NumberInput, Radio, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { barChart } from '../../../shared/charts/performance-charts.ts'
import type { TargetSuggestion } from '../../../shared/domain/datasets.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { useSearchParameters } from '../../routes/parameters.ts'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, ErrorState, Loaded } from '../../ui/states.tsx'
import { WarningList } from '../data/warning-list.tsx'
import { AdvancedOptions, usualOptions } from './advanced-options.tsx'
import { possibleDemands } from './demand-choices.tsx'

const taskNames = { binary: 'one of two classes', multiclass: 'one of several classes', regression: 'a number' }

export function AutomlSetupPage() {
  const search = useSearchParameters()
  const client = useClient()
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: () => client.datasets.list() })
  return (
    <>
      <PageHead title="Find a model" parents={[{ label: 'AutoML', to: '/automl' }]} />
      <Loaded query={datasets}>
        {(data) =>
          data.datasets.length === 0 ? (
            <EmptyState title="There is no table to learn from">
              Drop a CSV, Parquet or Arrow file anywhere on this window first.
            </EmptyState>
          ) : (
            <Setup names={data.datasets.map(({ name }) => name)} initial={search} />
          )
        }
      </Loaded>
    </>
  )
}

function Setup({
  names,
  initial,
}: {
  readonly names: readonly string[]
  readonly initial: { readonly dataset?: string | undefined; readonly target?: string | undefined }
}) {
  const client = useClient()
  const navigate = useNavigate()
  const [dataset, setDataset] = useState(initial.dataset ?? names[0] ?? '')
  const [target, setTarget] = useState<string | null>(initial.target ?? null)
  const [preference, setPreference] = useState<'score' | 'simple' | 'fast'>('score')
  const [minutes, setMinutes] = useState<string | null>(null)
  const [seconds, setSeconds] = useState<number | null>(null)
  const [advanced, setAdvanced] = useState(usualOptions)
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => client.settings.get() })
  const usual = settings.data?.defaultBudgetSeconds ?? 60
  const budget = minutes ?? (['1', '5', '30'].find((each) => Number(each) * 60 === usual) || 'own')
  const detail = useQuery({
    queryKey: ['datasets', dataset],
    queryFn: () => client.datasets.get({ dataset }),
    enabled: dataset !== '',
  })
  const suggestion = useQuery({
    queryKey: ['target', dataset, target],
    queryFn: () => client.datasets.target({ dataset, target: target as string }),
    enabled: target !== null,
  })
  const start = useMutation({
    mutationFn: () =>
      client.automl.start({
        dataset,
        target: target as string,
        budgetSeconds: budget === 'own' ? (seconds ?? usual) : Number(budget) * 60,
        preference,
        threads: settings.data?.threads ?? 0,
        ...advanced,
        // Another target may have been chosen since.
        threshold: suggestion.data?.task === 'binary' ? advanced.threshold : usualOptions.threshold,
        ...possibleDemands(advanced, suggestion.data?.task),
      }),
    onSuccess: ({ job }) => navigate({ to: '/automl/$id', params: { id: job.id } }),
  })
  const columns = detail.data?.columns.map(({ name }) => name) ?? []
  const numbers = detail.data?.columns.filter(({ type }) => type === 'number').map(({ name }) => name) ?? []
  return (
    <div className="cards">
      <Stack className="card">
        <Select
          label="Table"
          data={[...names]}
          value={dataset}
          onChange={(value) => {
            setDataset(value ?? '')
            setTarget(null)
            setAdvanced(usualOptions)
          }}
          searchable
          allowDeselect={false}
        />
        <Select
          label="What is to be predicted"
          description="The column that is not known for new rows"
          placeholder="Choose the target"
          data={columns}
          value={target}
          onChange={setTarget}
          searchable
        />
        {suggestion.data && (
          <Text size="sm">
            A row is given <strong>{taskNames[suggestion.data.task]}</strong>{' '}
            <Text span c="dimmed" size="sm">
              ({suggestion.data.task})
            </Text>
            ; {suggestion.data.usableRows.toLocaleString('en')} rows have an answer.
          </Text>
        )}
        {suggestion.error && <ErrorState error={suggestion.error} />}
        <Radio.Group label="What matters" value={preference} onChange={(value) => setPreference(value)}>
          <Group mt={4}>
            <Radio value="score" label="Best score" />
            <Radio value="simple" label="Easy to follow" />
            <Radio value="fast" label="Quick predictions" />
          </Group>
        </Radio.Group>
        <div>
          <Text size="sm" fw="var(--mantine-font-weight-medium)" mb={4} id="budget-label">
            Time for the search
          </Text>
          <Group>
            <SegmentedControl
              aria-labelledby="budget-label"
              value={budget}
              onChange={setMinutes}
              data={[
                { value: '1', label: '1 min' },
                { value: '5', label: '5 min' },
                { value: '30', label: '30 min' },
                { value: 'own', label: 'Other' },
              ]}
            />
            {budget === 'own' && (
              <NumberInput
                aria-label="Seconds"
                suffix=" s"
                min={5}
                max={86_400}
                value={seconds ?? usual}
                onChange={(value) => setSeconds(Number(value))}
                w={110}
              />
            )}
          </Group>
        </div>
        <Accordion variant="contained">
          <Accordion.Item value="advanced">
            <Accordion.Control>Advanced</Accordion.Control>
            <Accordion.Panel>
              <AdvancedOptions
                options={advanced}
                onChange={setAdvanced}
                columns={columns.filter((name) => name !== target)}
                numbers={numbers.filter((name) => name !== target)}
                task={suggestion.data?.task}
              />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {start.error && <ErrorState error={start.error} />}
        <Button disabled={target === null || !suggestion.data} loading={start.isPending} onClick={() => start.mutate()}>
          Start training
        </Button>
      </Stack>
      <Stack>{suggestion.data && <TargetView suggestion={suggestion.data} />}</Stack>
    </div>
  )
}

function TargetView({ suggestion }: { readonly suggestion: TargetSuggestion }) {
  const { classes, relations, target, warnings } = suggestion
  const [first] = relations
  return (
    <>
      <WarningList warnings={warnings} />
      {classes && (
        <ChartCard
          title={describeClasses(classes, target)}
          height={Math.min(260, 60 + classes.length * 26)}
          option={(look) =>
            barChart(
              classes.map(({ label, count }) => ({ name: label, value: count })),
              'rows',
              look,
            )
          }
          table={[['class', 'rows'], ...classes.map(({ label, count }) => [label, count])]}
        />
      )}
      <ChartCard
        title={first ? `${first.column} goes with ${target} most` : 'No other columns'}
        subtitle="How strongly each column goes with the target, alone: 0 not at all, 1 completely"
        option={(look) =>
          barChart(
            relations.slice(0, 14).map(({ column, strength }) => ({ name: column, value: strength })),
            'strength',
            look,
          )
        }
        table={[
          ['column', 'strength', 'measure'],
          ...relations.map(({ column, strength, measure }) => [column, strength, measure]),
        ]}
      />
    </>
  )
}

/** "62% of the rows are 0", of 2 classes or more. */
function describeClasses(classes: NonNullable<TargetSuggestion['classes']>, target: string): string {
  const total = classes.reduce((sum, { count }) => sum + count, 0)
  const [most] = [...classes].sort((a, b) => b.count - a.count)
  if (!most || total === 0) return `${target} has no classes`
  return `${Math.round((100 * most.count) / total)}% of the rows have ${target} = ${most.label}`
}

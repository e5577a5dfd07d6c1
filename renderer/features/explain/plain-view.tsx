import { Alert, Button, Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { dependenceChart, scoreSteps, waterfallChart } from '../../../shared/charts/explanation-charts.ts'
import { barChart } from '../../../shared/charts/performance-charts.ts'
import type { Explanation, GlobalExplanation } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber, formatPlain } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'
import { plainStability } from './plain-stability.ts'
import { useInterestingRows } from './use-interesting-rows.ts'
import { WhatIf } from './what-if.tsx'

const forever = { staleTime: Number.POSITIVE_INFINITY }
/** More bars are no longer a finding. */
const shownColumns = 8
/** Rows worth a look, of each kind. */
const shownRows = 3
const mostLevels = 12

/** What a reviewer has to know of a model, on one page and in plain words; `onDetails` shows how it was worked out. */
export function PlainView({
  model,
  explanation,
  onDetails,
}: {
  readonly model: string
  readonly explanation: GlobalExplanation
  readonly onDetails: () => void
}) {
  const [row, setRow] = useState(0)
  const [settledRow] = useDebouncedValue(row, 200)
  return (
    <Stack>
      <Text size="lg" fw={600}>
        {explanation.reading}
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Shares explanation={explanation} />
        <StrongestColumn model={model} explanation={explanation} />
      </SimpleGrid>
      <RowPicker model={model} row={row} onPick={setRow} />
      <WhyRow model={model} row={settledRow} />
      <TryRow model={model} row={settledRow} />
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {explanation.exact
            ? 'What the columns add is exact: it adds up to every answer of the model.'
            : 'What the columns add is estimated; it still adds up to every answer of the model.'}
        </Text>
        <Button size="compact-xs" variant="default" onClick={onDetails}>
          Show the details
        </Button>
      </Group>
    </Stack>
  )
}

function Shares({ explanation }: { readonly explanation: GlobalExplanation }) {
  const shown = explanation.features.slice(0, shownColumns)
  const [first] = shown
  return (
    <ChartCard
      title={first ? `${first.name} matters most` : 'No column matters'}
      subtitle="Share of all that moves the model's answers, in per cent"
      height={80 + 26 * shown.length}
      option={(look) =>
        barChart(
          shown.map(({ name, share }) => ({ name, value: Math.round(1_000 * share) / 10 })),
          'per cent',
          look,
        )
      }
      table={[
        ['column', 'per cent'],
        ...explanation.features.map(({ name, share }) => [name, Math.round(1_000 * share) / 10]),
      ]}
    />
  )
}

/** Numbers and short lists of levels make a curve or bars that are read at a glance; names of people do not. */
function isReadable({ cells }: GlobalExplanation['features'][number]): boolean {
  if (cells.every((cell) => cell === null || typeof cell === 'number')) return true
  return new Set(cells).size <= mostLevels
}

function StrongestColumn({ model, explanation }: { readonly model: string; readonly explanation: GlobalExplanation }) {
  const client = useClient()
  const { features } = explanation
  const feature = (features.find(isReadable) ?? features[0])?.name ?? ''
  const dependence = useQuery({
    queryKey: ['dependence', model, feature, false],
    queryFn: () => client.explain.dependence({ model, feature, ice: false }),
    ...forever,
  })
  const { task, classes } = explanation
  const unit =
    task === 'regression' ? 'answer' : task === 'binary' ? `probability of ${classes[1] ?? ''}` : 'probability'
  return (
    <Loaded query={dependence}>
      {(data) => (
        <ChartCard
          title={data.reading}
          subtitle={`What the model answers on average as ${feature} changes and all else stays`}
          height={80 + 26 * Math.min(shownColumns, explanation.features.length)}
          option={(look) => dependenceChart(data, unit, look)}
          table={[
            [feature, ...(classes.length > 2 ? classes : [unit])],
            ...data.grid.map((value, at) => [
              value === null ? 'missing' : String(value),
              ...data.mean.map((line) => line[at] ?? null),
            ]),
          ]}
        />
      )}
    </Loaded>
  )
}

function RowPicker({
  model,
  row,
  onPick,
}: {
  readonly model: string
  readonly row: number
  readonly onPick: (row: number) => void
}) {
  const lists = useInterestingRows(model)
  return (
    <Group align="flex-end" gap="lg">
      <NumberInput
        label="Look at row"
        description="Counted from 0, as in the table"
        min={0}
        value={row}
        onChange={(value) => onPick(Math.max(0, Math.floor(Number(value))))}
        w={200}
      />
      {lists.map(({ title, rows }) => (
        <div key={title}>
          <Text size="sm">{title}</Text>
          <Group gap={4}>
            {rows.slice(0, shownRows).map((each) => (
              <Button
                key={each.row}
                size="compact-sm"
                variant={each.row === row ? 'filled' : 'default'}
                title={each.reason}
                onClick={() => onPick(each.row)}
              >
                {each.row}
              </Button>
            ))}
          </Group>
        </div>
      ))}
    </Group>
  )
}

function WhyRow({ model, row }: { readonly model: string; readonly row: number }) {
  const client = useClient()
  const signature = useQuery({ queryKey: ['signature', model], queryFn: () => client.predict.signature({ model }) })
  const own = useQuery({
    queryKey: ['explain-row', model, row],
    queryFn: () => client.explain.rows({ model, rows: [row] }),
    ...forever,
  })
  return (
    <Loaded query={own}>
      {(data) => (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack>
            <Answer explanation={data} target={signature.data?.target ?? null} />
            <Reliance model={model} row={row} />
          </Stack>
          <RowChart explanation={data} />
        </SimpleGrid>
      )}
    </Loaded>
  )
}

/** The class that is spoken of: of two the second, of several the one predicted. */
function spokenClass({ task, classes, rows }: Explanation): number {
  if (task === 'multiclass') return Math.max(0, classes.indexOf(String(rows[0]?.prediction)))
  return task === 'binary' ? 1 : 0
}

function stepsOf(explanation: Explanation) {
  const [row] = explanation.rows
  const k = explanation.task === 'multiclass' ? spokenClass(explanation) : 0
  return row ? { k, steps: scoreSteps(explanation, row, k) } : { k, steps: [] }
}

function Answer({ explanation, target }: { readonly explanation: Explanation; readonly target: string | null }) {
  const [row] = explanation.rows
  if (!row) return null
  const { classes, task } = explanation
  const named = (label: string) => (target === null || target === '' ? label : `${target} = ${label}`)
  const spoken = spokenClass(explanation)
  const probability = row.probabilities?.[spoken]
  const { steps } = stepsOf(explanation)
  const what = task === 'regression' ? 'the answer' : `the chance of ${named(classes[spoken] ?? '')}`
  return (
    <section className="card" aria-label={`Why row ${row.row}`}>
      <Text fw={600} size="sm" component="h2" m={0}>
        Why row {row.row} is answered{' '}
        {named(typeof row.prediction === 'number' ? formatNumber(row.prediction) : row.prediction)}
      </Text>
      {probability !== undefined && (
        <Text size="sm" className="numeric">
          The model gives {named(classes[spoken] ?? '')} a chance of {formatPlain(Math.round(1_000 * probability) / 10)}
          %.
        </Text>
      )}
      <Text size="sm" mt="xs">
        Compared with the average row:
      </Text>
      <ul>
        {steps.slice(0, 4).map(({ name, cell, value }) => (
          <li key={name}>
            <Text size="sm" component="span">
              <strong>
                {name}
                {cell === '' ? '' : ` is ${cell}`}
              </strong>
              {value === 0 ? ' changes nothing' : `, which ${value > 0 ? 'raises' : 'lowers'} ${what}`}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  )
}

function RowChart({ explanation }: { readonly explanation: Explanation }) {
  const [row] = explanation.rows
  const { k, steps } = stepsOf(explanation)
  if (!row) return null
  return (
    <ChartCard
      title={row.reading}
      subtitle="From the average row on the left to this one; orange raises, blue lowers"
      height={90 + 30 * (steps.length + 1)}
      option={(look) => waterfallChart(steps, explanation.baseValues[k] ?? 0, look)}
      table={[['column', 'value', 'added'], ...steps.map(({ name, cell, value }) => [name, cell, value])]}
    />
  )
}

/** How far the order of the columns may be relied on, with a word and an icon. */
function Reliance({ model, row }: { readonly model: string; readonly row: number }) {
  const client = useClient()
  // As the page on stability asks, so that neither works it out again.
  const query = useQuery({
    queryKey: ['stability', model, row],
    queryFn: () =>
      Promise.all([
        client.explain.rows({ model, rows: [row], output: 'probability' }),
        client.explain.rows({ model, rows: [row], grouped: true }),
        client.explain.rows({ model, rows: [row], method: 'lime' }),
      ]),
    ...forever,
  })
  return (
    <Loaded query={query}>
      {([own, grouped, local]) => {
        const { sure, text } = plainStability(own, grouped, local)
        return (
          <Alert
            color={sure ? 'green' : 'yellow'}
            variant="light"
            icon={sure ? <IconCircleCheck /> : <IconAlertTriangle />}
            title={sure ? 'You can rely on this order' : 'Read this with care'}
          >
            {text}
          </Alert>
        )
      }}
    </Loaded>
  )
}

function TryRow({ model, row }: { readonly model: string; readonly row: number }) {
  const client = useClient()
  const signature = useQuery({ queryKey: ['signature', model], queryFn: () => client.predict.signature({ model }) })
  const start = useQuery({
    queryKey: ['what-if-row', model, row],
    queryFn: async () => {
      const { features, rows } = await client.explain.rows({ model, rows: [row], effort: 'quick' })
      return Object.fromEntries(features.map((name, at) => [name, rows[0]?.cells[at] ?? null]))
    },
    ...forever,
  })
  return (
    <Loaded query={signature}>
      {(data) => (
        <Loaded query={start}>{(values) => <WhatIf key={row} model={model} signature={data} start={values} />}</Loaded>
      )}
    </Loaded>
  )
}

import { Group, SegmentedControl, Select, SimpleGrid, Stack, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { attributionScatter, effectsChart, pairChart } from '../../../shared/charts/column-charts.ts'
import { dependenceChart } from '../../../shared/charts/explanation-charts.ts'
import type { GlobalExplanation } from '../../../shared/domain/explanations.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { Loaded } from '../../ui/states.tsx'

const forever = { staleTime: Number.POSITIVE_INFINITY }

/** How the prediction follows one column, alone and together with the one that it acts with most. */
export function ColumnView({
  model,
  explanation,
}: {
  readonly model: string
  readonly explanation: GlobalExplanation
}) {
  const client = useClient()
  const names = explanation.features.map(({ name }) => name)
  const [feature, setFeature] = useState(names[0] ?? '')
  const [second, setSecond] = useState<string | null>(null)
  const [k, setK] = useState('0')
  const interactions = useQuery({
    queryKey: ['interactions', model],
    queryFn: () => client.explain.interactions({ model }),
    ...forever,
  })
  const found = interactions.data
  const partner = second ?? found?.partners[found.features.indexOf(feature)] ?? null
  const unit = unitOf(explanation)
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label="Column"
          data={names}
          value={feature}
          onChange={(value) => {
            setFeature(value ?? '')
            setSecond(null)
          }}
          searchable
          allowDeselect={false}
          w={240}
        />
        <Select
          label="Together with"
          description={second === null ? 'the one that it acts with most' : 'chosen'}
          data={names.filter((name) => name !== feature)}
          value={partner}
          onChange={setSecond}
          searchable
          w={240}
        />
        {explanation.task === 'multiclass' && (
          <Select
            label="Class"
            data={explanation.classes.map((label, at) => ({ value: String(at), label }))}
            value={k}
            onChange={(value) => setK(value ?? '0')}
            allowDeselect={false}
            w={180}
          />
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, xl: 2 }}>
        <Dependence model={model} feature={feature} unit={unit} />
        <Scatter explanation={explanation} feature={feature} partner={partner} k={Number(k)} />
        {partner !== null && <Pair model={model} feature={feature} partner={partner} unit={unit} k={Number(k)} />}
      </SimpleGrid>
    </Stack>
  )
}

function unitOf({ task, classes }: Pick<GlobalExplanation, 'task' | 'classes'>): string {
  return task === 'regression' ? 'prediction' : task === 'binary' ? `probability of ${classes[1] ?? ''}` : 'probability'
}

function Dependence({
  model,
  feature,
  unit,
}: {
  readonly model: string
  readonly feature: string
  readonly unit: string
}) {
  const [way, setWay] = useState('all')
  const [ice, setIce] = useState(false)
  return (
    <Stack gap="xs">
      <Group>
        <SegmentedControl
          size="xs"
          aria-label="How rows are moved"
          value={way}
          onChange={setWay}
          data={[
            { value: 'all', label: 'Set all rows' },
            { value: 'near', label: 'Move rows a little' },
          ]}
        />
        {way === 'all' && (
          <Switch
            size="xs"
            label="Show single rows"
            checked={ice}
            onChange={(event) => setIce(event.currentTarget.checked)}
          />
        )}
      </Group>
      {way === 'all' ? (
        <Partial model={model} feature={feature} unit={unit} ice={ice} />
      ) : (
        <Local model={model} feature={feature} unit={unit} />
      )}
    </Stack>
  )
}

interface OfColumn {
  readonly model: string
  readonly feature: string
  readonly unit: string
}

function Partial({ model, feature, unit, ice }: OfColumn & { readonly ice: boolean }) {
  const client = useClient()
  const dependence = useQuery({
    queryKey: ['dependence', model, feature, ice],
    queryFn: () => client.explain.dependence({ model, feature, ice }),
    ...forever,
  })
  return (
    <Loaded query={dependence}>
      {(data) => (
        <ChartCard
          title={data.reading}
          subtitle="Mean prediction as this column is set to each value for all rows, the others staying as they are (partial dependence)"
          height={340}
          option={(look) => dependenceChart(data, unit, look)}
          table={[
            [data.feature, ...(data.classes.length > 0 ? data.classes : [unit]), 'rows'],
            ...data.grid.map((value, at) => [
              shown(value),
              ...data.mean.map((line) => line[at] ?? null),
              data.counts[at] ?? null,
            ]),
          ]}
        />
      )}
    </Loaded>
  )
}

function Local({ model, feature, unit }: OfColumn) {
  const client = useClient()
  const effects = useQuery({
    queryKey: ['effects', model, feature],
    queryFn: () => client.explain.effects({ model, feature }),
    ...forever,
  })
  return (
    <Loaded query={effects}>
      {(data) => (
        <ChartCard
          title={data.reading}
          subtitle="Rows are moved only to the ends of the interval that they lie in, so that none becomes a row that cannot exist (accumulated local effects)"
          height={340}
          option={(look) => effectsChart(data, unit, look)}
          table={[
            [data.feature, ...(data.classes.length > 0 ? data.classes : [unit]), 'rows up to the next'],
            ...data.edges.map((edge, at) => [
              shown(edge),
              ...data.effects.map((line) => line[at] ?? null),
              data.counts[at] ?? null,
            ]),
          ]}
        />
      )}
    </Loaded>
  )
}

function Scatter({
  explanation,
  feature,
  partner,
  k,
}: {
  readonly explanation: GlobalExplanation
  readonly feature: string
  readonly partner: string | null
  readonly k: number
}) {
  const own = explanation.features.find(({ name }) => name === feature)
  const other = explanation.features.find(({ name }) => name === partner) ?? null
  if (!own) return null
  return (
    <ChartCard
      title={other ? `What ${feature} adds, row by row, coloured by ${other.name}` : `What ${feature} adds, row by row`}
      subtitle="Dots at one value that lie apart: there the effect hangs on the other column"
      height={340}
      option={(look) => attributionScatter(own, other, k, look)}
      table={[
        ['row', feature, ...(other ? [other.name] : []), 'added'],
        ...explanation.rowNumbers.map((row, at) => [
          row,
          shown(own.cells[at] ?? null),
          ...(other ? [shown(other.cells[at] ?? null)] : []),
          own.points[k]?.values[at] ?? null,
        ]),
      ]}
    />
  )
}

function Pair({ model, feature, partner, unit, k }: OfColumn & { readonly partner: string; readonly k: number }) {
  const client = useClient()
  const pair = useQuery({
    queryKey: ['pair', model, feature, partner],
    queryFn: () => client.explain.pair({ model, feature, with: partner }),
    ...forever,
  })
  return (
    <Loaded query={pair}>
      {(data) => (
        <ChartCard
          title={data.reading}
          subtitle={`Mean ${unit} as both columns are set to each pair of values; pale where no row is near`}
          height={340}
          option={(look) => pairChart(data, k, look)}
          table={[
            [feature, partner, unit, 'rows'],
            ...data.grids[0].flatMap((a, i) =>
              data.grids[1].map((b, j) => [
                shown(a),
                shown(b),
                data.mean[k]?.[i]?.[j] ?? null,
                data.counts[i]?.[j] ?? null,
              ]),
            ),
          ]}
        />
      )}
    </Loaded>
  )
}

function shown(cell: Cell): string | number {
  return cell === null ? 'missing' : typeof cell === 'boolean' ? String(cell) : cell
}

import { Badge, Button, Group, NumberInput, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ScoreStep } from '../../../shared/charts/explanation-charts.ts'
import { forceChart, scoreSteps, waterfallChart } from '../../../shared/charts/explanation-charts.ts'
import type { Explanation } from '../../../shared/domain/explanations.ts'
import { isCurved } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'
import { Counterfactuals } from '../explain/counterfactuals.tsx'
import { SamplingBound } from '../explain/sampling-bound.tsx'
import { mostRows, SeveralRows } from '../explain/several-rows.tsx'
import { useInterestingRows } from '../explain/use-interesting-rows.ts'
import { MethodBadge } from './method-badge.tsx'

/** Why one row was scored as it was, with rows worth a look to choose from. */
export function RowExplanation({ model }: { readonly model: string }) {
  const client = useClient()
  const [row, setRow] = useState(0)
  const [kept, setKept] = useState<readonly number[]>([])
  const [bound, setBound] = useState<number | null>(null)
  const explanation = useQuery({
    queryKey: ['explain-row', model, row, bound],
    queryFn: () => client.explain.rows({ model, rows: [row], ...(bound === null ? {} : { tolerance: bound }) }),
    staleTime: Number.POSITIVE_INFINITY,
    // While it is made more certain it stays; of another row it would be wrong.
    placeholderData: (before, query) =>
      query?.queryKey[1] === model && query.queryKey[2] === row ? before : undefined,
  })
  const lists = useInterestingRows(model)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Stack>
        <Group align="flex-end">
          <NumberInput
            label="Row"
            description="Counted from 0, as in the dataset"
            min={0}
            value={row}
            onChange={(value) => setRow(Math.max(0, Math.floor(Number(value))))}
            w={200}
          />
          <Button
            variant="default"
            disabled={kept.includes(row) || kept.length >= mostRows}
            onClick={() => setKept([...kept, row])}
          >
            Keep to compare
          </Button>
        </Group>
        <SeveralRows model={model} rows={kept} onRemove={(gone) => setKept(kept.filter((each) => each !== gone))} />
        {lists.map(({ title, rows }) => (
          <section key={title} className="card">
            <Text size="sm" fw={600} mb={4}>
              {title}
            </Text>
            {rows.map((each) => (
              <Group key={each.row} gap="xs" wrap="nowrap">
                <Button
                  size="compact-xs"
                  variant={each.row === row ? 'filled' : 'default'}
                  onClick={() => setRow(each.row)}
                >
                  row {each.row}
                </Button>
                <Text size="xs" truncate>
                  {each.reason}
                </Text>
              </Group>
            ))}
          </section>
        ))}
      </Stack>
      <Loaded query={explanation}>
        {(data) => (
          <Stack>
            <OneRow explanation={data} />
            {data.sampling && (
              <SamplingBound
                sampling={data.sampling}
                bound={bound ?? data.sampling.bound}
                waiting={explanation.isFetching}
                onChange={setBound}
              />
            )}
            <Counterfactuals
              key={row}
              model={model}
              row={row}
              columns={data.features}
              isNumber={data.classes.length === 0}
            />
          </Stack>
        )}
      </Loaded>
    </SimpleGrid>
  )
}

/** For a class other than the one that is predicted, whose sentence comes with the explanation. */
function strongest([first, second]: readonly ScoreStep[]): string {
  if (!first || !second) return 'No column moves it'
  return `${first.name} ${first.value > 0 ? 'raises' : 'lowers'} it most, then ${second.name}`
}

/** Why one row was scored as it was. */
export function OneRow({ explanation }: { readonly explanation: Explanation }) {
  const [row] = explanation.rows
  const predicted = row ? explanation.classes.indexOf(String(row.prediction)) : -1
  const [chosen, setChosen] = useState<number | null>(null)
  if (!row) return null
  const multiclass = explanation.task === 'multiclass'
  const k = multiclass ? (chosen ?? Math.max(0, predicted)) : 0
  const steps = scoreSteps(explanation, row, k)
  const score = row.scores[k] ?? 0
  const label = explanation.task === 'regression' ? formatNumber(Number(row.prediction)) : String(row.prediction)
  const probability = row.probabilities?.[multiclass ? k : 1]
  return (
    <Stack>
      <Group>
        <Text size="lg" fw={600}>
          Predicted: {label}
          {probability === undefined
            ? ''
            : ` (${formatNumber(100 * probability)}% ${explanation.classes[multiclass ? k : 1] ?? ''})`}
        </Text>
        <MethodBadge method={explanation.method} exact={explanation.exact} />
        {row.stable === false && (
          <Badge color="red" title={`Repeats agree only to ${formatNumber(row.stability ?? 0)}; 0.8 is asked for`}>
            unstable
          </Badge>
        )}
      </Group>
      {multiclass && (
        <Select
          label="Explain the score of"
          data={explanation.classes.map((name, at) => ({ value: String(at), label: name }))}
          value={String(k)}
          onChange={(value) => setChosen(Number(value))}
          w={200}
          allowDeselect={false}
        />
      )}
      <ChartCard
        title={k === Math.max(0, predicted) || !multiclass ? row.reading : strongest(steps)}
        subtitle={`From the average score to this row's; orange raises, blue lowers${isCurved(row.prediction, score) ? `. The score, ${formatNumber(score)} here, is not yet the prediction, which rises with it along a curve` : ''}`}
        height={90 + 30 * (steps.length + 1)}
        option={(look) => waterfallChart(steps, explanation.baseValues[k] ?? 0, look)}
        table={[['column', 'value', 'added'], ...steps.map(({ name, cell, value }) => [name, cell, value])]}
      />
      <ChartCard
        title="What pushes against what"
        height={130}
        option={(look) => forceChart(steps, score, look)}
        table={[['column', 'added'], ...steps.map(({ name, value }) => [name, value])]}
      />
      <Table aria-label="Values of the row" className="card">
        <Table.Tbody>
          {explanation.features.map((name, at) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{String(row.cells[at] ?? 'missing')}</Table.Td>
              <Table.Td ta="right" className="numeric">
                {formatNumber(row.values[k]?.[at] ?? 0)}
                {row.standardErrors ? ` ± ${formatNumber(row.standardErrors[k]?.[at] ?? 0)}` : ''}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

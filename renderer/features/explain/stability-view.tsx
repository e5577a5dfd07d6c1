import { Alert, Badge, Group, NumberInput, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Explanation } from '../../../shared/domain/explanations.ts'
import { useClient } from '../../api/client-context.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'
import { agreementBar } from './plain-stability.ts'
import { rankAgreement } from './rank-agreement.ts'

/** Whether other ways of explaining one row say the same, and whether LIME repeats itself. */
export function StabilityView({ model }: { readonly model: string }) {
  const client = useClient()
  const [row, setRow] = useState(0)
  const [settledRow] = useDebouncedValue(row, 200)
  const query = useQuery({
    queryKey: ['stability', model, settledRow],
    queryFn: () =>
      Promise.all([
        client.explain.rows({ model, rows: [settledRow], output: 'probability' }),
        client.explain.rows({ model, rows: [settledRow], grouped: true }),
        client.explain.rows({ model, rows: [settledRow], method: 'lime' }),
      ]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Stack>
      <NumberInput
        label="Row"
        description="Counted from 0, as in the dataset"
        min={0}
        value={row}
        onChange={(value) => setRow(Math.max(0, Math.floor(Number(value))))}
        w={200}
      />
      <Loaded query={query}>
        {([shapley, owen, lime]) => <Comparison shapley={shapley} owen={owen} lime={lime} />}
      </Loaded>
    </Stack>
  )
}

function Comparison({
  shapley,
  owen,
  lime,
}: {
  readonly shapley: Explanation
  readonly owen: Explanation
  readonly lime: Explanation
}) {
  const [row] = shapley.rows
  const [grouped] = owen.rows
  const [local] = lime.rows
  if (!row || !grouped || !local) return null
  const k = shapley.task === 'multiclass' ? Math.max(0, shapley.classes.indexOf(String(row.prediction))) : 0
  const values = row.values[k] ?? []
  const ofGroups = grouped.values[k] ?? []
  const ofLime = local.values[k] ?? []
  const withGroups = rankAgreement(values, ofGroups)
  const withLime = rankAgreement(values, ofLime)
  const order = values.map((_, at) => at).sort((a, b) => Math.abs(values[b] ?? 0) - Math.abs(values[a] ?? 0))
  const groups = owen.grouped ?? []
  return (
    <Stack>
      <Text size="lg" fw={600}>
        {reading(withGroups, withLime, local.stable !== false)}
      </Text>
      <Group>
        <Mark label="Alike columns sharing credit" agreement={withGroups} />
        <Mark label="LIME against Shapley values" agreement={withLime} />
        <Mark label="LIME against itself" agreement={local.stability ?? Number.NaN} />
      </Group>
      {local.stable === false && (
        <Alert color="red" title="LIME is unstable for this row">
          Its repeats agree only to {formatNumber(local.stability ?? 0)}; {agreementBar} is asked for. It cannot serve
          as evidence.
        </Alert>
      )}
      {lime.lime && (
        <Text size="sm" c="dimmed">
          LIME was fitted {lime.lime.repeats} times to {lime.lime.samples.toLocaleString('en')} rows like this one, with
          a kernel width of {formatNumber(lime.lime.kernelWidth)}.
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {groups.length === 0
          ? 'No columns say nearly the same, so sharing credit within groups changes little.'
          : `Columns that say nearly the same: ${groups.map((group) => group.join(' + ')).join('; ')}. Within such a group credit may as well go to either.`}
      </Text>
      <Table aria-label="Ways of explaining" className="card">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th ta="right">Shapley values</Table.Th>
            <Table.Th ta="right">Within groups (Owen)</Table.Th>
            <Table.Th ta="right">LIME ± spread</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {order.map((at) => (
            <Table.Tr key={shapley.features[at]}>
              <Table.Td>{shapley.features[at]}</Table.Td>
              <Table.Td>{String(row.cells[at] ?? 'missing')}</Table.Td>
              <Table.Td ta="right" className="numeric">
                {formatNumber(values[at] ?? 0)}
              </Table.Td>
              <Table.Td ta="right" className="numeric">
                {formatNumber(ofGroups[at] ?? 0)}
              </Table.Td>
              <Table.Td ta="right" className="numeric">
                {formatNumber(ofLime[at] ?? 0)} ± {formatNumber(local.standardErrors?.[k]?.[at] ?? 0)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

function reading(withGroups: number, withLime: number, repeats: boolean): string {
  const agree = [withGroups, withLime].filter((agreement) => agreement >= agreementBar).length
  if (agree === 2) {
    const order = 'All ways of explaining this row put the columns in much the same order'
    return repeats ? `${order}.` : `${order}; LIME alone does not repeat itself.`
  }
  if (agree === 1) {
    return withGroups < agreementBar
      ? 'The order changes when columns that say the same share credit: do not draw fine distinctions between them.'
      : 'LIME puts the columns in another order than the Shapley values: trust the exact ones.'
  }
  return 'Different ways of explaining this row disagree on the order of the columns: read only the strongest.'
}

function Mark({ label, agreement }: { readonly label: string; readonly agreement: number }) {
  const good = agreement >= agreementBar
  return (
    <Badge variant="light" color={good ? 'green' : 'yellow'} tt="none" radius="sm" size="lg">
      {label}: {formatNumber(agreement)} {good ? '– stable' : '– unstable'}
    </Badge>
  )
}

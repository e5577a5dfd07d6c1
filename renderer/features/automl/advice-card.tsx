import { Accordion, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { AutomlState } from '../../../shared/domain/training.ts'
import { useClient } from '../../api/client-context.tsx'
import { formatNumber } from '../../ui/numbers.tsx'

/** Rows that are shown; later configurations say little about the order. */
const shown = 12

/** Why the first models came in the order they did. */
export function AdviceCard({ advice }: { readonly advice: NonNullable<AutomlState['advice']> }) {
  const client = useClient()
  const learners = useQuery({
    queryKey: ['learners'],
    queryFn: () => client.automl.learners(),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const titleOf = (name: string) => learners.data?.find((learner) => learner.name === name)?.title ?? name
  return (
    <Accordion variant="contained">
      <Accordion.Item value="advice">
        <Accordion.Control>
          <Text size="sm">Which models came first, and why: {advice.reason}</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Text size="sm" c="dimmed" mb="xs">
            {advice.isFollowed
              ? 'The first is there to be quick; the others come by their chance to be among the best, judged from earlier tables like this one.'
              : 'The usual order: learners take turns, each with its quickest model first.'}{' '}
            Confidence {Math.round(100 * advice.confidence)}%; {advice.tables} earlier tables (version {advice.version}
            ).
          </Text>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Model</Table.Th>
                <Table.Th>Settings</Table.Th>
                <Table.Th ta="right">Chance to be among the best</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {advice.configurations.slice(0, shown).map(({ learner, params, chance }) => (
                <Table.Tr key={`${learner} ${JSON.stringify(params)}`}>
                  <Table.Td>{titleOf(learner)}</Table.Td>
                  <Table.Td>
                    <Text size="xs" c="dimmed">
                      {Object.entries(params)
                        .map(([name, value]) => `${name} ${String(value)}`)
                        .join(', ')}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{chance === null ? 'not known' : `${Math.round(100 * chance)}%`}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text size="xs" c="dimmed" mt="xs">
            The table was described by{' '}
            {advice.features.map(({ name, value }) => `${name} ${formatNumber(value)}`).join(', ')} (counts as
            logarithms).
          </Text>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}

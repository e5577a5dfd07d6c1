import { Button, Group, MultiSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { memo, useState } from 'react'
import type { CounterfactualAnswer } from '../../../shared/domain/inspections.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { formatNumber, formatPlain } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { usePlainWords } from './plain-words.ts'

type Row = Readonly<Record<string, Cell>>

/** What would have to change for another outcome: asked for on demand, since it tries thousands of rows. */
export const Counterfactuals = memo(function Counterfactuals({
  model,
  row,
  record,
  onTake,
  columns,
  isNumber,
}: {
  readonly model: string
  /** Row of the training table, or … */
  readonly row?: number
  /** … a record. */
  readonly record?: Row
  /** Takes an answer's changes over into the what-if. */
  readonly onTake?: (changes: Row) => void
  readonly columns: readonly string[]
  /** Numbers have no other class: then the outcome has to be named. */
  readonly isNumber: boolean
}) {
  const client = useClient()
  const plain = usePlainWords()
  const [keep, setKeep] = useState<string[]>([])
  const [wanted, setWanted] = useState('')
  const find = useMutation({
    mutationFn: () =>
      client.explain.counterfactuals({
        model,
        keep,
        ...(record ? { record: { ...record } } : { row: row ?? 0 }),
        ...(wanted.trim() === '' ? {} : { wanted: wanted.trim() }),
      }),
  })
  return (
    <section className="card" aria-label="What would have to change">
      <Text fw={600} size="sm" component="h2" m={0}>
        {find.data?.reading ?? 'What would have to change for another outcome?'}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        The fewest changes that do it, to values that the training table has{plain ? '' : ' (counterfactuals)'}
      </Text>
      <Group align="flex-end" gap="xs">
        <MultiSelect
          label="Must stay as they are"
          size="xs"
          data={[...columns]}
          value={keep}
          onChange={setKeep}
          searchable
          clearable
          placeholder={keep.length === 0 ? 'none' : ''}
          miw={200}
        />
        <TextInput
          label="Wanted outcome"
          size="xs"
          value={wanted}
          placeholder={isNumber ? '>= 20' : 'the next likely'}
          onChange={(event) => setWanted(event.currentTarget.value)}
          w={130}
        />
        <Button size="xs" variant="default" loading={find.isPending} onClick={() => find.mutate()}>
          Find changes
        </Button>
      </Group>
      {find.error && <ErrorState error={find.error} />}
      {find.data && <Answers answer={find.data} {...(onTake ? { onTake } : {})} />}
    </section>
  )
})

function Answers({
  answer,
  onTake,
}: {
  readonly answer: CounterfactualAnswer
  readonly onTake?: (changes: Row) => void
}) {
  return (
    <Stack gap="sm" mt="sm">
      {answer.answers.length > 0 && (
        <Table aria-label="Changes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Change</Table.Th>
              <Table.Th>Then it is</Table.Th>
              {onTake && <Table.Th aria-label="Take over" />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answer.answers.map(({ changes, prediction, probabilities }) => (
              <Table.Tr key={changes.map(({ feature }) => feature).join()}>
                <Table.Td>
                  {changes.map(({ feature, from, to }) => (
                    <div key={feature}>
                      {feature}: {cellText(from)} → <strong>{cellText(to)}</strong>
                    </div>
                  ))}
                </Table.Td>
                <Table.Td className="numeric">
                  {typeof prediction === 'number' ? formatNumber(prediction) : prediction}
                  {probabilities
                    ? ` (${formatNumber(100 * (probabilities[answer.classes.indexOf(String(prediction))] ?? 0))}%)`
                    : ''}
                </Table.Td>
                {onTake && (
                  <Table.Td>
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => onTake(Object.fromEntries(changes.map(({ feature, to }) => [feature, to])))}
                    >
                      Try
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="sm" fw={600}>
        Rows most like it
      </Text>
      <Table.ScrollContainer minWidth={300} type="native">
        <Table aria-label="Rows most like it">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Row</Table.Th>
              <Table.Th>Differs</Table.Th>
              <Table.Th>Predicted</Table.Th>
              <Table.Th>In truth</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answer.nearest.map((near) => (
              <Table.Tr key={near.row}>
                <Table.Td>{near.row}</Table.Td>
                <Table.Td>{differences(answer, near.cells)}</Table.Td>
                <Table.Td>{cellText(near.prediction)}</Table.Td>
                <Table.Td>{cellText(near.truth)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}

const shownDifferences = 4

function differences({ features, cells }: CounterfactualAnswer, other: readonly Cell[]): string {
  const differing = features.flatMap((name, at) =>
    cells[at] === other[at] ? [] : [`${name} ${cellText(other[at] ?? null)}`],
  )
  if (differing.length === 0) return 'nothing'
  const rest = differing.length - shownDifferences
  return `${differing.slice(0, shownDifferences).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function cellText(cell: Cell): string {
  return typeof cell === 'number' ? formatPlain(cell) : cell === null ? 'missing' : String(cell)
}

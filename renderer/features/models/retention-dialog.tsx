import { Alert, Button, Group, Modal, NumberInput, Select, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RetentionPlan } from '../../../shared/domain/models.ts'
import { useClient } from '../../api/client-context.tsx'
import { offerUndo } from '../../ui/offer-undo.tsx'
import { Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

/** Rows of each list that are drawn; the numbers above them are of all. */
const shownRows = 100

/** Keeps the newest versions of each model. Shows what would go before anything goes. */
export function RetentionDialog({ onClose }: { onClose(): void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [keep, setKeep] = useState(10)
  const [model, setModel] = useState<string | null>(null)
  const models = useQuery({ queryKey: ['models', 'brief'], queryFn: () => client.models.list({ brief: true }) })
  const plan = useQuery({
    queryKey: ['models', 'retention', keep, model],
    queryFn: () => client.models.retain({ keep, model, apply: false }),
  })
  const apply = useMutation({
    mutationFn: () => client.models.retain({ keep, model, apply: true }),
    onSuccess: async ({ trash }) => {
      onClose()
      await queries.invalidateQueries({ queryKey: ['models'] })
      const ids = trash.map(({ id }) => id)
      const refresh = () => queries.invalidateQueries({ queryKey: ['models'] })
      offerUndo(`${ids.length} versions are in the trash.`, () =>
        client.models.change({ ids, change: { deleted: false } }).then(refresh),
      )
    },
    onError: tellFailure('Nothing was changed'),
  })
  const going = plan.data?.trash.length ?? 0
  return (
    <Modal opened onClose={onClose} title="Tidy up" size="lg">
      <Stack>
        <Group align="flex-end">
          <NumberInput
            label="Newest versions of each model that stay"
            min={1}
            max={100_000}
            allowDecimal={false}
            clampBehavior="strict"
            value={keep}
            onChange={(value) => {
              if (typeof value === 'number' && value >= 1) setKeep(value)
            }}
            data-autofocus
          />
          <Select
            label="Of"
            placeholder="all models"
            clearable
            searchable
            data={(models.data?.models ?? []).map(({ name }) => name)}
            value={model}
            onChange={setModel}
          />
        </Group>
        <Text size="sm">
          Whatever has an alias, is approved or deployed, or waits for a decision stays. The rest goes to the trash,
          from which it can be restored.
        </Text>
        <Loaded query={plan}>{(data) => <PlanView plan={data} />}</Loaded>
        <Group>
          <Button disabled={going === 0} loading={apply.isPending} onClick={() => apply.mutate()}>
            Move {going} to the trash
          </Button>
          <Button variant="default" onClick={onClose}>
            Leave all as it is
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function PlanView({ plan }: { readonly plan: RetentionPlan }) {
  if (plan.trash.length === 0 && plan.protected.length === 0)
    return <Alert color="gray" title="Nothing has to go: no model has more versions than that." />
  return (
    <Table.ScrollContainer minWidth={400} mah={320}>
      <Table aria-label="What would go and what stays">
        <Table.Tbody>
          {plan.trash.slice(0, shownRows).map(({ id, name, version }) => (
            <Table.Tr key={id}>
              <Table.Td>
                {name} / {version}
              </Table.Td>
              <Table.Td>would go</Table.Td>
            </Table.Tr>
          ))}
          {plan.trash.length > shownRows && (
            <Table.Tr>
              <Table.Td>and {plan.trash.length - shownRows} more</Table.Td>
              <Table.Td>would go</Table.Td>
            </Table.Tr>
          )}
          {plan.protected.slice(0, shownRows).map(({ id, name, version, reason }) => (
            <Table.Tr key={id}>
              <Table.Td>
                {name} / {version}
              </Table.Td>
              <Table.Td>stays: {reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SlotSummary } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { RelativeTime } from '../../ui/numbers.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

/** Which version of a model is in which slot, since when, and one click back. Nothing where nothing is deployed. */
export function SlotsCard({ model }: { readonly model: string }) {
  const client = useClient()
  const slots = useQuery({ queryKey: ['deployments', model], queryFn: () => client.deployments.list({ model }) })
  if (!slots.data || slots.data.slots.length === 0) return null
  return (
    <section className="card" aria-label="In use">
      <Text fw={600} mb="xs" component="h2" size="md">
        In use
      </Text>
      <Stack gap="xs">
        {slots.data.slots.map((slot) => (
          <Slot key={slot.slot} slot={slot} />
        ))}
      </Stack>
    </section>
  )
}

function Slot({ slot }: { readonly slot: SlotSummary }) {
  const client = useClient()
  const queries = useQueryClient()
  const rollback = useMutation({
    mutationFn: () => client.deployments.rollback({ slot: slot.slot, model: slot.model }),
    onSuccess: async ({ version }) => {
      notifications.show({ message: `${version} is in ${slot.slot} again.` })
      await queries.invalidateQueries()
    },
    onError: tellFailure('It was not rolled back'),
  })
  return (
    <div>
      <Group gap="sm">
        <Text size="sm" style={{ flex: 1 }}>
          <b>@{slot.slot}</b> is version {slot.version}, by {slot.actor} <RelativeTime time={slot.since} />
        </Text>
        {slot.previous !== null && (
          <Button size="compact-sm" variant="default" loading={rollback.isPending} onClick={() => rollback.mutate()}>
            Roll back to {slot.previous}
          </Button>
        )}
      </Group>
      {slot.problems.length > 0 && (
        <Alert color="red" variant="light" mt="xs" title="It may not be used any more">
          {slot.problems.join('; ')}
        </Alert>
      )}
    </div>
  )
}

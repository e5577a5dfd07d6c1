import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconRosetteDiscountCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useClient } from '../../api/client-context.tsx'
import { DueTime, isWaiting } from '../approvals/approval-state.tsx'

const shown = 5

/** Submissions of others that wait for a decision, and what is in use but may not be any more. Nothing where there is neither. */
export function WaitingApprovals() {
  const client = useClient()
  const approvals = useQuery({ queryKey: ['approvals'], queryFn: () => client.approvals.list() })
  const slots = useQuery({ queryKey: ['deployments'], queryFn: () => client.deployments.list({}) })
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const me = status.data?.actor.name
  const waiting = (approvals.data?.approvals ?? []).filter((each) => isWaiting(each) && each.submitter !== me)
  const stopped = (slots.data?.slots ?? []).filter(({ problems }) => problems.length > 0)
  if (waiting.length === 0 && stopped.length === 0) return null
  return (
    <section className="card" aria-label="Waiting for a decision">
      <Title order={2} size="h4" mb="xs">
        Waiting for a decision
      </Title>
      <Stack gap={6}>
        {stopped.slice(0, shown).map(({ model, slot, version, problems }) => (
          <Group key={`${model}@${slot}`} gap="xs" wrap="nowrap">
            <IconAlertTriangle size={18} aria-label="Not usable" />
            <Anchor component={Link} to={`/models/${encodeURIComponent(model)}`} truncate>
              {model}
            </Anchor>
            <Text size="xs" c="red" ml="auto" title={problems.join('; ')} style={{ flexShrink: 0 }}>
              {version} may not be used in {slot} any more
            </Text>
          </Group>
        ))}
        {waiting.slice(0, shown).map((each) => (
          <Group key={each.id} gap="xs" wrap="nowrap">
            <IconRosetteDiscountCheck size={18} aria-label="Submission" />
            <Anchor component={Link} to={`/approvals/${each.id}`} className="version-name">
              <span>{each.model}</span>
              <span> / {each.version}</span>
            </Anchor>
            <Text size="xs" c="dimmed" ml="auto" component="div" style={{ flexShrink: 0 }}>
              <DueTime approval={each} />
            </Text>
          </Group>
        ))}
        {waiting.length > shown && (
          <Anchor component={Link} to="/approvals" size="sm">
            All {waiting.length}
          </Anchor>
        )}
      </Stack>
    </section>
  )
}

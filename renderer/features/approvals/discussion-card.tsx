import { Button, Group, Select, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Approval } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { RelativeTime } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'

type Event = Approval['history'][number]

/** What happened and what was said, newest last; and a place to say something. */
export function DiscussionCard({ approval }: { readonly approval: Approval }) {
  return (
    <section className="card" aria-label="What happened">
      <Text fw={600} mb="xs" component="h2" size="md">
        What happened
      </Text>
      <Stack gap={6} mb="sm">
        {approval.history.map((event, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events are only added at the end
          <Text key={at} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {readEvent(event)}{' '}
            <Text span size="xs" c="dimmed">
              <RelativeTime time={event.time} />
            </Text>
          </Text>
        ))}
      </Stack>
      <Say approval={approval} />
    </section>
  )
}

const words: Readonly<Record<Event['kind'], string>> = {
  submitted: 'sent it for approval',
  moved: 'took it to',
  signed: 'signed',
  deployed: 'deployed it',
  commented: 'said',
  'changes-requested': 'asks for changes',
  'changes-settled': 'sees the changes as made',
  withdrawn: 'withdrew it',
  expired: 'ended it, since its time had passed',
  voided: 'voided it',
  revoked: 'revoked the approval',
  superseded: 'put another version in its place',
  'rolled-back': 'rolled it back',
  refused: 'was refused',
  reminder: 'reminded those who decide',
  overdue: 'reminded everybody that it is late',
  escalated: 'handed it up',
  expiring: 'warned that it will soon end',
}

function readEvent({ kind, actor, to, text, item }: Event): string {
  const what = kind === 'moved' ? `${words.moved} ${to ?? ''}` : words[kind]
  const about = item === null ? '' : ` about ${item}`
  return `${actor} ${what}${about}${text === '' ? '' : `: ${text}`}`
}

function Say({ approval }: { readonly approval: Approval }) {
  const client = useClient()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [item, setItem] = useState<string | null>(null)
  const say = useMutation({
    mutationFn: (kind: 'commented' | 'changes-requested' | 'changes-settled') =>
      client.approvals.comment({ id: approval.id, text, kind, ...(item === null ? {} : { item }) }),
    onSuccess: () => {
      setText('')
      setItem(null)
      return queries.invalidateQueries({ queryKey: ['approvals'] })
    },
  })
  const isEmpty = text.trim() === ''
  const hasOpenRequest = approval.requirements.some(({ what, met }) => what === 'no open request for changes' && !met)
  return (
    <Stack gap="xs">
      <Textarea
        label="Say something"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={1}
      />
      <Select
        label="About"
        placeholder="the whole submission"
        clearable
        data={approval.manifest.map(({ name }) => name)}
        value={item}
        onChange={setItem}
      />
      {say.isError && <ErrorState error={say.error} />}
      <Group justify="flex-end" gap="xs">
        {hasOpenRequest && (
          <Button variant="default" disabled={isEmpty} onClick={() => say.mutate('changes-settled')}>
            My request is met
          </Button>
        )}
        <Button variant="default" disabled={isEmpty} onClick={() => say.mutate('changes-requested')}>
          Request changes
        </Button>
        <Button variant="default" disabled={isEmpty} onClick={() => say.mutate('commented')}>
          Comment
        </Button>
      </Group>
    </Stack>
  )
}

import { Alert, Button, Group, Menu, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CardState } from '../../../shared/domain/model-card.ts'
import type { VersionSummary } from '../../../shared/domain/models.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { RelativeTime } from '../../ui/numbers.tsx'
import { Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { CardForm } from './card-form.tsx'
import { CardView } from './card-view.tsx'

/** The card of a version: read, edited in revisions, read as it once was, saved as a file. */
export function CardTab({
  reference,
  approval,
}: {
  readonly reference: string
  readonly approval: VersionSummary['state']
}) {
  const client = useClient()
  const [revision, setRevision] = useState<number | undefined>()
  const [editing, setEditing] = useState(false)
  const state = useQuery({
    queryKey: ['models', 'card', reference, revision ?? 'newest'],
    queryFn: () => client.cards.get({ model: reference, ...(revision === undefined ? {} : { revision }) }),
  })
  return (
    <Loaded query={state}>
      {(data) =>
        editing ? (
          <CardForm reference={reference} approval={approval} state={data} onClose={() => setEditing(false)} />
        ) : (
          <Stack>
            <CardHead
              reference={reference}
              state={data}
              onEdit={() => setEditing(true)}
              onRevision={(to) => setRevision(to)}
            />
            <CardView card={data.card} />
          </Stack>
        )
      }
    </Loaded>
  )
}

interface CardHeadProps {
  readonly reference: string
  readonly state: CardState
  onEdit(): void
  onRevision(revision: number | undefined): void
}

function CardHead({ reference, state, onEdit, onRevision }: CardHeadProps) {
  const { revision, revisions } = state
  const newest = revisions.at(-1)?.revision ?? 0
  const shown = revisions.find((each) => each.revision === revision)
  return (
    <>
      <Group justify="space-between">
        <Text size="sm">
          {shown ? (
            <>
              Revision {revision} of {newest}: {shown.author} {shown.what} <RelativeTime time={shown.createdAt} />
            </>
          ) : (
            'Made just now from what is stored with the version; it is kept once it is edited.'
          )}
        </Text>
        <Group gap="xs">
          {revisions.length > 1 && <History state={state} onRevision={onRevision} />}
          <Downloads reference={reference} revision={revision} />
          <Button onClick={onEdit} disabled={revision !== newest}>
            Edit
          </Button>
        </Group>
      </Group>
      {revision !== newest && (
        <Alert color="yellow" title={`This is how it was at revision ${revision}.`}>
          <Button size="compact-sm" variant="default" onClick={() => onRevision(undefined)}>
            Show the newest
          </Button>
        </Alert>
      )}
    </>
  )
}

function History({ state, onRevision }: { readonly state: CardState; onRevision(revision: number): void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">History</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {[...state.revisions].reverse().map(({ revision, author, what, createdAt }) => (
          <Menu.Item key={revision} onClick={() => onRevision(revision)} disabled={revision === state.revision}>
            {revision}: {author} {what} <RelativeTime time={createdAt} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Downloads({ reference, revision }: { readonly reference: string; readonly revision: number }) {
  const client = useClient()
  const save = useMutation({
    mutationFn: (format: 'html' | 'pdf' | 'json') =>
      client.cards.export({ model: reference, format, ...(revision === 0 ? {} : { revision }) }),
    onSuccess: ({ path, href }) => saveUrl(path, href ?? ''),
    onError: tellFailure('The card was not saved'),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={save.isPending}>
          Save as
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save.mutate('pdf')}>PDF, to print or send</Menu.Item>
        <Menu.Item onClick={() => save.mutate('html')}>Web page, in one file</Menu.Item>
        <Menu.Item onClick={() => save.mutate('json')}>JSON, for programs</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

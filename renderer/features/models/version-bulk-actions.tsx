import { Button, Group, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { offerUndo } from '../../ui/offer-undo.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

interface VersionBulkActionsProps {
  readonly ids: readonly string[]
  /** Whether they are in the trash. */
  readonly deleted: boolean
  onDone(): void
}

/** What can be done with many versions at once: all of them change, or none. */
export function VersionBulkActions({ ids, deleted, onDone }: VersionBulkActionsProps) {
  const client = useClient()
  const queries = useQueryClient()
  const [tagging, setTagging] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: ['models'] })
  const move = useMutation({
    mutationFn: () => client.models.change({ ids: [...ids], change: { deleted: !deleted } }),
    onSuccess: async ({ changed }) => {
      const moved = [...ids]
      onDone()
      await refresh()
      offerUndo(`${changed} versions are ${deleted ? 'back' : 'in the trash'}.`, () =>
        client.models.change({ ids: moved, change: { deleted } }).then(refresh),
      )
    },
    onError: tellFailure('Nothing was changed'),
  })
  return (
    <Group gap="xs">
      <Button size="compact-sm" variant="default" onClick={() => setTagging(true)}>
        Tag
      </Button>
      <Button size="compact-sm" variant="default" loading={move.isPending} onClick={() => move.mutate()}>
        {deleted ? 'Restore' : 'Move to the trash'}
      </Button>
      {tagging && (
        <TagDialog
          ids={ids}
          onClose={() => setTagging(false)}
          onDone={() => {
            setTagging(false)
            onDone()
          }}
        />
      )}
    </Group>
  )
}

interface TagDialogProps {
  readonly ids: readonly string[]
  onClose(): void
  onDone(): void
}

function TagDialog({ ids, onClose, onDone }: TagDialogProps) {
  const client = useClient()
  const queries = useQueryClient()
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const tag = useMutation({
    mutationFn: () =>
      client.models.change({
        ids: [...ids],
        change: { tag: { key: key.trim(), value: value.trim() === '' ? null : value.trim() } },
      }),
    onSuccess: async () => {
      onDone()
      await queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
  return (
    <FormDialog
      title={`Tag ${ids.length} versions`}
      action={value.trim() === '' ? 'Take it away' : 'Set it'}
      change={tag}
      isReady={key.trim() !== ''}
      onClose={onClose}
    >
      <TextInput
        label="Tag"
        placeholder="team"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        maxLength={250}
        data-autofocus
      />
      <TextInput
        label="Value"
        description="Empty takes the tag away"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

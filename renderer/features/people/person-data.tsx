import { Button, Checkbox, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { ErrorState } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

/** For one chosen person: everything that is kept, as a file, and the way to have it erased. */
export function PersonData({
  name,
  isOwner,
  onErased,
}: {
  readonly name: string
  readonly isOwner: boolean
  onErased(): void
}) {
  const client = useClient()
  const [erasing, setErasing] = useState(false)
  const save = useMutation({
    mutationFn: () => client.evidence.person({ name }),
    onSuccess: ({ path, href }) => href !== null && saveUrl(path, href),
    onError: tellFailure(),
  })
  return (
    <>
      <Button size="compact-xs" variant="default" loading={save.isPending} onClick={() => save.mutate()}>
        Save their data
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={isOwner}
        title={isOwner ? 'The owner of the workspace cannot be erased' : undefined}
        onClick={() => setErasing(true)}
      >
        Erase…
      </Button>
      {erasing && (
        <ErasePerson
          name={name}
          onClose={(done) => {
            setErasing(false)
            if (done) onErased()
          }}
        />
      )}
    </>
  )
}

function ErasePerson({ name, onClose }: { readonly name: string; onClose(done: boolean): void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [isSure, setSure] = useState(false)
  const erase = useMutation({
    mutationFn: () => client.audit.erase({ name }),
    onSuccess: () => queries.invalidateQueries(),
  })
  const isDone = erase.isSuccess
  return (
    <Modal opened onClose={() => onClose(isDone)} title={isDone ? `${name} was erased` : `Erase ${name}?`}>
      <Stack>
        {isDone ? (
          <>
            <Text size="sm">
              {erase.data.erased} values of the audit log are gone; the identity is now called {erase.data.pseudonym}.
              The log still verifies.
            </Text>
            {erase.data.kept.length > 0 && (
              <>
                <Text size="sm">The name stays in:</Text>
                <List size="sm">
                  {erase.data.kept.map(({ what, count, why }) => (
                    <List.Item key={what}>
                      {count} {what} ({why})
                    </List.Item>
                  ))}
                </List>
              </>
            )}
          </>
        ) : (
          <>
            <Text size="sm">
              Their name and words go from the audit log and from every record that nothing is signed over, and their
              keys end. Signed decisions stay, since without the name nobody could say who decided. It cannot be undone.
            </Text>
            <Checkbox
              label="I have saved their data where it has to be kept"
              checked={isSure}
              onChange={(event) => setSure(event.currentTarget.checked)}
            />
          </>
        )}
        {erase.isError && <ErrorState error={erase.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onClose(isDone)}>
            {isDone ? 'Close' : 'Keep'}
          </Button>
          {!isDone && (
            <Button color="red" disabled={!isSure} loading={erase.isPending} onClick={() => erase.mutate()}>
              Erase
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

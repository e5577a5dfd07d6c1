import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { ErrorState } from '../../ui/states.tsx'

/** Why nothing was signed. Where the key only waits for its passphrase, asks for it, opens the key and tries again. */
export function SigningError({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const client = useClient()
  const [passphrase, setPassphrase] = useState('')
  const unlock = useMutation({ mutationFn: () => client.keys.unlock({ passphrase }), onSuccess: retry })
  if (readError(error).code !== 'KEY_LOCKED') return <ErrorState error={error} />
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        unlock.mutate()
      }}
    >
      <Stack gap="xs">
        <Text size="sm">Your key is kept under a passphrase. It stays open for a quarter of an hour.</Text>
        <PasswordInput
          label="Passphrase of your key"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {unlock.isError && <ErrorState error={unlock.error} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={passphrase === ''} loading={unlock.isPending}>
            Open the key and sign
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

import { Button, Checkbox, Code, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { Digest } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Shows the recovery phrase of one's own key after a yes, and after its passphrase where it has one. */
export function PhraseDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const [passphrase, setPassphrase] = useState('')
  const [isWritten, setWritten] = useState(false)
  // Not a query: a phrase is not to stay in a cache.
  const show = useMutation({
    mutationFn: () => client.keys.recovery(passphrase === '' ? {} : { passphrase }),
    gcTime: 0,
  })
  const isLocked = show.isError && readError(show.error).code === 'KEY_LOCKED'
  return (
    <Modal opened onClose={onClose} title="Your recovery phrase" size="lg">
      {show.isSuccess ? (
        <Stack>
          <Text size="sm">Write it down on paper and keep it away from this machine. It is not stored anywhere.</Text>
          <Code block fz="md" aria-label="Recovery phrase">
            {inRows(show.data.phrase)}
          </Code>
          <Text size="sm" component="div">
            It brings back the key <Digest value={show.data.fingerprint} />, on any machine: People and keys, Restore.
            Whoever has it can sign in your name.
          </Text>
          <Checkbox
            label="I have written it down"
            checked={isWritten}
            onChange={(event) => setWritten(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button disabled={!isWritten} onClick={onClose}>
              Done
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            show.mutate()
          }}
        >
          <Stack>
            <Text size="sm">
              If this machine is lost, the key is lost with it, unless you have its recovery phrase on paper. Show it
              when nobody looks over your shoulder; that it was shown is written into the audit log, the phrase is not.
            </Text>
            {(isLocked || passphrase !== '') && (
              <PasswordInput
                label="Passphrase of your key"
                autoComplete="off"
                value={passphrase}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
              />
            )}
            {show.isError && !isLocked && <ErrorState error={show.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Not now
              </Button>
              <Button type="submit" loading={show.isPending} disabled={isLocked && passphrase === ''}>
                Show it
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

/** Four groups a line. */
function inRows(phrase: string): string {
  const groups = phrase.split(' ')
  return [0, 4, 8, 12].map((at) => groups.slice(at, at + 4).join('  ')).join('\n')
}

import { Button, Code, CopyButton, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { saveText } from '../../api/upload.ts'
import { ErrorState } from '../../ui/states.tsx'

/** Signs what the log is now, and gives the note that somebody else can keep as a witness. */
export function SignCheckpointButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Sign a checkpoint…
      </Button>
      {isOpen && <SignCheckpoint onClose={() => setOpen(false)} />}
    </>
  )
}

function SignCheckpoint({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [passphrase, setPassphrase] = useState('')
  const sign = useMutation({
    mutationFn: () =>
      client.audit.checkpoint(passphrase === '' ? { store: 'keychain' } : { store: 'passphrase', passphrase }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['audit'] }),
  })
  const code = sign.isError ? readError(sign.error).code : null
  // Without a keychain the log's first key goes under a passphrase; an existing one may be there already.
  const asksPassphrase = code === 'KEY_LOCKED' || code === 'KEYCHAIN_UNAVAILABLE' || passphrase !== ''
  const last = sign.data?.lastCheckpoint ?? null
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={last ? `Signed: the log has ${last.size} entries` : 'Sign a checkpoint of the log'}
    >
      {last ? (
        <Stack>
          <Text size="sm">
            Give this note and the key to somebody in another place. Whoever keeps it will notice if the log is ever
            shortened or written anew.
          </Text>
          <Code block aria-label="Checkpoint" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {`${last.note}\n${last.publicKey}`.trim()}
          </Code>
          <Group justify="flex-end">
            <CopyButton value={`${last.note}\n${last.publicKey}`}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
            <Button variant="default" onClick={() => saveText('audit-log.pem', 'text/plain', last.publicKey)}>
              Save the key
            </Button>
            <Button onClick={() => saveText(`checkpoint-${last.size}.note`, 'text/plain', last.note)}>
              Save the note
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            sign.mutate()
          }}
        >
          <Stack>
            <Text size="sm">
              It says how many entries the log has and what the last one is, signed with the key of the log, which is
              made at the first time.
            </Text>
            {asksPassphrase && (
              <PasswordInput
                label="Passphrase of the log’s key"
                description={
                  code === 'KEYCHAIN_UNAVAILABLE'
                    ? 'The keychain of this system cannot be used. Choose a passphrase of 12 characters or more.'
                    : '12 characters or more.'
                }
                autoComplete="off"
                value={passphrase}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
              />
            )}
            {sign.isError && code !== 'KEY_LOCKED' && code !== 'KEYCHAIN_UNAVAILABLE' && (
              <ErrorState error={sign.error} />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={sign.isPending} disabled={asksPassphrase && passphrase.length < 12}>
                Sign
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

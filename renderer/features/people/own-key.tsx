import { Button, CopyButton, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { Digest, RelativeTime } from '../../ui/numbers.tsx'
import { EndKeysDialog, NewKeyDialog, RestoreKeyDialog, UnlockDialog } from './key-dialogs.tsx'
import { PhraseDialog } from './phrase-dialog.tsx'

type Dialog = 'new' | 'unlock' | 'phrase' | 'restore' | 'end'

/** The key of who sits here: what signs, where it is kept, and what can be done with it. */
export function OwnKey() {
  const client = useClient()
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const own = useQuery({
    queryKey: ['identities', 'own key'],
    queryFn: () =>
      client.keys.show().catch((error: unknown) => {
        // Not a failure: the first key is made when it is needed.
        if (readError(error).code === 'KEY_MISSING') return null
        throw error
      }),
    retry: false,
  })
  if (own.data === undefined) return null
  const identity = own.data?.identity ?? null
  const key = identity?.keys.find(({ fingerprint }) => fingerprint === identity.fingerprint)
  const close = () => setDialog(null)
  return (
    <section className="card" aria-label="Your key">
      <Group justify="space-between" align="start">
        <div>
          <Text fw={600} component="h2" size="sm" m={0}>
            Your key
          </Text>
          {key === undefined ? (
            <Text size="sm">
              {identity === null
                ? 'You have none yet. One is made in the system’s keychain when you first sign, or here.'
                : 'All your keys were ended. Make a new one to sign again; what you signed before stands.'}
            </Text>
          ) : (
            <Text size="sm" component="div">
              <Digest value={key.fingerprint} /> signs for {identity?.name}; it is kept{' '}
              {key.store === 'keychain' ? 'in the system’s keychain' : 'under a passphrase'}, made{' '}
              <RelativeTime time={key.createdAt} />
            </Text>
          )}
        </div>
        <Group gap="xs">
          {key && (
            <CopyButton value={key.publicKey}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy public key'}
                </Button>
              )}
            </CopyButton>
          )}
          {key?.store === 'passphrase' && (
            <Button variant="default" onClick={() => setDialog('unlock')}>
              Unlock…
            </Button>
          )}
          {key && (
            <Button variant="default" onClick={() => setDialog('phrase')}>
              Recovery phrase…
            </Button>
          )}
          <Button variant="default" onClick={() => setDialog('restore')}>
            Restore…
          </Button>
          <Button variant="default" onClick={() => setDialog('new')}>
            {key ? 'Replace…' : 'Make a key…'}
          </Button>
          {key && (
            <Button variant="default" onClick={() => setDialog('end')}>
              End…
            </Button>
          )}
        </Group>
      </Group>
      {dialog === 'new' && (
        <NewKeyDialog isFirst={identity === null} onClose={close} onMade={() => setDialog('phrase')} />
      )}
      {dialog === 'unlock' && <UnlockDialog onClose={close} />}
      {dialog === 'phrase' && <PhraseDialog onClose={close} />}
      {dialog === 'restore' && <RestoreKeyDialog onClose={close} />}
      {dialog === 'end' && <EndKeysDialog onClose={close} />}
    </section>
  )
}

import { PasswordInput, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { UseMutationResult } from '@tanstack/react-query'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { KeepFields, keepOf, keychainChoice } from './keep-fields.tsx'

interface DialogProps {
  readonly onClose: () => void
}

/** A first key, or one instead of the one before. */
export function NewKeyDialog({
  isFirst,
  onClose,
  onMade,
}: DialogProps & { readonly isFirst: boolean; readonly onMade: () => void }) {
  const client = useClient()
  const [keep, setKeep] = useState(keychainChoice)
  const make = useKeyChange(
    () => (isFirst ? client.keys.create(keepOf(keep)) : client.keys.rotate(keepOf(keep))),
    onMade,
  )
  return (
    <FormDialog
      title={isFirst ? 'Make your key' : 'Replace your key'}
      action={isFirst ? 'Make the key' : 'Replace it'}
      change={make}
      onClose={onClose}
    >
      {!isFirst && (
        <Text size="sm">
          The key you have signs no more from now on; what it signed before stands and still verifies.
        </Text>
      )}
      <KeepFields value={keep} onChange={setKeep} />
    </FormDialog>
  )
}

/** Opens a key that is kept under a passphrase, before it is needed. */
export function UnlockDialog({ onClose }: DialogProps) {
  const client = useClient()
  const [passphrase, setPassphrase] = useState('')
  const unlock = useKeyChange(
    () => client.keys.unlock({ passphrase }),
    () => {
      notifications.show({ message: 'Your key is open for a quarter of an hour.' })
      onClose()
    },
  )
  return (
    <FormDialog title="Unlock your key" action="Unlock" change={unlock} onClose={onClose} isReady={passphrase !== ''}>
      <PasswordInput
        label="Passphrase of your key"
        description="It stays open for a quarter of an hour."
        autoComplete="off"
        data-autofocus
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

/** Takes a key back from the phrase that was written down. */
export function RestoreKeyDialog({ onClose }: DialogProps) {
  const client = useClient()
  const [phrase, setPhrase] = useState('')
  const [keep, setKeep] = useState(keychainChoice)
  const restore = useKeyChange(
    () => client.keys.restore({ phrase, keep: keepOf(keep) }),
    () => {
      notifications.show({ message: 'Your key is back.' })
      onClose()
    },
  )
  return (
    <FormDialog
      title="Restore your key"
      action="Restore"
      change={restore}
      onClose={onClose}
      isReady={phrase.trim() !== ''}
    >
      <Text size="sm">A key that this workspace does not know becomes yours, and ends the one you have here.</Text>
      <Textarea
        label="Recovery phrase"
        description="16 groups of four letters and digits. Spaces, dashes, and upper or lower case do not matter."
        autosize
        minRows={2}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        styles={{ input: { fontFamily: 'monospace' } }}
        value={phrase}
        onChange={(event) => setPhrase(event.currentTarget.value)}
      />
      <KeepFields value={keep} onChange={setKeep} />
    </FormDialog>
  )
}

/** Ends one's own keys without a new one, when somebody else may have them. */
export function EndKeysDialog({ onClose }: DialogProps) {
  const client = useClient()
  const end = useKeyChange(() => client.keys.revoke({}), onClose)
  return (
    <FormDialog title="End your key?" action="End the key" color="red" change={end} onClose={onClose}>
      <Text size="sm">
        Nothing can be signed with it from now on, here or elsewhere once others hear of it; what it signed before
        stands. Its recovery phrase does not bring it back. Make a new key when you need one.
      </Text>
    </FormDialog>
  )
}

function useKeyChange(change: () => Promise<unknown>, onDone: () => void): UseMutationResult<unknown, Error, void> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['identities'] })
      onDone()
    },
  })
}

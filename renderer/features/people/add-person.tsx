import { Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Role } from '../../../shared/domain/permissions.ts'
import { roles } from '../../../shared/domain/permissions.ts'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { KeepFields, keepOf, keychainChoice } from './keep-fields.tsx'

/** Adds somebody who signs here with a new key, or somebody who has a key in another Maestro. */
export function AddPerson({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('reviewer')
  const [where, setWhere] = useState<'here' | 'elsewhere'>('here')
  const [keep, setKeep] = useState(keychainChoice)
  const [publicKey, setPublicKey] = useState('')
  const add = useMutation({
    mutationFn: () =>
      where === 'here'
        ? client.identities.create({ name, role, keep: keepOf(keep) })
        : client.identities.add({ name, role, publicKey }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['identities'] })
      onClose()
    },
  })
  return (
    <FormDialog title="Add a person" action="Add" change={add} onClose={onClose}>
      <TextInput
        label="Name"
        description={where === 'elsewhere' ? 'As it is in their Maestro: decisions are signed with it' : undefined}
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Role"
        allowDeselect={false}
        data={[...roles]}
        value={role}
        onChange={(value) => setRole(value as Role)}
      />
      <Select
        label="Where this person signs"
        allowDeselect={false}
        data={[
          { value: 'here', label: 'In this workspace, with a new key' },
          { value: 'elsewhere', label: 'In another Maestro, with a key they have' },
        ]}
        value={where}
        onChange={(value) => setWhere(value as typeof where)}
      />
      {where === 'here' ? (
        <KeepFields value={keep} onChange={setKeep} />
      ) : (
        <Textarea
          label="Their public key"
          description="People and keys, “Copy public key”, in their Maestro. Compare the fingerprint with them by another way."
          placeholder="-----BEGIN PUBLIC KEY-----"
          required
          autosize
          minRows={4}
          spellCheck={false}
          styles={{ input: { fontFamily: 'monospace' } }}
          value={publicKey}
          onChange={(event) => setPublicKey(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  )
}

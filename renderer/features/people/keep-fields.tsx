import { PasswordInput, Select } from '@mantine/core'

/** Where a private key goes, as it is being chosen. */
export interface KeepChoice {
  readonly store: 'keychain' | 'passphrase'
  readonly passphrase: string
}

export const keychainChoice: KeepChoice = { store: 'keychain', passphrase: '' }

/** The choice as it is sent. */
export function keepOf({ store, passphrase }: KeepChoice) {
  return { store, ...(store === 'passphrase' ? { passphrase } : {}) }
}

/** Asks where a private key goes, and for the passphrase where it needs one. */
export function KeepFields({
  value,
  onChange,
}: {
  readonly value: KeepChoice
  readonly onChange: (value: KeepChoice) => void
}) {
  return (
    <>
      <Select
        label="Where the private key goes"
        allowDeselect={false}
        data={[
          { value: 'keychain', label: 'The system’s keychain' },
          { value: 'passphrase', label: 'In the workspace, under a passphrase' },
        ]}
        value={value.store}
        onChange={(store) => onChange({ ...value, store: store as KeepChoice['store'] })}
      />
      {value.store === 'passphrase' && (
        <PasswordInput
          label="Passphrase"
          description="12 characters or more. It is stored nowhere: who forgets it needs the recovery phrase or a new key."
          required
          minLength={12}
          value={value.passphrase}
          onChange={(event) => onChange({ ...value, passphrase: event.currentTarget.value })}
        />
      )}
    </>
  )
}

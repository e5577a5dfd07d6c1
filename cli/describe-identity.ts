import type { Identity } from '../shared/domain/identities.ts'
import { askPassphrase } from './ask-passphrase.ts'
import type { OptionDefinition } from './option-definition.ts'
import type { ParsedOptions } from './parse-options.ts'

/** Where a new key goes. */
export const keepOption: OptionDefinition = {
  name: 'keep',
  value: 'WHERE',
  choices: ['keychain', 'passphrase'],
  summary: 'where the private key goes: the system’s keychain (default), or encrypted under a passphrase',
}

/** What was asked for with `--keep`, with the passphrase that it takes. */
export async function keepFrom(options: ParsedOptions) {
  return options.text('keep') === 'passphrase'
    ? { store: 'passphrase' as const, passphrase: await askPassphrase('A passphrase of 12 characters or more') }
    : { store: 'keychain' as const }
}

/** Who it is, and by which key they sign. */
export function describeIdentity({ name, role, fingerprint, revokedAt, keys: all }: Identity): string {
  const store = all.find((key) => key.fingerprint === fingerprint)?.store
  return [
    `${name} (${role})${revokedAt === null ? '' : `, revoked from ${revokedAt}`}`,
    fingerprint === null
      ? 'no key'
      : `key ${fingerprint}, ${store === 'keychain' ? 'in the keychain' : 'under a passphrase'}`,
  ].join('\n')
}

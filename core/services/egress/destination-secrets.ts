import { MaestroError } from '../../../shared/errors.ts'
import type { KeyStore, StoredKey } from '../../secrets/key-store.ts'
import type { DestinationRow } from './destination-rows.ts'

type Keep = Parameters<KeyStore['save']>[2]

/** Passwords, signing keys and secret addresses: in the keychain, or sealed and then only in memory once they were opened. */
export function createDestinationSecrets(keyStore: KeyStore) {
  const opened = new Map<string, string>()

  return {
    async save(id: string, secret: string, keep: Keep): Promise<StoredKey> {
      const stored = await keyStore.save(secretName(id), Buffer.from(secret, 'utf8'), keep)
      if (stored.store === 'passphrase') opened.set(id, secret)
      return stored
    },
    isLocked: ({ id, secret }: DestinationRow) => secret?.store === 'passphrase' && !opened.has(id),
    /** Undefined where it has none. Throws KEY_LOCKED until somebody has given the passphrase, and what the keychain throws. */
    async open({ id, name, secret }: DestinationRow): Promise<string | undefined> {
      if (secret === null) return undefined
      if (secret.store === 'keychain') return (await keyStore.open(secretName(id), secret)).toString('utf8')
      const known = opened.get(id)
      if (known !== undefined) return known
      throw new MaestroError('KEY_LOCKED', `The secret of ${name} is locked.`, 'Open it: maestro egress unlock.')
    },
    /** Opens all that are kept under this passphrase. Throws PASSPHRASE_WRONG where there is none. */
    async unlock(destinations: readonly DestinationRow[], passphrase: string): Promise<void> {
      let last: Error | undefined
      let found = 0
      for (const { id, secret } of destinations) {
        if (secret?.store !== 'passphrase') continue
        try {
          opened.set(id, (await keyStore.open(secretName(id), secret, passphrase)).toString('utf8'))
          found += 1
        } catch (error) {
          last = error instanceof Error ? error : new Error(String(error))
        }
      }
      if (found === 0 && last !== undefined) throw last
    },
    async forget({ id, secret }: DestinationRow): Promise<void> {
      opened.delete(id)
      if (secret?.store === 'keychain') await keyStore.forget(secretName(id))
    },
  }
}

export type DestinationSecrets = ReturnType<typeof createDestinationSecrets>

function secretName(id: string): string {
  return `egress ${id}`
}

import { MaestroError } from '../../shared/errors.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'

/** The system's keychain; tests give their own. Calls may fail, and may never answer. */
export interface Keychain {
  saveSecret(name: string, value: string): Promise<void>
  readSecret(name: string): Promise<string | undefined>
  deleteSecret(name: string): Promise<void>
}

/** Where the private half of a key is. */
export interface StoredKey {
  readonly store: 'keychain' | 'passphrase'
  /** Encrypted under the passphrase; null where the keychain has it. */
  readonly sealed: string | null
}

export interface KeyStore {
  /** Keeps a private key, as it was asked and never in a weaker way. Throws KEYCHAIN_UNAVAILABLE. */
  save(
    name: string,
    secret: Buffer,
    keep: { readonly store: StoredKey['store']; readonly passphrase?: string | undefined },
  ): Promise<StoredKey>
  /** Throws KEYCHAIN_UNAVAILABLE, KEY_MISSING, KEY_LOCKED (a passphrase is needed), PASSPHRASE_WRONG. */
  open(name: string, stored: StoredKey, passphrase?: string): Promise<Buffer>
  /** Removes what the keychain holds; a keychain that does not answer is left as it is. */
  forget(name: string): Promise<void>
}

/** A keychain that is locked asks the person; who does not answer in this time is told how to go on. */
const patienceMs = 10_000

/** Keeps private keys in the system's keychain or, where that was asked for, encrypted under a passphrase. */
export function createKeyStore(loadKeychain: () => Promise<Keychain>, deadlineMs: number = patienceMs): KeyStore {
  async function ask<Answer>(call: (keychain: Keychain) => Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it does not answer')), deadlineMs)
    })
    try {
      return await Promise.race([loadKeychain().then(call), late])
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
      throw new MaestroError(
        'KEYCHAIN_UNAVAILABLE',
        `The keychain of this system cannot be used: ${why}.`,
        'Unlock or start it and try again; or ask for a passphrase instead of it: --keep passphrase.',
      )
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async save(name, secret, { store, passphrase }) {
      if (store === 'passphrase') {
        if (passphrase === undefined) throw new MaestroError('INPUT_INVALID', 'A passphrase is missing.')
        return { store, sealed: await sealSecret(name, secret, passphrase) }
      }
      const value = secret.toString('base64')
      const found = await ask(async (keychain) => {
        await keychain.saveSecret(name, value)
        return keychain.readSecret(name)
      })
      if (found !== value)
        throw new MaestroError(
          'KEYCHAIN_UNAVAILABLE',
          'The keychain of this system does not keep what it is given.',
          'Ask for a passphrase instead of it: --keep passphrase.',
        )
      return { store, sealed: null }
    },

    async open(name, { store, sealed }, passphrase) {
      if (store === 'passphrase') {
        if (passphrase === undefined)
          throw new MaestroError('KEY_LOCKED', undefined, 'Type it when asked, or give it in MAESTRO_PASSPHRASE.')
        return openSecret(name, sealed ?? '', passphrase)
      }
      const value = await ask((keychain) => keychain.readSecret(name))
      if (value === undefined) throw keyLost()
      return Buffer.from(value, 'base64')
    },

    async forget(name) {
      await ask((keychain) => keychain.deleteSecret(name)).catch(() => undefined)
    },
  }
}

/** Deleted there, or the workspace was copied to another machine, or the system changed to another keychain. */
export function keyLost(): MaestroError {
  return new MaestroError(
    'KEY_MISSING',
    'The keychain of this system does not have the key.',
    'Sign on the machine where it was made, or make a new one: maestro keys rotate. What it signed before stands.',
  )
}

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type BetterSqlite3 from 'better-sqlite3'
import type { Keep } from '../../../shared/domain/identities.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { CheckpointSigner } from '../../audit/checkpoint.ts'
import { readLogKey } from '../../audit/export-format.ts'
import type { KeyStore, StoredKey } from '../../secrets/key-store.ts'
import { exportPrivateKey, fingerprintOf, importPrivateKey, publicKeyPem } from '../../trust/signing-keys.ts'

interface LogKeyRow extends StoredKey {
  readonly fingerprint: string
  readonly publicKey: string
}

/** The key that signs checkpoints of this workspace's log: Ed25519, kept as people's keys are. */
export function createLogKey(sqlite: BetterSqlite3.Database, keyStore: KeyStore) {
  const select = sqlite.prepare<[], LogKeyRow>(
    'SELECT fingerprint, public_key AS publicKey, store, sealed FROM audit_key ORDER BY created_at',
  )
  const insert = sqlite.prepare<[LogKeyRow & { createdAt: string }]>(
    `INSERT INTO audit_key (fingerprint, public_key, store, sealed, created_at)
     VALUES (@fingerprint, @publicKey, @store, @sealed, @createdAt)`,
  )
  let opened: CheckpointSigner | null = null

  async function create(keep: Keep): Promise<CheckpointSigner> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const fingerprint = fingerprintOf(publicKey)
    const stored = await keyStore.save(secretName(fingerprint), exportPrivateKey(privateKey), keep)
    insert.run({ fingerprint, publicKey: publicKeyPem(publicKey), ...stored, createdAt: new Date().toISOString() })
    return { privateKey, publicKey }
  }

  async function open(row: LogKeyRow, passphrase: string | undefined): Promise<CheckpointSigner> {
    const privateKey = importPrivateKey(await keyStore.open(secretName(row.fingerprint), row, passphrase))
    const publicKey = createPublicKey(privateKey)
    if (fingerprintOf(publicKey) !== row.fingerprint)
      throw new MaestroError('KEY_MISSING', 'The keychain holds another key than the one of this audit log.')
    return { privateKey, publicKey }
  }

  return {
    publicKeys: () => select.all().map(({ publicKey }) => readLogKey(publicKey)),
    publicPems: () => select.all().map(({ publicKey }) => publicKey),
    /** Whether checkpoints can be signed without asking anybody. */
    isReady: () => opened !== null || select.all().at(-1)?.store === 'keychain',
    /** Opens the key, or makes the first one. Throws as the key store does. */
    async signer(keep: Keep): Promise<CheckpointSigner> {
      if (opened) return opened
      const row = select.all().at(-1)
      opened = row ? await open(row, keep.passphrase) : await create(keep)
      return opened
    },
  }
}

export type LogKey = ReturnType<typeof createLogKey>

function secretName(fingerprint: string): string {
  return `audit-log-key ${fingerprint}`
}

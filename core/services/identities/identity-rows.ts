import type BetterSqlite3 from 'better-sqlite3'
import type { Identity, PersonKey } from '../../../shared/domain/identities.ts'
import type { Role } from '../../../shared/domain/permissions.ts'

export interface IdentityRow {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly isOwner: number
  readonly createdAt: string
  readonly revokedAt: string | null
  readonly revokedReason: string
}

export interface KeyRow extends PersonKey {
  readonly identityId: string
  readonly sealed: string | null
}

const identityColumns =
  'id, name, role, is_owner AS isOwner, created_at AS createdAt, revoked_at AS revokedAt, revoked_reason AS revokedReason'
const keyColumns =
  'fingerprint, identity_id AS identityId, public_key AS publicKey, store, sealed, created_at AS createdAt, revoked_at AS revokedAt'

/** The rows of people and of their keys. */
export function createIdentityRows(sqlite: BetterSqlite3.Database) {
  const all = sqlite.prepare<[], IdentityRow>(`SELECT ${identityColumns} FROM identity ORDER BY name`)
  const byName = sqlite.prepare<[string], IdentityRow>(`SELECT ${identityColumns} FROM identity WHERE name = ?`)
  const byId = sqlite.prepare<[string], IdentityRow>(`SELECT ${identityColumns} FROM identity WHERE id = ?`)
  const owner = sqlite.prepare<[], IdentityRow>(`SELECT ${identityColumns} FROM identity WHERE is_owner = 1`)
  const insert = sqlite.prepare<[Pick<IdentityRow, 'id' | 'name' | 'role' | 'isOwner' | 'createdAt'>]>(
    'INSERT INTO identity (id, name, role, is_owner, created_at) VALUES (@id, @name, @role, @isOwner, @createdAt)',
  )
  const revoke = sqlite.prepare<[string, string, string]>(
    'UPDATE identity SET revoked_at = ?, revoked_reason = ? WHERE id = ?',
  )
  const rename = sqlite.prepare<[string, string]>('UPDATE identity SET name = ? WHERE id = ?')
  const keys = sqlite.prepare<[string], KeyRow>(
    `SELECT ${keyColumns} FROM identity_key WHERE identity_id = ? ORDER BY created_at DESC, fingerprint`,
  )
  const key = sqlite.prepare<[string], KeyRow>(`SELECT ${keyColumns} FROM identity_key WHERE fingerprint = ?`)
  const insertKey = sqlite.prepare<[Omit<KeyRow, 'revokedAt'>]>(
    `INSERT INTO identity_key (fingerprint, identity_id, public_key, store, sealed, created_at)
     VALUES (@fingerprint, @identityId, @publicKey, @store, @sealed, @createdAt)`,
  )
  const moveKey = sqlite.prepare<[Pick<KeyRow, 'fingerprint' | 'store' | 'sealed'>]>(
    'UPDATE identity_key SET store = @store, sealed = @sealed WHERE fingerprint = @fingerprint',
  )
  // A key that was revoked earlier stays so.
  const revokeKeys = sqlite.prepare<[{ from: string; identityId: string }]>(
    `UPDATE identity_key SET revoked_at = @from
     WHERE identity_id = @identityId AND (revoked_at IS NULL OR revoked_at > @from)`,
  )

  const revokedAhead = sqlite.prepare<[string]>(
    `SELECT 1 FROM (SELECT revoked_at AS moment FROM identity UNION ALL SELECT revoked_at FROM identity_key)
     WHERE moment > ? LIMIT 1`,
  )
  const lastLogged = sqlite.prepare<[], { time: string | null }>('SELECT max(time) AS time FROM audit_event')

  return {
    /**
     * This moment, for asking whether a revocation is in force: by the clock, unless the log shows that the clock was ahead
     * of that before. Putting the clock back must not bring anybody back.
     */
    now(): string {
      const clock = new Date().toISOString()
      if (revokedAhead.get(clock) === undefined) return clock
      const logged = lastLogged.get()?.time ?? clock
      return logged > clock ? logged : clock
    },
    all: () => all.all(),
    byName: (name: string) => byName.get(name),
    byId: (id: string) => byId.get(id),
    owner: () => owner.get(),
    insert: (row: Pick<IdentityRow, 'id' | 'name' | 'role' | 'isOwner' | 'createdAt'>) => void insert.run(row),
    revoke: (id: string, from: string, reason: string) => void revoke.run(from, reason, id),
    rename: (id: string, name: string) => void rename.run(name, id),
    keys: (identityId: string) => keys.all(identityId),
    key: (fingerprint: string) => key.get(fingerprint),
    insertKey: (row: Omit<KeyRow, 'revokedAt'>) => void insertKey.run(row),
    /** The private half of a key is somewhere else now. */
    moveKey: (fingerprint: string, { store, sealed }: Pick<KeyRow, 'store' | 'sealed'>) =>
      void moveKey.run({ fingerprint, store, sealed }),
    revokeKeys: (identityId: string, from: string) => void revokeKeys.run({ identityId, from }),
  }
}

/** The key that signs at a moment: the newest that is not revoked by then. */
export function signingKey(keys: readonly KeyRow[], now: string): KeyRow | undefined {
  return keys.find(({ revokedAt }) => revokedAt === null || revokedAt > now)
}

/** A row as it leaves, with its keys. */
export function toIdentity(row: IdentityRow, keys: readonly KeyRow[], now: string): Identity {
  const current = row.revokedAt !== null && row.revokedAt <= now ? undefined : signingKey(keys, now)
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    isOwner: row.isOwner === 1,
    createdAt: row.createdAt,
    revokedAt: row.revokedAt,
    revokedReason: row.revokedReason,
    publicKey: current?.publicKey ?? null,
    fingerprint: current?.fingerprint ?? null,
    keys: keys.map(({ fingerprint, publicKey, store, createdAt, revokedAt }) => ({
      fingerprint,
      publicKey,
      store,
      createdAt,
      revokedAt,
    })),
  }
}

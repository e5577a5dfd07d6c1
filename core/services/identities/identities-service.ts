import type { KeyObject } from 'node:crypto'
import { createHash } from 'node:crypto'
import type { Identity, Keep, NewIdentity } from '../../../shared/domain/identities.ts'
import type { Role } from '../../../shared/domain/permissions.ts'
import { roles } from '../../../shared/domain/permissions.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { KeyStore } from '../../secrets/key-store.ts'
import { keyLost } from '../../secrets/key-store.ts'
import { newId } from '../../storage/ids.ts'
import { readRecoveryPhrase, writeRecoveryPhrase } from '../../trust/recovery-phrase.ts'
import type { SigningIdentity } from '../../trust/signing-keys.ts'
import {
  exportPrivateKey,
  generateSigningKey,
  importPrivateKey,
  publicKeyPem,
  readPublicKey,
  signingIdentity,
} from '../../trust/signing-keys.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { createActingPeople } from './acting-person.ts'
import type { IdentityRow, KeyRow } from './identity-rows.ts'
import { createIdentityRows, signingKey, toIdentity } from './identity-rows.ts'

/** A key of somebody, as a verifier needs it: a signature counts from `createdAt` up to `revokedAt`. */
export interface KnownKey {
  readonly name: string
  readonly role: Role
  readonly publicKey: KeyObject
  readonly createdAt: string
  readonly revokedAt: string | null
  /** Whether the name was erased: it is a pseudonym, and not the one that signatures say. */
  readonly isErased: boolean
}

/** How long an opened key stays open in the host's memory. */
const unlockedMs = 15 * 60_000

/** People, their roles and their keys. The private halves are in the key store, and here only while they sign. */
export function createIdentitiesService(
  context: Pick<ServiceContext, 'database' | 'changed' | 'assertWritable' | 'logger'>,
  keyStore: KeyStore,
) {
  const rows = createIdentityRows(context.database.sqlite)
  const people = createActingPeople(rows)
  const unlocked = new Map<string, { readonly signer: SigningIdentity; readonly until: number }>()

  function describe(row: IdentityRow): Identity {
    return toIdentity(row, rows.keys(row.id), rows.now())
  }

  function changed(row: IdentityRow): { identity: Identity } {
    context.changed({ topic: 'identities', id: row.id })
    return { identity: describe(row) }
  }

  function named(name: string): IdentityRow {
    const row = people.isOwnerName(name) ? rows.owner() : rows.byName(name)
    if (row) return row
    throw new MaestroError(
      'NOT_FOUND',
      `This workspace has no identity called "${name}".`,
      people.isOwnerName(name) ? noKeyHint : 'maestro identity list shows who there is.',
      { name },
    )
  }

  /** Makes a key and stores the rows that go with it in one transaction; without the rows, the secret goes again. */
  async function addKey(
    keep: Keep,
    identityId: string,
    store: (now: string) => void,
    privateKey: KeyObject = generateSigningKey(),
  ): Promise<void> {
    context.assertWritable()
    const { publicKey, fingerprint } = signingIdentity(privateKey)
    const stored = await keyStore.save(secretName(fingerprint), exportPrivateKey(privateKey), keep)
    try {
      context.database.transaction(() => {
        const now = new Date().toISOString()
        store(now)
        rows.insertKey({ fingerprint, identityId, publicKey: publicKeyPem(publicKey), ...stored, createdAt: now })
      })
    } catch (error) {
      if (stored.store === 'keychain') await keyStore.forget(secretName(fingerprint))
      throw error
    }
  }

  async function addPerson(
    person: { readonly name: string; readonly role: Role; readonly isOwner: boolean },
    keep: Keep,
    privateKey?: KeyObject,
  ): Promise<{ identity: Identity }> {
    const id = newId()
    const store = (createdAt: string) => {
      if (rows.byName(person.name)) throw nameTaken(person.name)
      rows.insert({ id, name: person.name, role: person.role, isOwner: person.isOwner ? 1 : 0, createdAt })
    }
    await addKey(keep, id, store, privateKey)
    return changed(rows.byId(id) as IdentityRow)
  }

  function currentKey(row: IdentityRow): KeyRow {
    const key = signingKey(rows.keys(row.id), rows.now())
    if (key) return key
    throw new MaestroError('KEY_MISSING', `All keys of ${row.name} were revoked.`, 'maestro keys rotate makes one.')
  }

  async function open(row: IdentityRow, passphrase?: string): Promise<SigningIdentity> {
    const key = currentKey(row)
    const open = unlocked.get(key.fingerprint)
    if (passphrase === undefined && open && open.until > Date.now()) return open.signer
    unlocked.delete(key.fingerprint)
    const secret = await keyStore.open(secretName(key.fingerprint), key, passphrase)
    const signer = signerFrom(secret, key.fingerprint)
    if (key.store === 'passphrase') unlocked.set(key.fingerprint, { signer, until: Date.now() + unlockedMs })
    return signer
  }

  const ownerOf = ({ name, role }: Actor) => ({ name, role, isOwner: people.isOwnerName(name) })

  const service = {
    ...people,

    /** This moment, for asking whether a revocation is in force; see identity-rows.ts. */
    now: () => rows.now(),

    list: (): { identities: Identity[] } => ({ identities: rows.all().map(describe) }),

    /** Who holds a key, for a verifier; null for a key that nobody here has. */
    knownKey(fingerprint: string): KnownKey | null {
      const key = rows.key(fingerprint)
      const row = key && rows.byId(key.identityId)
      if (!row) return null
      return {
        name: row.name,
        role: row.role,
        publicKey: readPublicKey(key.publicKey),
        createdAt: key.createdAt,
        revokedAt: key.revokedAt,
        isErased: row.name === pseudonymOf(row.id),
      }
    },

    async create({ name, role, keep }: NewIdentity, actor: Actor): Promise<{ identity: Identity }> {
      context.assertWritable()
      assertMayGive(actor, role)
      if (people.isOwnerName(name) || rows.byName(name)) throw nameTaken(name)
      return addPerson({ name, role, isOwner: false }, keep)
    },

    /** Ends an identity and all its keys from a moment on, which may have passed. */
    revoke(name: string, reason: string, from: string | undefined, actor: Actor): { identity: Identity } {
      context.assertWritable()
      const row = named(name)
      if (row.isOwner === 1)
        throw new MaestroError(
          'STATE_REFUSED',
          'The owner of the workspace cannot be revoked.',
          'Make a new key instead, which ends the one before: maestro keys rotate.',
        )
      assertMayGive(actor, row.role)
      const moment = momentOf(from)
      if (row.revokedAt !== null && row.revokedAt <= moment)
        throw new MaestroError('STATE_REFUSED', `${row.name} is revoked from ${row.revokedAt} on.`)
      context.database.transaction(() => {
        rows.revoke(row.id, moment, reason)
        rows.revokeKeys(row.id, moment)
      })
      for (const { fingerprint } of rows.keys(row.id)) unlocked.delete(fingerprint)
      return changed(named(row.name))
    },

    show(actor: Actor): { identity: Identity } {
      const row = rows.byName(actor.name)
      if (!row) throw new MaestroError('KEY_MISSING', `${actor.name} has no key yet.`, noKeyHint)
      return { identity: describe(row) }
    },

    /** The first key of the owner; everybody else gets one with their identity. */
    async createOwner(actor: Actor, keep: Keep): Promise<{ identity: Identity }> {
      context.assertWritable()
      if (rows.byName(actor.name))
        throw new MaestroError('STATE_REFUSED', `${actor.name} has a key.`, 'maestro keys rotate makes a new one.')
      return addPerson(ownerOf(actor), keep)
    },

    /** A new key for who asks; the ones before end now. */
    async rotate(actor: Actor, keep: Keep): Promise<{ identity: Identity }> {
      context.assertWritable()
      const row = rows.byName(actor.name)
      if (!row) return service.createOwner(actor, keep)
      await addKey(keep, row.id, (now) => rows.revokeKeys(row.id, now))
      return changed(row)
    },

    /** Gives somebody a name that tells nothing, and ends the identity. Their keys still verify what they signed. */
    anonymise(name: string, actor: Actor): string {
      const row = named(name)
      if (row.isOwner === 1) throw new MaestroError('STATE_REFUSED', 'The owner of the workspace cannot be erased.')
      assertMayGive(actor, row.role)
      const pseudonym = pseudonymOf(row.id)
      context.database.transaction(() => {
        rows.rename(row.id, pseudonym)
        if (row.revokedAt === null) {
          const now = new Date().toISOString()
          rows.revoke(row.id, now, 'erased')
          rows.revokeKeys(row.id, now)
        }
      })
      context.changed({ topic: 'identities', id: row.id })
      return pseudonym
    },

    /** Ends the actor's own keys from a moment on (default: now), without a new one. */
    revokeKeys(actor: Actor, from: string | undefined): { identity: Identity } {
      context.assertWritable()
      const row = named(actor.name)
      currentKey(row)
      rows.revokeKeys(row.id, momentOf(from))
      for (const { fingerprint } of rows.keys(row.id)) unlocked.delete(fingerprint)
      return changed(row)
    },

    /**
     * The actor's private key as a text to be written down. Throws KEY_LOCKED where it is kept under a passphrase and none
     * was given: that the key was opened a while ago is not enough to give it away.
     */
    async recoveryPhrase(
      actor: Actor,
      passphrase: string | undefined,
    ): Promise<{ phrase: string; fingerprint: string }> {
      people.current(actor)
      const key = currentKey(named(actor.name))
      const privateKey = importPrivateKey(await keyStore.open(secretName(key.fingerprint), key, passphrase))
      if (signingIdentity(privateKey).fingerprint !== key.fingerprint) throw keyLost()
      return { phrase: writeRecoveryPhrase(privateKey), fingerprint: key.fingerprint }
    },

    /**
     * Takes a key back from its recovery phrase. One that is known here only gets its private half again; another becomes the
     * actor's own, and ends the ones before. Throws INPUT_INVALID, IDENTITY_REVOKED for an ended key, FORBIDDEN for one of
     * somebody else.
     */
    async restore(actor: Actor, phrase: string, keep: Keep): Promise<{ identity: Identity }> {
      context.assertWritable()
      people.current(actor)
      const privateKey = readRecoveryPhrase(phrase)
      const { fingerprint } = signingIdentity(privateKey)
      const known = rows.key(fingerprint)
      const row = rows.byName(actor.name)
      if (!known) {
        if (!row) return addPerson(ownerOf(actor), keep, privateKey)
        await addKey(keep, row.id, (now) => rows.revokeKeys(row.id, now), privateKey)
        return changed(row)
      }
      if (!row || known.identityId !== row.id)
        throw new MaestroError('FORBIDDEN', `This is not a key of ${actor.name}.`, 'Act as whose it is: --as NAME.')
      if (known.revokedAt !== null && known.revokedAt <= rows.now())
        throw new MaestroError(
          'IDENTITY_REVOKED',
          `This key was ended at ${known.revokedAt}.`,
          'maestro keys rotate makes a new one.',
        )
      const stored = await keyStore.save(secretName(fingerprint), exportPrivateKey(privateKey), keep)
      rows.moveKey(fingerprint, stored)
      unlocked.delete(fingerprint)
      return changed(row)
    },

    async unlock(actor: Actor, passphrase: string): Promise<{ unlockedUntil: string }> {
      const row = named(actor.name)
      await open(row, passphrase)
      return { unlockedUntil: new Date(Date.now() + unlockedMs).toISOString() }
    },

    /**
     * The key that signs for who acts. The owner's first one is made here, in the keychain. Throws KEYCHAIN_UNAVAILABLE,
     * KEY_MISSING, KEY_LOCKED (call unlock first) and IDENTITY_REVOKED.
     */
    async signer(actor: Actor): Promise<SigningIdentity> {
      people.current(actor)
      if (!rows.byName(actor.name)) {
        if (!people.isOwnerName(actor.name))
          throw new MaestroError('KEY_MISSING', `${actor.name} has no key.`, noKeyHint)
        await service.createOwner(actor, { store: 'keychain' })
      }
      return open(named(actor.name))
    },
  }

  return service
}

export type IdentitiesService = ReturnType<typeof createIdentitiesService>

const noKeyHint = 'maestro keys create makes one.'

/** Two workspaces of one login share a keychain; fingerprints keep their keys apart. */
function secretName(fingerprint: string): string {
  return `signing-key ${fingerprint}`
}

function signerFrom(secret: Buffer, fingerprint: string): SigningIdentity {
  let signer: SigningIdentity
  try {
    signer = signingIdentity(importPrivateKey(secret))
  } catch {
    throw keyLost()
  }
  // A keychain that gives another key must not sign under this one's name.
  if (signer.fingerprint !== fingerprint) throw keyLost()
  return signer
}

function nameTaken(name: string): MaestroError {
  return new MaestroError('NAME_TAKEN', `There is somebody called ${name}.`, 'Choose another name.', { name })
}

/** A moment in the one form that is stored, since moments are compared as texts: "08:30Z" would come after "08:30:15.000Z". */
function momentOf(time: string | undefined): string {
  return (time === undefined ? new Date() : new Date(time)).toISOString()
}

/** A name that tells nothing, for somebody whose name was erased. */
function pseudonymOf(id: string): string {
  return `erased-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`
}

/** Nobody makes, or ends, somebody with more rights than their own. */
function assertMayGive(actor: Actor, role: Role): void {
  if (roles.indexOf(role) <= roles.indexOf(actor.role)) return
  throw new MaestroError(
    'FORBIDDEN',
    `${actor.name} (${actor.role}) may not do this to a ${role}.`,
    'Ask somebody with that role.',
    { role },
  )
}

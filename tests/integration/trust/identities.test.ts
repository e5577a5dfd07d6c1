import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { router } from '../../../core/rpc/router.ts'
import type { Keychain } from '../../../core/secrets/key-store.ts'
import { createKeyStore } from '../../../core/secrets/key-store.ts'
import type { IdentitiesService } from '../../../core/services/identities/identities-service.ts'
import type { Actor } from '../../../core/services/service-context.ts'
import { verifySignature } from '../../../core/trust/signing-keys.ts'
import type { Role } from '../../../shared/domain/permissions.ts'
import type { TestApp } from '../../fixtures/test-app.ts'
import { memoryKeychain, openTestApp } from '../../fixtures/test-app.ts'

const content = Buffer.from('a decision')
let secrets: Map<string, string>
let opened: TestApp
let people: IdentitiesService
let owner: Actor

async function open(keychain: Keychain): Promise<void> {
  opened = await openTestApp({ keychain })
  people = opened.app.identities
  owner = people.actorOf(undefined)
}

beforeEach(() => {
  secrets = new Map()
  return open(memoryKeychain(secrets))
})
afterEach(() => opened.close())

const create = (name: string, role: Role, as = owner) => people.create({ name, role, keep: { store: 'keychain' } }, as)
const clientOf = (actor: Actor) =>
  createRouterClient(router, { context: { app: opened.app, actor, correlationId: '' } })

describe('the owner', () => {
  test('acts without a key, and gets one when something is to be signed', async () => {
    expect(owner).toMatchObject({ role: 'superadmin' })
    expect(() => people.show(owner)).toThrow(/no key/)
    const signer = await people.signer(owner)
    expect(people.show(owner).identity).toMatchObject({
      name: owner.name,
      isOwner: true,
      fingerprint: signer.fingerprint,
      keys: [{ store: 'keychain' }],
    })
    expect(people.actorOf('owner').name).toBe(owner.name)
    expect((await people.signer(owner)).fingerprint).toBe(signer.fingerprint)
  })

  test('cannot be revoked, nor made twice, nor taken by name', async () => {
    await people.createOwner(owner, { store: 'keychain' })
    await expect(people.createOwner(owner, { store: 'keychain' })).rejects.toMatchObject({ code: 'STATE_REFUSED' })
    expect(() => people.revoke(owner.name, '', undefined, owner)).toThrow(/cannot be revoked/)
    for (const name of ['owner', owner.name])
      await expect(create(name, 'viewer')).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  })
})

describe('a person', () => {
  test('signs with a key of their own, which verifies by its fingerprint', async () => {
    await create('nora', 'reviewer')
    const signer = await people.signer(people.actorOf('nora'))
    const known = people.knownKey(signer.fingerprint)
    expect(known).toMatchObject({ name: 'nora', role: 'reviewer', revokedAt: null })
    expect(known && verifySignature(known.publicKey, content, signer.sign(content))).toBe(true)
    expect(people.knownKey(`sha256:${'0'.repeat(64)}`)).toBeNull()
    await expect(create('nora', 'viewer')).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    expect(secrets.size).toBe(1)
  })

  test('who is revoked acts no more, also through a connection that was open, and signs no more', async () => {
    await create('nora', 'engineer')
    const nora = people.actorOf('nora')
    const client = clientOf(nora)
    await client.workspace.status()
    people.revoke('nora', 'left', undefined, owner)
    await expect(client.workspace.status()).rejects.toMatchObject({ code: 'IDENTITY_REVOKED' })
    await expect(people.signer(nora)).rejects.toMatchObject({ code: 'IDENTITY_REVOKED' })
    expect(() => people.actorOf('nora')).toThrow(/revoked: left/)
    expect(() => people.revoke('nora', 'again', undefined, owner)).toThrow(/is revoked from/)
  })

  test('who was revoked stays so when the clock is put back', async () => {
    await create('nora', 'approver')
    const nora = people.actorOf('nora')
    const { fingerprint } = people.show(nora).identity
    await clientOf(owner).identities.revoke({ name: 'nora', reason: 'left' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 30 * 86_400_000 })
    try {
      expect(() => people.actorOf('nora')).toThrow(/revoked: left/)
      expect(() => people.current(nora)).toThrow(/revoked: left/)
      expect(people.list().identities.find(({ name }) => name === 'nora')?.fingerprint).toBeNull()
      expect((people.knownKey(fingerprint ?? '')?.revokedAt ?? '9') <= people.now()).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  test('may be revoked from an earlier moment on: it moves the end of their keys', async () => {
    await create('nora', 'engineer')
    people.revoke('nora', '', undefined, owner)
    const { identity } = people.revoke('nora', 'stolen before', '2026-01-01T00:00:00.000Z', owner)
    expect(identity).toMatchObject({ revokedAt: '2026-01-01T00:00:00.000Z', publicKey: null })
    expect(identity.keys.map(({ revokedAt }) => revokedAt)).toEqual(['2026-01-01T00:00:00.000Z'])
    // Moments are compared as texts, so a shorter one would come after all of its minute.
    expect(people.revoke('nora', '', '2025-01-01T08:30Z', owner).identity.revokedAt).toBe('2025-01-01T08:30:00.000Z')
  })

  test('a new key ends the one before, which stays known', async () => {
    await create('nora', 'approver')
    const nora = people.actorOf('nora')
    const first = await people.signer(nora)
    await people.rotate(nora, { store: 'keychain' })
    const second = await people.signer(nora)
    expect(second.fingerprint).not.toBe(first.fingerprint)
    expect(people.knownKey(first.fingerprint)?.revokedAt).not.toBeNull()
    expect(people.knownKey(second.fingerprint)?.revokedAt).toBeNull()
    expect(people.show(nora).identity.keys.map(({ fingerprint }) => fingerprint)).toEqual([
      second.fingerprint,
      first.fingerprint,
    ])
  })

  test('never makes or ends somebody with more rights', async () => {
    await create('ada', 'admin')
    await create('sue', 'superadmin')
    const ada = people.actorOf('ada')
    await expect(create('eve', 'superadmin', ada)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(() => people.revoke('sue', '', undefined, ada)).toThrow(/may not do this/)
    await expect(create('ben', 'admin', ada)).resolves.toBeDefined()
  })

  test('has the role’s permissions in every procedure', async () => {
    await create('vic', 'viewer')
    const client = clientOf(people.actorOf('vic'))
    await expect(client.identities.list()).resolves.toMatchObject({ identities: [{ name: 'vic' }] })
    await expect(client.identities.create({ name: 'x', role: 'viewer' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('a key under a passphrase', () => {
  const keep = { store: 'passphrase', passphrase: 'correct horse battery' } as const

  test('signs only after it was opened, and never touches the keychain', async () => {
    await people.create({ name: 'pia', role: 'approver', keep }, owner)
    const pia = people.actorOf('pia')
    await expect(people.signer(pia)).rejects.toMatchObject({ code: 'KEY_LOCKED' })
    await expect(people.unlock(pia, 'wrong horse battery')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' })
    await expect(people.signer(pia)).rejects.toMatchObject({ code: 'KEY_LOCKED' })
    await people.unlock(pia, keep.passphrase)
    const signer = await people.signer(pia)
    expect(verifySignature(signer.publicKey, content, signer.sign(content))).toBe(true)
    expect(secrets.size).toBe(0)
  })

  test('is bound to its fingerprint: two keys exchanged in the file do not open', async () => {
    await people.create({ name: 'pia', role: 'approver', keep }, owner)
    await people.create({ name: 'rob', role: 'approver', keep }, owner)
    const { sqlite } = opened.app.context.database
    sqlite.exec(
      'UPDATE identity_key SET sealed = (SELECT sealed FROM identity_key other WHERE other.fingerprint <> identity_key.fingerprint)',
    )
    await expect(people.unlock(people.actorOf('pia'), keep.passphrase)).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
    })
  })
})

describe('a keychain', () => {
  const never = () => new Promise<never>(() => undefined)
  const broken = () => Promise.reject(new Error('no secret service'))
  const faults: readonly (readonly [string, Partial<Keychain>])[] = [
    ['that is absent', { saveSecret: broken, readSecret: broken }],
    ['that is locked and never answers', { saveSecret: never }],
    ['that forgets at once', { readSecret: () => Promise.resolve(undefined) }],
    ['that gives back something else', { readSecret: () => Promise.resolve('AAAA') }],
  ]

  test.each(faults)('%s refuses a new key: nothing is stored in a weaker way', async (_, fault) => {
    const store = createKeyStore(() => Promise.resolve({ ...memoryKeychain(), ...fault }), 50)
    await expect(store.save('key', Buffer.from('secret'), { store: 'keychain' })).rejects.toMatchObject({
      code: 'KEYCHAIN_UNAVAILABLE',
      hint: expect.stringContaining('passphrase') as string,
    })
  })

  test('that cannot be loaded is no worse than one that is absent', async () => {
    const store = createKeyStore(() => Promise.reject(new Error('no native module')), 50)
    await expect(store.open('key', { store: 'keychain', sealed: null })).rejects.toMatchObject({
      code: 'KEYCHAIN_UNAVAILABLE',
    })
  })

  test('that refuses leaves no person without a key behind', async () => {
    await opened.close()
    await open({ ...memoryKeychain(), saveSecret: broken })
    await expect(create('nora', 'viewer')).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' })
    await expect(people.signer(owner)).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' })
    expect(people.list().identities).toEqual([])
  })

  test('that dies later, lost the key, or has another one: the app works, signing says what to do', async () => {
    let isDead = false
    const memory = memoryKeychain(secrets)
    await opened.close()
    await open({ ...memory, readSecret: (name) => (isDead ? broken() : memory.readSecret(name)) })
    await create('nora', 'viewer')
    await create('otto', 'viewer')
    const nora = people.actorOf('nora')
    isDead = true
    await expect(people.signer(nora)).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' })
    isDead = false
    const [[first = '', mine = ''] = [], [second = '', others = ''] = []] = [...secrets]
    secrets.set(first, others).set(second, mine)
    await expect(people.signer(nora)).rejects.toMatchObject({ code: 'KEY_MISSING' })
    secrets.clear()
    await expect(people.signer(nora)).rejects.toMatchObject({ code: 'KEY_MISSING' })
    expect(people.list().identities).toHaveLength(2)
    await people.rotate(nora, { store: 'keychain' })
    await expect(people.signer(nora)).resolves.toBeDefined()
  })

  test('keeps the private key out of every file of the workspace', async () => {
    await create('nora', 'viewer')
    await people.create(
      { name: 'pia', role: 'viewer', keep: { store: 'passphrase', passphrase: 'correct horse battery' } },
      owner,
    )
    const [secret = ''] = secrets.values()
    expect(secret).not.toBe('')
    const bytes = Buffer.from(secret, 'base64')
    // The 32 bytes of the private number, whatever is around them.
    const marks = [Buffer.from(secret), bytes.subarray(36, 68), Buffer.from('correct horse battery')]
    const files = readdirSync(opened.folder, { recursive: true, encoding: 'utf8' }).map((path) =>
      join(opened.folder, path),
    )
    for (const path of files.filter((file) => statSync(file).isFile()))
      for (const mark of marks) expect([path, readFileSync(path).includes(mark)]).toEqual([path, false])
  })
})

describe('a recovery phrase', () => {
  test('brings the key back where the keychain has lost it, and it signs as before', async () => {
    const { fingerprint } = await people.signer(owner)
    const { phrase } = await people.recoveryPhrase(owner, undefined)
    secrets.clear()
    await expect(people.signer(owner)).rejects.toMatchObject({ code: 'KEY_MISSING' })
    const { identity } = await people.restore(owner, phrase, { store: 'keychain' })
    expect(identity.keys).toHaveLength(1)
    const signer = await people.signer(owner)
    expect(signer.fingerprint).toBe(fingerprint)
    const known = people.knownKey(fingerprint)
    expect(known && verifySignature(known.publicKey, content, signer.sign(content))).toBe(true)
  })

  test('brings it to another machine, as the owner’s first key or instead of the ones before', async () => {
    const { fingerprint } = await people.signer(owner)
    const { phrase } = await people.recoveryPhrase(owner, undefined)
    const elsewhere = await openTestApp()
    try {
      const { identities } = elsewhere.app
      const self = identities.actorOf(undefined)
      const first = await identities.restore(self, phrase, { store: 'passphrase', passphrase: 'correct horse battery' })
      expect(first.identity).toMatchObject({ fingerprint, isOwner: true, keys: [{ store: 'passphrase' }] })
      await identities.rotate(identities.actorOf(undefined), { store: 'keychain' })
      await expect(
        identities.restore(identities.actorOf(undefined), phrase, { store: 'keychain' }),
      ).rejects.toMatchObject({ code: 'IDENTITY_REVOKED' })
    } finally {
      await elsewhere.close()
    }
  })

  test('of somebody else is refused, and a key under a passphrase is not given away without it', async () => {
    const keep = { store: 'passphrase', passphrase: 'correct horse battery' } as const
    await people.create({ name: 'nora', role: 'approver', keep }, owner)
    const nora = people.actorOf('nora')
    await people.unlock(nora, keep.passphrase)
    await expect(people.recoveryPhrase(nora, undefined)).rejects.toMatchObject({ code: 'KEY_LOCKED' })
    await expect(people.recoveryPhrase(nora, 'wrong horse battery')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' })
    const { phrase } = await people.recoveryPhrase(nora, keep.passphrase)
    await create('eve', 'approver')
    await expect(people.restore(people.actorOf('eve'), phrase, keep)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('never stands in the audit log, though that it was shown and used does', async () => {
    await people.signer(owner)
    const client = clientOf(people.actorOf(undefined))
    const { phrase } = await client.keys.recovery({})
    await client.keys.restore({ phrase })
    const { sqlite } = opened.app.context.database
    const text = JSON.stringify([
      sqlite.prepare('SELECT entry FROM audit_event').all(),
      sqlite.prepare('SELECT * FROM audit_disclosure').all(),
    ])
    expect(text).toContain('keys.recovery')
    expect(text).toContain('keys.restore')
    expect(text).not.toContain(phrase)
    expect(text).not.toContain(phrase.slice(0, 9))
  })
})

test('who ends their own keys signs no more, from that moment on, until there is a new one', async () => {
  const { fingerprint } = await people.signer(owner)
  people.revokeKeys(people.actorOf(undefined), undefined)
  await expect(people.signer(people.actorOf(undefined))).rejects.toMatchObject({ code: 'KEY_MISSING' })
  expect(people.knownKey(fingerprint)?.revokedAt).not.toBeNull()
  expect(() => people.revokeKeys(people.actorOf(undefined), undefined)).toThrow(/were revoked/)
  await people.rotate(people.actorOf(undefined), { store: 'keychain' })
  expect((await people.signer(people.actorOf(undefined))).fingerprint).not.toBe(fingerprint)
})

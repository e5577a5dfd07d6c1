import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readExport, readLogKey } from '../../../core/audit/export-format.ts'
import { verifyLog } from '../../../core/audit/verify-log.ts'
import { router } from '../../../core/rpc/router.ts'
import type { Actor } from '../../../core/services/service-context.ts'
import { registerStump } from '../../fixtures/registered-stump.ts'
import type { TestApp } from '../../fixtures/test-app.ts'
import { openTestApp, owner } from '../../fixtures/test-app.ts'

let opened: TestApp
const clientOf = (actor: Actor = owner) =>
  createRouterClient(router, { context: { app: opened.app, actor, correlationId: '' } })
const events = async () => (await clientOf().audit.list({})).events.toReversed()

beforeEach(async () => {
  opened = await openTestApp()
})
afterEach(() => opened.close())

describe('a call', () => {
  test('that changes something is written down, with who and what; one that reads is not', async () => {
    await clientOf().settings.set({ theme: 'dark' })
    await clientOf().workspace.status()
    expect(await events()).toMatchObject([
      { sequence: 1, action: 'log.created' },
      {
        sequence: 2,
        action: 'settings.set',
        outcome: 'done',
        actor: 'owner',
        role: 'superadmin',
        hidden: { theme: 'dark' },
      },
    ])
  })

  test('that is refused is written down, also where it only wanted to read', async () => {
    await expect(clientOf({ name: 'vic', role: 'viewer' }).backups.create()).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(clientOf({ name: 'eve', role: 'stranger' as never }).workspace.status()).rejects.toThrow()
    expect(await events()).toMatchObject([
      { action: 'log.created' },
      { action: 'backups.create', outcome: 'refused', code: 'FORBIDDEN', actor: 'vic' },
      { action: 'workspace.status', outcome: 'refused', code: 'FORBIDDEN', actor: 'eve' },
    ])
  })

  test('that fails is written down; one whose input fits nothing asks for nothing', async () => {
    await expect(clientOf().models.setAlias({ model: 'none', alias: 'production' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(clientOf().models.setAlias({ model: 7 } as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect((await events()).slice(1)).toMatchObject([
      {
        action: 'models.setAlias',
        outcome: 'failed',
        code: 'NOT_FOUND',
        details: { model: 'none', alias: 'production' },
      },
    ])
  })

  test('that the state or the policy refuses is not in the log as done, though the refusal itself is stored', async () => {
    const { app } = opened
    app.policies.set('{"version":1,"defaultTier":"only","tiers":{"only":{"evidence":["parity"]}}}', 'owner')
    const model = registerStump(app, 'refused', 'owner')
    const { approval } = await clientOf().approvals.submit({ model })
    const decide = () => clientOf().approvals.decide({ id: approval.id, decision: 'approved', reason: 'mine' })
    await expect(decide()).rejects.toMatchObject({ code: 'STATE_REFUSED' })
    await expect(clientOf().deployments.deploy({ model, slot: 'production' })).rejects.toMatchObject({
      code: 'POLICY_REFUSED',
    })
    // That its time has passed is found in the midst of the call.
    const { sqlite } = app.context.database
    sqlite.prepare("UPDATE approval SET submitted_at = '2020-01-01T00:00:00.000Z' WHERE id = ?").run(approval.id)
    await expect(decide()).rejects.toMatchObject({ code: 'STATE_REFUSED' })
    const found = (await events()).filter(({ action }) => /decide|deploy|expired/.test(action))
    expect(found.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'approvals.decide refused',
      'deployments.deploy refused',
      'approval.expired done',
      'approvals.decide refused',
    ])
  })

  test('is stored with its event or not at all', async () => {
    const { sqlite } = opened.app.context.database
    sqlite.exec("CREATE TRIGGER stop BEFORE INSERT ON audit_event BEGIN SELECT raise(ABORT, 'no log'); END")
    await expect(clientOf().settings.set({ theme: 'dark' })).rejects.toThrow()
    sqlite.exec('DROP TRIGGER stop')
    expect((await clientOf().settings.get()).theme).toBe('system')
  })

  test('never brings a passphrase into the log', async () => {
    const passphrase = 'correct horse battery'
    await clientOf().identities.create({ name: 'pia', role: 'viewer', keep: { store: 'passphrase', passphrase } })
    const { path } = await clientOf().audit.export({ out: join(opened.folder, 'log.jsonl') })
    expect(readFileSync(path, 'utf8')).toContain('identities.create')
    expect(readFileSync(path, 'utf8')).not.toContain(passphrase)
  })
})

describe('the table', () => {
  test.each([
    "UPDATE audit_event SET action = 'x'",
    'DELETE FROM audit_event',
    "INSERT OR REPLACE INTO audit_event VALUES (1, '', '', '', '', '')",
    "INSERT INTO audit_event VALUES (99, '', '', '', '', '')",
    'DELETE FROM audit_checkpoint',
    "UPDATE audit_checkpoint SET note = ''",
  ])('refuses %s', async (sql) => {
    await clientOf().settings.set({ theme: 'dark' })
    await clientOf().audit.checkpoint({})
    expect(() => opened.app.context.database.sqlite.exec(sql)).toThrow(/only added/)
  })
})

describe('verification', () => {
  beforeEach(async () => {
    for (const theme of ['dark', 'light', 'dark', 'system'] as const) await clientOf().settings.set({ theme })
  })

  test('finds the log whole, signed up to its end', async () => {
    const made = await clientOf().audit.checkpoint({})
    expect(made).toMatchObject({ ok: true, firstBad: null, entries: 5, lastCheckpoint: { size: 5 } })
    expect(await clientOf().audit.verify()).toMatchObject({ ok: true, entries: 6, lastCheckpoint: { size: 5 } })
  })

  test('names the first entry that somebody changed in the file', async () => {
    const { sqlite } = opened.app.context.database
    sqlite.exec(`DROP TRIGGER audit_event_no_update;
      UPDATE audit_event SET entry = replace(entry, '"role":"superadmin"', '"role":"viewer"') WHERE sequence = 3`)
    expect(await clientOf().audit.verify()).toMatchObject({ ok: false, firstBad: { sequence: 4 } })
    sqlite.exec("UPDATE audit_event SET outcome = 'failed' WHERE sequence = 2")
    expect(await clientOf().audit.verify()).toMatchObject({ ok: false, firstBad: { sequence: 2 } })
  })

  test('of an export needs nothing but the public key', async () => {
    const { lastCheckpoint } = await clientOf().audit.checkpoint({})
    const { path } = await clientOf().audit.export({ out: join(opened.folder, 'log.jsonl') })
    const key = readLogKey(lastCheckpoint?.publicKey ?? '')
    const log = readExport(readFileSync(path, 'utf8'))
    const trust = { keys: [key], witnesses: [lastCheckpoint?.note ?? ''], mustBeSigned: true }
    expect(verifyLog(log, trust)).toMatchObject({ ok: true, entries: 6, lastCheckpoint: { size: 6 }, findings: [] })
    writeFileSync(path, readFileSync(path, 'utf8').replace('superadmin', 'viewer'))
    expect(verifyLog(readExport(readFileSync(path, 'utf8')), trust)).toMatchObject({
      ok: false,
      firstBad: { sequence: 2 },
    })
  })

  test('still succeeds after a person was erased, and nothing of them is left', async () => {
    await clientOf().identities.create({ name: 'Nora Novak', role: 'admin' })
    const nora = opened.app.identities.actorOf('Nora Novak')
    await clientOf(nora).settings.set({ theme: 'dark' })
    const { pseudonym, erased } = await clientOf().audit.erase({ name: 'Nora Novak' })
    expect(erased).toBeGreaterThanOrEqual(3)
    expect((await events()).filter(({ actor }) => actor === null)).toHaveLength(1)
    expect((await clientOf().identities.list()).identities).toMatchObject([{ name: pseudonym, fingerprint: null }])
    expect(await clientOf().audit.verify()).toMatchObject({ ok: true })
    const { path } = await clientOf().audit.export({ out: join(opened.folder, 'log.jsonl') })
    expect(readFileSync(path, 'utf8')).not.toContain('Nora Novak')
  })
})

describe('a witness', () => {
  test('keeps checkpoints of others, and refuses one that goes behind or tells another story', async () => {
    const other = await openTestApp()
    try {
      const theirs = createRouterClient(router, { context: { app: other.app, actor: owner, correlationId: '' } })
      await theirs.settings.set({ theme: 'dark' })
      const { lastCheckpoint: first } = await theirs.audit.checkpoint({})
      await theirs.settings.set({ theme: 'light' })
      const { lastCheckpoint: second } = await theirs.audit.checkpoint({})
      const give = (one: typeof first) =>
        clientOf().audit.witness({ note: one?.note ?? '', publicKey: one?.publicKey ?? '' })
      await expect(give(second)).resolves.toMatchObject({ size: second?.size })
      await expect(give(first)).rejects.toMatchObject({ code: 'AUDIT_BROKEN' })
      await expect(clientOf().audit.witness({ note: 'x', publicKey: second?.publicKey ?? '' })).rejects.toMatchObject({
        code: 'SIGNATURE_INVALID',
      })
      const { lastCheckpoint: mine } = await clientOf().audit.checkpoint({})
      await expect(
        clientOf().audit.witness({ note: second?.note ?? '', publicKey: mine?.publicKey ?? '' }),
      ).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
      expect((await clientOf().audit.witnesses()).witnesses).toHaveLength(1)
    } finally {
      await other.close()
    }
  })
})

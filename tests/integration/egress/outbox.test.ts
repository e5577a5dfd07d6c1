import { createHmac } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../../core/app.ts'
import { openApp } from '../../../core/app.ts'
import type { Actor } from '../../../core/services/service-context.ts'
import type { DestinationOptions } from '../../../shared/domain/egress.ts'
import type { HookServer } from '../../fixtures/hook-server.ts'
import { startHookServer } from '../../fixtures/hook-server.ts'
import type { MailServer } from '../../fixtures/mail-server.ts'
import { localCertificate, startMailServer } from '../../fixtures/mail-server.ts'
import type { TestApp } from '../../fixtures/test-app.ts'
import { openTestApp } from '../../fixtures/test-app.ts'

let opened: TestApp
let app: App
let admin: Actor
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
  admin = app.identities.actorOf(undefined)
})
afterAll(() => opened.close())

const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  app.egress.switch(false)
  for (const { options } of app.egress.status().destinations) await app.egress.remove(options.name)
  for (const server of servers.splice(0)) await server.close()
})

async function hookServer(options: Parameters<typeof startHookServer>[0] = {}): Promise<HookServer> {
  const server = await startHookServer(options)
  servers.push(server)
  app.egress.allow({ host: '127.0.0.1', port: server.port, privateAllowed: true }, admin)
  return server
}

async function mailServer(options: Parameters<typeof startMailServer>[0]): Promise<MailServer> {
  const server = await startMailServer(options)
  servers.push(server)
  app.egress.allow({ host: 'localhost', port: server.port, privateAllowed: true }, admin)
  return server
}

const common = { name: 'it', kinds: ['approval-decided', 'overdue'] as const, includesText: true }
function save(options: object, secret?: string, keep = { store: 'keychain' as const }) {
  return app.egress.save(
    { destination: { ...common, ...options } as unknown as DestinationOptions, enabled: true, secret, keep },
    admin,
  )
}
function mail(port: number, more: object = {}) {
  const addresses = { from: 'maestro@example.org', to: ['risk@example.org', 'boss@example.org'] }
  return { kind: 'email', host: 'localhost', port, ...addresses, certificates: localCertificate, ...more }
}
const notice = {
  kind: 'approval-decided',
  actor: 'bob',
  title: 'titanic / 3 was approved by bob',
  text: 'Ünder 5 % <all> & fine',
  href: '/approvals/1',
} as const
const tell = (change: object = {}) => app.notifications.notify({ ...notice, ...change }, ['ada'])
const flush = () => app.egress.send({ dead: false })
const states = () => app.egress.outbox().messages.map(({ state, attempts }) => `${state} ${attempts}`)

describe('mail', () => {
  test.each(['starttls', 'tls'] as const)('by %s, with a password from the keychain', async (security) => {
    const server = await mailServer({ security, user: 'maestro', password: 'pa ss' })
    await save(mail(server.port, { security, user: 'maestro' }), 'pa ss')
    app.egress.switch(true)
    tell()
    expect(await flush()).toMatchObject({ waiting: 0, dead: 0 })
    expect(server.received).toHaveLength(1)
    const [got] = server.received
    expect(got).toMatchObject({
      from: 'maestro@example.org',
      to: ['risk@example.org', 'boss@example.org'],
      user: 'maestro',
      encrypted: true,
    })
    const [message] = app.egress.outbox().messages
    expect(got?.content).toContain(`Message-ID: <${message?.id}@maestro.invalid>`)
    expect(got?.content).toContain('Subject: Maestro: titanic / 3 was approved by bob')
    const stored = JSON.stringify(app.context.database.sqlite.prepare('SELECT * FROM egress_destination').all())
    expect(stored).not.toContain('pa ss')
    const { entries } = app.egress.log(1, undefined)
    expect(entries).toMatchObject([
      { outcome: 'sent', host: 'localhost', kind: 'approval-decided', messageId: message?.id },
    ])
    expect(entries[0]?.bytes).toBeGreaterThan(500)
  })

  test('is not sent unencrypted to a server that offers nothing else, nor one with an unknown certificate', async () => {
    const plain = await mailServer({ security: 'none' })
    await save(mail(plain.port))
    app.egress.switch(true)
    expect((await app.egress.test('it', admin)).entry).toMatchObject({ outcome: 'failed' })
    expect(plain.received).toEqual([])
    const secured = await mailServer({ security: 'tls' })
    await save(mail(secured.port, { security: 'tls', certificates: undefined }))
    expect((await app.egress.test('it', admin)).entry).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/self-signed|certificate/) as string,
    })
    expect(secured.received).toEqual([])
  })

  test('with a wrong password is given up, and sent once the password is right', async () => {
    const server = await mailServer({ security: 'starttls', user: 'maestro', password: 'right' })
    await save(mail(server.port, { user: 'maestro' }), 'wrong')
    app.egress.switch(true)
    tell()
    expect(await flush()).toMatchObject({ dead: 1 })
    expect(app.egress.outbox().messages[0]).toMatchObject({
      state: 'dead',
      error: expect.stringContaining('535') as string,
    })
    await save(mail(server.port, { user: 'maestro' }), 'right')
    expect(await app.egress.send({ dead: true })).toMatchObject({ dead: 0, waiting: 0 })
    expect(server.received).toHaveLength(1)
  })

  test('under a passphrase waits, untried, until somebody opens it after a restart', async () => {
    const server = await startMailServer({ security: 'starttls', user: 'maestro', password: 'secret' })
    servers.push(server)
    const first = await openTestApp()
    const destination = { ...common, ...mail(server.port, { user: 'maestro' }) } as unknown as DestinationOptions
    first.app.egress.allow({ host: 'localhost', port: server.port, privateAllowed: true }, admin)
    const keep = { store: 'passphrase', passphrase: 'a long passphrase' } as const
    await first.app.egress.save({ destination, enabled: true, secret: 'secret', keep }, admin)
    first.app.egress.switch(true)
    await first.app.close()
    const second = await openApp(join(first.folder, 'workspace'))
    try {
      second.notifications.notify(notice, ['ada'])
      expect(await second.egress.send({ dead: false })).toMatchObject({ waiting: 1, dead: 0 })
      expect(second.egress.outbox().messages).toMatchObject([{ state: 'waiting', attempts: 0 }])
      expect(second.egress.status().destinations[0]).toMatchObject({ secret: 'passphrase', locked: true })
      await expect(second.egress.unlock('another passphrase')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' })
      await second.egress.unlock('a long passphrase')
      expect(await second.egress.send({ dead: false })).toMatchObject({ waiting: 0 })
      expect(server.received).toMatchObject([{ user: 'maestro' }])
    } finally {
      await second.close()
      rmSync(first.folder, { recursive: true })
    }
  })
})

describe('webhooks', () => {
  test('get JSON that they can verify, under a number that stays the same', async () => {
    const server = await hookServer({ encrypted: true })
    await save({ kind: 'webhook', url: server.url, certificates: localCertificate }, 'signing key')
    app.egress.switch(true)
    server.answerWith(503)
    tell()
    expect(await flush()).toMatchObject({ waiting: 1 })
    server.answerWith(200)
    expect(await flush()).toMatchObject({ waiting: 0 })
    const numbers = new Set(server.received.map(({ headers }) => headers['idempotency-key']))
    expect(server.received.length).toBeGreaterThan(1)
    expect(numbers.size).toBe(1)
    for (const { body, headers } of server.received) {
      expect(JSON.parse(body)).toEqual({
        id: [...numbers][0],
        kind: notice.kind,
        title: notice.title,
        text: notice.text,
        href: notice.href,
        time: expect.any(String) as string,
      })
      const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-maestro-signature'])) ?? []
      expect(createHmac('sha256', 'signing key').update(`${seconds}.${body}`).digest('hex')).toBe(hex)
    }
  })

  test('of Slack get text without meaning to it, at an address that is kept as a secret', async () => {
    const server = await hookServer()
    await save({ kind: 'slack' }, `${server.url}/T0/B0/secretpart`)
    app.egress.switch(true)
    tell()
    await flush()
    expect(server.received).toMatchObject([{ path: '/hook/T0/B0/secretpart' }])
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
      text: 'titanic / 3 was approved by bob\nÜnder 5 % &lt;all&gt; &amp; fine',
    })
    const everything = ['egress_destination', 'outbox_message', 'egress_log', 'audit_event', 'audit_disclosure']
      .map((table) => JSON.stringify(app.context.database.sqlite.prepare(`SELECT * FROM ${table}`).all()))
      .join()
    expect(everything).not.toContain('secretpart')
  })

  test('that redirect are not followed', async () => {
    const trap = await startHookServer()
    servers.push(trap)
    const server = await hookServer()
    server.answerWith(307, trap.url)
    await save({ kind: 'webhook', url: server.url })
    app.egress.switch(true)
    expect((await app.egress.test('it', admin)).entry).toMatchObject({
      outcome: 'failed',
      detail: `it answers with a redirect to 127.0.0.1:${trap.port}, which is not followed`,
    })
    expect(trap.received).toEqual([])
  })

  test('that say no are not asked again until somebody wants it', async () => {
    const server = await hookServer()
    server.answerWith(410)
    await save({ kind: 'webhook', url: server.url })
    app.egress.switch(true)
    tell()
    expect(await flush()).toMatchObject({ dead: 1, waiting: 0 })
    expect(await flush()).toMatchObject({ sent: 0, failed: 0, dead: 1 })
    server.answerWith(204)
    expect(await app.egress.send({ dead: true })).toMatchObject({ dead: 0 })
    expect(server.received).toHaveLength(2)
  })

  test('that are gone are left alone after five failures', async () => {
    const server = await hookServer()
    await save({ kind: 'webhook', url: server.url })
    await server.close()
    servers.length = 0
    app.egress.switch(true)
    for (let message = 0; message < 8; message++) tell({ title: `number ${message}` })
    await flush()
    const before = app.egress.log(1, undefined).total
    // Those that wait keep their turn; nothing more is tried before the pause is over.
    app.egress.deliverDue()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(app.egress.log(1, undefined).total).toBe(before)
    const [destination] = app.egress.status().destinations
    expect(destination?.pausedUntil).not.toBeNull()
    expect(destination?.waiting).toBe(8)
  })
})

describe('nothing is put into the outbox', () => {
  test('while it is off, of a kind that nobody wants, or for who is switched off', async () => {
    const server = await hookServer()
    await save({ kind: 'webhook', url: server.url })
    tell()
    app.egress.switch(true)
    tell({ kind: 'comment' })
    app.egress.enable('it', false, admin)
    tell()
    expect(states()).toEqual([])
    app.egress.enable('it', true, admin)
    tell()
    expect(states()).toHaveLength(1)
    await flush()
  })

  test('that was undone with what it is about', async () => {
    const server = await hookServer()
    await save({ kind: 'webhook', url: server.url })
    app.egress.switch(true)
    expect(() =>
      app.context.database.transaction(() => {
        tell()
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(states()).toEqual([])
    expect(await flush()).toMatchObject({ sent: 0 })
    expect(server.received).toEqual([])
  })
})

test('without being told to, only what happened goes along, not the words', async () => {
  const server = await hookServer()
  await save({ kind: 'webhook', url: server.url, includesText: false })
  app.egress.switch(true)
  tell()
  await flush()
  expect(server.received[0]?.body).not.toContain('fine')
})

describe('a destination is refused', () => {
  test('whose host is not allowed, or in clear outside of the own network, or whose address is none', async () => {
    await expect(save({ kind: 'webhook', url: 'https://elsewhere.test/x' })).rejects.toMatchObject({
      code: 'POLICY_REFUSED',
      hint: expect.stringContaining('egress allow elsewhere.test:443') as string,
    })
    app.egress.allow({ host: 'elsewhere.test', port: 80, privateAllowed: false }, admin)
    await expect(save({ kind: 'webhook', url: 'http://elsewhere.test/x' })).rejects.toMatchObject({
      code: 'POLICY_REFUSED',
      message: expect.stringContaining('Without encryption') as string,
    })
    await expect(save({ kind: 'slack' }, 'file:///etc/passwd')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(save({ kind: 'slack' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(app.egress.status().destinations).toEqual([])
  })
})

test('the log of what left cannot be changed', () => {
  const { sqlite } = app.context.database
  expect(() => sqlite.prepare('UPDATE egress_log SET bytes = 0').run()).toThrow(/only added to/)
  expect(() => sqlite.prepare('DELETE FROM egress_log').run()).toThrow(/is kept/)
})

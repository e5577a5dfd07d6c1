import dns from 'node:dns'
import { writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowserHost } from '../../../core/rpc/browser-host.ts'
import { openTestApp } from '../../fixtures/test-app.ts'

/** Whoever asks for a connection elsewhere, or for the address of a name, while this file runs. */
const asked: string[] = []
const here = ['localhost', '127.0.0.1', '::1']
const real = Socket.prototype.connect
const realLookup = dns.lookup

beforeAll(() => {
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const place = placeOf(args)
    if (isElsewhere(place)) {
      asked.push(JSON.stringify(place))
      throw new Error(`a connection to ${JSON.stringify(place)} was opened`)
    }
    return (real as (...all: unknown[]) => Socket).apply(this, args)
  }
  dns.lookup = ((name: string, ...rest: unknown[]) => {
    if (!here.includes(name)) asked.push(`address of ${name}`)
    return (realLookup as (...all: unknown[]) => void)(name, ...rest)
  }) as typeof dns.lookup
})
afterAll(() => {
  Socket.prototype.connect = real
  dns.lookup = realLookup
})

/** Of what `connect` is called with: options, a path, or a port and a host; Node itself puts them into an array. */
function placeOf(args: readonly unknown[]): { host?: unknown; path?: unknown } {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) return first
  return typeof first === 'string' && Number.isNaN(Number(first)) ? { path: first } : { host: second }
}

function isElsewhere({ host, path }: { host?: unknown; path?: unknown }): boolean {
  if (typeof path === 'string') return false
  return host !== undefined && !here.includes(String(host))
}

test('the trap catches what it is there for', async () => {
  expect(() => new Socket().connect({ host: '192.0.2.1', port: 8080 })).toThrow('was opened')
  await expect(fetch('http://192.0.2.1:8080/')).rejects.toThrow()
  expect(asked).toHaveLength(2)
  asked.length = 0
})

test('a workspace is opened, used over HTTP and closed, and nothing is asked of anybody elsewhere', async () => {
  const { app, folder, pages, close } = await openTestApp()
  const admin = app.identities.actorOf(undefined)
  const host = await startBrowserHost({ pages, app, actor: admin })
  try {
    expect((await fetch(host.newUrl(), { redirect: 'manual' })).status).toBeLessThan(400)
    const table = join(folder, 'table.csv')
    writeFileSync(table, 'a,b\n1,2\n3,4\n5,6\n')
    await app.identities.create({ name: 'ada', role: 'engineer', keep: { store: 'keychain' } }, admin)
    await app.jobs.wait(app.datasets.import({ source: { path: table }, name: 'table', types: {}, reading: {} }).job.id)
    await app.doctor.run()
    app.notifications.notify({ kind: 'comment', actor: 'ada', title: 't', text: '', href: '/' }, [admin.name])
    // Set up, but never switched on.
    app.egress.allow({ host: 'hooks.example.org', port: 443, privateAllowed: false }, admin)
    await app.egress.save(
      {
        destination: {
          kind: 'webhook',
          name: 'hook',
          kinds: ['comment'],
          includesText: true,
          url: 'https://hooks.example.org/x',
        },
        enabled: true,
        keep: { store: 'keychain' },
      },
      admin,
    )
    expect((await app.egress.test('hook', admin)).entry).toMatchObject({ outcome: 'refused', bytes: 0 })
    app.notifications.notify({ kind: 'comment', actor: 'ada', title: 't', text: '', href: '/' }, [admin.name])
    app.egress.deliverDue()
    await new Promise((resolve) => setTimeout(resolve, 100))
  } finally {
    await host.close()
    await close()
  }
  expect(asked).toEqual([])
})

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { safe } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WorkspaceConnection } from '../../core/workspace/connect-or-open.ts'
import { connectOrOpen } from '../../core/workspace/connect-or-open.ts'
import { takeWorkspaceLock } from '../../core/workspace/workspace-lock.ts'

let folder: string
let opened: WorkspaceConnection[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-lock-'))
  opened = []
})
afterEach(async () => {
  for (const connection of opened.reverse()) await connection.close()
  rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 100 })
})

async function connect(options: { actor?: string; patienceMs?: number } = {}): Promise<WorkspaceConnection> {
  const connection = await connectOrOpen(folder, { pages: folder, ...options })
  opened.push(connection)
  return connection
}

/** Another process that opens the workspace, says that it has, and stays. */
async function otherProcess(): Promise<ReturnType<typeof fork>> {
  const child = fork(new URL('../fixtures/hold-workspace.ts', import.meta.url), [folder], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [unknown]
  expect(message).toMatch(/^(holds|attached)$/)
  return child
}

describe('the lock', () => {
  test('one takes it, the next does not wait, and it is free after release', () => {
    const lock = takeWorkspaceLock(folder)
    expect(lock).not.toBeNull()
    expect(takeWorkspaceLock(folder)).toBeNull()
    lock?.release()
    const again = takeWorkspaceLock(folder)
    expect(again).not.toBeNull()
    again?.release()
  })

  test('it goes with the process that was killed', async () => {
    const child = await otherProcess()
    expect(takeWorkspaceLock(folder)).toBeNull()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = takeWorkspaceLock(folder)
    expect(lock).not.toBeNull()
    lock?.release()
  })
})

describe('connect or open', () => {
  test('the second attaches to the first, and both see the same', async () => {
    const first = await connect()
    const second = await connect()
    expect([first.app === null, second.app === null]).toEqual([false, true])
    await second.client.settings.set({ theme: 'dark' })
    expect((await first.client.settings.get()).theme).toBe('dark')
    expect(first.guests()).toBe(1)
  })

  test('the record with the token is for its owner only, and goes with the host', async () => {
    const first = await connect()
    const path = join(folder, 'host.json')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    await first.close()
    expect(() => readFileSync(path)).toThrow()
  })

  test('a process that is killed leaves nothing in the way', async () => {
    const child = await otherProcess()
    const attached = await connect()
    expect(attached.app).toBeNull()
    child.kill('SIGKILL')
    await attached.gone
    const next = await connect()
    expect(next.app).not.toBeNull()
    expect((await next.client.doctor.run()).checks.find(({ name }) => name === 'database')?.ok).toBe(true)
  })

  test('a call that the host cannot answer any more is rejected, not left hanging', async () => {
    const child = await otherProcess()
    const attached = await connect()
    const watching = (async () => {
      for await (const change of await attached.client.jobs.watch({ id: '0'.repeat(32) })) void change
    })()
    const calling = attached.client.doctor.run()
    child.kill('SIGKILL')
    await expect(calling).rejects.toThrow()
    await expect(watching).rejects.toThrow()
  })

  test('twelve that come at once end with one host and eleven guests', async () => {
    const connections = await Promise.all(Array.from({ length: 12 }, () => connect()))
    expect(connections.filter(({ app }) => app !== null)).toHaveLength(1)
    const answers = await Promise.all(connections.map(({ client }) => client.settings.get()))
    expect(new Set(answers.map((settings) => JSON.stringify(settings))).size).toBe(1)
  })

  test('processes that come at once, while hosts are killed at random, never share the workspace', async () => {
    for (let round = 0; round < 3; round++) {
      const children = await Promise.all(Array.from({ length: 3 }, () => otherProcess()))
      const attached = await connect()
      expect(attached.app).toBeNull()
      await attached.client.settings.set({ views: { round: [String(round)] } })
      await attached.close()
      await Promise.all(
        children.map(async (child) => {
          await delay(Math.random() * 30)
          child.kill('SIGKILL')
          await once(child, 'exit')
        }),
      )
    }
    const last = await connect()
    expect((await last.client.settings.get()).views).toEqual({ round: ['2'] })
  })

  test('a stale record, of nonsense or of a port that somebody else has, is not believed', async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'host.json'), '{"pid": 1')
    expect((await connect()).app).not.toBeNull()
    await opened.pop()?.close()
    writeFileSync(join(folder, 'host.json'), JSON.stringify({ pid: 1, port: 1, token: 'x'.repeat(64), startedAt: '' }))
    expect((await connect()).app).not.toBeNull()
  })

  test('a holder that does not answer is named after a while', async () => {
    const lock = takeWorkspaceLock(folder)
    await expect(connect({ patienceMs: 300 })).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' })
    lock?.release()
  })

  test('who comes while the host closes gets the workspace after it', async () => {
    const first = await connect()
    const closing = first.close()
    const second = await connect()
    await closing
    expect(second.app).not.toBeNull()
  })

  test('a host waits for its guests when it is asked to', async () => {
    const first = await connect()
    const guest = await connect()
    let isOver = false
    const left = first.guestsLeft().then(() => {
      isOver = true
    })
    await delay(50)
    expect(isOver).toBe(false)
    await guest.close()
    await left
    expect(first.guests()).toBe(0)
  })

  test('a person that the workspace does not know is refused, at home and as a guest', async () => {
    await expect(connect({ actor: 'nobody-of-ours' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await connect()
    await expect(connect({ actor: 'nobody-of-ours' })).rejects.toThrow(/nobody-of-ours/)
  })
})

describe('@securityTest the attach door', () => {
  test('without the token, or from a page, nobody gets in', async () => {
    await connect()
    const { port, token } = JSON.parse(readFileSync(join(folder, 'host.json'), 'utf8')) as {
      port: number
      token: string
    }
    const door = `http://127.0.0.1:${port}/browser`
    const authorization = `Bearer ${token}`
    expect((await fetch(door, { method: 'POST' })).status).toBe(401)
    expect((await fetch(door, { method: 'POST', headers: { authorization: `Bearer ${'0'.repeat(64)}` } })).status).toBe(
      401,
    )
    expect(
      (await fetch(door, { method: 'POST', headers: { authorization, origin: 'http://elsewhere.test' } })).status,
    ).toBe(401)
    expect((await fetch(door, { headers: { authorization } })).status).toBe(404)
    const { WebSocket } = await import('ws')
    const refused = await new Promise((resolve) => {
      new WebSocket(`ws://127.0.0.1:${port}/attach`).once('error', (error) => resolve(error.message))
    })
    expect(refused).toContain('401')
  })

  test('it opens the browser face, twice the same with fresh tokens', async () => {
    await connect()
    const guest = await connect()
    const [one, two] = [await guest.openBrowserFace(), await guest.openBrowserFace()]
    expect(new URL(one).origin).toBe(new URL(two).origin)
    expect(one).not.toBe(two)
    expect((await fetch(one, { redirect: 'manual' })).status).toBe(303)
  })
})

test('the contract works as a guest: errors, inputs and streams', async () => {
  await connect()
  const { client } = await connect()
  expect((await safe(client.jobs.get({ id: '0'.repeat(32) }))).error).toMatchObject({
    code: 'NOT_FOUND',
    defined: true,
  })
  expect((await safe(client.jobs.list({ limit: 0 }))).error).toMatchObject({ code: 'INPUT_INVALID' })
})

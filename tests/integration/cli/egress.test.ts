import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HookServer } from '../../fixtures/hook-server.ts'
import { startHookServer } from '../../fixtures/hook-server.ts'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-cli-egress-'))
const workspace = join(folder, 'workspace')
const json = (...args: string[]) => maestroJson(workspace, ...args)
let server: HookServer
beforeAll(async () => {
  server = await startHookServer()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 })
})

test('a destination is set up, tried, and shown with what has left', async () => {
  const place = `127.0.0.1:${server.port}`
  const add = ['egress', 'add', 'hook', '--kind', 'webhook', '--url', server.url, '--about', 'overdue,escalated']
  const early = await maestro(workspace, ...add)
  expect([early.exitCode, early.stderr]).toEqual([4, expect.stringContaining(`maestro egress allow ${place}`)])
  expect((await json('egress', 'allow', place, '--private')).exitCode).toBe(0)
  expect((await json(...add)).json).toMatchObject({
    destination: { host: '127.0.0.1', allowed: true, options: { kinds: ['overdue', 'escalated'] } },
  })
  const refused = await json('egress', 'test', 'hook')
  expect([refused.exitCode, refused.json]).toEqual([4, { entry: expect.objectContaining({ outcome: 'refused' }) }])
  expect((await json('egress', 'on')).json).toMatchObject({ on: true, waiting: 0 })
  expect((await json('egress', 'test', 'hook')).exitCode).toBe(0)
  expect(server.received).toHaveLength(1)
  const { json: log } = await json('egress', 'log')
  expect(log).toMatchObject({
    total: 2,
    entries: [
      { outcome: 'sent', kind: 'test' },
      { outcome: 'refused', bytes: 0 },
    ],
  })
})

test('what one was told is listed and marked as read', async () => {
  expect((await json('notifications', 'list', '--unread')).json).toEqual({ notifications: [], unread: 0 })
  expect((await json('notifications', 'read', '--all')).json).toEqual({ read: 0, unread: 0 })
  const neither = await maestro(workspace, 'notifications', 'read')
  expect([neither.exitCode, neither.stderr]).toEqual([2, expect.stringContaining('--all')])
})

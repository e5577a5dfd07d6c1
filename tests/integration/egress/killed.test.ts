import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openApp } from '../../../core/app.ts'
import { startHookServer } from '../../fixtures/hook-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-outbox-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 200 }))
const writer = fileURLToPath(new URL('../../fixtures/notify-until-killed.ts', import.meta.url))

test('killed while it writes and sends, everything that was said arrives, and what arrives twice has the same number', {
  timeout: 60_000,
}, async () => {
  const server = await startHookServer()
  const workspace = join(folder, 'workspace')
  const said: string[] = []
  try {
    for (const afterMs of [5, 40, 90]) {
      const child = spawn(process.execPath, [writer, workspace, server.url], { stdio: ['ignore', 'pipe', 'inherit'] })
      child.stdout.setEncoding('utf8')
      let text = ''
      child.stdout.on('data', (part: string) => {
        text += part
      })
      await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
      await delay(afterMs)
      child.kill('SIGKILL')
      await once(child, 'close')
      said.push(...text.split('\n').slice(0, -1))
    }
    const app = await openApp(workspace)
    try {
      // What was on its way when it was killed is not tried again before its time; `send` asks for it now.
      while ((await app.egress.send({ dead: false })).waiting > 0);
      expect(app.egress.outbox().messages.every(({ state }) => state === 'sent')).toBe(true)
    } finally {
      await app.close()
    }
    expect(said.length).toBeGreaterThan(3)
    const numbers = new Map<string, Set<unknown>>()
    for (const { body, headers } of server.received) {
      const { title } = JSON.parse(body) as { title: string }
      numbers.set(title, (numbers.get(title) ?? new Set()).add(headers['idempotency-key']))
    }
    expect(said.filter((title) => !numbers.has(title))).toEqual([])
    expect([...numbers.values()].every(({ size }) => size === 1)).toBe(true)
  } finally {
    await server.close()
  }
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openApp } from '../../core/app.ts'
import { findDamage } from '../../core/storage/integrity.ts'
import { randomStream } from '../../engine/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-approvals-crash-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 200 }))

const writer = fileURLToPath(new URL('../fixtures/approve-until-killed.ts', import.meta.url))
const passphrase = 'correct horse battery staple'
const rounds = Number(process.env.MAESTRO_CRASH_ROUNDS ?? 5)
const steps = ['submitted', 'review', 'testing', 'approved', 'deployed'] as const
const random = randomStream(20_261_121)

/** Runs the writer, kills it some milliseconds after it said so many lines, and gives what it had said until then. */
async function workAndKill(workspace: string, lines: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, workspace, passphrase], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8')
  const saidEnough = new Promise<void>((resolve) => {
    child.stdout.on('data', (text: string) => {
      said += text
      if (said.split('\n').length > lines) resolve()
    })
  })
  const closed = once(child, 'close')
  await Promise.race([saidEnough, closed])
  await delay(afterMs)
  child.kill('SIGKILL')
  await closed
  return said.split('\n').slice(0, -1)
}

test('killed while it submits, signs, imports replies and deploys, nothing acknowledged is lost and nothing is half done', {
  timeout: 60_000 + rounds * 30_000,
}, async () => {
  const workspace = join(folder, 'workspace')
  const reached = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    for (const line of await workAndKill(workspace, 1 + random.nextBelow(30), random.nextFloat() * 15)) {
      const [step = '', id = ''] = line.split(' ')
      if (id !== '-') reached.set(id, steps.indexOf(step as (typeof steps)[number]))
    }
  }
  expect(reached.size).toBeGreaterThan(rounds)
  const app = await openApp(workspace)
  try {
    // One by one: the list ends after the thousand newest.
    for (const [id, step] of reached) {
      const { state } = app.approvals.get(id)
      expect(steps.indexOf(state as (typeof steps)[number]), id).toBeGreaterThanOrEqual(step)
    }
    const { approvals } = app.approvals.list()
    for (const { id } of approvals) {
      const { state, closed, decisions, history, versionId, manifest } = app.approvals.get(id)
      expect(closed).toBeNull()
      expect(manifest.every(({ intact }) => intact)).toBe(true)
      const isGranted = state === 'approved' || state === 'deployed'
      expect(decisions.map(({ verified }) => verified)).toEqual(isGranted ? [true] : [])
      expect(history.flatMap(({ to }) => (to === null ? [] : [to]))).toEqual(
        steps.slice(0, steps.indexOf(state as (typeof steps)[number]) + 1),
      )
      expect(app.models.version(versionId).state).toBe(state)
    }
    // Exactly one version is in the slot, the last that was deployed, and the slot's alias leads to it.
    const [slot, ...others] = app.deployments.list(undefined).slots
    expect(others).toEqual([])
    const deployed = approvals.filter(({ state }) => state === 'deployed')
    expect(deployed.filter(({ slots }) => slots.length > 0)).toMatchObject([{ version: slot?.version }])
    expect(slot).toMatchObject({ version: Math.max(...deployed.map(({ version }) => version)), problems: [] })
    expect(app.models.resolve('credit@production').version).toBe(slot?.version)
  } finally {
    await app.close()
  }
  expect(findDamage(join(workspace, 'workspace.db'))).toEqual([])
})

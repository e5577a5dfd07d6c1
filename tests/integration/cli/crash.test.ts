import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { findDamage } from '../../../core/storage/integrity.ts'
import { connectOrOpen } from '../../../core/workspace/connect-or-open.ts'
import { randomStream } from '../../../engine/random.ts'
import { startMaestro } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-crash-'))
const workspace = join(folder, 'workspace')
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 200 }))

const kills = 50
/** Some imports and registrations are let through, so that there is something acknowledged to lose. */
const never = 60_000
const random = randomStream(20_261_121)

function table(name: string, rows: number): string {
  const path = join(folder, `${name}.csv`)
  const lines = Array.from(
    { length: rows },
    (_, row) => `${row},${random.nextBelow(1000)},${random.nextBelow(7)},${random.nextBelow(2) === 0 ? 'a' : 'b'}`,
  )
  writeFileSync(path, `id,x,z,label\n${lines.join('\n')}\n`)
  return path
}

/** Runs a command and kills its process without warning after so long, if it has not ended by then. */
async function runAndKill(args: readonly string[], afterMs: number): Promise<{ stdout: string; stderr: string }> {
  const child = startMaestro(workspace, args)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
  await once(child, 'close')
  clearTimeout(timer)
  return { stdout, stderr }
}

test(`killed ${kills} times at random moments of imports, searches and registrations, nothing that was acknowledged is lost`, {
  timeout: 300_000,
}, async () => {
  const imported = new Map<string, string>()
  const searches = new Set<string>()
  const registered = new Map<number, string>()
  const base = table('base', 500)
  const { stdout: searched } = await runAndKill(['automl', base, '--target', 'label', '--budget', '3', '--json'], never)
  const run = (JSON.parse(searched) as { leaderboard: { runId: string }[] }).leaderboard[0]?.runId ?? ''
  for (let round = 0; round < kills; round++) {
    if (round % 5 === 4) {
      const { stderr } = await runAndKill(
        ['automl', base, '--target', 'label', '--budget', '20', '--threads', '1', '--progress', 'json'],
        800 + random.nextBelow(3000),
      )
      for (const [, id = ''] of stderr.matchAll(/"job":"([0-9a-f]{32})","kind":"automl"/g)) searches.add(id)
    } else if (round % 5 === 2) {
      const { stdout } = await runAndKill(
        ['models', 'register', run, '--name', 'kept', '--json'],
        round % 15 === 2 ? never : 300 + random.nextBelow(2500),
      )
      if (stdout !== '') {
        const { version } = JSON.parse(stdout) as { version: { version: number; digest: string } }
        registered.set(version.version, version.digest)
      }
    } else {
      const name = `table-${round}`
      const { stdout } = await runAndKill(
        ['data', 'import', table(name, 300), '--json'],
        round % 6 === 0 ? never : 300 + random.nextBelow(1500),
      )
      // What was printed was acknowledged.
      if (stdout !== '') imported.set(name, (JSON.parse(stdout) as { dataset: { digest: string } }).dataset.digest)
    }
  }
  const connection = await connectOrOpen(workspace, { pages: folder })
  try {
    const { client } = connection
    const { datasets } = await client.datasets.list({})
    for (const [name, digest] of imported) {
      expect(datasets.find((dataset) => dataset.name === name)).toMatchObject({ digest, rows: 300 })
    }
    // Nothing is there by half: every table that is listed can be read to its last row.
    for (const { name, rows } of datasets) {
      const page = await client.datasets.rows({ dataset: name, offset: rows - 1 })
      expect([page.total, page.rows.length]).toEqual([rows, 1])
    }
    // Six are let through; how many others were done before they were killed depends on the machine.
    expect(imported.size).toBeGreaterThanOrEqual(6)
    const { jobs } = await client.jobs.list({ limit: 1000 })
    expect(jobs.map(({ id }) => id)).toEqual(expect.arrayContaining([...searches]))
    for (const { id, kind } of jobs) {
      // A search may have been killed after it was stored and before it was told, and is resumed at the next start.
      if (kind === 'automl') await client.jobs.cancel({ id }).catch(() => undefined)
      const ended = expect.stringMatching(/^(succeeded|failed|cancelled)$/)
      await expect.poll(async () => (await client.jobs.get({ id })).state, { timeout: 120_000 }).toEqual(ended)
      const { state, error } = await client.jobs.get({ id })
      if (state === 'failed') expect(error?.code).toBe('JOB_CRASHED')
    }
    // A registration that was cut short goes on when it is asked to, and registers once.
    const registrations = jobs.filter(({ kind }) => kind === 'register').map(({ id }) => id)
    for (const id of registrations) {
      if ((await client.jobs.get({ id })).state === 'failed') await client.jobs.resume({ id })
      await expect.poll(async () => (await client.jobs.get({ id })).state, { timeout: 120_000 }).toBe('succeeded')
    }
    const { versions } = await client.models.get({ name: 'kept' })
    expect(versions.length).toBe(registrations.length)
    expect(registered.size).toBeGreaterThan(0)
    for (const [number, digest] of registered) {
      expect(versions.find(({ version }) => version === number)).toMatchObject({ digest })
    }
    const { checks } = await client.doctor.run()
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
  } finally {
    await connection.close()
    await delay(100)
  }
  expect(findDamage(join(workspace, 'workspace.db'))).toEqual([])
})

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { maestro, maestroJson, outcomeOf, startMaestro } from '../../fixtures/run-maestro.ts'

let folder: string
let workspace: string
let table: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-hosting-'))
  workspace = join(folder, 'workspace')
  table = join(folder, 'table.csv')
  const rows = Array.from(
    { length: 3000 },
    (_, row) => `${row},${(row * 7919) % 1009},${(row * 31) % 97},${(row * 7919) % 1009 > 400 ? 'a' : 'b'}`,
  )
  writeFileSync(table, `n,x,z,label\n${rows.join('\n')}\n`)
})
afterEach(async () => {
  await hostIsGone()
  rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 })
})

/** Hosts in the background end by themselves a few seconds after their last job. */
async function hostIsGone(): Promise<void> {
  for (let waited = 0; existsSync(join(workspace, 'host.json')) && waited < 15_000; waited += 100) await delay(100)
}

/** Starts `serve` and gives the address that it prints. */
async function serve(...flags: string[]) {
  const child = startMaestro(workspace, ['serve', ...flags])
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { child, line }
}

test('serve prints one line with the address and its token, and ends on Ctrl+C', async () => {
  const { child, line } = await serve()
  const [, url = ''] = /^Maestro is ready: (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+)\n$/.exec(line) ?? []
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(303)
  const ended = once(child, 'close')
  child.kill('SIGINT')
  expect((await ended)[0]).toBe(0)
  expect(existsSync(join(workspace, 'host.json'))).toBe(false)
})

test('with --json it is a document', async () => {
  const { child, line } = await serve('--json')
  expect(JSON.parse(line)).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) })
  child.kill('SIGTERM')
  await once(child, 'close')
})

test('commands work while another program holds the workspace, and see the same', async () => {
  const { child } = await serve()
  const imported = await maestroJson(workspace, 'data', 'import', table)
  expect(imported.exitCode).toBe(0)
  const [one, two] = await Promise.all([maestroJson(workspace, 'data', 'list'), maestroJson(workspace, 'jobs', 'list')])
  expect(one.json).toMatchObject({ datasets: [{ name: 'table', rows: 3000 }] })
  expect(two.json).toMatchObject({ jobs: [{ kind: 'import', state: 'succeeded' }] })
  const second = await serve()
  expect(second.line).toMatch(/^Maestro is ready: /)
  const gone = once(second.child, 'close')
  child.kill('SIGKILL')
  // Who was attached ends with the host that it shows.
  await gone
  expect((await maestroJson(workspace, 'data', 'list')).json).toMatchObject({ datasets: [{ name: 'table' }] })
})

test('eight commands at once all succeed', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => maestroJson(workspace, 'data', 'import', table)))
  expect(answers.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 8 }, () => 0))
  expect((await maestroJson(workspace, 'data', 'list')).json).toMatchObject({ datasets: [{ version: 1 }] })
})

test('Ctrl+C cancels a search, keeps and prints what was reached, and is exit 130', async () => {
  const child = startMaestro(workspace, [
    'automl',
    table,
    '--target',
    'label',
    '--budget',
    '60',
    '--json',
    '--progress',
    'json',
  ])
  const outcome = outcomeOf(child)
  let seen = ''
  let isPressed = false
  child.stderr.on('data', (text: string) => {
    seen += text
    // Once: who presses it again wants out at once.
    if (/"detail":"([5-9]|\d\d) trials/.test(seen) && !isPressed) {
      isPressed = true
      child.kill('SIGINT')
    }
  })
  const { exitCode, stdout } = await outcome
  expect(exitCode).toBe(130)
  const answer = JSON.parse(stdout) as {
    job: { state: string; trialsRun: number }
    leaderboard: unknown[]
    cancelled: boolean
  }
  expect(answer).toMatchObject({ job: { state: 'cancelled' }, cancelled: true, model: null })
  expect(answer.job.trialsRun).toBeGreaterThan(0)
  expect((await maestroJson(workspace, 'runs', 'list')).json).toMatchObject({
    runs: expect.arrayContaining([expect.objectContaining({ status: 'FINISHED' })]),
  })
})

test('a detached search goes on without its command, and can be watched and cancelled', async () => {
  const { exitCode, json } = await maestroJson(
    workspace,
    'automl',
    table,
    '--target',
    'label',
    '--budget',
    '60',
    '--detach',
  )
  expect(exitCode).toBe(0)
  const { job } = json as { job: { id: string } }
  await delay(500)
  expect((await maestroJson(workspace, 'jobs', 'show', job.id)).json).toMatchObject({
    job: { state: expect.stringMatching(/queued|running/) },
  })
  expect((await maestroJson(workspace, 'jobs', 'cancel', job.id)).json).toMatchObject({ job: { state: 'cancelled' } })
  const watched = await maestroJson(workspace, 'jobs', 'watch', job.id)
  expect([watched.exitCode, watched.json]).toMatchObject([130, { job: { state: 'cancelled' } }])
})

test('a search whose program was killed goes on from its finished trials when the next command comes', async () => {
  const child = startMaestro(workspace, [
    'automl',
    table,
    '--target',
    'label',
    '--budget',
    '8',
    '--threads',
    '1',
    '--progress',
    'json',
  ])
  let seen = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen += text
    if (/"detail":"[1-9]\d* trials?/.test(seen)) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const { json } = await maestroJson(workspace, 'jobs', 'list', '--kind', 'automl')
  const { jobs } = json as { jobs: { id: string; state: string }[] }
  const { exitCode, json: ended } = await maestroJson(workspace, 'jobs', 'watch', jobs[0]?.id ?? '')
  expect([exitCode, ended]).toMatchObject([0, { job: { state: 'succeeded' } }])
})

test('a reader that leaves early is no failure', async () => {
  await maestro(workspace, 'data', 'import', table)
  const program = resolve('cli/maestro.mjs')
  const { stdout, status } = spawnSync(
    'bash',
    ['-c', `set -o pipefail; "${process.execPath}" "${program}" data show table --json | head -c 10`],
    { encoding: 'utf8', env: { ...process.env, MAESTRO_WORKSPACE: workspace } },
  )
  expect([stdout, status]).toEqual(['{"dataset"', 0])
})

test('an older Node starts the right one', async (context) => {
  const old = ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
    const { stdout } = spawnSync(path, ['-p', 'process.versions.napi'], { encoding: 'utf8' })
    return Number(stdout) > 0 && Number(stdout) < 10
  })
  if (old === undefined) return context.skip('there is no older Node here')
  const child = spawn(old, [resolve('cli/maestro.mjs'), '--help'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [text] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  expect(text).toContain('usage: maestro')
})

test('a workspace written by a newer Maestro is refused and not touched', async () => {
  await maestro(workspace, 'data', 'list')
  const { default: Database } = await import('better-sqlite3')
  const sqlite = new Database(join(workspace, 'workspace.db'))
  sqlite.prepare("INSERT INTO applied_migration (name, digest, applied_at) VALUES ('9999_future', 'x', '')").run()
  sqlite.close()
  const before = readFileSync(join(workspace, 'workspace.db'))
  const { exitCode, json } = await maestroJson(workspace, 'data', 'list')
  expect([exitCode, json]).toEqual([1, { error: expect.objectContaining({ code: 'WORKSPACE_FROM_FUTURE' }) }])
  expect(readFileSync(join(workspace, 'workspace.db')).equals(before)).toBe(true)
})

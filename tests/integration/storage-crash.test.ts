import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createBackup, removeUnfinishedBackups, verifyBackup } from '../../core/backups/backups.ts'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import { openWorkspaceDatabase } from '../../core/storage/database.ts'
import { findDamage } from '../../core/storage/integrity.ts'

const root = mkdtempSync(join(tmpdir(), 'maestro-crash-'))
afterAll(() => rmSync(root, { recursive: true }))

const writer = fileURLToPath(new URL('../fixtures/write-until-killed.ts', import.meta.url))

/** Runs the writer, kills it some milliseconds after its first line, and gives the ids that it had said. */
async function writeAndKill(folder: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    said += text
  })
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  await delay(afterMs)
  child.kill('SIGKILL')
  await closed
  // The last line may be cut off: who was told half of it was told nothing.
  return said.split('\n').slice(0, -1)
}

test('nothing that was said to be stored is lost by kill -9, and nothing is stored by half', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(root, 'writer-'))
  const blobs = createBlobStore(join(folder, 'blobs'))
  const acknowledged: string[] = []
  for (let round = 0; round < 20; round++) {
    const ids = await writeAndKill(folder, Math.random() * 60)
    expect(ids.length).toBeGreaterThan(0)
    acknowledged.push(...ids)
  }
  const database = await openWorkspaceDatabase(join(folder, 'workspace.db'), { mustExist: true })
  const stored = database.sqlite
    .prepare<[], { id: string; params: number; digest: string | null }>(
      `SELECT run.id, (SELECT count(*) FROM run_param WHERE run_id = run.id) AS params, digest
       FROM run LEFT JOIN run_artifact ON run_artifact.run_id = run.id`,
    )
    .all()
  expect(stored.filter(({ params, digest }) => params !== 20 || digest === null)).toEqual([])
  const byId = new Map(stored.map((run) => [run.id, run.digest]))
  expect(acknowledged.filter((id) => !byId.has(id))).toEqual([])
  for (const [id, digest] of byId) {
    expect(blobs.read(digest ?? '', { verify: true }).toString()).toBe(`model of ${id} `.repeat(2_000))
  }
  // At most what was being stored when the process was killed was not said: one run a round.
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(20)
  await database.close()
  expect(findDamage(join(folder, 'workspace.db'))).toEqual([])
  blobs.removeUnfinished()
  expect(readdirSync(blobs.folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('a backup can be made, and verifies, in a workspace whose host was killed', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(root, 'backup-'))
  const [id = ''] = await writeAndKill(folder, 30)
  const database = await openWorkspaceDatabase(join(folder, 'workspace.db'))
  const blobs = createBlobStore(join(folder, 'blobs'))
  removeUnfinishedBackups(join(folder, 'backups'))
  const { path } = createBackup({ folder: join(folder, 'backups'), sqlite: database.sqlite, blobs }, 'daily')
  await database.close()
  expect(verifyBackup(path, join(folder, 'backups')).problems).toEqual([])
  const copy = await openWorkspaceDatabase(join(path, 'workspace.db'), { readOnly: true })
  expect(copy.sqlite.prepare('SELECT count(*) AS n FROM run WHERE id = ?').get(id)).toEqual({ n: 1 })
  await copy.close()
})

test('processes that store the same contents at once leave each whole and once', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(root, 'blobs-'))
  const children = Array.from({ length: 4 }, () => fork(new URL('../fixtures/put-blobs.ts', import.meta.url), [folder]))
  await Promise.all(children.map((child) => once(child, 'message')))
  const exits = children.map((child) => once(child, 'exit'))
  for (const child of children) child.send('go')
  expect((await Promise.all(exits)).map(([code]) => code as unknown)).toEqual([0, 0, 0, 0])
  const blobs = createBlobStore(folder)
  const list = blobs.list()
  expect(list).toHaveLength(60)
  for (const { digest } of list) blobs.read(digest, { verify: true })
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'

let folder: string
let workspace: string
let table: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-damage-'))
  workspace = join(folder, 'workspace')
  table = join(folder, 'table.csv')
  writeFileSync(table, 'a,b\n1,x\n2,y\n3,x\n')
  expect((await maestro(workspace, 'data', 'import', table)).exitCode).toBe(0)
})
afterEach(() => rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 100 }))

/** Overwrites the start of the workspace's file, as a failing disk might. */
function destroyHeader(): Buffer {
  const file = openSync(join(workspace, 'workspace.db'), 'r+')
  writeSync(file, Buffer.alloc(200, 0xff), 0, 200, 0)
  closeSync(file)
  return readFileSync(join(workspace, 'workspace.db'))
}

test('a backup is created, listed and verified; one that was changed is exit 5', async () => {
  const created = await maestroJson(workspace, 'backup', 'create')
  expect(created.json).toMatchObject({
    backup: {
      path: expect.any(String),
      bytes: expect.any(Number),
      digest: expect.stringMatching(/^sha256:/),
      verified: true,
    },
  })
  const { name, path } = (created.json as { backup: { name: string; path: string } }).backup
  expect((await maestroJson(workspace, 'backup', 'list')).json).toMatchObject({ backups: [{ name, kind: 'manual' }] })
  expect((await maestro(workspace, 'backup', 'verify', name)).exitCode).toBe(0)
  const file = join(path, 'workspace.db')
  const content = readFileSync(file)
  content[Math.floor(content.length / 2)] = (content[Math.floor(content.length / 2)] ?? 0) ^ 1
  writeFileSync(file, content)
  const changed = await maestroJson(workspace, 'backup', 'verify', name)
  expect([changed.exitCode, changed.json]).toMatchObject([
    5,
    { problems: expect.arrayContaining([expect.any(String)]) },
  ])
  const refused = await maestroJson(workspace, 'backup', 'restore', name)
  expect([refused.exitCode, refused.json]).toMatchObject([5, { error: { code: 'BACKUP_INVALID' } }])
})

test('a restored backup brings back what was there, and keeps the present file beside it', async () => {
  const created = await maestroJson(workspace, 'backup', 'create')
  const { name } = (created.json as { backup: { name: string } }).backup
  await maestro(workspace, 'data', 'delete', 'table')
  expect((await maestroJson(workspace, 'data', 'list')).json).toEqual({ datasets: [] })
  expect((await maestro(workspace, 'backup', 'restore', name)).exitCode).toBe(0)
  expect((await maestroJson(workspace, 'data', 'list')).json).toMatchObject({ datasets: [{ name: 'table', rows: 3 }] })
  expect(readdirSync(workspace).some((file) => file.startsWith('workspace.db.before-restore'))).toBe(true)
})

test('a destroyed file is never replaced by a new one: it is told, kept, and a backup restores it', async () => {
  const created = await maestroJson(workspace, 'backup', 'create')
  const { name } = (created.json as { backup: { name: string } }).backup
  const destroyed = destroyHeader()
  const refused = await maestroJson(workspace, 'data', 'import', table)
  expect([refused.exitCode, refused.json]).toMatchObject([
    4,
    { error: { code: 'READ_ONLY', hint: expect.stringContaining('damaged') } },
  ])
  expect(readFileSync(join(workspace, 'workspace.db')).equals(destroyed)).toBe(true)
  const looked = await maestroJson(workspace, 'doctor')
  expect(looked.exitCode).toBe(1)
  expect(looked.json).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([expect.objectContaining({ name: 'database', ok: false })]),
  })
  expect((await maestroJson(workspace, 'backup', 'list')).json).toMatchObject({ backups: [{ name }] })
  expect((await maestro(workspace, 'backup', 'restore', name)).exitCode).toBe(0)
  expect((await maestroJson(workspace, 'data', 'list')).json).toMatchObject({ datasets: [{ name: 'table' }] })
  expect((await maestroJson(workspace, 'doctor')).exitCode).toBe(0)
  expect(existsSync(join(workspace, 'host.json'))).toBe(false)
})

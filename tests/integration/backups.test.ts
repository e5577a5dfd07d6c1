import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BackupFolder } from '../../core/backups/backups.ts'
import {
  createBackup,
  dueBackups,
  listBackups,
  removeUnfinishedBackups,
  rotateBackups,
  verifyBackup,
} from '../../core/backups/backups.ts'
import { requestRestore, restorePending } from '../../core/backups/restore-backup.ts'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import type { WorkspaceDatabase } from '../../core/storage/database.ts'
import { openWorkspaceDatabase } from '../../core/storage/database.ts'
import { addDatasetVersion, fillDatasets } from '../fixtures/storage-samples.ts'

const root = mkdtempSync(join(tmpdir(), 'maestro-backups-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder: string
let database: WorkspaceDatabase
let where: BackupFolder
let place: { readonly root: string; readonly database: string }

beforeEach(async () => {
  folder = mkdtempSync(join(root, 'each-'))
  place = { root: folder, database: join(folder, 'workspace.db') }
  database = await openWorkspaceDatabase(place.database)
  fillDatasets(database, 50)
  where = { folder: join(folder, 'backups'), sqlite: database.sqlite, blobs: createBlobStore(join(folder, 'blobs')) }
})
afterEach(() => database.close())

const keep = { daily: 7, weekly: 4 }
const countDatasets = () =>
  database.sqlite.prepare<[], { n: number }>('SELECT count(*) AS n FROM dataset').get()?.n ?? 0

/** Changes bytes of a file that may be linked from elsewhere, there only. */
function damage(path: string, at: (size: number) => number): void {
  const bytes = readFileSync(path)
  const offset = at(bytes.length)
  bytes[offset] = (bytes[offset] ?? 0) ^ 0x10
  rmSync(path)
  writeFileSync(path, bytes)
}

/** A backup of 50 datasets and one blob; then all of that is lost, and the rest is the test's. */
async function backUpAndLose(): Promise<{ readonly path: string; readonly digest: string }> {
  const { digest } = where.blobs.put('a table')
  addDatasetVersion(database, digest)
  const { path } = createBackup(where, 'manual')
  database.sqlite.exec('DELETE FROM dataset')
  where.blobs.remove(digest)
  await database.close()
  return { path, digest }
}

async function reopen(): Promise<void> {
  database = await openWorkspaceDatabase(place.database)
}

describe('a backup', () => {
  test('is restored with blobs that were purged meanwhile, and the file before is kept', async () => {
    const { path, digest } = await backUpAndLose()
    requestRestore(path, place)
    const restored = restorePending(place, where.blobs)
    await reopen()
    expect(countDatasets()).toBe(50)
    expect(where.blobs.read(digest, { verify: true }).toString()).toBe('a table')
    const kept = await openWorkspaceDatabase(restored?.kept ?? '', { readOnly: true })
    expect(kept.sqlite.prepare('SELECT count(*) AS n FROM dataset').get()).toEqual({ n: 0 })
    await kept.close()
    expect(restorePending(place, where.blobs)).toBeNull()
  })

  test('is small: its blobs are links', () => {
    const { digest } = where.blobs.put('a table')
    addDatasetVersion(database, digest)
    const { path } = createBackup(where, 'manual')
    const copy = join(path, 'blobs', digest.slice('sha256:'.length))
    if (process.platform !== 'win32') expect(statSync(copy).ino).toBe(statSync(where.blobs.path(digest)).ino)
    expect(readFileSync(copy, 'utf8')).toBe('a table')
  })

  test('made while a statement reads and the write-ahead log is full has every row', () => {
    fillDatasets(database, 500)
    expect(statSync(`${place.database}-wal`).size).toBeGreaterThan(100_000)
    const { path } = createBackup(where, 'manual')
    expect(verifyBackup(path, where.folder)).toMatchObject({ problems: [], backup: { verified: true } })
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as { tables: { dataset: number } }
    expect(manifest.tables.dataset).toBe(550)
  })

  test('that could not be finished leaves nothing behind', () => {
    database.sqlite.exec('BEGIN')
    expect(() => createBackup(where, 'manual')).toThrow()
    database.sqlite.exec('ROLLBACK')
    expect(readdirSync(where.folder)).toEqual([])
    mkdirSync(join(where.folder, '.2026-daily.part', 'blobs'), { recursive: true })
    removeUnfinishedBackups(where.folder)
    expect(readdirSync(where.folder)).toEqual([])
  })
})

describe('verifying finds', () => {
  test.each([
    [
      'a flipped bit in the middle of the database',
      (path: string) => damage(join(path, 'workspace.db'), (n) => n >> 1),
    ],
    ['a flipped bit in its first page', (path: string) => damage(join(path, 'workspace.db'), () => 18)],
    ['a database that is cut off', (path: string) => writeFileSync(join(path, 'workspace.db'), 'SQLite format 3')],
    ['a missing database', (path: string) => rmSync(join(path, 'workspace.db'))],
    ['a changed blob', (path: string) => damage(onlyBlob(path), () => 0)],
    ['a missing blob', (path: string) => rmSync(onlyBlob(path))],
  ])('%s', (_, harm) => {
    const { digest } = where.blobs.put('a table')
    addDatasetVersion(database, digest)
    const { path } = createBackup(where, 'manual')
    expect(verifyBackup(path, where.folder).problems).toEqual([])
    harm(path)
    const { backup, problems } = verifyBackup(path, where.folder)
    expect(problems).not.toEqual([])
    expect(backup.verified).toBe(false)
    expect(listBackups(where.folder)).toHaveLength(1)
  })

  test('no backup where there is none, nor one whose manifest leads elsewhere', () => {
    copyFileSync('package.json', join(folder, 'package.json'))
    expect(() => verifyBackup(folder, where.folder)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    const { path } = createBackup(where, 'manual')
    const file = join(path, 'manifest.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...manifest, blobs: ['sha256:../../../etc/passwd'] }))
    expect(() => verifyBackup(path, where.folder)).toThrow(expect.objectContaining({ code: 'BACKUP_INVALID' }))
    expect(listBackups(where.folder)).toEqual([])
  })
})

function onlyBlob(backup: string): string {
  return join(backup, 'blobs', readdirSync(join(backup, 'blobs'))[0] ?? '')
}

describe('a restore', () => {
  test('that was interrupted at any step ends as if it had not been', async () => {
    const { path } = await backUpAndLose()
    const note = join(folder, 'restore-on-open.json')
    requestRestore(path, place)
    const { keepAs } = JSON.parse(readFileSync(note, 'utf8')) as { keepAs: string }
    const asked = readFileSync(note)
    const steps: (() => void)[] = [
      // Killed while the copy was written.
      () => writeFileSync(`${place.database}.incoming`, 'half'),
      // Killed after the present file was put aside.
      () => renameSync(place.database, keepAs),
      // Killed after the backup took its place, before the note was removed.
      () => {
        restorePending(place, where.blobs)
        writeFileSync(note, asked)
      },
    ]
    for (const interrupted of steps) {
      interrupted()
      expect(restorePending(place, where.blobs)).toEqual({ kept: keepAs })
      await reopen()
      expect(countDatasets()).toBe(50)
      await database.close()
      // Back to where it began.
      rmSync(place.database)
      renameSync(keepAs, place.database)
      writeFileSync(note, asked)
    }
    restorePending(place, where.blobs)
    await reopen()
  })

  test('takes the write-ahead log of the file before with it', async () => {
    const { path } = createBackup(where, 'manual')
    fillDatasets(database, 7)
    // As after a kill: the last rows are in the log only.
    const [main, log] = [readFileSync(place.database), readFileSync(`${place.database}-wal`)]
    await database.close()
    writeFileSync(place.database, main)
    writeFileSync(`${place.database}-wal`, log)
    requestRestore(path, place)
    const restored = restorePending(place, where.blobs)
    await reopen()
    expect(countDatasets()).toBe(50)
    const kept = await openWorkspaceDatabase(restored?.kept ?? '')
    expect(kept.sqlite.prepare('SELECT count(*) AS n FROM dataset').get()).toEqual({ n: 57 })
    await kept.close()
  })

  test.each([
    ['is gone', (path: string) => rmSync(path, { recursive: true })],
    ['has changed', (path: string) => damage(join(path, 'workspace.db'), (n) => n >> 1)],
    ['lacks a blob that the store lacks too', (path: string) => rmSync(onlyBlob(path))],
  ])('of a backup that %s by then leaves the workspace as it was', async (_, harm) => {
    const { path } = await backUpAndLose()
    requestRestore(path, place)
    harm(path)
    expect(() => restorePending(place, where.blobs)).toThrow(expect.objectContaining({ code: 'BACKUP_INVALID' }))
    expect(restorePending(place, where.blobs)).toBeNull()
    await reopen()
    expect(countDatasets()).toBe(0)
    expect(readdirSync(folder).filter((name) => /incoming|before-restore|restore-on-open/.test(name))).toEqual([])
  })

  test('mends a blob that has changed in the store, from a backup that was copied elsewhere', async () => {
    const { digest } = where.blobs.put('a table')
    addDatasetVersion(database, digest)
    const { path } = createBackup(where, 'manual')
    // As a copy on another disk has it: with bytes of its own.
    const copy = onlyBlob(path)
    const content = readFileSync(copy)
    rmSync(copy)
    writeFileSync(copy, content)
    writeFileSync(where.blobs.path(digest), 'a tabby')
    await database.close()
    requestRestore(path, place)
    restorePending(place, where.blobs)
    expect(where.blobs.read(digest, { verify: true }).toString()).toBe('a table')
    await reopen()
  })

  test('with a note that cannot be read is dropped', () => {
    writeFileSync(join(folder, 'restore-on-open.json'), '{')
    expect(() => restorePending(place, where.blobs)).toThrow(expect.objectContaining({ code: 'BACKUP_INVALID' }))
    expect(existsSync(join(folder, 'restore-on-open.json'))).toBe(false)
  })
})

describe('scheduled backups', () => {
  const hours = (n: number) => new Date(Date.now() + n * 3_600_000)

  test('are due when there is none, and when the last one is old enough', () => {
    expect(dueBackups(where.folder, keep)).toEqual(['daily', 'weekly'])
    createBackup(where, 'daily')
    createBackup(where, 'manual')
    expect(dueBackups(where.folder, keep)).toEqual(['weekly'])
    createBackup(where, 'weekly')
    expect(dueBackups(where.folder, keep, hours(23))).toEqual([])
    expect(dueBackups(where.folder, keep, hours(25))).toEqual(['daily'])
    expect(dueBackups(where.folder, keep, hours(7 * 24 + 1))).toEqual(['daily', 'weekly'])
  })

  test('are due when the last one is broken or comes from the future, and never when none are kept', () => {
    createBackup(where, 'daily')
    expect(dueBackups(where.folder, keep, hours(-1))).toContain('daily')
    expect(dueBackups(where.folder, { daily: 0, weekly: 0 }, hours(1_000))).toEqual([])
    rmSync(join(listBackups(where.folder)[0]?.path ?? '', 'workspace.db'))
    expect(dueBackups(where.folder, keep)).toContain('daily')
  })

  test('rotate: 7 days and 4 weeks stay, those by hand and before changes too, and a broken one displaces none', () => {
    for (let i = 0; i < 9; i++) createBackup(where, 'daily')
    for (let i = 0; i < 5; i++) createBackup(where, 'weekly')
    createBackup(where, 'manual')
    createBackup(where, 'migration')
    const [newest] = listBackups(where.folder).filter(({ kind }) => kind === 'daily')
    rmSync(join(newest?.path ?? '', 'workspace.db'))
    rotateBackups(where.folder, keep)
    const left = listBackups(where.folder)
    const count = (kind: string) => left.filter((backup) => backup.kind === kind && backup.verified).length
    expect(['daily', 'weekly', 'manual', 'migration'].map(count)).toEqual([7, 4, 1, 1])
  })
})

import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import type { Backup } from '../../shared/domain/workspace.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { digestOfFile, flushFolder } from '../blobs/blob-store.ts'
import { findDamage } from '../storage/integrity.ts'

type Kind = Backup['kind']

/** What is written beside a backup; its own digest is the backup's. */
interface Manifest {
  readonly formatVersion: 1
  readonly kind: Kind
  readonly createdAt: string
  readonly database: { readonly digest: string; readonly bytes: number }
  /** Blobs that the database points to. They are links to the store's files, so they cost nothing until those go. */
  readonly blobs: readonly string[]
}

export interface BackupFolder {
  readonly folder: string
  readonly sqlite: BetterSqlite3.Database
  readonly blobs: BlobStore
}

const blobColumns = `SELECT source_blob AS digest FROM dataset_version UNION SELECT columns_blob FROM dataset_version
  UNION SELECT profile_blob FROM dataset_version UNION SELECT digest FROM run_artifact UNION SELECT digest FROM model_version
  UNION SELECT pipeline_digest FROM model_version WHERE pipeline_digest IS NOT NULL UNION SELECT digest FROM evidence`

/** Copies the database by VACUUM INTO, links its blobs beside it, and checks what was written before it counts. */
export function createBackup({ folder, sqlite, blobs }: BackupFolder, kind: Kind): Backup {
  const createdAt = new Date().toISOString()
  const name = `${createdAt.replaceAll(':', '-').replace('.', '-')}-${kind}`
  const part = join(folder, `.${name}.part`)
  rmSync(part, { recursive: true, force: true })
  mkdirSync(join(part, 'blobs'), { recursive: true })
  try {
    const file = join(part, 'workspace.db')
    sqlite.prepare('VACUUM INTO ?').run(file)
    const damage = findDamage(file)
    if (damage.length > 0)
      throw new MaestroError(
        'BACKUP_INVALID',
        `The backup that was just written is damaged: ${damage[0] ?? ''}`,
        'The disk may be failing: back up to another one.',
      )
    const digests = sqlite
      .prepare<[], { digest: string }>(blobColumns)
      .all()
      .map(({ digest }) => digest)
      .filter((digest) => blobs.has(digest))
    for (const digest of digests) linkOrCopy(blobs.path(digest), join(part, 'blobs', digest.slice('sha256:'.length)))
    const manifest: Manifest = {
      formatVersion: 1,
      kind,
      createdAt,
      database: digestOfFile(file),
      blobs: digests.sort(),
    }
    writeFileSync(join(part, 'manifest.json'), JSON.stringify(manifest), { flush: true })
    flushFolder(part)
    renameSync(part, join(folder, name))
    flushFolder(folder)
    return describe(folder, name, true)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // Another file system, or one without links.
    copyFileSync(from, to)
  }
}

/** Newest first. */
export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && existsSync(join(folder, name, 'manifest.json')))
    .map((name) => describe(folder, name, true))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    throw new MaestroError(
      'BACKUP_INVALID',
      `${path} is not a backup of Maestro.`,
      'maestro backup list shows the backups there are.',
    )
  }
}

function describe(folder: string, name: string, verified: boolean): Backup {
  const path = join(folder, name)
  const manifest = readManifest(path)
  return {
    path,
    name,
    bytes: statSync(join(path, 'workspace.db')).size,
    digest: digestOfFile(join(path, 'manifest.json')).digest,
    verified,
    kind: manifest.kind,
    createdAt: manifest.createdAt,
  }
}

/** Reads everything of a backup again: database, its inner checks, and every blob. Gives what is wrong, in words. */
export function verifyBackup(given: string, folder: string): { readonly backup: Backup; readonly problems: string[] } {
  const path = placeOf(given, folder)
  const manifest = readManifest(path)
  const problems: string[] = []
  const file = join(path, 'workspace.db')
  if (!existsSync(file)) problems.push('The database is missing.')
  else {
    if (digestOfFile(file).digest !== manifest.database.digest)
      problems.push('The database has changed since it was written.')
    problems.push(...findDamage(file))
  }
  for (const digest of manifest.blobs) {
    const blob = join(path, 'blobs', digest.slice('sha256:'.length))
    if (!existsSync(blob)) problems.push(`The file ${digest} is missing.`)
    else if (digestOfFile(blob).digest !== digest) problems.push(`The file ${digest} has changed.`)
  }
  return { backup: { ...describe(join(path, '..'), basename(path), problems.length === 0) }, problems }
}

export function placeOf(given: string, folder: string): string {
  const named = join(folder, basename(given))
  if (existsSync(join(named, 'manifest.json'))) return named
  const path = resolve(given)
  if (existsSync(join(path, 'manifest.json'))) return path
  throw new MaestroError(
    'NOT_FOUND',
    `There is no backup ${given}.`,
    'maestro backup list shows the backups there are.',
  )
}

/**
 * Puts a verified backup in the place of the workspace's database; the present file is kept beside it under a new name.
 * The database must be closed. Gives where the present file went.
 */
export function restoreBackup(path: string, databasePath: string, blobs: BlobStore): string {
  const manifest = readManifest(path)
  for (const digest of manifest.blobs) {
    if (!blobs.has(digest)) blobs.putFile(join(path, 'blobs', digest.slice('sha256:'.length)))
  }
  const kept = `${databasePath}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`
  const incoming = `${databasePath}.incoming`
  copyFileSync(join(path, 'workspace.db'), incoming)
  for (const end of ['', '-wal', '-shm']) if (existsSync(databasePath + end)) renameSync(databasePath + end, kept + end)
  renameSync(incoming, databasePath)
  flushFolder(join(databasePath, '..'))
  return kept
}

/** Removes daily and weekly backups beyond what is to be kept; manual ones and those before migrations stay. */
export function rotateBackups(folder: string, keep: { readonly daily: number; readonly weekly: number }): void {
  const all = listBackups(folder)
  for (const [kind, most] of [
    ['daily', keep.daily],
    ['weekly', keep.weekly],
  ] as const) {
    for (const { path } of all.filter((backup) => backup.kind === kind).slice(most))
      rmSync(path, { recursive: true, force: true })
  }
}

/** Which scheduled backups are due: a daily one each day, a weekly one each week. */
export function dueBackups(folder: string, now: Date = new Date()): Kind[] {
  const all = listBackups(folder)
  const newest = (kind: Kind) => all.find((backup) => backup.kind === kind)?.createdAt
  const olderThan = (time: string | undefined, hours: number) =>
    time === undefined || now.getTime() - Date.parse(time) > hours * 3_600_000
  return [
    ...(olderThan(newest('daily'), 24) ? (['daily'] as const) : []),
    ...(olderThan(newest('weekly'), 7 * 24) ? (['weekly'] as const) : []),
  ]
}

/** A plain copy of a database file, before migrations change it. */
export function backUpBeforeMigration(folder: string, sqlite: BetterSqlite3.Database, blobs: BlobStore): void {
  createBackup({ folder, sqlite, blobs }, 'migration')
}

import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import Database from 'better-sqlite3'
import type { Backup } from '../../shared/domain/workspace.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { digestOfFile, flushFile, flushFolder } from '../blobs/blob-store.ts'
import { asDiskFull } from '../storage/disk-full.ts'
import { findDamage } from '../storage/integrity.ts'
import { referencedBlobs } from '../storage/referenced-blobs.ts'
import type { Manifest } from './manifest.ts'
import { manifestName, readManifest } from './manifest.ts'

type Kind = Backup['kind']

export interface BackupFolder {
  readonly folder: string
  readonly sqlite: BetterSqlite3.Database
  readonly blobs: BlobStore
}

const databaseName = 'workspace.db'

/**
 * Copies the database by VACUUM INTO and its blobs beside it, and checks what was written before it counts: the file's
 * full integrity check, and the rows of each table against the database's.
 *
 * Blobs are hard links to the store's files where the disk has them: they cost nothing, and stay when the store's are
 * purged. They share the store's bytes, so a backup on the same disk does not protect blobs from that disk's damage; a
 * copy of the backup's folder elsewhere does.
 */
export function createBackup({ folder, sqlite, blobs }: BackupFolder, kind: Kind): Backup {
  const createdAt = new Date().toISOString()
  const name = freeName(folder, `${createdAt.replaceAll(/[:.]/g, '-')}-${kind}`)
  const part = join(folder, `.${name}.part`)
  mkdirSync(join(part, 'blobs'), { recursive: true })
  try {
    const file = join(part, databaseName)
    sqlite.prepare('VACUUM INTO ?').run(file)
    flushFile(file)
    const tables = countRows(sqlite)
    checkCopy(file, tables)
    const digests = [...referencedBlobs(sqlite)].filter((digest) => blobs.has(digest)).sort()
    for (const digest of digests) linkOrCopy(blobs.path(digest), blobPlace(part, digest))
    flushFolder(join(part, 'blobs'))
    const manifest: Manifest = {
      formatVersion: 1,
      kind,
      createdAt,
      database: digestOfFile(file),
      tables,
      blobs: digests,
    }
    writeFileSync(join(part, manifestName), JSON.stringify(manifest), { flush: true })
    flushFolder(part)
    renameSync(part, join(folder, name))
    flushFolder(folder)
    return describe(folder, name)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw asDiskFull(error)
  }
}

function freeName(folder: string, wanted: string): string {
  if (!existsSync(join(folder, wanted))) return wanted
  for (let number = 2; ; number++) if (!existsSync(join(folder, `${wanted}-${number}`))) return `${wanted}-${number}`
}

function blobPlace(backup: string, digest: string): string {
  return join(backup, 'blobs', digest.slice('sha256:'.length))
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // Another file system, or one without links.
    copyFileSync(from, to)
    flushFile(to)
  }
}

function countRows(sqlite: BetterSqlite3.Database): Record<string, number> {
  const names = sqlite
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all()
  return Object.fromEntries(
    names.map(({ name }) => [
      name,
      sqlite.prepare<[], { n: number }>(`SELECT count(*) AS n FROM "${name}"`).get()?.n ?? 0,
    ]),
  )
}

function checkCopy(file: string, expected: Manifest['tables']): void {
  const problems = [...findDamage(file), ...differences(file, expected)]
  if (problems.length === 0) return
  throw new MaestroError(
    'BACKUP_INVALID',
    `The backup that was just written is not whole: ${problems[0] ?? ''}`,
    'The workspace or the disk may be damaged: maestro doctor looks at both. Backups from before are still there.',
    { problems },
  )
}

/** Tables that do not have the rows they are to have. */
function differences(file: string, expected: Manifest['tables']): string[] {
  try {
    const sqlite = new Database(file, { readonly: true, fileMustExist: true })
    try {
      const actual = countRows(sqlite)
      return Object.entries(expected)
        .filter(([table, rows]) => actual[table] !== rows)
        .map(([table, rows]) => `Table ${table} has ${actual[table] ?? 0} rows instead of ${rows}.`)
    } finally {
      sqlite.close()
    }
  } catch {
    // That the file cannot be read is among its damage.
    return []
  }
}

/** Newest first. Folders that are no backups are passed over. */
export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && existsSync(join(folder, name, manifestName)))
    .flatMap((name) => {
      try {
        return [describe(folder, name)]
      } catch (error) {
        if (error instanceof MaestroError) return []
        throw error
      }
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name))
}

/** It was verified when it was written; `verified` says whether its file still has the size it had then. */
function describe(folder: string, name: string): Backup {
  const path = join(folder, name)
  const manifest = readManifest(path)
  const bytes = statSync(join(path, databaseName), { throwIfNoEntry: false })?.size ?? 0
  return {
    path,
    name,
    bytes,
    digest: digestOfFile(join(path, manifestName)).digest,
    verified: bytes === manifest.database.bytes,
    kind: manifest.kind,
    createdAt: manifest.createdAt,
  }
}

/** Reads everything of a backup again: the database, its inner checks, its rows, every blob. Says what is wrong, in words. */
export function verifyBackup(given: string, folder: string): { readonly backup: Backup; readonly problems: string[] } {
  const path = backupPath(given, folder)
  const manifest = readManifest(path)
  const problems: string[] = []
  const file = join(path, databaseName)
  if (!existsSync(file)) problems.push('The database is missing.')
  else {
    if (digestOfFile(file).digest !== manifest.database.digest)
      problems.push('The database has changed since it was written.')
    problems.push(...findDamage(file), ...differences(file, manifest.tables))
  }
  for (const digest of manifest.blobs) {
    const blob = blobPlace(path, digest)
    if (!existsSync(blob)) problems.push(`The file ${digest} is missing.`)
    else if (digestOfFile(blob).digest !== digest) problems.push(`The file ${digest} has changed.`)
  }
  const backup = describe(dirname(path), basename(path))
  return { backup: { ...backup, verified: problems.length === 0 }, problems }
}

/** Where a backup lies that is given by its name in the backups' folder, or by its path. Throws NOT_FOUND. */
export function backupPath(given: string, folder: string): string {
  const named = join(folder, basename(given))
  if (existsSync(join(named, manifestName))) return named
  const path = resolve(given)
  if (existsSync(join(path, manifestName))) return path
  throw new MaestroError(
    'NOT_FOUND',
    `There is no backup ${given}.`,
    'maestro backup list shows the backups there are.',
  )
}

/** Removes daily and weekly backups beyond what is to be kept; manual ones and those before migrations stay. */
export function rotateBackups(folder: string, keep: { readonly daily: number; readonly weekly: number }): void {
  const all = listBackups(folder)
  for (const kind of ['daily', 'weekly'] as const) {
    const sound = all.filter((backup) => backup.kind === kind && backup.verified)
    // One that is visibly broken neither counts nor takes the place of a good one.
    const broken = all.filter((backup) => backup.kind === kind && !backup.verified)
    for (const { path } of [...sound.slice(keep[kind]), ...broken.slice(keep[kind])])
      rmSync(path, { recursive: true, force: true })
  }
}

const hoursBetween = { daily: 24, weekly: 7 * 24 } as const

/** Which scheduled backups are due: a daily one each day, a weekly one each week, of those that are kept at all. */
export function dueBackups(
  folder: string,
  keep: { readonly daily: number; readonly weekly: number },
  now: Date = new Date(),
): Kind[] {
  const all = listBackups(folder).filter(({ verified }) => verified)
  return (['daily', 'weekly'] as const).filter((kind) => {
    const newest = all.find((backup) => backup.kind === kind)
    if (keep[kind] === 0) return false
    if (!newest) return true
    const age = now.getTime() - Date.parse(newest.createdAt)
    // One from the future was written by a clock that was wrong.
    return age < 0 || age > hoursBetween[kind] * 3_600_000
  })
}

/** Removes what a killed process had half written. Only for who holds the workspace. */
export function removeUnfinishedBackups(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder))
    if (name.startsWith('.') && name.endsWith('.part')) rmSync(join(folder, name), { recursive: true, force: true })
}

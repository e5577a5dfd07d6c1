import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { MaestroError } from '../../shared/errors.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { digestOfFile, flushFile, flushFolder } from '../blobs/blob-store.ts'
import { readManifest } from './manifest.ts'

/** A restore that was asked for while the workspace was open, which is done when it is opened next. */
const noteSchema = z.object({
  /** The backup's folder. */
  path: z.string(),
  /** Where the file goes that is replaced: named once, so that a restore that was interrupted goes on as it began. */
  keepAs: z.string(),
})

type Note = z.infer<typeof noteSchema>

interface Place {
  readonly root: string
  /** The workspace's file. */
  readonly database: string
}

const noteOf = (root: string) => join(root, 'restore-on-open.json')
const parts = ['', '-wal', '-shm']

/** Leaves a note that the next opening of the workspace acts on: an open database cannot be replaced. */
export function requestRestore(path: string, { root, database }: Place): void {
  const note: Note = { path, keepAs: `${database}.before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}` }
  const incoming = `${noteOf(root)}.part`
  writeFileSync(incoming, JSON.stringify(note), { flush: true })
  renameSync(incoming, noteOf(root))
  flushFolder(root)
}

export interface Restored {
  /** Where the file from before is kept; null when there was none. */
  readonly kept: string | null
}

/**
 * Does the restore that was asked for when the workspace was last open; null when none was. Call it before the database
 * is opened. However often it is interrupted, by a crash or a power cut, it goes on the next time. Where the backup cannot
 * be restored any more, the request is dropped, the present file stays, and BACKUP_INVALID is thrown.
 */
export function restorePending(place: Place, blobs: BlobStore): Restored | null {
  const file = noteOf(place.root)
  if (!existsSync(file)) return null
  let note: Note | undefined
  try {
    note = noteSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const restored = restoreBackup(note, place.database, blobs)
    rmSync(file)
    return restored
  } catch (error) {
    if (note) putBack(note.keepAs, place.database)
    rmSync(file, { force: true })
    throw new MaestroError(
      'BACKUP_INVALID',
      `The backup could not be restored: ${error instanceof Error ? error.message : String(error)}`,
      'The workspace is as it was before. Choose another backup.',
      note ? { path: note.path } : {},
    )
  }
}

/** Puts a backup in the place of the workspace's file, which is kept. The database must be closed. */
function restoreBackup({ path, keepAs }: Note, database: string, blobs: BlobStore): Restored {
  const manifest = readManifest(path)
  for (const digest of manifest.blobs) restoreBlob(join(path, 'blobs', digest.slice('sha256:'.length)), digest, blobs)
  const isDone =
    existsSync(database) && existsSync(keepAs) && digestOfFile(database).digest === manifest.database.digest
  if (!isDone) {
    const incoming = `${database}.incoming`
    copyFileSync(join(path, 'workspace.db'), incoming)
    flushFile(incoming)
    if (digestOfFile(incoming).digest !== manifest.database.digest) {
      rmSync(incoming)
      throw new Error('its database has changed since it was written.')
    }
    // The write-ahead log belongs to the file from before; beside another one it would be read into it.
    for (const part of parts) if (existsSync(database + part)) renameSync(database + part, keepAs + part)
    flushFolder(dirname(database))
    renameSync(incoming, database)
    flushFolder(dirname(database))
  }
  return { kept: existsSync(keepAs) ? keepAs : null }
}

/** A blob that is missing in the store, or was changed there, is taken from the backup. */
function restoreBlob(file: string, digest: string, blobs: BlobStore): void {
  if (blobs.has(digest) && digestOfFile(blobs.path(digest)).digest === digest) return
  if (!existsSync(file) || digestOfFile(file).digest !== digest) {
    throw new Error(`its file ${digest} is missing or has changed.`)
  }
  blobs.remove(digest)
  blobs.putFile(file)
}

function putBack(keptAs: string, database: string): void {
  for (const part of parts)
    if (existsSync(keptAs + part) && !existsSync(database + part)) renameSync(keptAs + part, database + part)
}

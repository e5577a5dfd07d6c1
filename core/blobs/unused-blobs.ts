import type BetterSqlite3 from 'better-sqlite3'
import { referencedBlobs } from '../storage/referenced-blobs.ts'
import type { BlobStore } from './blob-store.ts'

export interface BlobUse {
  readonly sqlite: BetterSqlite3.Database
  readonly blobs: BlobStore
  /**
   * Whether a job runs. It may have stored a blob, or found it stored already, that no row points to before the job ends:
   * then nothing is removed.
   */
  readonly busy: boolean
}

/** Removes rows by `release`, then the blobs that only those rows pointed to. Gives the bytes freed. */
export function releaseBlobs({ sqlite, blobs, busy }: BlobUse, release: () => void): number {
  const before = referencedBlobs(sqlite)
  release()
  if (busy) return 0
  const after = referencedBlobs(sqlite)
  return remove(blobs, (digest) => before.has(digest) && !after.has(digest))
}

/** Downloads are fetched at once, and nothing else is without a row for long. */
const unusedForMs = 24 * 3_600_000

/** Removes blobs that nothing has pointed to for a day: old downloads, and what crashed jobs left. Gives the bytes freed. */
export function removeUnusedBlobs({ sqlite, blobs, busy }: BlobUse, now: number = Date.now()): number {
  if (busy) return 0
  const used = referencedBlobs(sqlite)
  return remove(blobs, (digest, storedAt) => !used.has(digest) && now - storedAt > unusedForMs)
}

function remove(blobs: BlobStore, isUnused: (digest: string, storedAt: number) => boolean): number {
  let freed = 0
  for (const { digest, bytes, storedAt } of blobs.list()) {
    if (!isUnused(digest, storedAt)) continue
    blobs.remove(digest)
    freed += bytes
  }
  return freed
}

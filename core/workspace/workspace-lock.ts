import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Held by the one process that may write the workspace. */
export interface WorkspaceLock {
  release(): void
}

/**
 * Takes the workspace for this process; null when another one has it. Never waits.
 *
 * The lock is SQLite's own exclusive lock on a file of no content: the operating system drops it with the process that
 * held it, so that after a crash or a kill nothing stale is left to be judged, and two that come at once cannot both win.
 */
export function takeWorkspaceLock(root: string): WorkspaceLock | null {
  const sqlite = new Database(join(root, 'host.lock'), { timeout: 0 })
  try {
    sqlite.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    sqlite.close()
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return null
    throw error
  }
  return { release: () => void sqlite.close() }
}

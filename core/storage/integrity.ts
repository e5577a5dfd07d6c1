import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { entryUrl } from '../workers/entries.ts'

/** What SQLite's full check says of a file; empty when it is sound. `quick_check` alone finds a twentieth of flipped bits. */
export function findDamage(path: string): string[] {
  try {
    const sqlite = new Database(path, { readonly: true, fileMustExist: true })
    try {
      const rows = sqlite.pragma('integrity_check(20)') as { integrity_check: string }[]
      const damage = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
      const orphans = sqlite.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]
      return [
        ...damage,
        ...orphans
          .slice(0, 20)
          .map(({ table, parent }) => `A row of ${table} points to a row of ${parent} that is not there.`),
      ]
    } finally {
      sqlite.close()
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

/** The same in a thread, so that the start does not wait for it. */
export function checkIntegrity(path: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entryUrl('integrity-worker'), { workerData: { path } })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.unref()
  })
}

import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { entryUrl } from '../workers/entries.ts'

/** As many findings as anybody reads. */
const mostFindings = 20

/**
 * What SQLite's full check says of a file, then what of its references leads nowhere; empty when it is sound.
 * `quick_check` would be faster, but does not hold indexes against their tables and misses most flipped bits.
 */
export function findDamage(path: string): string[] {
  try {
    const sqlite = new Database(path, { readonly: true, fileMustExist: true })
    try {
      sqlite.pragma('cell_size_check = 1')
      const rows = sqlite.pragma(`integrity_check(${mostFindings})`) as { integrity_check: string }[]
      const damage = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
      const orphans = sqlite.pragma('foreign_key_check') as { table: string; parent: string }[]
      return [
        ...damage,
        ...orphans
          .slice(0, mostFindings)
          .map(({ table, parent }) => `A row of ${table} points to a row of ${parent} that is not there.`),
      ]
    } finally {
      sqlite.close()
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

/**
 * The same in a thread, so that nobody waits for it. With a signal, the check ends with no finding when it is aborted,
 * and does not keep the process alive.
 */
export function checkIntegrity(path: string, signal?: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      resolve([])
      return
    }
    const worker = new Worker(entryUrl('integrity-worker'), { workerData: { path } })
    const stop = () => void worker.terminate()
    signal?.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    // After an answer this has no effect.
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted) resolve([])
      else reject(new Error('The integrity check ended without an answer.'))
    })
    if (signal) worker.unref()
  })
}

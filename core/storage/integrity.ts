import Database from 'better-sqlite3'
import type { Processes } from '../processes/processes.ts'
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
 * The same in a process, so that nobody waits for it. A thread would not do: SQLite cannot be stopped within the check,
 * and a thread that is ended while it loads SQLite takes the whole process with it. With a signal, the check ends with
 * no finding when it is aborted.
 */
export function checkIntegrity(processes: Processes, path: string, signal?: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      resolve([])
      return
    }
    const child = processes.start(entryUrl('integrity-process'))
    const stop = () => child.kill()
    signal?.addEventListener('abort', stop, { once: true })
    child.onMessage((damage) => {
      resolve(damage as string[])
      child.stop()
    })
    // After an answer this has no effect.
    child.onExit(() => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted) resolve([])
      else reject(new Error('The integrity check ended without an answer.'))
    })
    child.send({ path })
  })
}

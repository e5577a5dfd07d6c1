import type { Worker } from 'node:worker_threads'
import type { ErrorRecord } from '../../shared/errors.ts'
import { fromErrorRecord, MaestroError } from '../../shared/errors.ts'

/** Asks a thread and waits for its answer; the thread replies `{id, result}` or `{id, error, stack}` to `{id, ...request}`. */
export interface ThreadCaller {
  /** Rejects with the thread's own error, or JOB_CRASHED when it dies. */
  call(request: object): Promise<unknown>
  close(): Promise<void>
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: ErrorRecord
  readonly stack?: string
}

/** The thread is started with the first call, and anew after a crash. `what` completes "The thread that …". */
export function createThreadCaller(start: () => Worker, what: string, log: (message: string) => void): ThreadCaller {
  let worker: Worker | null = null
  let next = 1
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()

  function fail(reason: string): void {
    worker = null
    for (const { reject } of waiting.values())
      reject(new MaestroError('JOB_CRASHED', reason, 'Try again; if it happens again, use fewer rows.'))
    waiting.clear()
  }

  function begin(): Worker {
    const started = start()
    started.on('message', ({ id, result, error, stack }: Answer) => {
      const asked = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) started.unref()
      if (error?.code === 'INTERNAL' && stack) log(stack)
      if (error) asked?.reject(fromErrorRecord(error))
      else asked?.resolve(result)
    })
    started.on('error', (error) => {
      const message = error instanceof Error ? error.message : String(error)
      log(error instanceof Error ? (error.stack ?? message) : message)
      if (worker === started) fail(`The thread that ${what} stopped: ${message}`)
    })
    started.on('exit', () => {
      if (worker === started) fail(`The thread that ${what} stopped.`)
    })
    return started
  }

  return {
    call(request) {
      worker ??= begin()
      const asked = worker
      const id = next++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        // A host that has nothing else to do may end, but not while somebody waits.
        asked.ref()
        asked.postMessage({ id, ...request })
      })
    },
    async close() {
      const closing = worker
      fail('Maestro is closing.')
      // No native code runs in it, so ending it in the middle is safe.
      await closing?.terminate()
    },
  }
}
